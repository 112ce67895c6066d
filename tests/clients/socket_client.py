"""WebSockets of the package `websockets`, each end in one thread.

The package's blocking client reads in one thread while another writes; Python's TLS objects are not
made for that before 3.13 and break now and then. So the asyncio client is driven step by step.
"""

import asyncio
import contextlib
import ssl
import threading

import websockets.asyncio.client
import websockets.asyncio.server


class Socket:
    """A client; every call waits for its end. Made with the options of `websockets.connect`."""

    def __init__(self, url: str, **options):
        self._loop = asyncio.new_event_loop()
        try:
            self._connection = self._wait(self._connect(url, options))
        except BaseException:
            self._loop.close()
            raise

    async def _connect(self, url: str, options: dict):
        # Redirects and failures are the test's own affair: one attempt.
        return await websockets.asyncio.client.connect(url, open_timeout=20, **options)

    def _wait(self, work):
        return self._loop.run_until_complete(work)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        self._loop.close()

    @property
    def close_code(self) -> int | None:
        return self._connection.close_code

    @property
    def extensions(self) -> list:
        return self._connection.protocol.extensions

    def send(self, message, **options):
        self._wait(self._connection.send(message, **options))

    def recv(self, timeout: float):
        return self._wait(asyncio.wait_for(self._connection.recv(), timeout))

    def ping(self, payload, timeout: float = 20):
        """Sends a ping and waits for its pong."""

        async def there_and_back():
            await asyncio.wait_for(await self._connection.ping(payload), timeout)

        self._wait(there_and_back())

    def close(self, code: int = 1000, reason: str = ""):
        self._wait(self._connection.close(code, reason))


@contextlib.contextmanager
def serving(handler, context: ssl.SSLContext, **options):
    """A server in a thread and loop of its own; gives its port."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    port = []

    async def serve(stop: asyncio.Event):
        async with websockets.asyncio.server.serve(
            handler, "127.0.0.1", 0, ssl=context, **options
        ) as server:
            port.append(server.sockets[0].getsockname()[1])
            ready.set()
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(stop),), daemon=True)
    thread.start()
    assert ready.wait(20), "the server of websockets did not start"
    yield port[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(20)
