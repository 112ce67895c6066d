"""Every service's own request shape, with and without personal information in it."""

import pytest
import requests_book
from conftest import HARMLESS
from readings import holds
from urllib.parse import urlsplit
from wire import Request, curl, send, send_message

NAMES = [one["name"] for one in requests_book.entries()]
OF_HTTP = [one["name"] for one in requests_book.entries() if one["method"] != "WS"]
ACCOUNTS = requests_book.account_requests()


def target_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.mark.parametrize("name", NAMES)
def test_a_harmless_text_arrives_byte_for_byte(guard, upstream, incidents_since, name):
    request = requests_book.build(name, HARMLESS)
    if request.method == "WS":
        end = send_message(guard, request)
        assert end.echo == request.body
        assert upstream.only_arrival().messages == [request.body]
    else:
        answer = send(guard, request)
        assert answer.status == 200, answer.text
        arrival = upstream.only_arrival()
        assert arrival.body == request.body
        assert arrival.method == request.method
        for key, value in request.headers.items():
            assert arrival.header(key) == value
    assert upstream.only_arrival().target == target_of(request.url)
    assert incidents_since() == []


@pytest.mark.parametrize("name", OF_HTTP)
def test_a_harmless_text_arrives_byte_for_byte_over_http2(guard, upstream, name):
    request = requests_book.build(name, HARMLESS)
    answer = curl(guard, "--http2", *_curl_arguments(request), body=request.body or None)
    assert answer.status == 200
    arrival = upstream.only_arrival()
    assert (arrival.protocol, arrival.body) == ("HTTP/2", request.body)
    assert arrival.target == target_of(request.url)


@pytest.mark.parametrize("name", NAMES)
def test_a_citizen_number_never_arrives(guard, upstream, incidents_since, person, name):
    request = requests_book.build(name, person.prompt)
    if request.method == "WS":
        end = send_message(guard, request)
        assert end.echo is not None or end.close_code == 1008
    else:
        answer = send(guard, request)
        assert answer.status in (200, 204, 403), answer.text
        if answer.status == 403:
            assert person.citizen_id not in answer.text
            assert answer.incident
    for arrival in upstream.arrivals:
        assert not holds(person.citizen_id, arrival.every_byte())
    assert len(incidents_since()) >= 1


@pytest.mark.parametrize("name", OF_HTTP)
def test_a_citizen_number_never_arrives_over_http2(guard, upstream, person, name):
    request = requests_book.build(name, person.prompt)
    answer = curl(guard, "--http2", *_curl_arguments(request), body=request.body or None)
    assert answer.status in (200, 204, 403)
    for arrival in upstream.arrivals:
        assert not holds(person.citizen_id, arrival.every_byte())


@pytest.mark.parametrize("name", ACCOUNTS)
def test_people_can_log_in(guard, upstream, authority, incidents_since, name):
    request = ACCOUNTS[name]
    # A log-in host may be tunnelled or intercepted; the person sees no difference.
    both = guard.folder / "both-roots.pem"
    both.write_text(guard.ca_file.read_text() + authority.root_file.read_text())
    arguments = ["--cacert", str(both), *_curl_arguments(request)]
    assert curl(guard, *arguments, body=request.body).status == 200
    assert upstream.only_arrival().body == request.body
    assert incidents_since() == []


def _curl_arguments(request: Request) -> list[str]:
    arguments = ["-X", request.method, request.url]
    for key, value in request.headers.items():
        arguments += ["-H", f"{key}: {value}"]
    return arguments
