"""What the tests of deployment stand on: the fixtures of the real clients, a package, an office."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CLIENTS = ROOT / "tests" / "clients"
sys.path[:0] = [str(HERE), str(CLIENTS)]

_spec = importlib.util.spec_from_file_location("clients_conftest", CLIENTS / "conftest.py")
clients = importlib.util.module_from_spec(_spec)
sys.modules["clients_conftest"] = clients
_spec.loader.exec_module(clients)

authority = clients.authority
shared_upstream = clients.shared_upstream
upstream = clients.upstream
guard = clients.guard
fresh_guard = clients.fresh_guard
person = clients.person

from guard import BINARY  # noqa: E402
from machine import Machine  # noqa: E402
from office import Office  # noqa: E402


def pytest_sessionstart(session):
    """Missing rights or tools end the run with a reason: nothing is skipped in silence."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        pytest.exit(f"missing: {' '.join(missing)}; `tests/run deploy` installs them", 2)
    if os.geteuid() != 0:
        pytest.exit("tests/deploy needs root, for network namespaces and a systemd of its own", 2)
    probe = subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True, text=True)
    if probe.returncode:
        pytest.exit(f"no namespaces can be made here: {probe.stderr.strip()}", 2)


TOOLS = ["ip", "nft", "prometheus", "promtool", "systemd-nspawn", "dpkg-deb", "certutil", "openssl"]


@pytest.fixture(scope="session")
def package(tmp_path_factory) -> Path:
    """The package, with the program under test in it."""
    return build_package(tmp_path_factory.mktemp("package"))


def build_package(folder: Path, version: str = "") -> Path:
    command = [str(ROOT / "deploy/package"), str(BINARY), str(folder)] + ([version] if version else [])
    quick = os.environ | {"LACHAN_PACKAGE_COMPRESSION": "none"}
    subprocess.run(command, check=True, capture_output=True, text=True, env=quick)
    (deb,) = folder.glob("lachan_*.deb")
    return deb


@pytest.fixture(scope="module")
def office(tmp_path_factory, authority):
    """A LAN with a router, a place for the guard, a workstation, and an AI stand-in outside."""
    one = Office(tmp_path_factory.mktemp("office"), authority)
    yield one
    one.close()


@pytest.fixture(scope="module")
def machine(office, tmp_path_factory, authority):
    """The office's guard machine: Debian with systemd and nothing of ours on it yet."""
    one = Machine(tmp_path_factory.mktemp("machine"), office.namespace("guard"), office.hosts)
    one.trust(authority.root_file)
    one.boot()
    yield one
    one.close()
