"""Beside others: a parent proxy with and without a password, two nodes of which one dies."""

import base64
import socket
import socketserver
import subprocess
import threading

import pytest
from chromium import Chromium
from clients_conftest import make_guard
from guard import Guard, settings_text


class Parent(socketserver.ThreadingTCPServer):
    """A proxy above the guard: CONNECT only, to one port, with a password if told so."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, upstream_port: int, credentials: str | None):
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.upstream_port, self.asked = upstream_port, []
        self.expected = credentials and base64.b64encode(credentials.encode()).decode()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Tunnel(socketserver.StreamRequestHandler):
    def handle(self):
        head = []
        while (line := self.rfile.readline().strip().decode()):
            head.append(line)
        self.server.asked.append(head[0])
        given = [line.split()[-1] for line in head if line.lower().startswith("proxy-authorization")]
        if self.server.expected and given != [self.server.expected]:
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.server.upstream_port)) as far:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Thread(target=pump, args=(far, self.connection), daemon=True).start()
            pump(self.connection, far)


def pump(near: socket.socket, far: socket.socket):
    try:
        while data := near.recv(65536):
            far.sendall(data)
        far.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.mark.parametrize(
    "wanted, given, status",
    [
        (None, "", 200),
        ("can bo:m@t khau", "can%20bo:m%40t%20khau@", 200),
        ("can bo:m@t khau", "can%20bo:sai@", 502),
        ("can bo:m@t khau", "", 502),
    ],
)
def test_behind_a_parent_proxy(tmp_path, authority, upstream, wanted, given, status):
    parent = Parent(upstream.port, wanted)
    text = settings_text(tmp_path / "data", authority.root_file, 1, set())
    address = f"127.0.0.1:{parent.server_address[1]}"
    text = text.replace("connect_to = [", f'parent_proxy = "http://{given}{address}"\nconnect_to = [')
    guard = Guard(tmp_path, text)
    guard.data_dir = tmp_path / "data"
    guard.start()
    try:
        done = subprocess.run(
            ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-x", guard.proxy_url,
             "--cacert", guard.ca_file, "https://chatgpt.com/echo"],
            capture_output=True, text=True,
        )
        assert done.stdout == str(status), (done, guard.output)
        assert "CONNECT chatgpt.com:443 HTTP/1.1" in parent.asked
        assert "khau" not in guard.output and "sai@" not in guard.output
        doctor = guard.command("doctor", status=0 if status == 200 else 1).stdout
        assert ("đạt    công cụ AI" in doctor) == (status == 200)
        assert "khau" not in doctor
    finally:
        guard.stop()
        parent.shutdown()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_a_browser_goes_on_when_one_of_two_nodes_dies(tmp_path, authority, upstream):
    ports = [free_port(), free_port()]
    nodes = []
    for number, port in enumerate(ports):
        folder = tmp_path / f"node-{number}"
        folder.mkdir()
        node = make_guard(folder, authority, upstream)
        other = ports[1 - number]
        text = node.settings_file.read_text().replace(
            'listen = ["127.0.0.1:0"]',
            f'listen = ["127.0.0.1:{port}"]\nother_nodes = ["127.0.0.1:{other}"]', 1,
        )
        node.settings_file.write_text(text)
        nodes.append(node)
    first, second = nodes
    first.start()
    words = "hai máy cùng chứng chỉ\n"
    from guard import run_command

    backup = tmp_path / "ca.txt"
    for node, command in ((first, ["backup", "--out", backup]), (second, ["restore", backup])):
        run_command("ca", *map(str, command), "--config", str(node.settings_file), typed=words)
    second.start()
    browser = Chromium(tmp_path, first, route=[f"--proxy-pac-url={first.proxy_url}/proxy.pac"])
    try:
        browser.open("https://chatgpt.com/echo?lan=1")
        first.kill()
        browser.open("https://chatgpt.com/echo?lan=2")
        browser.open("https://test.lachan.internal/")
        assert "Tự kiểm tra" in browser.text()
        targets = [arrival.target for arrival in upstream.arrivals]
        assert "/echo?lan=1" in targets and "/echo?lan=2" in targets
    finally:
        browser.close()
        first.stop()
        second.stop()
