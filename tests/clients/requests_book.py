"""Builds the requests of `tests/fixtures/requests` with a text where the marker stands."""

import base64
import gzip
import json
import struct
import tomllib
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

import zstandard

from wire import Request

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
FOLDER = FIXTURES / "requests"


def entries() -> list[dict]:
    """The fixtures that carry a text, as the manifest lists them."""
    return tomllib.loads((FOLDER / "manifest.toml").read_text())["request"]


def entry(name: str) -> dict:
    return next(one for one in entries() if one["name"] == name)


def account_requests() -> dict[str, Request]:
    """The log-in requests, by name."""
    listed = tomllib.loads((FOLDER / "accounts.toml").read_text())["request"]
    return {
        one["name"]: Request(one["method"], one["url"], one["headers"], one["text"].encode())
        for one in listed
    }


def documents() -> dict[str, str]:
    """The synthetic official documents, by file name."""
    files = sorted((FIXTURES / "documents").glob("*.txt"))
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def all_hosts() -> set[str]:
    """Every host that the fixtures speak to."""
    urls = [one["url"] for one in entries()] + [one.url for one in account_requests().values()]
    return {urlsplit(url).hostname for url in urls}


def build(name: str, text: str) -> Request:
    """The request `name`, with `text` in place of the marker."""
    found = entry(name)
    body = b""
    if "body" in found:
        template = (FOLDER / found["body"]).read_text(encoding="utf-8")
        body = _encode(template, found.get("codec", ["text"]), text)
    span = f"bytes 0-{len(body) - 1}/{len(body)}"
    headers = {
        key: value.replace("{{RANGE}}", span) for key, value in found.get("headers", {}).items()
    }
    return Request(found["method"], _fill(found["url"], text), headers, body)


def _fill(template: str, text: str) -> str:
    once = json.dumps(text, ensure_ascii=False)[1:-1]
    twice = json.dumps(once, ensure_ascii=False)[1:-1]
    for marker, written in [
        ("{{TEXT}}", text),
        ("{{TEXT:json}}", once),
        ("{{TEXT:json:json}}", twice),
        ("{{TEXT:base64}}", base64.b64encode(text.encode()).decode()),
        ("{{TEXT:url}}", quote(text, safe="")),
    ]:
        template = template.replace(marker, written)
    return template


def _encode(template: str, codecs: list[str], text: str) -> bytes:
    first, *rest = codecs
    if first in ("form-plus", "form-amp"):
        # Line by line before filling: a text of several lines is one value.
        lines = [line.split("=", 1) for line in template.splitlines()]
        escape = quote_plus if first == "form-plus" else lambda value: quote(value, safe="")
        form = "&".join(f"{key}={escape(_fill(value, text))}" for key, value in lines)
        body = (form + ("&" if first == "form-amp" else "")).encode()
    elif first == "multipart":
        body = _fill(template.replace("\n", "\r\n"), text).encode()
    elif first == "signalr":
        body = b"".join(_fill(line, text).encode() + b"\x1e" for line in template.splitlines())
    else:
        body = _fill(template.removesuffix("\n"), text).encode()
        if first == "protobuf":
            body = _protobuf(body)
    for codec in rest:
        body = {"zstd": _zstd, "connect": _connect, "connect-gzip": _connect_gzip}[codec](body)
    return body


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(body)


def _connect(body: bytes) -> bytes:
    return struct.pack(">BI", 0, len(body)) + body


def _connect_gzip(body: bytes) -> bytes:
    packed = gzip.compress(body, mtime=0)
    return struct.pack(">BI", 1, len(packed)) + packed


def _protobuf(words: bytes) -> bytes:
    inner = b"\x0a" + _varint(len(words)) + words + b"\x10\x01"
    return b"\x0a" + _varint(len(inner)) + inner


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)
