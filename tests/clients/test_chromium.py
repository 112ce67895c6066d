"""What a clerk sees in a browser. Pictures of the pages go to `target/test-pictures`."""

import json
import re

import pytest
from chromium import Chromium


@pytest.fixture
def chromium(guard, tmp_path):
    browser = Chromium(tmp_path, guard)
    yield browser
    browser.close()


def test_the_self_test_says_that_the_workstation_is_protected(guard, chromium):
    chromium.open("https://test.lachan.internal/")
    chromium.take_picture("self-test-before")
    assert "Tự kiểm tra" in chromium.text()
    chromium.click("Thử với số mẫu")
    chromium.wait_for("/^(Chưa )?đạt/i.test(document.querySelector('#verdict').innerText)")
    chromium.take_picture("self-test-after")
    verdict = chromium.evaluate("document.querySelector('#verdict').innerText")
    assert verdict.startswith("Đạt"), verdict
    received = chromium.evaluate("document.querySelector('#received').innerText")
    assert re.search(r"\bCCCD[0-9A-Z]{4,}", received), received
    samples = chromium.evaluate(
        "[...document.querySelectorAll('[data-sample]')].map(e => e.innerText.trim())"
    )
    assert samples and not [value for value in samples if value in received]


def test_a_page_with_a_number_in_its_address_shows_the_refusal(guard, chromium, upstream, person):
    chromium.open(f"https://chatgpt.com/?q=CCCD%20{person.citizen_id}")
    chromium.take_picture("refusal")
    text = chromium.text()
    assert "Mã sự kiện" in text
    assert "chưa" in text
    assert person.citizen_id not in text
    assert not [arrival for arrival in upstream.arrivals if "q=" in arrival.target]


def test_a_page_of_an_ai_service_loads(guard, chromium, upstream):
    chromium.open("https://chatgpt.com/echo")
    assert [arrival for arrival in upstream.arrivals if arrival.target == "/echo"]


# How the page of ChatGPT reads its stream, as far as it matters: deltas, version v1.
CHAT_PAGE = """
(async body => {
  const answer = await fetch('/backend-api/f/conversation', {method: 'POST', body,
    headers: {'content-type': 'application/json', accept: 'text/event-stream'}});
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '', state = {}, ended = false;
  const apply = (p, o, v) => {
    const keys = p.split('/').slice(1), last = keys.pop();
    const inner = keys.reduce((at, key) => at[key], state);
    if (last === undefined) { if (o === 'patch') v.forEach(one => apply(one.p, one.o, one.v));
                              else state = v; }
    else if (o === 'append') inner[last] += v;
    else inner[last] = v;
  };
  for (let piece; !(piece = await reader.read()).done;) {
    rest += piece.value;
    for (let at; (at = rest.indexOf('\\n\\n')) >= 0; rest = rest.slice(at + 2)) {
      const lines = rest.slice(0, at).split('\\n');
      const name = (lines.find(l => l.startsWith('event: ')) || '').slice(7);
      const data = lines.find(l => l.startsWith('data: ')).slice(6);
      if (data === '[DONE]') ended = true;
      else if (name === 'delta') { const d = JSON.parse(data); apply(d.p, d.o, d.v); }
    }
  }
  document.body.innerText = state.message.content.parts[0];
  return [answer.status, answer.headers.get('lachan-action'), ended, state.message.status];
})
"""


def test_a_chat_page_shows_the_refusal_in_its_window(guard, chromium, upstream, person):
    chromium.open("https://chatgpt.com/echo")
    upstream.forget()
    body = json.dumps({"messages": [{"content": {"parts": [person.stamped]}}]})
    read = chromium.evaluate(f"{CHAT_PAGE}({json.dumps(body)})")
    assert read == [200, "block", True, "finished_successfully"]
    text = chromium.text()
    chromium.take_picture("chat-window")
    assert "dấu chỉ độ mật (Tuyệt mật)" in text
    code = re.search(r"Mã sự kiện (\S+)", text)[1]
    # Browsers fetch this and that on their own; the prompt is what must not be there.
    assert not [arrival for arrival in upstream.arrivals if arrival.method == "POST"]

    chromium.open("http://lachan.internal/")
    chromium.evaluate("document.querySelector('#su-kien').scrollIntoView()")
    chromium.take_picture("recent-events")
    assert code in chromium.text()


def test_the_set_up_page_offers_the_certificate(guard, chromium):
    chromium.open("http://lachan.internal/")
    chromium.take_picture("set-up")
    links = chromium.evaluate("[...document.querySelectorAll('a')].map(a => a.href).join(' ')")
    assert "/ca." in links
