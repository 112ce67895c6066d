"""What every test of real clients stands on."""

import itertools
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import requests_book  # noqa: E402
from authority import Authority  # noqa: E402
from chromium import Chromium  # noqa: E402
from guard import BINARY, Guard, settings_text  # noqa: E402
from upstream import Upstream  # noqa: E402

NAME = "Nguyễn Văn Thử"
HARMLESS = "Soạn giúp tôi lịch trực tuần sau của bộ phận một cửa, trình bày thành bảng."
# No AI services: one like any other site, one that the program never intercepts.
TUNNELLED_HOSTS = ["www.vidu.example", "dichvucong.vidu.gov.vn"]


@dataclass(frozen=True)
class Person:
    """A made-up person. Each test gets another one: a repeat within minutes makes no incident."""

    number: int

    @property
    def citizen_id(self) -> str:
        # Province 001, a man born in 1999, then six digits of ours.
        return f"001099{self.number:06d}"

    @property
    def phone(self) -> str:
        return f"0900{self.number:06d}"

    @property
    def prompt(self) -> str:
        return (
            f"Soạn giấy mời ông {NAME}, CCCD {self.citizen_id}, SĐT {self.phone}, "
            "đến làm việc về đất đai."
        )

    @property
    def stamped(self) -> str:
        """A text with a mark of secrecy, like no other: a blocked text stays blocked."""
        return f"TUYỆT MẬT\nPhương án diễn tập giả định lần thứ {self.number} tại khu vực Z."


people = map(Person, itertools.count(101))


@pytest.fixture
def person() -> Person:
    return next(people)


def pytest_sessionstart(session):
    if not BINARY.exists():
        pytest.exit(f"{BINARY} does not exist; build it first, or set LACHAN_BIN", 2)


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def shared_upstream(authority):
    upstream = Upstream(authority)
    yield upstream
    upstream.stop()


@pytest.fixture
def upstream(shared_upstream) -> Upstream:
    """The stand-in, with nothing arrived yet."""
    shared_upstream.forget()
    return shared_upstream


def make_guard(folder: Path, authority: Authority, upstream: Upstream) -> Guard:
    hosts = requests_book.all_hosts() | set(TUNNELLED_HOSTS)
    settings = settings_text(folder / "lachan-data", authority.root_file, upstream.port, hosts)
    return Guard(folder, settings)


@pytest.fixture(scope="module")
def guard(tmp_path_factory, authority, shared_upstream):
    """One running program for all tests of a file."""
    one = make_guard(tmp_path_factory.mktemp("guard"), authority, shared_upstream).start()
    yield one
    one.stop()
    shutil.rmtree(one.data_dir, ignore_errors=True)


@pytest.fixture
def fresh_guard(tmp_path, authority, upstream):
    """A program of its own, not yet started, for tests that stop it or read its folder."""
    one = make_guard(tmp_path, authority, upstream)
    yield one
    one.stop()


@pytest.fixture
def settings_of_a_workstation(guard, monkeypatch):
    """What an office sets on a workstation: the proxy and the root certificate."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, guard.proxy_url)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, str(guard.ca_file))
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def chromium(guard, tmp_path):
    """A browser of a workstation behind `guard`."""
    browser = Chromium(tmp_path, guard)
    yield browser
    browser.close()


@pytest.fixture
def incidents_since(guard):
    """Counts the incidents that a test adds: call it with nothing for the new ones."""
    before = {one["id"] for one in list_incidents(guard)}
    return lambda: [one for one in list_incidents(guard) if one["id"] not in before]


def list_incidents(guard: Guard) -> list[dict]:
    """The incidents, newest first."""
    lines = guard.command("incidents", "list", "--json").stdout.splitlines()
    return [json.loads(line) for line in lines if line.strip()]
