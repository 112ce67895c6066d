"""What a clerk sees in a browser. Pictures of the pages go to `target/test-pictures`."""

import re


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


def test_the_set_up_page_offers_the_certificate(guard, chromium):
    chromium.open("http://lachan.internal/")
    chromium.take_picture("set-up")
    links = chromium.evaluate("[...document.querySelectorAll('a')].map(a => a.href).join(' ')")
    assert "/ca." in links
