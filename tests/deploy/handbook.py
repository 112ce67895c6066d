"""Reads the commands out of the handbook.

A fenced block's first line says where its commands belong:

    ```sh             the guard's machine, in the order of the file
    ```sh tram        a workstation
    ```sh router      the router
    ```toml           settings, read by `lachan check`
    ```LANGUAGE real: REASON     cannot be tried here, and why
"""

import re
from dataclasses import dataclass
from pathlib import Path

HANDBOOK = Path(__file__).resolve().parents[2] / "deploy" / "handbook"
FENCE = re.compile(r"^```(.+?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    file: str
    line: int
    language: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def blocks(name: str) -> list[Block]:
    text = (HANDBOOK / name).read_text()
    found = []
    for match in FENCE.finditer(text):
        language, _, place = match[1].partition(" ")
        line = text[: match.start()].count("\n") + 1
        found.append(Block(name, line, language, place, match[2]))
    return found
