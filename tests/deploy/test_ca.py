"""The CA over the years: rotation with overlap, backup, restore; what the doctor says of it."""

import re
import shutil
import subprocess

import pytest
from back_office import BackOffice

WORDS = "bốn từ dễ nhớ dùng thử"


@pytest.fixture
def office_guard(fresh_guard):
    fresh_guard.start()
    return fresh_guard


def restart(guard):
    guard.stop()
    guard.start()


def fingerprints(guard) -> list[str]:
    return re.findall(r"SHA-256: +(\S+)", guard.command("ca", "show").stdout)


def roots(guard, tmp_path) -> list:
    """The root certificates that the set-up page offers, a file each."""
    pem = curl(guard, f"{guard.proxy_url}/ca.pem").stdout
    files = []
    for number, text in enumerate(re.findall(r"-----BEGIN.*?END CERTIFICATE-----\n", pem, re.DOTALL)):
        file = tmp_path / f"root-{number}.pem"
        file.write_text(text)
        files.append(file)
    return files


def curl(guard, url, *more):
    return subprocess.run(
        ["curl", "-sS", "--noproxy", "*", *more, url], capture_output=True, text=True
    )


def trusts(guard, root) -> bool:
    done = subprocess.run(
        ["curl", "-sS", "-x", guard.proxy_url, "--cacert", root, "https://test.lachan.internal/"],
        capture_output=True, text=True,
    )
    return "Tự kiểm tra" in done.stdout


def test_a_rotation_leaves_no_hour_without_trust(office_guard, tmp_path):
    guard = office_guard
    (first,) = fingerprints(guard)
    (old,) = roots(guard, tmp_path)
    guard.command("ca", "rotate")
    restart(guard)
    old, new = roots(guard, tmp_path)
    assert trusts(guard, old) and not trusts(guard, new), "the old root signs until told"
    page = curl(guard, guard.proxy_url + "/").stdout
    assert "cài cả hai" in page and fingerprints(guard)[1] in page
    der = subprocess.run(
        ["curl", "-sS", "--noproxy", "*", f"{guard.proxy_url}/ca-standby.der"], capture_output=True
    ).stdout
    assert der.startswith(b"0\x82")
    assert guard.command("ca", "export").stdout == old.read_text() + new.read_text()
    again = guard.command("ca", "rotate", status=2)
    assert "--activate" in again.stderr
    too_early = guard.command("ca", "rotate", "--finish", status=2)
    assert "not in use" in too_early.stderr

    guard.command("ca", "rotate", "--activate")
    restart(guard)
    assert trusts(guard, new) and not trusts(guard, old)
    now_new, now_old = roots(guard, tmp_path)
    assert fingerprints(guard)[1] == first
    # And back, for the workstation that nobody has visited yet.
    guard.command("ca", "rotate", "--activate")
    restart(guard)
    assert fingerprints(guard)[0] == first
    guard.command("ca", "rotate", "--activate")
    guard.command("ca", "rotate", "--finish")
    restart(guard)
    (last,) = fingerprints(guard)
    assert last != first
    assert curl(guard, f"{guard.proxy_url}/ca-standby.der", "-f").returncode != 0


def test_the_status_page_and_the_metric_warn(office_guard):
    guard = office_guard
    page = curl(guard, f"http://{guard.addresses.metrics}/metrics").stdout
    seconds = int(re.search(r"^lachan_ca_expiry_seconds (\d+)", page, re.MULTILINE)[1])
    assert 3640 * 86_400 < seconds < 3660 * 86_400
    guard.command("ca", "rotate")
    restart(guard)
    status = BackOffice(guard, "thanh-tra", "auditor").page("/")
    assert "đang thay chứng chỉ" in status


def test_a_backup_comes_back_on_another_machine(office_guard, tmp_path):
    guard = office_guard
    before = fingerprints(guard)
    file = tmp_path / "ca.txt"
    done = run(guard, "backup", "--out", file, typed=f"{WORDS}\n")
    assert done.returncode == 0, done.stderr
    assert oct(file.stat().st_mode)[-3:] == "600"
    assert "PRIVATE" not in file.read_text()
    over = run(guard, "backup", "--out", file, typed=f"{WORDS}\n")
    assert over.returncode == 2 and "already" in over.stderr
    short = run(guard, "backup", "--out", tmp_path / "no.txt", typed="ngắn\n")
    assert short.returncode == 2 and not (tmp_path / "no.txt").exists()

    there = run(guard, "restore", file, typed=f"{WORDS}\n")
    assert there.returncode == 2 and "never overwritten" in there.stderr
    assert fingerprints(guard) == before

    guard.stop()
    shutil.move(guard.data_dir, tmp_path / "old")
    wrong = run(guard, "restore", file, typed="bốn từ dễ nhớ sai rồi\n")
    assert wrong.returncode == 2 and "passphrase" in wrong.stderr
    nothing = run(guard, "restore", file, typed="")
    assert nothing.returncode == 2
    damaged = tmp_path / "damaged.txt"
    damaged.write_text(file.read_text().replace("A", "B", 3))
    broken = run(guard, "restore", damaged, typed=f"{WORDS}\n")
    assert broken.returncode == 2 and "damaged" in broken.stderr
    assert not (guard.data_dir / "ca").exists()
    done = run(guard, "restore", file, typed=f"{WORDS}\n")
    assert done.returncode == 0, done.stderr
    guard.start()
    assert fingerprints(guard) == before


def run(guard, *arguments, typed: str):
    from guard import run_command

    return run_command(
        "ca", *map(str, arguments), "--config", str(guard.settings_file), status=None, typed=typed
    )


def test_the_doctor_finds_what_is_wrong_and_says_what_to_do(office_guard):
    guard = office_guard
    well = guard.command("doctor").stdout
    for subject in ("cài đặt", "đồng hồ", "ổ đĩa", "cổng", "dịch vụ", "chứng chỉ bảo mật",
                    "nhật ký sự kiện", "chứng chỉ gốc", "phân giải tên miền", "công cụ AI"):
        assert re.search(rf"^(đạt|lưu ý|lỗi) +{subject}", well, re.MULTILINE), (subject, well)
    assert " 0 lỗi" in well
    key = guard.data_dir / "ca/issuing-1.key"
    key.chmod(0o644)
    ill = guard.command("doctor", status=1).stdout
    assert "lỗi    chứng chỉ bảo mật" in ill and "cần làm:" in ill
    key.chmod(0o600)
    guard.settings_file.write_text(guard.settings_file.read_text() + "\n[proxi]\n")
    ill = guard.command("doctor", status=1).stdout
    assert "lỗi    cài đặt" in ill
