"""What a clerk sees in the chat page of a service.

The pages are ours (`pages`), but each talks as its service's page does and stops at anything that
the service would not say. Pictures of them go to `target/test-pictures`.
"""

import json
import re

import pytest
from answers import CHAT_PAGE_PATH, REPEAT

HOSTS = ["chatgpt.com", "claude.ai", "copilot.microsoft.com", "substrate.office.com"]


@pytest.fixture(params=HOSTS)
def host(request, chromium, upstream):
    chromium.open(f"https://{request.param}{CHAT_PAGE_PATH}")
    upstream.forget()
    return request.param


def send(chromium, text: str):
    """Asks as the page does; fails where the page does."""
    return chromium.evaluate(f"send({json.dumps(text)})")


def last_bubble(chromium) -> str:
    return chromium.evaluate("document.querySelector('#talk').lastChild.innerText")


def sent(upstream) -> bytes:
    """All that reached the service; browsers fetch this and that on their own."""
    asked = [one for one in upstream.arrivals if one.method == "POST" or one.messages]
    return b"\n".join(one.every_byte() for one in asked)


def test_the_page_shows_the_answer_with_the_real_values(host, chromium, upstream, person):
    prompt = REPEAT + person.prompt
    send(chromium, prompt)
    chromium.take_picture(f"answer-{host}")
    assert last_bubble(chromium) == prompt
    arrived = sent(upstream).decode()
    assert "đến làm việc về đất đai" in arrived
    assert person.citizen_id not in arrived and person.phone not in arrived


def test_the_page_shows_the_refusal_and_goes_on(host, chromium, upstream, person, incidents_since):
    send(chromium, person.stamped)
    chromium.take_picture(f"chat-refusal-{host}")
    shown = last_bubble(chromium)
    assert "dấu chỉ độ mật (Tuyệt mật)" in shown
    [incident] = incidents_since()
    assert f"Mã sự kiện {incident['code']}" in shown
    assert person.stamped.splitlines()[1].encode() not in sent(upstream)
    # The same conversation goes on with the next message.
    send(chromium, REPEAT + "xin chào")
    assert last_bubble(chromium) == REPEAT + "xin chào"


def test_a_refusal_within_a_conversation_names_that_conversation(chromium, upstream, person):
    chromium.open(f"https://chatgpt.com{CHAT_PAGE_PATH}")
    send(chromium, REPEAT + "xin chào")
    begun = chromium.evaluate("conversation")
    assert send(chromium, person.stamped) == "block"
    assert chromium.evaluate("conversation") == begun


def test_the_code_that_the_page_shows_stands_in_the_recent_events(guard, chromium, person):
    chromium.open(f"https://chatgpt.com{CHAT_PAGE_PATH}")
    send(chromium, person.stamped)
    code = re.search(r"Mã sự kiện (\S+)", last_bubble(chromium))[1]
    chromium.open("http://lachan.internal/")
    chromium.evaluate("document.querySelector('#su-kien').scrollIntoView()")
    chromium.take_picture("recent-events")
    assert code in chromium.text()
