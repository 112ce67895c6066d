"""The API does what its OpenAPI document says, whatever it is asked."""

import json
import re
import subprocess
import sys
from pathlib import Path

from back_office import BackOffice
from guard import clean_environment
from wire import Request, send

CHAT = "https://api.openai.com/v1/chat/completions"


def chat(guard, text: str):
    message = {"role": "user", "content": text}
    body = json.dumps({"model": "m", "messages": [message]}).encode()
    send(guard, Request("POST", CHAT, {"content-type": "application/json"}, body))


def test_every_answer_is_as_the_document_says(guard, upstream, person, tmp_path):
    chat(guard, person.prompt)
    chat(guard, person.stamped)
    admin = BackOffice(guard, "quantri", "admin")
    made = admin.send("/connections/tokens", form_page="/connections", name="thử")
    token = re.search(r"lachan_[A-Za-z0-9_-]{43}", made)[0]
    checked = subprocess.run(
        [
            Path(sys.executable).parent / "st",
            "run",
            f"https://{guard.addresses.admin}/api/v1/openapi.json",
            "--tls-verify",
            guard.ca_file,
            "--header",
            f"Authorization: Bearer {token}",
            "--phases",
            "coverage,fuzzing",
            "--max-examples",
            "40",
            "--seed",
            "1",
            "--suppress-health-check",
            "all",
        ],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout[-4000:] + checked.stderr[-1000:]
    assert "5/5" in checked.stdout
