"""The handbook, word for word: every command in it, in its order, on an office's machines.

The machines are Debian with a systemd of their own over this system's files; the package is the
program under test. Commands for Windows, Docker and package archives are named as not tried.
"""

import re
import shutil
import subprocess

import pytest
from conftest import BINARY, ROOT, build_package
from handbook import HANDBOOK, blocks
from machine import Machine
from office import Office

PASSPHRASE = "bốn từ dễ nhớ dùng thử"


@pytest.fixture(scope="module")
def workstation(office, tmp_path_factory, authority):
    """A Linux workstation."""
    one = Machine(tmp_path_factory.mktemp("workstation"), office.namespace("ws"), office.hosts)
    shutil.copytree(ROOT / "deploy/workstations/linux", one.home / "linux", dirs_exist_ok=True)
    one.boot()
    yield one
    one.close()


@pytest.fixture(scope="module")
def router_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("router")
    return shutil.copytree(ROOT / "deploy/network", folder / "network")


class Walk:
    """Goes through the blocks and knows which machine each belongs to."""

    def __init__(self, office: Office, machine, workstation, router_folder):
        self.office, self.machine, self.workstation = office, machine, workstation
        self.router_folder = router_folder

    def step(self, block):
        if block.place == "":
            self.machine.run(block.text, typed=f"{PASSPHRASE}\n")
        elif block.place == "tram":
            fingerprints = re.findall(
                r"SHA-256: +(\S+)", self.machine.run("lachan ca show").stdout
            )
            names = dict(zip(["VAN_TAY", "VAN_TAY_2"], fingerprints))
            self.workstation.run("cd ~/linux\n" + block.text, variables=names)
        elif block.place == "router":
            self.office.run("router", "sh", "-ec", block.text, cwd=self.router_folder)
        else:
            raise AssertionError(f"{block}: no place is called {block.place!r}")


def test_the_administrators_handbook_can_be_followed_word_for_word(
    office, machine, workstation, router_folder, package, tmp_path
):
    machine.put(package, "~/lachan_0.1.0_amd64.deb")
    machine.put(build_package(tmp_path, "0.1.1"), "~/lachan_0.1.1_amd64.deb")
    walk = Walk(office, machine, workstation, router_folder)
    tried = 0
    for block in blocks("quan-tri.md"):
        if block.language == "sh" and not block.place.startswith("real: "):
            print(f"{block}\n{block.text}")
            walk.step(block)
            tried += 1
            if "ai-hosts-closed" in block.text or "only-guard-out" in block.text:
                assert "AI_OPEN" not in reachable(office), block
    assert tried > 25
    assert "incidents.db" in machine.run("ls /var/lib/lachan").stdout


def reachable(office: Office) -> str:
    done = office.run(
        "ws", "curl", "-sk", "--max-time", "3", "-o", "/dev/null", "-w", "AI_OPEN",
        "https://chatgpt.com/", status=None,
    )
    return done.stdout if done.returncode == 0 else ""


def test_the_reviewers_handbook_can_be_followed(machine, package):
    machine.put(package, "~/lachan.deb")
    machine.run("dpkg -i ~/lachan.deb && systemctl is-active lachan")
    for block in blocks("can-bo-ra-soat.md"):
        machine.run(block.text)


def test_every_block_says_where_it_belongs_or_why_it_is_not_tried():
    for file in HANDBOOK.glob("*.md"):
        for block in blocks(file.name):
            assert block.language in ("sh", "toml", "powershell"), block
            if block.language == "powershell":
                assert block.place.startswith("real: "), block
            if block.place.startswith("real:"):
                assert len(block.place) > len("real: cần"), block


def test_every_alert_has_its_paragraph():
    rules = (ROOT / "deploy/monitoring/lachan.rules.yml").read_text()
    alerts = re.findall(r"- alert: (\w+)", rules)
    headings = re.findall(r"^### (Lachan\w+)$", (HANDBOOK / "quan-tri.md").read_text(), re.MULTILINE)
    assert alerts == headings


def test_the_settings_shown_are_settings(tmp_path):
    shown = [block for block in blocks("quan-tri.md") if block.language == "toml"]
    assert shown
    for block in shown:
        file = tmp_path / "lachan.toml"
        file.write_text(f'data_dir = "{tmp_path}"\n{block.text}')
        done = subprocess.run(
            [BINARY, "check", "--config", file], capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, (block, done.stderr)


def test_the_container_files_name_what_is_there():
    """Docker is not here: the files are looked at, not run."""
    folder = ROOT / "deploy/container"
    text = (folder / "compose.yml").read_text()
    for source in re.findall(r"- (\.{1,2}/[^:]+):", text):
        assert (folder / source).exists(), source
    assert "data_dir" in (folder / "lachan.toml").read_text()
    done = subprocess.run(
        [BINARY, "check", "--config", folder / "lachan.toml"],
        capture_output=True, text=True, timeout=120,
    )
    assert done.returncode == 0, done.stderr
    done = subprocess.run(
        ["promtool", "check", "config", "--syntax-only", folder / "prometheus.yml"],
        capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stderr
