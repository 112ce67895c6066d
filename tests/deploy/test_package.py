"""The package on a machine of its own, with a real systemd."""

import re
import subprocess

import pytest
from conftest import ROOT, build_package

FINGERPRINT = r"SHA-256: +((?:[0-9A-F]{2}:){31}[0-9A-F]{2})"


@pytest.fixture(scope="module")
def installed(machine, package):
    machine.put(package, "/opt/lachan.deb")
    machine.run("dpkg -i /opt/lachan.deb")
    return machine


def fingerprint(machine) -> str:
    return re.search(FINGERPRINT, machine.run("lachan ca show").stdout)[1]


def test_the_package_asks_for_a_glibc_that_ubuntu_22_04_has(package):
    depends = subprocess.run(
        ["dpkg-deb", "--field", package, "Depends"], capture_output=True, text=True, check=True
    ).stdout
    version = re.search(r"libc6 \(>= 2\.(\d+)\)", depends)[1]
    assert int(version) <= 35


def test_the_unit_is_sound_and_hardened():
    unit = ROOT / "deploy/lachan.service"
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True
    ).stderr
    # Here the program lies in no place where the unit looks for it.
    assert not [line for line in told.splitlines() if "is not executable" not in line], told
    score = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=20", unit],
        capture_output=True,
        text=True,
    )
    assert score.returncode == 0, score.stdout


def test_the_service_runs_as_its_own_user_and_says_that_it_is_alive(installed):
    shown = installed.run(
        "systemctl show lachan -p ActiveState -p User -p WatchdogUSec -p NoNewPrivileges -p MainPID"
    ).stdout
    for line in ("ActiveState=active", "User=lachan", "WatchdogUSec=1min", "NoNewPrivileges=yes"):
        assert line in shown, shown
    main = re.search(r"MainPID=(\d+)", shown)[1]
    status = installed.run(f"cat /proc/{main}/status").stdout
    assert "NoNewPrivs:\t1" in status
    assert installed.run("stat -c '%U %a' /var/lib/lachan /etc/lachan/lachan.toml").stdout.split() == [
        "lachan", "700", "root", "640",
    ]
    journal = installed.run("journalctl -u lachan --no-pager").stdout
    assert " WARN " not in journal and " ERROR " not in journal, journal
    assert "Lá Chắn: đã tạo" in journal


def test_a_service_that_stands_still_is_started_again(installed):
    installed.run(
        "mkdir -p /run/systemd/system/lachan.service.d;"
        "printf '[Service]\\nWatchdogSec=2\\n' >/run/systemd/system/lachan.service.d/t.conf;"
        "systemctl daemon-reload; systemctl restart lachan"
    )
    before = installed.run("systemctl show lachan -p MainPID --value").stdout.strip()
    installed.run(f"kill -STOP {before}")
    installed.run(
        f"for i in $(seq 100); do now=$(systemctl show lachan -p MainPID --value);"
        f" [ $now != 0 ] && [ $now != {before} ] && systemctl is-active -q lachan && exit 0;"
        " sleep 0.2; done; exit 1"
    )
    installed.run("rm /run/systemd/system/lachan.service.d/t.conf; systemctl daemon-reload")
    installed.run("systemctl restart lachan")


def test_commands_of_root_leave_no_files_that_the_service_cannot_read(installed):
    for command in ("incidents list", "incidents verify", "ca show", "doctor"):
        installed.run(f"lachan {command}", status=None)
    foreign = installed.run("find /var/lib/lachan ! -user lachan").stdout
    assert foreign == ""


def test_an_upgrade_keeps_data_and_settings(installed, tmp_path):
    installed.run("echo '# của cơ quan' >>/etc/lachan/lachan.toml")
    before = fingerprint(installed)
    installed.put(build_package(tmp_path, "99.0"), "/opt/new.deb")
    installed.run("dpkg -i /opt/new.deb")
    installed.run("systemctl is-active lachan")
    assert fingerprint(installed) == before
    assert "của cơ quan" in installed.run("cat /etc/lachan/lachan.toml").stdout


def test_removal_keeps_data_and_purge_asks(installed):
    before = fingerprint(installed)
    installed.run("dpkg --remove lachan")
    assert installed.run("ls /var/lib/lachan/incidents.db /etc/lachan/lachan.toml")
    installed.run("dpkg -i /opt/lachan.deb")
    assert fingerprint(installed) == before
    told = installed.run("dpkg --purge lachan").stdout
    assert "giữ lại /var/lib/lachan" in told
    assert installed.run("ls /var/lib/lachan/incidents.db")
    installed.run("dpkg -i /opt/lachan.deb")
    assert fingerprint(installed) == before
    installed.run("LACHAN_PURGE_DATA=yes dpkg --purge lachan")
    assert installed.run("ls /var/lib/lachan", status=None).returncode != 0
