"""Nothing that a clerk sent may be found in anything that the program wrote."""

import json
import unicodedata
import urllib.request

from conftest import list_incidents
from wire import Request, curl, send

# Values that stand nowhere but here. The first two look personal, so that incidents are stored.
CITIZEN_ID = "001099000083"
PHONE = "0900000083"
WORD = "dauvetnghiem7f3k9q"
FAMILY = "Đặng Thị Kiểm Chứng"
PROMPT = f"Soạn giấy mời bà {FAMILY}, CCCD {CITIZEN_ID}, SĐT {PHONE}, ghi chú {WORD}."
STAMPED = f"TUYỆT MẬT\nPhương án {WORD} do {FAMILY} (CCCD {CITIZEN_ID}) xây dựng."
PLANTED = [CITIZEN_ID, PHONE, WORD, FAMILY, unicodedata.normalize("NFD", FAMILY), "Kiểm Chứng"]
CHAT = "https://api.openai.com/v1/chat/completions"


def chat_body(text: str) -> bytes:
    message = {"role": "user", "content": text}
    return json.dumps({"model": "m", "messages": [message]}, ensure_ascii=False).encode()


def plant_everywhere(guard):
    """In a prompt, a header, a query, a path, a file name, a file, a cookie, a broken body."""
    as_json = {"content-type": "application/json"}
    send(guard, Request("POST", CHAT, as_json, chat_body(PROMPT)))
    send(guard, Request("POST", CHAT, as_json, chat_body(STAMPED)))
    send(guard, Request("POST", CHAT, as_json | {"x-ghi-chu": f"{WORD} {CITIZEN_ID}"}, b"{}"))
    send(guard, Request("POST", CHAT, as_json | {"cookie": f"phien={WORD}"}, chat_body("a")))
    send(guard, Request("POST", CHAT, as_json | {"authorization": f"Bearer {WORD}"}, b"{"))
    query = f"?q=CCCD%20{CITIZEN_ID}%20{WORD}"
    send(guard, Request("GET", f"https://chatgpt.com/{query}", {"accept": "text/html"}, b""))
    send(guard, Request("GET", f"https://chatgpt.com/{WORD}/CCCD-{CITIZEN_ID}", {}, b""))
    boundary = "ranh-gioi-thu"
    file = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
        f'filename="{WORD}-{CITIZEN_ID}.txt"\r\nContent-Type: text/plain\r\n\r\n{PROMPT}\r\n'
        f"--{boundary}--\r\n"
    )
    url = "https://claude.ai/api/00000000-0000-4000-8000-000000000031/upload"
    kind = {"content-type": f"multipart/form-data; boundary={boundary}"}
    send(guard, Request("POST", url, kind, file.encode()))
    curl(guard, "--http2", "-H", "content-type: application/json", CHAT, body=chat_body(PROMPT))


def test_a_planted_value_is_found_nowhere(fresh_guard, upstream):
    fresh_guard.start()
    plant_everywhere(fresh_guard)
    metrics = f"http://{fresh_guard.addresses.metrics}/metrics"
    written = {"metrics": urllib.request.urlopen(metrics, timeout=10).read()}
    incidents = list_incidents(fresh_guard)
    assert len(incidents) >= 4
    written["incidents list"] = json.dumps(incidents, ensure_ascii=False).encode()
    written |= _files_of(fresh_guard)
    fresh_guard.kill()
    written |= {f"{name} after the end": text for name, text in _files_of(fresh_guard).items()}
    written["output"] = fresh_guard.output.encode()
    for place, content in written.items():
        found = [value for value in PLANTED if value.encode() in content]
        assert not found, f"{found} in {place}"
    # The search itself works: the data folder does hold what it should.
    assert any(b"openai-api" in content for content in written.values())


def test_a_refusal_does_not_repeat_what_was_sent(guard, upstream):
    kind = {"content-type": "application/json"}
    answer = send(guard, Request("POST", CHAT, kind, chat_body(STAMPED)))
    assert answer.status == 403
    assert not [value for value in PLANTED if value in answer.text]


def test_the_data_folder_is_closed_to_others(guard):
    assert guard.data_dir.stat().st_mode & 0o777 == 0o700
    open_files = [
        file for file in guard.data_dir.rglob("*") if file.is_file() and file.stat().st_mode & 0o077
    ]
    keys = [file for file in open_files if b"PRIVATE KEY" in file.read_bytes()]
    assert keys == []


def _files_of(guard) -> dict[str, bytes]:
    files = [file for file in guard.folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(guard.folder)): file.read_bytes() for file in files}
