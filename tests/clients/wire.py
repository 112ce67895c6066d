"""Plain senders: what a client sends, byte for byte, through the guard."""

import http.client
import json
import ssl
import subprocess
import tempfile
from dataclasses import dataclass
from urllib.parse import urlsplit

import websockets.exceptions

from guard import Guard, clean_environment
from socket_client import Socket


@dataclass
class Request:
    """A request, ready for the wire. `method` is `WS` for one WebSocket message."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    is_text_frame: bool = True


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def incident(self) -> str | None:
        return self.headers.get("lachan-incident")

    @property
    def action(self) -> str | None:
        return self.headers.get("lachan-action")

    def json(self):
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


def trust(guard: Guard) -> ssl.SSLContext:
    """Trusts our root, for hosts that are intercepted, and nothing else."""
    return ssl.create_default_context(cafile=guard.ca_file)


def send(guard: Guard, request: Request) -> Answer:
    """HTTP/1.1 with Python's own client."""
    parts = urlsplit(request.url)
    proxy_host, proxy_port = guard.addresses.proxy.rsplit(":", 1)
    connection = http.client.HTTPSConnection(
        proxy_host, int(proxy_port), context=trust(guard), timeout=30
    )
    connection.set_tunnel(parts.hostname, parts.port or 443)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(request.method, target, request.body or None, request.headers)
        response = connection.getresponse()
        headers = {key.lower(): value for key, value in response.getheaders()}
        return Answer(response.status, headers, response.read())
    finally:
        connection.close()


@dataclass
class SocketEnd:
    """How a WebSocket ended: the echo, or the close code."""

    echo: bytes | None
    close_code: int | None


def send_message(guard: Guard, request: Request) -> SocketEnd:
    """One WebSocket message, and the stand-in's echo of it."""
    with Socket(request.url, ssl=trust(guard), proxy=guard.proxy_url, max_size=None) as socket:
        try:
            socket.send(request.body.decode() if request.is_text_frame else request.body)
            echo = socket.recv(timeout=20)
            return SocketEnd(echo.encode() if isinstance(echo, str) else echo, None)
        except websockets.exceptions.ConnectionClosed as closed:
            return SocketEnd(None, closed.rcvd.code if closed.rcvd else None)


def curl(guard: Guard, *arguments: str, body: bytes | None = None) -> Answer:
    """Real curl through the proxy, with our root."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["curl", "-sS", "--max-time", "30", "-x", guard.proxy_url]
        command += ["--cacert", str(guard.ca_file), "-D", f"{folder}/head", "-o", f"{folder}/body"]
        command += ["--suppress-connect-headers"]
        if body is not None:
            with open(f"{folder}/sent", "wb") as file:
                file.write(body)
            command += ["--data-binary", f"@{folder}/sent"]
        done = subprocess.run(
            [*command, *arguments], env=clean_environment(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        with open(f"{folder}/head", encoding="utf-8") as file:
            head = file.read().replace("\r\n", "\n").strip()
        lines = head.split("\n\n")[-1].split("\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        headers = {key.lower(): value for key, value in headers.items()}
        headers[":version"] = lines[0].split()[0]
        try:
            with open(f"{folder}/body", "rb") as file:
                answer = file.read()
        except FileNotFoundError:
            answer = b""
        return Answer(int(lines[0].split()[1]), headers, answer)
