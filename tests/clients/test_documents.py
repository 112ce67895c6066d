"""Official documents: the open ones pass untouched, a stamped one goes nowhere."""

import pytest
import requests_book
from conftest import list_incidents
from wire import send

DOCUMENTS = requests_book.documents()
SHAPES = [
    "chatgpt-web-conversation",
    "openai-api-chat-completions",
    "gemini-web-stream-generate",
]
STAMPS = ["MẬT", "TỐI MẬT", "TUYỆT MẬT"]


def stamped(document: str, stamp: str) -> str:
    """The stamp stands under the number of the document (Nghị định 30/2020/NĐ-CP, phụ lục I)."""
    lines = document.split("\n")
    place = next(place for place, line in enumerate(lines) if line.startswith("Số:")) + 1
    return "\n".join([*lines[:place], stamp, *lines[place:]])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_an_open_document_passes_byte_for_byte(guard, upstream, incidents_since, shape, document):
    request = requests_book.build(shape, f"Tóm tắt văn bản sau:\n{DOCUMENTS[document]}")
    answer = send(guard, request)
    assert answer.status == 200, answer.text
    assert upstream.only_arrival().body == request.body
    assert [one["action"] for one in incidents_since() if one["action"] != "audit"] == []


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_stamped_document_is_blocked_and_no_word_of_it_is_kept(
    fresh_guard, upstream, document, stamp
):
    fresh_guard.start()
    text = stamped(DOCUMENTS[document], stamp)
    for shape in SHAPES:
        answer = send(fresh_guard, requests_book.build(shape, text))
        assert answer.action == "block", (shape, answer.text)
        assert "độ mật" in answer.text
    assert upstream.arrivals == []
    incidents = list_incidents(fresh_guard)
    assert incidents and all(one["action"] == "block" for one in incidents)
    fresh_guard.stop()
    words = [line.strip() for line in DOCUMENTS[document].split("\n") if len(line.strip()) > 12]
    for file in (file for file in fresh_guard.folder.rglob("*") if file.is_file()):
        content = file.read_bytes()
        assert not [line for line in words if line.encode() in content], file
    assert not [line for line in words if line in fresh_guard.output]
