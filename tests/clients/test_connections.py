"""Alerts arrive where they should, and a program reads incidents by its token."""

import hashlib
import hmac
import json
import os
import re
import signal
import socket
import socketserver
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from back_office import BackOffice
from wire import Request, send

CHAT = "https://api.openai.com/v1/chat/completions"
KEY = "mot-khoa-thu-nghiem-du-dai"


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.arrived.append((self.headers["Lachan-Signature"], body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Postman(socketserver.StreamRequestHandler):
    """As much of a mail server as one message needs (RFC 5321)."""

    def handle(self):
        self.say("220 thu.vidu")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "EHLO":
                self.say("250 thu.vidu")
            elif word == "DATA":
                self.say("354 go on")
                letter = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    letter += part
                self.server.arrived.append(letter.decode())
                self.say("250 ok")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, line: str):
        self.wfile.write(line.encode() + b"\r\n")


@pytest.fixture
def listeners():
    hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    postman = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman)
    for server in (hook, postman):
        server.arrived = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
    log = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    log.bind(("127.0.0.1", 0))
    log.settimeout(30)
    yield hook, postman, log
    for server in (hook, postman):
        server.shutdown()
        server.server_close()
    log.close()


def until(condition, seconds: float = 30):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.1)
    return value


def test_alerts_arrive_signed_and_without_content(fresh_guard, listeners, upstream, person):
    hook, postman, log = listeners
    (fresh_guard.folder / "webhook.key").write_text(KEY)
    mail = f"127.0.0.1:{postman.server_address[1]}"
    with fresh_guard.settings_file.open("a") as settings:
        settings.write(f"""
[[alerts.channel]]
name = "tinh"
severity_min = "low"
webhook = {{ url = "http://127.0.0.1:{hook.server_address[1]}/x", secret_file = "webhook.key" }}
[[alerts.channel]]
name = "thu"
severity_min = "low"
mail = {{ server = "{mail}", security = "none", from = "a@vidu.vn", to = ["b@vidu.vn"] }}
[[alerts.channel]]
name = "siem"
severity_min = "low"
syslog = {{ address = "127.0.0.1:{log.getsockname()[1]}", format = "cef" }}
""")
    fresh_guard.start()
    admin = BackOffice(fresh_guard, "quantri", "admin")
    for channel in ("tinh", "thu", "siem"):
        admin.send("/connections/test", form_page="/connections", channel=channel)
    until(lambda: hook.arrived and postman.arrived)
    assert b"CEF:0|La Chan|lachan|" in log.recv(4096)
    # The cursors of the channels stand by now: what comes next is news.
    message = {"role": "user", "content": person.prompt}
    body = json.dumps({"model": "m", "messages": [message]}).encode()
    send(fresh_guard, Request("POST", CHAT, {"content-type": "application/json"}, body))
    told = until(lambda: [b for _, b in hook.arrived if json.loads(b)["kind"] == "incident"])
    told = json.loads(told[0])
    assert "citizen_id" in told["categories"], told
    signed, body = hook.arrived[-1]
    seconds, tag = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", signed).groups()
    mac = hmac.new(KEY.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    assert hmac.compare_digest(mac.hexdigest(), tag)
    assert told["code"].encode() in log.recv(4096)
    until(lambda: len(postman.arrived) >= 2)
    everything = repr([hook.arrived, postman.arrived])
    assert person.citizen_id not in everything and person.phone not in everything
    until(lambda: "đang chờ gửi" not in admin.page("/connections"))

    made = admin.send("/connections/tokens", form_page="/connections", name="tỉnh")
    token = re.search(r"lachan_[A-Za-z0-9_-]{43}", made)[0]
    asked = urllib.request.Request(
        f"https://{fresh_guard.addresses.admin}/api/v1/incidents/{told['code']}",
        headers={"Authorization": f"Bearer {token}"},
    )
    with admin._opener.open(asked, timeout=20) as answer:
        incident = json.loads(answer.read())
    assert incident["id"] == told["id"]
    assert incident["details"]["findings"]["citizen_id"] >= 1


def test_changed_channels_take_effect_without_a_restart(fresh_guard, listeners, upstream, person):
    hook, _, _ = listeners
    (fresh_guard.folder / "webhook.key").write_text(KEY)
    before = fresh_guard.settings_file.read_text()
    fresh_guard.start()
    admin = BackOffice(fresh_guard, "quantri", "admin")
    assert "Chưa có kênh nào" in admin.page("/connections")
    channel = f"""
[[alerts.channel]]
name = "tinh"
severity_min = "low"
webhook = {{ url = "http://127.0.0.1:{hook.server_address[1]}/x", secret_file = "webhook.key" }}
"""
    reload_with(fresh_guard, before + channel)
    until(lambda: "<strong>tinh</strong>" in admin.page("/connections"))
    admin.send("/connections/test", form_page="/connections", channel="tinh")
    until(lambda: hook.arrived)
    # A file with a mistake changes nothing: the channel stays.
    reload_with(fresh_guard, before + channel.replace('"low"', '"lowest"'))
    until(lambda: "a reload was refused" in fresh_guard.output)
    assert "<strong>tinh</strong>" in admin.page("/connections")
    reload_with(fresh_guard, before)
    until(lambda: "Chưa có kênh nào" in admin.page("/connections"))
    ready = urllib.request.urlopen(f"http://{fresh_guard.addresses.metrics}/readyz", timeout=20)
    assert ready.read() == b"ready\n", "nothing waits for a restart"


def reload_with(guard, settings: str):
    guard.settings_file.write_text(settings)
    os.kill(guard.process_id, signal.SIGHUP)
