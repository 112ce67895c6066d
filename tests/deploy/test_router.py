"""The router's rules, in force: past the guard nothing reaches the AI stand-in, through it all does."""

import subprocess
import sys

import pytest
from conftest import ROOT
from guard import BINARY, clean_environment
from office import AI, GUARD, OTHER_HOST

NETWORK = ROOT / "deploy/network"
PROXY = f"{GUARD}:3128"


@pytest.fixture(scope="module")
def running(office, authority, tmp_path_factory):
    """A guard at its place in the office's network."""
    folder = tmp_path_factory.mktemp("guard")
    settings = folder / "lachan.toml"
    settings.write_text(
        f'data_dir = "{folder}/data"\n[proxy]\nlisten = ["0.0.0.0:3128"]\n'
        f'public_address = "{PROXY}"\n[upstream]\nextra_ca_files = ["{authority.root_file}"]\n'
    )
    process = subprocess.Popen(
        ["ip", "netns", "exec", office.namespace("guard"), BINARY, "run", "--config", settings],
        env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    for line in process.stdout:
        if "Thử ngay" in line:
            break
    root = folder / "root.pem"
    export = subprocess.run([BINARY, "ca", "export", "--config", settings], capture_output=True)
    root.write_bytes(export.stdout)
    yield root
    process.terminate()
    process.wait(20)


@pytest.fixture(params=["only-guard-out.nft", "ai-hosts-closed.nft"])
def rules(request, office, running):
    office.run("router", "nft", "-f", NETWORK / request.param)
    if request.param.startswith("ai-hosts"):
        said = office.run("router", NETWORK / "fill-ai-hosts", PROXY).stdout
        assert "địa chỉ" in said
    yield request.param
    office.run("router", "nft", "delete", "table", "inet", "lachan")


def https(office, *more: str, host: str = "chatgpt.com") -> subprocess.CompletedProcess:
    return office.run(
        "ws", "curl", "-sS", "--max-time", "5", *more, f"https://{host}/", status=None
    )


def udp(office, address: str) -> bool:
    """Whether a QUIC-like datagram comes back."""
    family = "AF_INET6" if ":" in address else "AF_INET"
    program = (
        f"import socket; s = socket.socket(socket.{family}, socket.SOCK_DGRAM); s.settimeout(2); "
        f"s.sendto(b'x' * 1200, ('{address}', 443)); s.recv(2000)"
    )
    return office.run("ws", sys.executable, "-c", program, status=None).returncode == 0


def test_without_rules_a_workstation_can_go_past_the_guard(office, running):
    assert https(office, "-k").returncode == 0
    assert udp(office, AI)
    assert udp(office, "2606:4700::9")


def test_past_the_guard_nothing_reaches_the_ai(office, running, rules):
    before = office.arrived()
    assert https(office, "-k").returncode != 0
    assert https(office, "-k", "--resolve", f"chatgpt.com:443:{AI}").returncode != 0
    if rules == "only-guard-out.nft":
        assert https(office, "-k", "--resolve", "chatgpt.com:443:[2606:4700::9]").returncode != 0
    assert not udp(office, AI)
    assert not udp(office, "2606:4700::9")
    assert office.arrived() == before


def test_through_the_guard_the_ai_is_reached_and_read(office, running, rules):
    through = ["-x", f"http://{PROXY}", "--cacert", str(running)]
    assert "gia lap" in https(office, *through).stdout
    body = "Soạn giấy mời ông Nguyễn Văn Thử, CCCD 001099000042, đến họp."
    https(office, *through, "-d", f'{{"messages":[{{"role":"user","content":"{body}"}}]}}',
          "-H", "Content-Type: application/json", host="api.openai.com")
    assert "001099000042" not in office.arrived()
    assert f"::ffff:{GUARD} tcp chatgpt.com" in office.arrived()


def test_other_sites_stay_reachable(office, running, rules):
    direct = https(office, "-k", host=OTHER_HOST)
    through = https(office, "-k", "-x", f"http://{PROXY}", host=OTHER_HOST)
    assert through.returncode == 0, through.stderr
    # Where only the guard may go out, other sites go through it too, unread.
    assert (direct.returncode == 0) == (rules == "ai-hosts-closed.nft")


def test_the_workstation_is_told_at_once_and_does_not_wait(office, running, rules):
    done = office.run(
        "ws", "curl", "-sk", "--max-time", "10", "-o", "/dev/null", "-w", "%{time_total}",
        "https://chatgpt.com/", status=None,
    )
    assert float(done.stdout) < 2
