"""A stand-in AI service that keeps every byte that reaches it.

One TLS port answers for every host (the certificate follows the name asked for), over HTTP/1.1,
HTTP/2 and WebSocket. What arrives is kept in `arrivals`, bodies exactly as they came.
"""

import asyncio
import ssl
import threading

import h2.config
import h2.connection
import h2.events
import h11
import wsproto
import wsproto.events
import wsproto.handshake

from answers import Answer, Arrival, answer_for, socket_answers
from authority import Authority


class Upstream:
    """Runs in a thread of its own until `stop`."""

    def __init__(self, authority: Authority):
        self.arrivals: list[Arrival] = []
        self.port = 0
        self._authority = authority
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10), "the stand-in upstream did not start"

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def forget(self):
        self.arrivals.clear()

    def only_arrival(self) -> Arrival:
        assert len(self.arrivals) == 1, [(a.method, a.host, a.target) for a in self.arrivals]
        return self.arrivals[0]

    def _run(self):
        asyncio.set_event_loop(self._loop)
        context = self._authority.context_for("stand-in.invalid")

        def choose_certificate(connection: ssl.SSLObject, name: str | None, _context):
            if name:
                connection.context = self._authority.context_for(name)

        context.sni_callback = choose_certificate
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        try:
            protocol = writer.get_extra_info("ssl_object").selected_alpn_protocol()
            if protocol == "h2":
                await _Http2(self, reader, writer).serve()
            else:
                await _Http1(self, reader, writer).serve()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, h11.RemoteProtocolError):
            pass
        finally:
            writer.close()


class _Http1:
    def __init__(self, upstream: Upstream, reader, writer):
        self.upstream, self.reader, self.writer = upstream, reader, writer
        self.connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)

    async def serve(self):
        while True:
            request = await self._next_event()
            if not isinstance(request, h11.Request):
                return
            arrival = Arrival(
                "HTTP/1.1",
                dict(request.headers).get(b"host", b"").decode(),
                request.method.decode(),
                request.target.decode("utf-8", "surrogateescape"),
                [
                    (key.decode(), value.decode("utf-8", "surrogateescape"))
                    for key, value in request.headers.raw_items()
                ],
            )
            if (arrival.header("upgrade") or "").lower() == "websocket":
                await self._serve_socket(arrival)
                return
            while isinstance(event := await self._next_event(), h11.Data):
                arrival.body += bytes(event.data)
            if not isinstance(event, h11.EndOfMessage):
                return
            self.upstream.arrivals.append(arrival)
            await self._answer(answer_for(arrival))
            if self.connection.our_state is not h11.DONE:
                return
            self.connection.start_next_cycle()

    async def _next_event(self):
        while (event := self.connection.next_event()) is h11.NEED_DATA:
            if self.connection.they_are_waiting_for_100_continue:
                await self._send(h11.InformationalResponse(status_code=100, headers=[]))
            self.connection.receive_data(await self.reader.read(65536))
        return event

    async def _answer(self, answer: Answer):
        headers = [("content-type", answer.content_type)]
        if not answer.pause:
            headers.append(("content-length", str(sum(map(len, answer.pieces)))))
        await self._send(h11.Response(status_code=answer.status, headers=headers))
        for piece in answer.pieces:
            await self._send(h11.Data(data=piece))
            await asyncio.sleep(answer.pause)
        await self._send(h11.EndOfMessage())

    async def _send(self, event):
        self.writer.write(self.connection.send(event))
        await self.writer.drain()

    async def _serve_socket(self, arrival: Arrival):
        """Answers every whole message."""
        arrival.protocol = "WebSocket"
        self.upstream.arrivals.append(arrival)
        handshake = wsproto.handshake.H11Handshake(wsproto.ConnectionType.SERVER)
        headers = [(key.encode(), value.encode()) for key, value in arrival.headers]
        handshake.initiate_upgrade_connection(headers, arrival.target)
        self.writer.write(handshake.send(wsproto.events.AcceptConnection()))
        socket = handshake.connection
        trailing, _ = self.connection.trailing_data
        socket.receive_data(trailing or None) if trailing else None
        message = b""
        while True:
            for event in socket.events():
                if isinstance(event, wsproto.events.Message):
                    data = event.data
                    message += data.encode() if isinstance(data, str) else bytes(data)
                    if event.message_finished:
                        arrival.messages.append(message)
                        is_text = isinstance(data, str)
                        whole = message.decode() if is_text else message
                        for answer in socket_answers(arrival, whole):
                            self.writer.write(socket.send(wsproto.events.Message(data=answer)))
                        message = b""
                elif isinstance(event, wsproto.events.Ping):
                    self.writer.write(socket.send(event.response()))
                elif isinstance(event, wsproto.events.CloseConnection):
                    if socket.state is wsproto.connection.ConnectionState.REMOTE_CLOSING:
                        self.writer.write(socket.send(event.response()))
                    await self.writer.drain()
                    return
            await self.writer.drain()
            received = await self.reader.read(65536)
            if not received:
                return
            socket.receive_data(received)


class _Http2:
    def __init__(self, upstream: Upstream, reader, writer):
        self.upstream, self.reader, self.writer = upstream, reader, writer
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        self.connection = h2.connection.H2Connection(config)
        self.streams: dict[int, Arrival] = {}
        self.window_opened = asyncio.Event()

    async def serve(self):
        self.connection.initiate_connection()
        await self._flush()
        answers = set()
        while received := await self.reader.read(65536):
            for event in self.connection.receive_data(received):
                if isinstance(event, h2.events.RequestReceived):
                    self.streams[event.stream_id] = _arrival_of(event.headers)
                elif isinstance(event, h2.events.DataReceived):
                    self.streams[event.stream_id].body += event.data
                    self.connection.acknowledge_received_data(
                        event.flow_controlled_length, event.stream_id
                    )
                elif isinstance(event, h2.events.WindowUpdated):
                    self.window_opened.set()
                elif isinstance(event, h2.events.StreamEnded):
                    arrival = self.streams.pop(event.stream_id)
                    self.upstream.arrivals.append(arrival)
                    task = asyncio.ensure_future(self._answer(event.stream_id, arrival))
                    answers.add(task)
                    task.add_done_callback(answers.discard)
                elif isinstance(event, h2.events.ConnectionTerminated):
                    return
            await self._flush()

    async def _answer(self, stream: int, arrival: Arrival):
        answer = answer_for(arrival)
        headers = [(":status", str(answer.status)), ("content-type", answer.content_type)]
        self.connection.send_headers(stream, headers)
        for piece in answer.pieces:
            await self._send_data(stream, piece)
            await asyncio.sleep(answer.pause)
        self.connection.end_stream(stream)
        await self._flush()

    async def _send_data(self, stream: int, piece: bytes):
        while piece:
            window = self.connection.local_flow_control_window(stream)
            size = min(window, self.connection.max_outbound_frame_size, len(piece))
            if size == 0:
                self.window_opened.clear()
                await self.window_opened.wait()
                continue
            self.connection.send_data(stream, piece[:size])
            piece = piece[size:]
            await self._flush()

    async def _flush(self):
        self.writer.write(self.connection.data_to_send())
        await self.writer.drain()


def _arrival_of(headers) -> Arrival:
    fields = dict(headers)
    return Arrival(
        "HTTP/2",
        fields.get(":authority", ""),
        fields[":method"],
        fields[":path"],
        [(key, value) for key, value in headers if not key.startswith(":")],
    )
