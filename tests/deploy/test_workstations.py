"""What is installed on workstations, and taken off again.

PowerShell, Firefox and macOS are not here: their files are read, not run.
"""

import json
import plistlib
import re
import shutil
import subprocess

import pytest
from conftest import ROOT
from machine import Machine

FOLDER = ROOT / "deploy/workstations"


def fingerprint(guard) -> str:
    return re.search(r"SHA-256: +(\S+)", guard.command("ca", "show").stdout)[1]


def test_the_macos_profile_holds_the_root_and_the_address(guard):
    proxy = guard.addresses.proxy
    done = subprocess.run(
        [FOLDER / "macos/tao-ho-so", proxy, fingerprint(guard)], capture_output=True
    )
    assert done.returncode == 0, done.stderr
    profile = plistlib.loads(done.stdout)
    root, settings = profile["PayloadContent"]
    assert root["PayloadType"] == "com.apple.security.root"
    pem = subprocess.run(
        ["openssl", "x509", "-inform", "der"], input=root["PayloadContent"], capture_output=True
    ).stdout.decode()
    assert pem == guard.command("ca", "export").stdout
    assert settings["Proxies"]["ProxyAutoConfigURLString"] == f"http://{proxy}/proxy.pac"
    identifiers = {profile["PayloadUUID"], root["PayloadUUID"], settings["PayloadUUID"]}
    assert len(identifiers) == 3
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one) for one in identifiers)


def test_a_root_with_another_fingerprint_is_not_installed(guard):
    for script in ("macos/tao-ho-so", "linux/cai-dat"):
        done = subprocess.run(
            [FOLDER / script, guard.addresses.proxy, "AA:BB"], capture_output=True, text=True
        )
        assert done.returncode == 2 and "dấu vân tay khác" in done.stderr, done
        assert done.stdout == ""


def test_the_firefox_policies_are_those_that_the_linux_script_writes():
    shown = json.loads((FOLDER / "firefox/policies.json").read_text())
    script = (FOLDER / "linux/cai-dat").read_text()
    written = re.search(r"firefox.json\" <<END\n(.*?)\nEND", script, re.DOTALL)[1]
    written = written.replace("$proxy", "10.0.0.2:3128").replace("$roots", "/usr/local/share/ca-certificates")
    assert json.loads(written) == shown


@pytest.mark.parametrize("name", ["cai-dat.ps1", "go-bo.ps1", "chinh-sach-nhom.ps1"])
def test_a_powershell_script_is_read_right_by_windows(name):
    """Windows PowerShell 5.1 takes a file without a byte order mark for another charset."""
    text = (FOLDER / "windows" / name).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    script = text.decode("utf-8-sig")
    for opening, closing in ("{}", "()", "[]"):
        plain = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"|#.*", "", script)
        assert plain.count(opening) == plain.count(closing), (name, opening)
    assert "Set-StrictMode" in script and "$ErrorActionPreference = 'Stop'" in script


def test_every_value_that_windows_is_given_is_taken_away_again():
    install = (FOLDER / "windows/cai-dat.ps1").read_text("utf-8-sig")
    undo = (FOLDER / "windows/go-bo.ps1").read_text("utf-8-sig")
    given = re.findall(r"""Set-Policy (?:"[^"]*"|\$\w+) '(\w+)'""", install) + ["AutoConfigURL"]
    assert set(given) >= {"ProxySettingsPerUser", "QuicAllowed", "ImportEnterpriseRoots"}
    for name in given:
        assert f"'{name}'" in undo, name
    assert "Cert:\\LocalMachine\\Root" in undo


def test_a_linux_workstation_is_set_up_protected_and_cleaned(office, machine, package, authority, tmp_path_factory):
    """A Chromium with nothing but what the script wrote: policies, PAC and root; then an incident."""
    machine.put(package, "~/lachan.deb")
    machine.run("dpkg -i ~/lachan.deb && systemctl is-active lachan")
    print_ = re.search(r"SHA-256: +(\S+)", machine.run("lachan ca show").stdout)[1]
    workstation = Machine(tmp_path_factory.mktemp("ws"), office.namespace("ws"), office.hosts)
    try:
        shutil.copytree(FOLDER / "linux", workstation.home / "linux", dirs_exist_ok=True)
        workstation.boot()
        workstation.run(f"cd linux; ./cai-dat 10.0.0.2:3128 {print_}")
        before = machine.run("lachan incidents list").stdout.splitlines()
        python = ROOT / "tests/.venv/bin/python"
        browse = ROOT / "tests/deploy/browse.py"
        seen = workstation.run(f"{python} {browse}").stdout
        assert "Đạt" in seen.splitlines()[0], seen
        assert "Mã sự kiện" in seen
        after = machine.run("lachan incidents list").stdout.splitlines()
        assert len(after) > len(before), after
        workstation.run("cd linux; ./go-bo")
        left = workstation.run(
            "ls /etc/chromium/policies/managed /usr/local/share/ca-certificates; "
            "certutil -L -d sql:$HOME/.pki/nssdb"
        ).stdout
        assert "lachan" not in left and "Lá Chắn" not in left, left
        gone = workstation.run(
            "curl -sS -x http://10.0.0.2:3128 https://test.lachan.internal/", status=None
        )
        assert gone.returncode == 60, gone
    finally:
        workstation.close()
