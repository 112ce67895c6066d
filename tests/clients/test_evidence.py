"""What is kept sealed of blocked requests, who opens it, and what two people lift together."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.request

import pytest

from back_office import PASSWORD, BackOffice
from chromium import Chromium
from conftest import list_incidents, make_guard, people
from test_back_office import AXE, WIDTHS, ask, code_of, listing
from test_secrecy import PLANTED, PROMPT, STAMPED, _files_of, plant_everywhere

SECTION = '\n[evidence]\nrecipient = "{}"\n'


def key_pair(folder) -> tuple[str, str]:
    """A key file and its public half, made by `age-keygen`."""
    file = folder / "khoa.txt"
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", file], check=True, capture_output=True, text=True)
    return file, public.stdout.strip()


def opened_by_age(guard, code: str, key_file, folder) -> str:
    """The text of an incident, as the auditor reads it on a machine of their own."""
    file = folder / f"{code}.age"
    guard.command("evidence", "export", code, "--out", str(file))
    done = subprocess.run(["age", "-d", "-i", key_file, file], capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return key_pair(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def guard(tmp_path_factory, authority, shared_upstream, keys):
    """A program that keeps evidence; `chromium` is a workstation behind it."""
    one = make_guard(tmp_path_factory.mktemp("guard"), authority, shared_upstream)
    text = one.settings_file.read_text()
    one.settings_file.write_text(text + SECTION.format(keys[1]))
    one.start()
    yield one
    one.stop()
    shutil.rmtree(one.data_dir, ignore_errors=True)


@pytest.fixture(scope="module")
def staff(guard):
    """An auditor, and those who sign with."""
    roles = {"kiem": "auditor", "chung": "auditor", "ra-soat": "reviewer", "ra-soat-2": "reviewer"}
    return {name: BackOffice(guard, name, role) for name, role in roles.items()}


def fill(chromium: Chromium, **fields: str):
    for name, value in fields.items():
        place = f"document.querySelector('[name={name}]').value"
        chromium.evaluate(f"{place} = {json.dumps(value)}; true")


def choose_key_file(chromium: Chromium, text: str):
    chromium.evaluate(
        "(() => { const field = document.getElementById('key-file'); const held = new DataTransfer();"
        f" held.items.add(new File([{json.dumps(text)}], 'khoa.txt')); field.files = held.files;"
        " field.dispatchEvent(new Event('change')); return true; })()"
    )
    chromium.wait_for("document.getElementById('key').value.includes('AGE-SECRET-KEY-1')")


def look(chromium: Chromium, name: str):
    """Wide and narrow: a picture, nothing wider than the window, no serious finding of axe."""
    axe = AXE.read_text()
    chromium.wait_for("document.readyState === 'complete'")
    for width in WIDTHS:
        chromium.resize(width)
        chromium.take_whole_picture(f"{name}-{width}")
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert chromium.evaluate(over) <= 0, f"{name} is wider than {width}"
        chromium.evaluate(axe + "; true")
        found = json.loads(chromium.evaluate("axe.run().then(r => JSON.stringify(r.violations))"))
        grave = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
        assert not grave, (name, width, grave)


def test_what_is_blocked_is_sealed_and_age_opens_it_and_nothing_else_is_kept(
    guard, upstream, keys, tmp_path
):
    text = listing()
    code = code_of(guard, ask(guard, text))
    assert opened_by_age(guard, code, keys[0], tmp_path) == text
    redacted = code_of(guard, ask(guard, next(people).prompt))
    refused = guard.command(
        "evidence", "export", redacted, "--out", str(tmp_path / "x"), status=2
    )
    assert redacted in refused.stderr and not (tmp_path / "x").exists()
    assert [line.split()[0] for line in guard.command("evidence", "list").stdout.splitlines()] == [
        code
    ]
    guard.command("incidents", "verify")


def test_a_key_of_ours_is_a_key_of_age(guard, tmp_path):
    made = guard.command("evidence", "keygen")
    file = tmp_path / "khoa.txt"
    file.write_text(made.stdout)
    public = subprocess.run(["age-keygen", "-y", file], check=True, capture_output=True, text=True)
    assert public.stdout.strip() in made.stdout and public.stdout.strip() in made.stderr
    assert "AGE-SECRET-KEY" not in made.stderr


def test_two_people_open_it_in_the_back_office(guard, staff, upstream, keys, chromium):
    text = listing()
    code = code_of(guard, ask(guard, text))
    chromium.sign_in(f"https://{guard.addresses.admin}", staff["kiem"].session)
    chromium.resize(1280)
    chromium.open(f"https://{guard.addresses.admin}/incidents/{code}")
    chromium.click("Mở bằng khóa riêng")
    chromium.wait_for("document.querySelector('[name=second_code]') !== null")
    look(chromium, "evidence-ask")
    secret = keys[0].read_text()
    form = {"reason": "Xác minh theo đề nghị của lãnh đạo", "second_name": "ra-soat"}
    wrong = "AGE-SECRET-KEY-1QQQ"
    fill(chromium, key=wrong, second_password=PASSWORD, second_code="000000", **form)
    chromium.click("Mở nội dung")
    chromium.wait_for("document.querySelector('[role=alert]') !== null")
    assert "Chưa xác nhận được người thứ hai" in chromium.text()
    look(chromium, "evidence-refused")
    form |= {"second_password": PASSWORD, "second_code": staff["ra-soat"].next_code}
    fill(chromium, **form)
    choose_key_file(chromium, secret)
    chromium.click("Mở nội dung")
    chromium.wait_for("document.querySelector('pre.shown') !== null")
    shown = chromium.evaluate("document.querySelector('pre.shown').textContent")
    assert shown == text
    look(chromium, "evidence-opened")
    chromium.open(f"https://{guard.addresses.admin}/incidents/{code}")
    assert "mở nội dung niêm phong, cùng ra-soat" in chromium.text()
    look(chromium, "evidence-incident")
    guard.command("incidents", "verify")
    written = b"".join(_files_of(guard).values()) + guard.output.encode()
    line = next(one for one in secret.splitlines() if one.startswith("AGE-SECRET"))
    for hidden in [line, PASSWORD, *text.splitlines()[2:]]:
        assert hidden.encode() not in written


def test_a_false_alarm_is_lifted_by_two_and_survives_a_restart(
    guard, staff, upstream, chromium
):
    text = f"{next(people).stamped} Liên hệ {next(people).phone}."
    refused = ask(guard, text)
    assert refused.status == 403
    code = code_of(guard, refused)
    chromium.sign_in(f"https://{guard.addresses.admin}", staff["kiem"].session)
    chromium.resize(1280)
    chromium.open(f"https://{guard.addresses.admin}/incidents/{code}")
    look(chromium, "lift-incident")
    chromium.click("Xác định báo nhầm")
    chromium.wait_for("document.querySelector('[name=second_code]') !== null")
    look(chromium, "lift-ask")
    fill(
        chromium,
        reason="Tài liệu tập huấn in mẫu dấu",
        second_name="chung",
        second_password=PASSWORD,
        second_code=staff["chung"].next_code,
    )
    chromium.click("Xác định báo nhầm")
    chromium.wait_for("(document.body?.innerText ?? '').includes('Thôi xác định báo nhầm')")
    look(chromium, "lift-done")
    # The marking counts no more, the telephone number does.
    sent = ask(guard, text)
    assert sent.status == 200 and sent.action == "redact"
    assert "TUYỆT MẬT" in upstream.arrivals[-1].body.decode()
    assert ask(guard, text.replace("khu vực Z", "khu vực Y")).status == 403
    guard.stop()
    guard.start()
    assert ask(guard, text).status == 200
    guard.command("incidents", "verify")


def test_a_planted_value_is_found_nowhere_while_evidence_is_kept(fresh_guard, upstream, keys):
    text = fresh_guard.settings_file.read_text()
    fresh_guard.settings_file.write_text(text + SECTION.format(keys[1]))
    fresh_guard.start()
    blocked = f"{listing()}\n{PROMPT}"
    kept = code_of(fresh_guard, ask(fresh_guard, blocked))
    assert kept in fresh_guard.command("evidence", "list").stdout
    plant_everywhere(fresh_guard)
    metrics = f"http://{fresh_guard.addresses.metrics}/metrics"
    written = {"metrics": urllib.request.urlopen(metrics, timeout=10).read()}
    incidents = list_incidents(fresh_guard)
    written["incidents list"] = json.dumps(incidents, ensure_ascii=False).encode()
    auditor = BackOffice(fresh_guard, "kiem", "auditor")
    for path in ["/", "/incidents", "/log", *(f"/incidents/{one['code']}" for one in incidents)]:
        written[path] = auditor.page(path).encode()
    written |= _files_of(fresh_guard)
    fresh_guard.kill()
    written |= {f"{name} after the end": text for name, text in _files_of(fresh_guard).items()}
    written["output"] = fresh_guard.output.encode()
    for place, content in written.items():
        found = [value for value in PLANTED if value.encode() in content]
        assert not found, f"{found} in {place}"


def test_a_state_secret_is_not_kept_and_takes_with_it_what_came_just_before(
    fresh_guard, upstream, keys
):
    text = fresh_guard.settings_file.read_text()
    fresh_guard.settings_file.write_text(text + SECTION.format(keys[1]))
    fresh_guard.start()
    ask(fresh_guard, listing())
    assert fresh_guard.command("evidence", "list").stdout
    assert ask(fresh_guard, STAMPED).status == 403
    assert ask(fresh_guard, listing()).status == 403
    assert fresh_guard.command("evidence", "list").stdout == ""
    fresh_guard.command("incidents", "verify")


def test_a_changed_or_missing_sealed_text_is_noticed(fresh_guard, upstream, keys, tmp_path):
    text = fresh_guard.settings_file.read_text()
    fresh_guard.settings_file.write_text(text + SECTION.format(keys[1]))
    fresh_guard.start()
    code = code_of(fresh_guard, ask(fresh_guard, listing()))
    with sqlite3.connect(fresh_guard.data_dir / "incidents.db") as store:
        store.execute("UPDATE evidence SET sealed = zeroblob(bytes)")
    told = fresh_guard.command("incidents", "verify", status=1)
    assert "nội dung niêm phong" in told.stdout
    fresh_guard.command("evidence", "export", code, "--out", str(tmp_path / "x"), status=2)
    with sqlite3.connect(fresh_guard.data_dir / "incidents.db") as store:
        store.execute("DELETE FROM evidence")
    fresh_guard.command("incidents", "verify", status=1)


def staff_notice(guard) -> str:
    proxy = urllib.request.ProxyHandler({"http": guard.proxy_url})
    with urllib.request.build_opener(proxy).open("http://lachan.internal/giam-sat") as answer:
        return answer.read().decode()


def test_a_reload_begins_and_ends_it_and_the_notice_to_staff_says_so(
    fresh_guard, upstream, keys
):
    fresh_guard.start()
    off = fresh_guard.settings_file.read_text()
    ask(fresh_guard, listing())
    assert "niêm phong" not in staff_notice(fresh_guard)
    fresh_guard.settings_file.write_text(off + SECTION.format(keys[1]) + "days = 30\n")
    reload(fresh_guard, lambda: "niêm phong" in staff_notice(fresh_guard))
    assert "xóa sau 30 ngày" in staff_notice(fresh_guard)
    ask(fresh_guard, listing())
    assert len(fresh_guard.command("evidence", "list").stdout.splitlines()) == 1
    fresh_guard.settings_file.write_text(off)
    reload(fresh_guard, lambda: "niêm phong" not in staff_notice(fresh_guard))
    ask(fresh_guard, listing())
    assert len(fresh_guard.command("evidence", "list").stdout.splitlines()) == 1


def reload(guard, is_done):
    os.kill(guard.process_id, signal.SIGHUP)
    deadline = time.monotonic() + 60
    while not is_done():
        assert time.monotonic() < deadline, f"the reload did not come:\n{guard.output}"
        time.sleep(0.05)


def test_the_notice_to_staff_is_readable(guard, chromium):
    chromium.open("http://lachan.internal/giam-sat")
    look(chromium, "evidence-notice")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('recipient = "age1khong-phai-khoa"', "copy the line"),
        ('recipient = "AGE-SECRET-KEY-1KHOARIENG"', "make a new pair"),
        ("days = 0", "between 1 and 365"),
        ("days = 366", "between 1 and 365"),
        ('recipent = "x"', "did you mean evidence.recipient?"),
    ],
)
def test_a_wrong_setting_is_told_with_its_remedy(fresh_guard, line, told):
    text = fresh_guard.settings_file.read_text()
    fresh_guard.settings_file.write_text(f"{text}\n[evidence]\n{line}\n")
    checked = fresh_guard.command("check", status=1)
    said = checked.stdout + checked.stderr
    assert "evidence." in said and told in said
    assert "KHOARIENG" not in said
