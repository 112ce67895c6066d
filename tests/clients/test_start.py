"""A start that cannot work says why in one line and leaves nothing half-made."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from conftest import make_guard
from guard import BINARY, run_command

REFERENCE = Path(__file__).resolve().parents[2] / "config/lachan.toml"


def assert_one_readable_error(done):
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, lines
    assert "panicked" not in done.stderr


def test_a_taken_port_is_one_clear_error(fresh_guard):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        text = fresh_guard.settings_file.read_text()
        fresh_guard.settings_file.write_text(
            text.replace('listen = ["127.0.0.1:0"]', f'listen = ["127.0.0.1:{port}"]')
        )
        done = fresh_guard.command("run", status=None)
    assert_one_readable_error(done)
    assert str(port) in done.stderr


def test_a_folder_that_cannot_be_made_is_one_clear_error(fresh_guard):
    file = fresh_guard.folder / "a-file"
    file.write_text("")
    text = fresh_guard.settings_file.read_text()
    fresh_guard.settings_file.write_text(
        text.replace(str(fresh_guard.data_dir), str(file / "lachan-data"))
    )
    assert_one_readable_error(fresh_guard.command("run", status=None))


def test_an_unknown_setting_names_the_nearest_one(fresh_guard):
    text = fresh_guard.settings_file.read_text()
    fresh_guard.settings_file.write_text(text.replace("extra_ca_files", "extra_ca_file"))
    done = fresh_guard.command("run", status=None)
    assert done.returncode == 2
    assert "extra_ca_files" in done.stderr
    assert not fresh_guard.data_dir.exists()


def test_a_broken_root_certificate_is_one_clear_error(fresh_guard):
    fresh_guard.start()
    fresh_guard.stop()
    certificates = [
        file
        for file in fresh_guard.data_dir.rglob("*")
        if file.is_file() and b"BEGIN CERTIFICATE" in file.read_bytes()
    ]
    assert certificates
    for file in certificates:
        file.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    assert_one_readable_error(fresh_guard.command("run", status=None))


def test_keys_that_do_not_fit_their_certificates_are_refused(
    tmp_path_factory, fresh_guard, authority, upstream
):
    other = make_guard(tmp_path_factory.mktemp("other"), authority, upstream).start()
    other.stop()
    fresh_guard.start()
    fresh_guard.stop()
    for file in fresh_guard.data_dir.rglob("*"):
        if file.is_file() and b"BEGIN CERTIFICATE" in file.read_bytes():
            theirs = other.data_dir / file.relative_to(fresh_guard.data_dir)
            file.write_bytes(theirs.read_bytes())
    assert_one_readable_error(fresh_guard.command("run", status=None))


@pytest.mark.parametrize("settings", [[], ["--config", str(REFERENCE)]])
def test_the_defaults_and_the_reference_settings_check_out(tmp_path, settings):
    done = run_command("check", *settings, status=None, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_every_mistake_of_the_settings_is_told_at_once_and_no_password(fresh_guard):
    text = fresh_guard.settings_file.read_text()
    fresh_guard.settings_file.write_text(
        text.replace("[upstream]", '[upstream]\nparent_proxy = "an:matkhau@"')
        + '[policy]\nfile = "nowhere.toml"\n[limits]\nheld_bytes_max = 1\n'
    )
    done = fresh_guard.command("check", status=1)
    told = done.stderr
    for key in ("upstream.parent_proxy", "nowhere.toml", "limits.held_bytes_max"):
        assert key in told, told
    assert "matkhau" not in told
    assert all(line.startswith("lachan: ") for line in told.splitlines()), told


def test_a_missing_certificate_file_leaves_nothing_behind(fresh_guard):
    text = fresh_guard.settings_file.read_text()
    fresh_guard.settings_file.write_text(
        text.replace("extra_ca_files = [", 'extra_ca_files = ["nowhere.pem", ')
    )
    done = fresh_guard.command("run", status=None)
    assert_one_readable_error(done)
    assert "nowhere.pem" in done.stderr
    assert not fresh_guard.data_dir.exists()


@pytest.mark.parametrize("command", [["frob"], ["ca"], ["incidents", "list", "--since", "x"]])
def test_what_is_no_command_is_one_line_and_status_2(tmp_path, command):
    assert_one_readable_error(run_command(*command, status=None, folder=tmp_path))


def test_before_the_first_start_there_is_nothing_to_show(tmp_path):
    for command in (["ca", "show"], ["incidents", "list"], ["incidents", "verify"]):
        done = run_command(*command, status=None, folder=tmp_path)
        assert_one_readable_error(done)
        assert "lachan run" in done.stderr


def test_a_result_that_cannot_be_written_is_no_success(fresh_guard):
    fresh_guard.start()
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [BINARY, "ca", "export", "--config", fresh_guard.settings_file],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert_one_readable_error(done)


def test_no_core_dump_is_ever_written(fresh_guard):
    fresh_guard.start()
    limits = Path(f"/proc/{fresh_guard.process_id}/limits").read_text()
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["0", "0"], line


def test_a_changed_file_takes_effect_and_a_broken_one_does_not(fresh_guard):
    fresh_guard.start()
    good = fresh_guard.settings_file.read_text()

    def status() -> int:
        with urllib.request.urlopen(fresh_guard.proxy_url) as answer:
            return answer.status

    def becomes(wanted: int) -> bool:
        for _ in range(600):
            try:
                now = status()
            except urllib.error.HTTPError as refused:
                now = refused.code
            if now == wanted:
                return True
            time.sleep(0.05)
        return False

    def write(text: str):
        beside = fresh_guard.settings_file.with_suffix(".new")
        beside.write_text(text)
        beside.rename(fresh_guard.settings_file)

    assert becomes(200)
    write(good.replace("[proxy]", '[proxy]\nallowed_clients = ["192.0.2.0/24"]'))
    assert becomes(403)
    write(good + "[nonsense]\n")
    deadline = time.monotonic() + 30
    while "unknown key" not in fresh_guard.output and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "unknown key" in fresh_guard.output
    assert becomes(403)
    write(good)
    assert becomes(200)
