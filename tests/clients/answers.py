"""What the stand-in says: answers in the shape of the service that is asked.

A prompt that begins with `REPEAT` is answered with itself, in pieces that cut every placeholder.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

ANSWER = "Xin chào, đây là câu trả lời của máy chủ giả lập."
REPEAT = "Nhắc lại: "
STREAM_PIECES = ["Xin ", "chào, ", "đây là ", "câu trả lời ", "từng phần."]
SECONDS_BETWEEN_EVENTS = 0.25
PIECE_LENGTH = 3
# A chat page of the host that is asked; see `pages`.
CHAT_PAGE_PATH = "/trang-thu"
PAGES = Path(__file__).parent / "pages"
RECORD_END = "\x1e"


@dataclass
class Arrival:
    """One request, or one WebSocket with its messages, as it arrived."""

    protocol: str
    host: str
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    messages: list[bytes] = field(default_factory=list)

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    def every_byte(self) -> bytes:
        """All that a service could have learned from it."""
        head = "\n".join([self.target] + [f"{key}: {value}" for key, value in self.headers])
        return b"\n".join([head.encode("utf-8", "surrogateescape"), self.body, *self.messages])


@dataclass
class Answer:
    """A body in pieces, with so many seconds after each."""

    status: int
    content_type: str
    pieces: list[bytes]
    pause: float = 0


def answer_for(arrival: Arrival) -> Answer:
    path = arrival.target.split("?")[0]
    if path == "/echo":
        return Answer(200, arrival.header("content-type") or "text/plain", [arrival.body])
    if path == CHAT_PAGE_PATH:
        return _chat_page(arrival.host)
    for end, answer in SERVICES.items():
        if path.endswith(end) and arrival.method == "POST":
            try:
                return answer(json.loads(arrival.body), arrival.target)
            except ValueError:
                return Answer(400, "application/json", [b'{"error":{"message":"not JSON"}}'])
    return Answer(200, "application/json", [b'{"ok":true}'])


def socket_answers(arrival: Arrival, message: str | bytes) -> list[str | bytes]:
    """The messages that follow a message: what the service says to a prompt that is to be repeated
    and to a greeting of its protocol; anything else is sent back as it came."""
    path = arrival.target.split("?")[0]
    answers = []
    if path == "/c/api/chat":
        answers = _copilot(message)
    elif path.startswith("/m365Copilot/Chathub/"):
        answers = _signalr(message)
    return answers or [message]


# ---------------------------------------------------------------- services


def _openai(asked: dict, _target: str) -> Answer:
    base = {"id": "chatcmpl-1", "created": 1790000000, "model": "stand-in"}
    answer, texts, pause = _words((asked.get("messages") or [{}])[-1].get("content"))
    if not asked.get("stream", False):
        message = {"role": "assistant", "content": answer}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return _document(base | {"object": "chat.completion", "choices": [choice]})
    events = []
    for text in texts:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
        events.append(_data(base | {"object": "chat.completion.chunk", "choices": [choice]}))
    return Answer(200, "text/event-stream", [*events, b"data: [DONE]\n\n"], pause)


def _anthropic(asked: dict, _target: str) -> Answer:
    answer, texts, pause = _words((asked.get("messages") or [{}])[-1].get("content"))
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "stand-in",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }
    if not asked.get("stream", False):
        content = [{"type": "text", "text": answer}]
        return _document(message | {"content": content, "stop_reason": "end_turn"})
    return Answer(200, "text/event-stream", _anthropic_events(message, texts, usage), pause)


def _claude_page(asked: dict, _target: str) -> Answer:
    _, texts, pause = _words(asked.get("prompt"))
    message = {"id": "chatcompl_1", "type": "message", "role": "assistant", "model": "stand-in"}
    message |= {"uuid": str(uuid4()), "content": [], "stop_reason": None, "stop_sequence": None}
    return Answer(200, "text/event-stream", _anthropic_events(message, texts, {}), pause)


def _anthropic_events(message: dict, texts: list[str], usage: dict) -> list[bytes]:
    delta = {"stop_reason": "end_turn", "stop_sequence": None}
    events = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        *(
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": text},
            }
            for text in texts
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": delta, "usage": usage},
        {"type": "message_stop"},
    ]
    return [_event(one["type"], one) for one in events]


def _google(asked: dict, target: str) -> Answer:
    parts = (asked.get("contents") or [{}])[-1].get("parts") or [{}]
    answer, texts, pause = _words(parts[-1].get("text"))

    def candidate(text: str, **more) -> dict:
        content = {"role": "model", "parts": [{"text": text}]}
        return {"candidates": [{"index": 0, "content": content, **more}]}

    if ":streamGenerateContent" not in target:
        return _document(candidate(answer, finishReason="STOP"))
    chunks = [candidate(text) for text in texts[:-1]]
    chunks.append(candidate(texts[-1], finishReason="STOP"))
    if "alt=sse" in target:
        return Answer(200, "text/event-stream", [_data(one) for one in chunks], pause)
    lines = [_dumped(one) for one in chunks]
    pieces = [b"[" + lines[0], *(b",\r\n" + line for line in lines[1:]), b"]"]
    return Answer(200, "application/json; charset=UTF-8", pieces, pause)


def _chatgpt_page(asked: dict, _target: str) -> Answer:
    """Deltas, version v1: what a delta leaves out is as it was before."""
    parts = (asked.get("messages") or [{}])[-1].get("content", {}).get("parts") or [None]
    _, texts, pause = _words(parts[0])
    conversation = asked.get("conversation_id") or str(uuid4())
    message = {
        "id": str(uuid4()),
        "author": {"role": "assistant"},
        "content": {"content_type": "text", "parts": [""]},
        "status": "in_progress",
    }
    opened = {"message": message, "conversation_id": conversation, "error": None}
    status = {"p": "/message/status", "o": "replace", "v": "finished_successfully"}
    events = [
        b'event: delta_encoding\ndata: "v1"\n\n',
        _event("delta", {"p": "", "o": "add", "v": opened, "c": 0}),
        _event("delta", {"p": "/message/content/parts/0", "o": "append", "v": texts[0]}),
        *(_event("delta", {"v": text}) for text in texts[1:]),
        _event("delta", {"p": "", "o": "patch", "v": [status]}),
        _data({"type": "message_stream_complete", "conversation_id": conversation}),
        b"data: [DONE]\n\n",
    ]
    return Answer(200, "text/event-stream; charset=utf-8", events, pause)


def _copilot(message: str) -> list[str]:
    asked = json.loads(message)
    if asked.get("event") != "send" or not _is_repeat(asked["content"][0]["text"]):
        return []
    _, texts, _ = _words(asked["content"][0]["text"])
    message, part = str(uuid4()), "1"
    events = [
        {"event": "received", "conversationId": asked["conversationId"]},
        {"event": "startMessage", "messageId": message},
        *(
            {"event": "appendText", "messageId": message, "partId": part, "text": text}
            for text in texts
        ),
        {"event": "partCompleted", "messageId": message, "partId": part},
        {"event": "done", "messageId": message},
    ]
    return [_dumped(one).decode() for one in events]


def _signalr(message: str) -> list[str]:
    answers = []
    for record in filter(None, message.split(RECORD_END)):
        asked = json.loads(record)
        if "protocol" in asked:
            answers.append("{}" + RECORD_END)
        if asked.get("type") != 4 or not _is_repeat(asked["arguments"][0]["message"]["text"]):
            continue
        answer, texts, _ = _words(asked["arguments"][0]["message"]["text"])
        for text in texts:
            update = {"writeAtCursor": text, "requestId": "r"}
            answers.append(_record({"type": 1, "target": "update", "arguments": [update]}))
        invocation = asked["invocationId"]
        item = {"messages": [{"text": answer, "author": "bot"}]}
        last = _record({"type": 2, "invocationId": invocation, "item": item})
        answers.append(last + _record({"type": 3, "invocationId": invocation}))
    return answers


SERVICES = {
    "/v1/chat/completions": _openai,
    "/v1/messages": _anthropic,
    ":generateContent": _google,
    ":streamGenerateContent": _google,
    "/backend-api/f/conversation": _chatgpt_page,
    "/completion": _claude_page,
}


# ---------------------------------------------------------------- words and bytes


def _words(prompt) -> tuple[str, list[str], float]:
    """The answer, its pieces, and the seconds between them."""
    if isinstance(prompt, list):
        prompt = prompt[-1].get("text")
    if not _is_repeat(prompt):
        return ANSWER, STREAM_PIECES, SECONDS_BETWEEN_EVENTS
    starts = range(0, len(prompt), PIECE_LENGTH)
    return prompt, [prompt[at : at + PIECE_LENGTH] for at in starts], 0.001


def _is_repeat(prompt) -> bool:
    return isinstance(prompt, str) and prompt.startswith(REPEAT)


def _chat_page(host: str) -> Answer:
    """One page for all; how it talks is told by a script of the service's own."""
    script = (PAGES / f"{host.split(':')[0]}.js").read_text(encoding="utf-8")
    page = (PAGES / "chat.html").read_text(encoding="utf-8").replace("{{SCRIPT}}", script)
    return Answer(200, "text/html; charset=utf-8", [page.encode()])


def _dumped(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _document(value) -> Answer:
    return Answer(200, "application/json", [_dumped(value)])


def _data(value) -> bytes:
    return b"data: " + _dumped(value) + b"\n\n"


def _event(name: str, value) -> bytes:
    return f"event: {name}\n".encode() + _data(value)


def _record(value) -> str:
    return _dumped(value).decode() + RECORD_END
