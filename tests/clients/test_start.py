"""A start that cannot work says why in one line and leaves nothing half-made."""

import socket
from pathlib import Path

import pytest

from conftest import make_guard
from guard import run_command

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
