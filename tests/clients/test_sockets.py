"""WebSockets: peers of three makers see the same with the guard between them as without it."""

import json
import shutil

import pytest
import requests_book
import socket_peers
import websockets.exceptions
from guard import Guard, settings_text
from readings import holds
from socket_client import Socket
from socket_peers import Place
from wire import trust

# A host each, of services that speak over sockets.
SERVERS = {
    "websockets": ("api.openai.com", socket_peers.websockets_server),
    "wsproto": ("grok.com", socket_peers.wsproto_server),
    "ws": ("character.ai", socket_peers.node_server),
}
CLIENTS = {
    "websockets": socket_peers.websockets_client,
    "wsproto": socket_peers.wsproto_client,
    "ws": socket_peers.node_client,
}


@pytest.fixture(scope="module")
def servers(authority):
    with socket_peers.contextlib.ExitStack() as stack:
        ports = {}
        for host, server in SERVERS.values():
            context = authority.context_for(host)
            certificate = authority.leaf_file(host)
            context.set_alpn_protocols(["http/1.1"])
            ports[host] = stack.enter_context(server(context, certificate))
        yield ports


@pytest.fixture(scope="module", params=["plain", "compressed"])
def socket_guard(request, tmp_path_factory, authority, servers):
    """A guard that leads each host to its own server; does the office allow compression?"""
    folder = tmp_path_factory.mktemp("socket-guard")
    settings = settings_text(folder / "lachan-data", authority.root_file, 1, set(servers))
    for host, port in servers.items():
        line = f'host = "{host}", port = 443, address = "127.0.0.1:'
        assert f"{line}1\"" in settings
        settings = settings.replace(f'{line}1"', f'{line}{port}"')
    if request.param == "compressed":
        settings += "\n[interception]\ncompress_websockets = true\n"
    one = Guard(folder, settings).start()
    one.compresses = request.param == "compressed"
    yield one
    one.stop()
    shutil.rmtree(one.data_dir, ignore_errors=True)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("server", SERVERS)
def test_peers_see_the_same_with_the_guard_between_them(
    socket_guard, authority, servers, client, server
):
    host, _ = SERVERS[server]
    compresses = socket_guard.compresses
    direct = CLIENTS[client](
        Place(host, servers[host], authority.root_file, compresses=compresses)
    )
    proxy = socket_guard.addresses.proxy
    # Where the office does not allow compression, an offer of it comes to nothing.
    guarded = CLIENTS[client](Place(host, 443, socket_guard.ca_file, proxy, compresses=True))
    assert guarded == direct
    assert direct["compressed"] == compresses
    assert direct["parts_up"] == ["text", "một hai"]
    assert direct["parts_down"] == ["text", "mothaiba"]
    assert direct["ping_up"] == ["pong", "hoi"]
    assert direct["ping_down"] == ["text", "pong nhip"]
    assert direct["large"] == ["text", len(socket_peers.LARGE)]
    assert direct["closed_by_server"] == ["close", 4001, "tam biet"]
    assert direct["broken_up"] == direct["broken_down"] == ["close", 1007]
    assert direct["too_large"] == ["close", 1009]
    assert direct["closed_by_client"] == ["close", 4002]
    assert direct["code_at_server"] == ["text", "4002"]


def test_what_comes_compressed_is_read_all_the_same(socket_guard, servers, person):
    place = Place(
        "character.ai",
        443,
        socket_guard.ca_file,
        socket_guard.addresses.proxy,
        compresses=True,
        path="/ws/",
    )

    def said(text):
        candidate = {"raw_content": text}
        return json.dumps({"command": "x", "payload": {"turn": {"candidates": [candidate]}}})

    with socket_peers._Websockets(place) as peer:
        assert peer.compressed() == socket_guard.compresses
        kind, echo = peer.ask(said(person.prompt))
        assert kind == "text" and "CCCD" in echo and not holds(person.citizen_id, echo.encode())
        kind, refusal = peer.ask(said(person.stamped))
        assert json.loads(refusal)["command"] == "neo_error"
        assert peer.ask(said("Xin chào")) == ["text", said("Xin chào")]


@pytest.mark.parametrize("socket_guard", ["compressed"], indirect=True)
def test_a_compressed_bomb_is_refused_at_the_bound(socket_guard):
    proxy = socket_guard.addresses.proxy
    place = Place("character.ai", 443, socket_guard.ca_file, proxy, compresses=True)
    with socket_peers._Websockets(place) as peer:
        # 64 MB, of which some 64 KB go over the wire.
        assert peer.ask("a" * (64 << 20))[:2] == ["close", 1009]


def open_socket(guard, url):
    return Socket(url, ssl=trust(guard), proxy=guard.proxy_url, max_size=None)


def test_a_message_over_the_bound_of_the_guard_is_refused(guard, upstream):
    with open_socket(guard, "wss://copilot.microsoft.com/c/api/chat") as socket:
        with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
            socket.send(bytes(9 << 20))
            socket.recv(timeout=20)
    assert closed.value.rcvd.code == 1009
    assert upstream.only_arrival().messages == []


def test_copilot_gets_a_redacted_message_and_an_answer_for_a_blocked_one(
    guard, upstream, incidents_since, person
):
    def said(text):
        content = [{"type": "text", "text": text}]
        return json.dumps({"event": "send", "conversationId": "c-1", "content": content})

    with open_socket(guard, "wss://copilot.microsoft.com/c/api/chat?api-version=2") as socket:
        socket.send(said(person.prompt))
        echo = socket.recv(timeout=20)
        assert "CCCD" in echo and not holds(person.citizen_id, echo.encode())
        socket.send(said(person.stamped))
        events = []
        while not events or events[-1]["event"] != "done":
            events.append(json.loads(socket.recv(timeout=20)))
        text = "".join(one.get("text", "") for one in events)
        assert "dấu chỉ độ mật (Tuyệt mật)" in text
        socket.send(said("Xin chào"))
        assert socket.recv(timeout=20) == said("Xin chào")
    arrived = upstream.only_arrival().messages
    assert len(arrived) == 2 and "diễn tập".encode() not in b"".join(arrived)
    listed = incidents_since()
    assert sorted(one["action"] for one in listed) == ["block", "redact"]
    assert any(one["code"] in text for one in listed)


def test_m365_copilot_gets_the_end_of_its_own_call(guard, upstream, person):
    def call(text, number):
        records = [
            {"type": 6},
            {
                "type": 4,
                "target": "chat",
                "invocationId": number,
                "arguments": [{"message": {"author": "user", "text": text}}],
            },
        ]
        return "".join(json.dumps(one) + "\x1e" for one in records)

    request = requests_book.build("m365-copilot-chathub", "x")
    with open_socket(guard, request.url) as socket:
        socket.send(call(person.prompt, "4"))
        echo = socket.recv(timeout=20)
        assert echo.count("\x1e") == 2 and not holds(person.citizen_id, echo.encode())
        socket.send(call(person.stamped, "5"))
        *records, rest = socket.recv(timeout=20).split("\x1e")
        assert rest == ""
        update, result, end = map(json.loads, records)
        assert "Mã sự kiện" in update["arguments"][0]["messages"][0]["text"]
        assert result["item"]["result"]["value"] == "Success"
        assert end == {"type": 3, "invocationId": "5"}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("wss://capi.grammarly.com/freews", '{"action":"submit_ot","ch":["+0:0:%s:0"]}'),
        ("wss://chatgpt.com/some/socket", '{"anything":"%s"}'),
    ],
)
def test_a_socket_that_cannot_be_answered_is_closed_with_the_code(
    guard, incidents_since, person, url, message
):
    with open_socket(guard, url) as socket:
        socket.send(message % f"CCCD {person.citizen_id}")
        with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
            while True:
                assert person.citizen_id not in socket.recv(timeout=20)
    assert closed.value.rcvd.code == 1008
    assert incidents_since()[0]["code"] in closed.value.rcvd.reason
