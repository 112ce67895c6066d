"""The clients that programs use: the `openai` SDK and `requests`."""

import time

import openai
import pytest
import requests
from answers import ANSWER, REPEAT, SECONDS_BETWEEN_EVENTS, STREAM_PIECES
from conftest import HARMLESS

CHAT = "https://api.openai.com/v1/chat/completions"


@pytest.fixture
def client(settings_of_a_workstation):
    return openai.OpenAI(api_key="khoa-thu-nghiem", max_retries=2, timeout=30)


def ask(client: openai.OpenAI, text: str, stream: bool = False):
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.create(model="stand-in", messages=messages, stream=stream)


def test_the_sdk_gets_its_answer(client, upstream):
    assert ask(client, HARMLESS).choices[0].message.content == ANSWER
    assert HARMLESS in upstream.only_arrival().body.decode()


def test_the_sdk_gets_a_stream_event_by_event(client, upstream):
    pieces, times = [], []
    for chunk in ask(client, HARMLESS, stream=True):
        pieces.append(chunk.choices[0].delta.content)
        times.append(time.monotonic())
    assert pieces == STREAM_PIECES
    # Held back, the events would come all at once.
    whole = SECONDS_BETWEEN_EVENTS * (len(STREAM_PIECES) - 1)
    assert times[-1] - times[0] > whole / 2


@pytest.mark.parametrize("stream", [False, True])
def test_the_sdk_sends_placeholders(client, upstream, person, stream):
    answer = ask(client, person.prompt, stream)
    if stream:
        assert [chunk.choices[0].delta.content for chunk in answer] == STREAM_PIECES
    arrived = upstream.only_arrival().body.decode()
    assert person.citizen_id not in arrived and person.phone not in arrived
    assert "đến làm việc về đất đai" in arrived


@pytest.mark.parametrize("stream", [False, True])
def test_the_sdk_sees_the_real_values_in_an_answer_that_repeats_the_placeholders(
    client, upstream, person, stream
):
    prompt = REPEAT + person.prompt
    answer = ask(client, prompt, stream)
    if stream:
        text = "".join(chunk.choices[0].delta.content for chunk in answer)
    else:
        text = answer.choices[0].message.content
    assert text == prompt
    arrived = upstream.only_arrival().body.decode()
    assert person.citizen_id not in arrived and person.phone not in arrived


def test_the_sdk_shows_a_refusal_once_and_does_not_retry(
    client, upstream, incidents_since, person
):
    with pytest.raises(openai.PermissionDeniedError) as raised:
        ask(client, person.stamped)
    assert "Mã sự kiện" in raised.value.message
    assert upstream.arrivals == []
    assert len(incidents_since()) == 1


def test_requests_sends_and_receives(settings_of_a_workstation, upstream):
    body = {"model": "stand-in", "messages": [{"role": "user", "content": HARMLESS}]}
    answer = requests.post(CHAT, json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.json()["choices"][0]["message"]["content"] == ANSWER
    assert upstream.only_arrival().body == answer.request.body


def test_requests_keeps_one_connection_for_many_requests(settings_of_a_workstation, upstream):
    with requests.Session() as session:
        for number in range(5):
            body = {"model": "stand-in", "messages": [{"role": "user", "content": f"{number}"}]}
            assert session.post(CHAT, json=body, timeout=30).status_code == 200
    assert len(upstream.arrivals) == 5


def test_requests_uploads_a_stream_of_unknown_length(settings_of_a_workstation, upstream):
    pieces = [b'{"model":"stand-in","messages":[{"role":"user",', b'"content":"Xin ch\xc3\xa0o"}]}']
    headers = {"content-type": "application/json"}
    answer = requests.post(CHAT, data=iter(pieces), headers=headers, timeout=30)
    assert answer.status_code == 200
    assert upstream.only_arrival().body == b"".join(pieces)


def test_requests_meets_a_refusal_with_its_incident(settings_of_a_workstation, upstream, person):
    body = {"model": "stand-in", "messages": [{"role": "user", "content": person.stamped}]}
    answer = requests.post(CHAT, json=body, timeout=30)
    assert answer.status_code == 403
    assert answer.headers["Lachan-Action"] == "block"
    assert answer.headers["Lachan-Incident"]
    assert upstream.arrivals == []
