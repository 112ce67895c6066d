"""WebSocket servers and clients of three makers, which all behave alike.

A server sends back what it gets, except the words of `COMMANDS`. A client goes through the same
conversations and says what it saw; what it sees must not depend on who stands between.
"""

import contextlib
import json
import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

import websockets.exceptions
from wsproto import ConnectionType, WSConnection, events
from wsproto.extensions import PerMessageDeflate
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from guard import clean_environment
from socket_client import Socket, serving

NODE = Path(__file__).parent / "node" / "peer.js"
COMMANDS = ["ping", "parts", "close", "broken", "last"]
MESSAGE_MAX = 80_000
# Longer than two bytes of length can say, and longer than the servers take.
LARGE = "xin chao " * 7_500
TOO_LARGE = "xin chao " * 9_000
BROKEN = b"\xff"


@dataclass
class Place:
    """Where a server is, and who stands before it."""

    host: str
    port: int
    ca_file: Path
    proxy: str | None = None
    # Whether the client offers permessage-deflate; the servers take it.
    compresses: bool = False
    path: str = "/ws"

    def connect(self) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=self.ca_file)
        return context.wrap_socket(self.reach(), server_hostname=self.host)

    def reach(self) -> socket.socket:
        if self.proxy is None:
            return socket.create_connection(("127.0.0.1", self.port), timeout=20)
        name, port = self.proxy.split(":")
        plain = socket.create_connection((name, int(port)), timeout=20)
        plain.sendall(f"CONNECT {self.host}:443 HTTP/1.1\r\nHost: {self.host}:443\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += plain.recv(1)
        assert head.startswith(b"HTTP/1.1 200"), head
        return plain


# ---------------------------------------------------------------- servers


@contextlib.contextmanager
def websockets_server(context: ssl.SSLContext, _certificate: Path):
    last = [0]

    async def serve(connection):
        try:
            async for message in connection:
                match message:
                    case "ping":
                        await (await connection.ping(b"nhip"))
                        await connection.send("pong nhip")
                    case "parts":
                        await connection.send(["mot", "hai", "ba"])
                    case "close":
                        await connection.close(4001, "tam biet")
                    case "broken":
                        await connection.send(BROKEN, text=True)
                    case "last":
                        await connection.send(str(last[0]))
                    case _:
                        await connection.send(message)
        except websockets.exceptions.ConnectionClosed:
            pass
        if connection.close_code is not None:
            last[0] = connection.close_code

    with serving(serve, context, max_size=MESSAGE_MAX) as port:
        yield port


@contextlib.contextmanager
def wsproto_server(context: ssl.SSLContext, _certificate: Path):
    last = [0]

    def serve(plain: socket.socket):
        with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as secure:
            _Wsproto(secure, ConnectionType.SERVER).serve(last)

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]


@contextlib.contextmanager
def node_server(_context: ssl.SSLContext, certificate: Path):
    command = ["node", str(NODE), "server", str(certificate)]
    with subprocess.Popen(command, env=clean_environment(), stdout=subprocess.PIPE) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


# ---------------------------------------------------------------- clients


def converse(open_peer) -> dict:
    """The conversations, for the clients that are written in Python."""
    seen = {}
    with open_peer() as peer:
        seen["compressed"] = peer.compressed()
        seen["text"] = peer.ask("Xin chào")
        seen["empty"] = peer.ask("")
        seen["binary"] = peer.ask("nhị phân".encode())
        peer.send_parts(["một ", "", "hai"])
        seen["parts_up"] = peer.next()
        seen["parts_down"] = peer.ask("parts")
        seen["ping_up"] = peer.ping("hoi")
        seen["ping_down"] = peer.ask("ping")
        kind, large = peer.ask(LARGE)
        seen["large"] = [kind, len(large)]
        seen["closed_by_server"] = peer.ask("close")
    with open_peer() as peer:
        seen["broken_down"] = peer.ask("broken")[:2]
    with open_peer() as peer:
        peer.send_broken()
        seen["broken_up"] = peer.next()[:2]
    with open_peer() as peer:
        seen["too_large"] = peer.ask(TOO_LARGE)[:2]
    with open_peer() as peer:
        seen["closed_by_client"] = peer.close(4002)[:2]
    with open_peer() as peer:
        seen["code_at_server"] = peer.ask("last")
        peer.close(1000)
    return seen


def websockets_client(place: Place) -> dict:
    return converse(lambda: _Websockets(place))


def wsproto_client(place: Place) -> dict:
    return converse(lambda: _WsprotoClient(place))


def node_client(place: Place) -> dict:
    command = ["node", str(NODE), "client", place.host, str(place.port), str(place.ca_file)]
    command.append("deflate" if place.compresses else "plain")
    done = subprocess.run(
        [*command, *([place.proxy] if place.proxy else [])],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _shown(message: str | bytes) -> list:
    return ["text", message] if isinstance(message, str) else ["binary", message.hex()]


class _Websockets:
    def __init__(self, place: Place):
        self.connection = Socket(
            f"wss://{place.host}{place.path}",
            sock=place.reach(),
            ssl=ssl.create_default_context(cafile=place.ca_file),
            max_size=None,
            proxy=None,
            compression="deflate" if place.compresses else None,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.__exit__()

    def compressed(self):
        return bool(self.connection.extensions)

    def ask(self, message):
        with contextlib.suppress(websockets.exceptions.ConnectionClosed):
            self.connection.send(message)
        return self.next()

    def next(self):
        try:
            return _shown(self.connection.recv(timeout=20))
        except websockets.exceptions.ConnectionClosed as closed:
            # Who closed first says why.
            first = closed.rcvd if closed.rcvd_then_sent or not closed.sent else closed.sent
            return ["close", first.code, first.reason]

    def send_parts(self, texts):
        self.connection.send(texts)

    def send_broken(self):
        self.connection.send(BROKEN, text=True)

    def ping(self, payload):
        self.connection.ping(payload)
        return ["pong", payload]

    def close(self, code):
        self.connection.close(code)
        return ["close", self.connection.close_code]


class _Wsproto:
    """One end, blocking."""

    def __init__(self, secure: ssl.SSLSocket, role: ConnectionType):
        self.secure = secure
        self.protocol = WSConnection(role)
        self.pieces = []

    def send(self, event):
        with contextlib.suppress(LocalProtocolError, OSError):
            self.secure.sendall(self.protocol.send(event))

    def send_whole(self, message):
        self.send(events.Message(data=message))

    def send_parts(self, texts):
        for at, text in enumerate(texts):
            self.send(events.Message(data=text, message_finished=at == len(texts) - 1))

    def whole(self, event):
        """The message, once its last piece is there."""
        self.pieces.append(event.data)
        if not event.message_finished:
            return None
        empty = "" if isinstance(event.data, str) else b""
        message, self.pieces = empty.join(self.pieces), []
        return message

    def events(self):
        """Everything that comes, until the other end is gone."""
        while True:
            try:
                yield from self.protocol.events()
                received = self.secure.recv(65536)
                self.protocol.receive_data(received or None)
            except RemoteProtocolError as error:
                if error.event_hint is not None:
                    self.send(error.event_hint)
                return
            except OSError:
                return
            if not received:
                yield from self.protocol.events()
                return

    def serve(self, last):
        for event in self.events():
            match event:
                case events.Request():
                    deflate = [PerMessageDeflate()] if event.extensions else []
                    self.send(events.AcceptConnection(extensions=deflate))
                case events.Ping():
                    self.send(event.response())
                case events.Pong():
                    self.send_whole(f"pong {bytes(event.payload).decode()}")
                case events.CloseConnection():
                    last[0] = int(event.code)
                    self.send(event.response())
                    return
                case events.Message():
                    if (message := self.whole(event)) is not None:
                        self.answer(message, last)
                    elif sum(map(len, self.pieces)) > MESSAGE_MAX:
                        self.send(events.CloseConnection(code=1009))
                        return

    def answer(self, message, last):
        match message:
            case "ping":
                self.send(events.Ping(payload=b"nhip"))
            case "parts":
                self.send_parts(["mot", "hai", "ba"])
            case "close":
                self.send(events.CloseConnection(code=4001, reason="tam biet"))
            case "broken":
                # The library does not make such a frame.
                self.secure.sendall(b"\x81\x01" + BROKEN)
            case "last":
                self.send_whole(str(last[0]))
            case _ if len(message) > MESSAGE_MAX:
                self.send(events.CloseConnection(code=1009))
            case _:
                self.send_whole(message)


class _WsprotoClient(_Wsproto):
    def __init__(self, place: Place):
        super().__init__(place.connect(), ConnectionType.CLIENT)
        deflate = [PerMessageDeflate()] if place.compresses else []
        self.send(events.Request(host=place.host, target="/ws", extensions=deflate))
        self.stream = self.events()
        self.accepted = next(self.stream)
        assert isinstance(self.accepted, events.AcceptConnection)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.secure.close()

    def compressed(self):
        return any(one.enabled() for one in self.accepted.extensions)

    def ask(self, message):
        self.send_whole(message)
        return self.next()

    def next(self):
        for event in self.stream:
            match event:
                case events.Message():
                    if (message := self.whole(event)) is not None:
                        return _shown(message)
                case events.Ping():
                    self.send(event.response())
                case events.Pong():
                    return ["pong", bytes(event.payload).decode()]
                case events.CloseConnection():
                    self.send(event.response())
                    return ["close", int(event.code), event.reason or ""]
        # The library ended it itself, over what the other end sent.
        return ["close", 1007, ""]

    def send_broken(self):
        self.secure.sendall(b"\x81\x81\x00\x00\x00\x00" + BROKEN)

    def ping(self, payload):
        self.send(events.Ping(payload=payload.encode()))
        return self.next()

    def close(self, code):
        self.send(events.CloseConnection(code=code))
        return self.next()
