"""curl, as an administrator tries the guard first."""

import json
import re
import subprocess

import pytest
import requests_book
from conftest import HARMLESS, NAME, TUNNELLED_HOSTS
from guard import clean_environment
from wire import curl

CHAT = "https://api.openai.com/v1/chat/completions"
VERSIONS = ["--http1.1", "--http2"]
JSON = ["-H", "content-type: application/json"]


def chat_body(text: str) -> bytes:
    body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": text}]}
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_harmless_prompt_arrives_byte_for_byte(guard, upstream, version):
    sent = chat_body(HARMLESS)
    answer = curl(guard, version, *JSON, CHAT, body=sent)
    assert answer.status == 200
    arrival = upstream.only_arrival()
    assert arrival.body == sent
    assert arrival.protocol == {"--http1.1": "HTTP/1.1", "--http2": "HTTP/2"}[version]
    assert answer.headers[":version"] == {"--http1.1": "HTTP/1.1", "--http2": "HTTP/2"}[version]


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_of_ours_goes_to_the_service(guard, upstream, person, version):
    curl(guard, version, *JSON, CHAT, body=chat_body(person.prompt))
    names = {name.lower() for name, _ in upstream.only_arrival().headers}
    ours = {"via", "forwarded", "x-forwarded-for", "proxy-connection", "proxy-authorization"}
    assert not names & ours
    assert not [name for name in names if name.startswith("lachan")]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_personal_prompt_is_redacted_in_an_otherwise_identical_body(
    guard, upstream, incidents_since, person, version
):
    sent = chat_body(person.prompt)
    answer = curl(guard, version, *JSON, CHAT, body=sent)
    assert (answer.status, answer.action) == (200, "redact")
    arrived = json.loads(upstream.only_arrival().body)["messages"][0]["content"]
    for value in (person.citizen_id, person.phone):
        assert value not in arrived
    assert arrived.startswith("Soạn giấy mời ")
    assert arrived.endswith(", đến làm việc về đất đai.")
    # Outside the prompt not one byte differs.
    frame = chat_body("").split(b'""')
    assert upstream.only_arrival().body.startswith(frame[0] + b'"')
    assert upstream.only_arrival().body.endswith(b'"' + frame[1])
    (incident,) = incidents_since()
    assert incident["id"] == answer.incident
    counts = {one["category"]: one["count"] for one in incident["findings"]}
    assert incident["action"] == "redact"
    assert {"citizen_id", "phone_number"} <= set(counts) or "personal_record" in counts, counts


@pytest.mark.parametrize("version", VERSIONS)
def test_a_refusal_is_json_that_a_person_can_read(guard, upstream, version):
    people = "\n".join(
        f"{number}. {NAME} {letter}, CCCD 00109900000{number}, sinh ngày 0{number}/01/1999"
        for number, letter in enumerate("ABCDEF", 1)
    )
    sent = chat_body(f"Lập danh sách sau thành bảng:\n{people}")
    answer = curl(guard, version, *JSON, CHAT, body=sent)
    assert (answer.status, answer.action) == (403, "block")
    assert upstream.arrivals == []
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-should-retry"] == "false"
    error = answer.json()["error"]
    assert set(error) >= {"message", "type", "code"}
    assert "chưa" in error["message"] or "dừng" in error["message"]
    assert "Mã sự kiện" in error["message"]
    assert "001099000001" not in answer.text


def test_an_anthropic_refusal_has_the_shape_of_that_api(guard, upstream, person):
    sent = requests_book.build("anthropic-api-messages", person.stamped).body
    answer = curl(guard, *JSON, "https://api.anthropic.com/v1/messages", body=sent)
    assert answer.status == 403
    assert answer.json()["type"] == "error"
    assert answer.json()["error"]["message"]
    assert upstream.arrivals == []


def test_a_page_load_with_a_number_gets_a_page(guard, upstream, person):
    url = f"https://chatgpt.com/?q=CCCD%20{person.citizen_id}"
    answer = curl(guard, "-H", "accept: text/html", url)
    assert answer.status == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "Mã sự kiện" in answer.text
    assert person.citizen_id not in answer.text
    assert upstream.arrivals == []


def test_a_foreign_origin_can_read_a_refusal(guard, person):
    origin = ["-H", "origin: https://chatgpt.com"]
    answer = curl(guard, *JSON, *origin, CHAT, body=chat_body(person.stamped))
    assert answer.headers["access-control-allow-origin"] == "https://chatgpt.com"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "origin" in answer.headers["vary"].lower()
    assert "lachan-incident" in answer.headers["access-control-expose-headers"].lower()


def test_the_printed_line_works_as_printed(fresh_guard):
    fresh_guard.start()
    line = next(
        line.strip() for line in fresh_guard.output.splitlines() if line.strip().startswith("curl ")
    )
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=fresh_guard.folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, (line, done.stderr)
    assert "CCCD" in done.stdout, done.stdout
    numbers = set(re.findall(r"\b\d{9,}\b", line))
    assert numbers
    assert not [number for number in numbers if number in done.stdout], done.stdout


def test_the_set_up_address_serves_the_certificate_and_the_proxy_file(guard):
    base = f"http://{guard.addresses.proxy}"
    served = subprocess.run(
        ["curl", "-sSf", f"{base}/ca.pem"], env=clean_environment(), capture_output=True, text=True
    )
    assert served.stdout.strip() == guard.ca_file.read_text().strip()
    pac = subprocess.run(
        ["curl", "-sSf", f"{base}/proxy.pac"], env=clean_environment(), capture_output=True, text=True
    )
    assert "FindProxyForURL" in pac.stdout
    assert "lachan.internal" in pac.stdout


@pytest.mark.parametrize("host", TUNNELLED_HOSTS)
def test_a_host_that_is_no_ai_service_passes_unread(guard, upstream, authority, person, host):
    # The client trusts the other side's root only, so ours in the middle would fail.
    sent = person.prompt.encode()
    answer = curl(
        guard, "--cacert", str(authority.root_file), f"https://{host}/echo", body=sent
    )
    assert (answer.status, answer.body) == (200, sent)
    assert upstream.only_arrival().body == sent
