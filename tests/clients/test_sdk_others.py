"""The SDKs of Anthropic and Google: real values in answers, refusals that a person can read."""

import time

import anthropic
import pytest
from answers import ANSWER, REPEAT, SECONDS_BETWEEN_EVENTS, STREAM_PIECES
from conftest import HARMLESS
from google import genai
from google.genai import errors, types
from readings import holds

RETRIES = types.HttpRetryOptions(attempts=3, initial_delay=0.1, max_delay=0.2)


class Anthropic:
    """The SDK of Anthropic, with its own retries."""

    refusal = anthropic.PermissionDeniedError

    def __init__(self):
        self.client = anthropic.Anthropic(api_key="khoa-thu-nghiem", max_retries=2, timeout=30)

    def ask(self, text: str) -> str:
        messages = [{"role": "user", "content": text}]
        answer = self.client.messages.create(model="stand-in", max_tokens=99, messages=messages)
        return answer.content[0].text

    def stream(self, text: str):
        messages = [{"role": "user", "content": text}]
        with self.client.messages.stream(
            model="stand-in", max_tokens=99, messages=messages
        ) as stream:
            yield from stream.text_stream


class Google:
    """The SDK of Google, told to try three times."""

    refusal = errors.ClientError

    def __init__(self):
        options = types.HttpOptions(timeout=30_000, retry_options=RETRIES)
        self.client = genai.Client(api_key="khoa-thu-nghiem", http_options=options)

    def ask(self, text: str) -> str:
        return self.client.models.generate_content(model="stand-in", contents=text).text

    def stream(self, text: str):
        for chunk in self.client.models.generate_content_stream(model="stand-in", contents=text):
            yield chunk.text


@pytest.fixture(params=[Anthropic, Google])
def sdk(request, settings_of_a_workstation):
    return request.param()


def test_an_sdk_gets_its_answer(sdk, upstream):
    assert sdk.ask(HARMLESS) == ANSWER
    assert holds(HARMLESS, upstream.only_arrival().body)


def test_an_sdk_gets_a_stream_event_by_event(sdk, upstream):
    pieces, times = [], []
    for text in sdk.stream(HARMLESS):
        pieces.append(text)
        times.append(time.monotonic())
    assert pieces == STREAM_PIECES
    # Held back, the events would come all at once.
    whole = SECONDS_BETWEEN_EVENTS * (len(STREAM_PIECES) - 1)
    assert times[-1] - times[0] > whole / 2


@pytest.mark.parametrize("way", ["whole", "stream"])
def test_an_sdk_sees_the_real_values_in_an_answer_that_repeats_the_placeholders(
    sdk, upstream, person, way
):
    prompt = REPEAT + person.prompt
    text = sdk.ask(prompt) if way == "whole" else "".join(sdk.stream(prompt))
    assert text == prompt
    arrived = upstream.only_arrival().body
    assert holds("đến làm việc về đất đai", arrived)
    assert not holds(person.citizen_id, arrived) and not holds(person.phone, arrived)


@pytest.mark.parametrize("way", ["whole", "stream"])
def test_an_sdk_shows_a_refusal_once_and_does_not_retry(
    sdk, upstream, incidents_since, person, way
):
    with pytest.raises(sdk.refusal) as raised:
        sdk.ask(person.stamped) if way == "whole" else list(sdk.stream(person.stamped))
    shown = str(raised.value)
    assert "dấu chỉ độ mật (Tuyệt mật)" in shown
    [incident] = incidents_since()
    assert f"Mã sự kiện {incident['code']}" in shown
    assert upstream.arrivals == []
