"""What the program tells of what it does not see: coverage, shapes, discovered hosts."""

import json
import subprocess
import time

from wire import Request, send

MARK = "dauvetnghiem7f3k9q"
PERSON = "Đặng Thị Kiểm Chứng"
CITIZEN_ID = "001099000083"


def new_page(guard, path: str, body: dict):
    kind = {"content-type": "application/json", "accept": "application/json"}
    url = f"https://chatgpt.com{path}"
    send(guard, Request("POST", url, kind, json.dumps(body, ensure_ascii=False).encode()))


def test_shapes_tell_a_changed_page_without_a_word_of_it(fresh_guard, upstream):
    fresh_guard.start()
    body = {
        "input": {"text": f"Lập bảng kê {MARK}", "tags": [MARK, "a"]},
        MARK: 1,
        PERSON: "x",
        CITIZEN_ID: "y",
        "is_new": True,
    }
    new_page(fresh_guard, f"/backend-api/v9/compose/{MARK}?q={MARK}&{MARK}=1", body)
    new_page(fresh_guard, "/backend-api/v9/compose/other", body)
    fresh_guard.stop()
    file = (fresh_guard.data_dir / "shapes.json").read_text()
    printed = fresh_guard.command("shapes").stdout
    for text in (file, printed, fresh_guard.output):
        for planted in (MARK, PERSON, "Kiểm", CITIZEN_ID, "bảng kê"):
            assert planted not in text, (planted, text)
    shapes = [json.loads(line) for line in printed.splitlines()]
    first = next(s for s in shapes if s["path"] == "/backend-api/v9/compose/{id}")
    assert (first["service"], first["method"]) == ("openai-chatgpt-web", "POST")
    assert first["content_type"] == "application/json"
    fields = {field["path"]: field for field in first["fields"]}
    assert fields["/input/text"]["kind"] == "string"
    assert fields["/input/text"]["length_max"] == len(body["input"]["text"])
    assert "/{key}" in fields and "query/q" in fields
    assert fresh_guard.command("shapes", "--service", "deepseek-web").stdout == ""


def test_check_shows_coverage_after_a_run(fresh_guard, upstream):
    fresh_guard.start()
    new_page(fresh_guard, "/backend-api/v9/compose", {"text": "xin chào"})
    fresh_guard.stop()
    told = fresh_guard.command("check").stdout
    row = next(line for line in told.splitlines() if "openai-chatgpt-web" in line)
    assert row.split()[1:7] == ["0", "/", "0", "1", "/", "1"], row


def test_a_program_that_refuses_our_root_is_told_why(fresh_guard, upstream):
    fresh_guard.start()
    command = ["curl", "-sS", "--max-time", "10", "-x", fresh_guard.proxy_url]
    command += ["--cacert", "/etc/ssl/certs/ca-certificates.crt", "https://chatgpt.com/"]
    for _ in range(3):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 60, done.stderr
    deadline = time.monotonic() + 5
    while "403" not in done.stderr and time.monotonic() < deadline:
        done = subprocess.run(command, capture_output=True, text=True)
    assert "403" in done.stderr, done.stderr
    time.sleep(0.2)
    assert "refuses our certificates" in fresh_guard.output
