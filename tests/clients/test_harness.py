"""Does the harness itself see what it claims to see? These need no running program."""

import base64
import gzip
import json

import pytest
import requests_book
from conftest import HARMLESS, Person
from guard import parse_addresses
from readings import holds

CITIZEN_ID = Person(1).citizen_id
PERSONAL = Person(1).prompt


@pytest.mark.parametrize("name", [one["name"] for one in requests_book.entries()])
def test_every_fixture_shows_the_number_when_nothing_guards_it(name):
    request = requests_book.build(name, PERSONAL)
    assert holds(CITIZEN_ID, request.body + b"\n" + request.url.encode())
    assert b"{{" not in request.body and "{{" not in request.url


@pytest.mark.parametrize("name", [one["name"] for one in requests_book.entries()])
def test_no_fixture_shows_the_number_with_a_harmless_text(name):
    request = requests_book.build(name, HARMLESS)
    assert not holds(CITIZEN_ID, request.body + b"\n" + request.url.encode())


@pytest.mark.parametrize(
    "hidden",
    [
        gzip.compress(CITIZEN_ID.encode()),
        base64.b64encode(b"xx " + PERSONAL.encode()),
        json.dumps({"a": json.dumps({"b": "0010 9900 0001"})}).encode(),
        "".join(f"\\u{ord(c):04x}" for c in CITIZEN_ID).encode(),
        b"%30%30%31%30%39%39%30%30%30%30%30%31",
        "００１０９９０００００１".encode(),
        CITIZEN_ID.encode("utf-16-le"),
    ],
)
def test_a_hidden_number_is_seen(hidden):
    assert holds(CITIZEN_ID, hidden)


def test_addresses_are_read_from_the_lines_of_the_start():
    output = (
        "proxy        http://127.0.0.1:40001\n"
        "trang quản trị https://127.0.0.1:40002\n"
        "metrics      http://127.0.0.1:40003/metrics\n"
    )
    found = parse_addresses(output)
    assert (found.proxy, found.admin, found.metrics) == (
        "127.0.0.1:40001",
        "127.0.0.1:40002",
        "127.0.0.1:40003",
    )
    assert parse_addresses("proxy 127.0.0.1:40001\n") is None
