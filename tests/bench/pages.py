"""How long does each page of the back office take over a large store? Over HTTPS, as a browser asks.

    cargo nextest run --run-ignored all a_store_of_a_million      makes target/million once
    LACHAN_BIN=... tests/.venv/bin/python tests/bench/pages.py [DATA_DIR]

Starts the program over a copy of the data folder and asks for each page in turn, round by round,
beside a bare page (a person's own account: a session, the frame, nothing of incidents). Prints the
median of each and how many bare pages it is worth; exit status 1 where one is worth three or more.
What must be in the log before anything is shown (an export, a look at state secrets) waits for the
disk, and is compared with an export of nothing. The pages are then asked for once more, each right
after a record was added, which makes readers read the file anew: told, not judged.
"""

import datetime
import gc
import http.client
import json
import re
import shutil
import ssl
import statistics
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable
from functools import partial
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "clients"))

from back_office import BackOffice, field  # noqa: E402
from guard import Guard  # noqa: E402

ROUNDS = 25
QUIET_SECONDS = 3
TIMES_MAX = 3.0
BARE = "/account"
SETTINGS = """\
data_dir = "{data_dir}"
[proxy]
listen = ["127.0.0.1:0"]
[admin]
listen = "127.0.0.1:0"
[metrics]
listen = "127.0.0.1:0"
[store]
retention_days = 36500
"""
OFFICE = urllib.parse.quote("Văn phòng")
PAGES = [
    "/",
    "/incidents",
    "/incidents?before=500000",
    "/incidents?before=3000",
    "/incidents/{code}",
    "/incidents?status=new&severity=high",
    "/incidents?status=new&severity=low&action=redact",
    "/incidents?service=mistral-lechat",
    "/incidents?service=mistral-lechat&unit=-&action=block&severity=high",
    "/incidents?service=mistral-lechat&unit=-&action=block&severity=high&category=credential",
    f"/incidents?unit={OFFICE}&category=phone_number",
    f"/incidents?unit={OFFICE}&category=phone_number&action=audit&severity=medium&before=400000",
    "/incidents?category=health_record&client=10.0.1.7",
    "/incidents?fingerprint=0000000000000a00",
    "/incidents?fingerprint=0000000000000a00&status=new",
    "/incidents?status=closed",
    "/incidents?status=closed&severity=low&action=block",
    "/incidents?severity=low&service=openai-chatgpt-web&status=confirmed",
    "/incidents?outcome=exposed",
    "/incidents?outcome=exposed&service=kimi-web",
    "/incidents?from={year_ago}&to={then}",
    "/incidents?from={year_ago}&to={then}&action=block",
    "/incidents?from={year_ago}&to={then}&action=block&severity=high&service=kimi-web",
    "/incidents?assignee=nguoi-xem-xet&service=kimi-web&severity=high",
    "/incidents?q=ZZZ-ZZZ",
    "/exceptions",
    "/releases",
    "/log",
    "/reports",
    "/tools",
    "/machines",
    "/lessons",
    "/troubles",
    "/rules",
    "/wording",
    "/connections",
    "/users",
]
API = [
    "/api/v1/incidents",
    "/api/v1/incidents?limit=10",
    "/api/v1/incidents?limit=10&before=400000",
    "/api/v1/incidents?limit=10&since={year_ago}T00:00:00%2B07:00&until={then}T00:00:00%2B07:00",
    "/api/v1/incidents?limit=10&until={year_ago}T00:00:00%2B07:00",
    "/api/v1/incidents/{code}",
    "/api/v1/summary",
    "/api/v1/tools",
    "/api/v1/status",
]
NOTHING = {"format": "csv", "fingerprint": "ffffffffffffffff"}
SECRETS = "/incidents?category=state_secret"
EXPORTS = [
    {"format": "csv", "client": "10.0.1.7"},
    {"format": "json", "service": "mistral-lechat", "unit": "-", "severity": "high"},
    {"format": "csv", "status": "closed", "severity": "low"},
]


class Line:
    """One kept connection, as a browser's."""

    def __init__(self, guard: Guard, headers: dict):
        self._host, self._port = guard.addresses.admin.split(":")
        self._tls = ssl.create_default_context(cafile=guard.ca_file)
        self._headers = headers
        self._kept = self._connect()

    def _connect(self) -> http.client.HTTPSConnection:
        made = http.client.HTTPSConnection(
            self._host, int(self._port), context=self._tls, timeout=60
        )
        made.connect()
        return made

    def page(self, path: str) -> float:
        """Seconds to the end of a page."""
        begun = time.perf_counter()
        self._kept.request("GET", path, headers=self._headers)
        answer = self._kept.getresponse()
        read = answer.read()
        assert answer.status == 200, (path, answer.status, read[:300])
        return time.perf_counter() - begun

    def file(self, path: str, body: str) -> float:
        """Seconds to the first byte of a file; the rest is left, and with it the connection."""
        line = self._connect()
        headers = self._headers | {"content-type": "application/x-www-form-urlencoded"}
        begun = time.perf_counter()
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        answer.read(1)
        taken = time.perf_counter() - begun
        assert answer.status == 200, (path, answer.status)
        line.close()
        return taken


def main() -> int:
    source = Path(sys.argv[1] if len(sys.argv) > 1 else TESTS.parent / "target/million")
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        guard = Guard(Path(folder), SETTINGS.format(data_dir=Path(folder) / "lachan-data"))
        guard.data_dir.mkdir(mode=0o700)
        for name in ("incidents.db", "node-signing.key"):
            shutil.copy(source / name, guard.data_dir / name)
        guard.start()
        try:
            settle(guard.process_id)
            return measure(guard)
        finally:
            guard.stop()


def settle(pid: int) -> None:
    """Waits until the drafts of reports are made that were due when the program started."""
    used, quiet = -1, 0
    while quiet < QUIET_SECONDS:
        time.sleep(1)
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        before, used = used, int(stat[11]) + int(stat[12])
        quiet = quiet + 1 if used - before <= 1 else 0


def measure(guard: Guard) -> int:
    admin = BackOffice(guard, "nguoi-admin", "admin")
    shown = admin.send("/connections/tokens", "/connections", name="do-thoi-gian")
    token = re.search(r'class="secret">([^<]+)<', shown)[1]
    api = Line(guard, {"authorization": f"Bearer {token}"})
    auditor = BackOffice(guard, "nguoi-auditor", "auditor")
    line = Line(guard, {"cookie": f"__Host-lachan={auditor.session}"})
    incidents = auditor.page("/incidents")
    code = re.search(r'class="code" href="/incidents/([A-Z0-9-]+)"', incidents)[1]
    now = datetime.date.today()
    names = {
        "code": code,
        "year_ago": now - datetime.timedelta(days=365),
        "then": now - datetime.timedelta(days=335),
    }
    form = re.search(r'action="/incidents/export".*?</form>', incidents, re.S)[0]
    token = field(form, "form_token")

    def export(filters: dict) -> float:
        return line.file("/incidents/export", urllib.parse.urlencode(filters | {"form_token": token}))

    bare = partial(line.page, BARE)
    pages = {path: partial(line.page, path.format(**names)) for path in PAGES}
    pages |= {path: partial(api.page, path.format(**names)) for path in API}
    logged = {json.dumps(filters): partial(export, filters) for filters in EXPORTS}
    logged[SECRETS] = partial(line.page, SECRETS)
    nothing = partial(export, NOTHING)
    print("pages, beside a bare page")
    slow = told(pages, bare)
    print("what is logged before it is shown, beside an export of nothing")
    slow += told(logged, nothing)
    print("pages right after something was logged (readers start anew), beside a bare page after it")
    told(pages, bare, before=nothing)
    return int(slow > 0)


def told(asked: dict, bare: Callable[[], float], before: Callable[[], float] | None = None) -> int:
    """Prints how long each takes, round by round beside a bare one, so that both meet the machine
    in the same mood; gives how many take too long."""
    found = {name: [] for name in asked}
    bares = []
    gc.disable()
    for _ in range(ROUNDS):
        for name, ask in asked.items():
            for taken, one in ((bares, bare), (found[name], ask)):
                if before is not None:
                    before()
                taken.append(one())
    gc.enable()
    least = statistics.median(bares)
    print(f"  1.00  {least * 1000:8.2f} ms")
    slow = 0
    for name, taken in found.items():
        worth = statistics.median(taken) / least
        slow += worth >= TIMES_MAX
        mark = "*" if worth >= TIMES_MAX else " "
        print(f"{worth:6.2f}{mark} {statistics.median(taken) * 1000:8.2f} ms  {name}")
    return slow


if __name__ == "__main__":
    sys.exit(main())
