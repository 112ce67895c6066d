"""Every way to read some bytes: a value must not arrive in any of them.

Deliberately wider than what any service does, and independent of the program under test.
"""

import base64
import gzip
import re
import unicodedata
import zlib
from urllib.parse import unquote_to_bytes

import brotli
import zstandard

DEPTH_MAX = 5
# What may stand between the digits of a number, for a reader to still see the number.
GAPS = re.compile(r"(?<=\d)[\s.\-_,\u00a0\u200b\u200c\u200d\u2060\ufeff]+(?=\d)")


def holds(value: str, sent: bytes) -> bool:
    """Whether `value` can be read in `sent`, in any coding, with or without gaps."""
    for reading in every_reading(sent):
        text = unicodedata.normalize("NFKC", reading.decode("utf-8", "replace"))
        if value in text or value in GAPS.sub("", text):
            return True
    return False


def every_reading(sent: bytes, depth: int = 0) -> set[bytes]:
    """`sent`, and all that can be decoded from it, to a bounded depth."""
    found = {sent}
    if depth < DEPTH_MAX:
        for inner in _decoded_once(sent):
            if inner and inner != sent:
                found |= every_reading(inner, depth + 1)
    return found


def _decoded_once(sent: bytes) -> list[bytes]:
    readings = _uncompressed(sent) + _frames(sent)
    if b"%" in sent:
        readings += [unquote_to_bytes(sent), unquote_to_bytes(sent.replace(b"+", b" "))]
    if b"\\" in sent:
        readings.append(_without_escapes(sent))
    for run in re.findall(rb"[A-Za-z0-9+/_-]{16,}", sent):
        standard = run.replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            part = standard[start:]
            inner = base64.b64decode(part[: len(part) // 4 * 4] + b"", validate=False)
            tail = part[len(part) // 4 * 4 :]
            if len(tail) > 1:
                inner += base64.b64decode(tail + b"=" * (4 - len(tail)), validate=False)
            # Only what reads like text or like something compressed is worth another look.
            if _is_readable(inner) or inner[:2] == b"\x1f\x8b":
                readings.append(inner)
    if b"\x00" in sent:
        readings += [sent.decode(code, "ignore").encode() for code in ("utf-16-le", "utf-16-be")]
    return readings


def _is_readable(inner: bytes) -> bool:
    text = inner.decode("utf-8", "replace")
    odd = sum(1 for c in text if c == "\ufffd" or (ord(c) < 32 and c not in "\t\r\n"))
    return bool(text) and odd * 5 <= len(text)


def _uncompressed(sent: bytes) -> list[bytes]:
    ways = [
        gzip.decompress,
        zlib.decompress,
        lambda data: zlib.decompress(data, -15),
        lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
        brotli.decompress,
    ]
    readings = []
    for way in ways:
        try:
            readings.append(way(sent))
        except (OSError, EOFError, zlib.error, zstandard.ZstdError, brotli.error):
            continue
    return readings


def _frames(sent: bytes) -> list[bytes]:
    """Connect and gRPC: a flag, four bytes of length, the message."""
    frames = []
    while len(sent) >= 5 and sent[0] in (0, 1, 2, 3):
        length = int.from_bytes(sent[1:5], "big")
        if length > len(sent) - 5:
            return []
        frames.append(sent[5 : 5 + length])
        sent = sent[5 + length :]
    return frames


def _without_escapes(sent: bytes) -> bytes:
    text = sent.decode("utf-8", "replace")
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    text = text.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"').replace("\\/", "/")
    return text.replace("\\\\", "\\").encode("utf-8", "replace")
