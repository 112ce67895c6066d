"""The pages for workstations and what reaches the back office from them, in a browser.

Each page is opened at 1280 and at 390 pixels; axe-core may find nothing serious; pictures go to
`target/test-pictures`.
"""

import base64
import json
import re
from pathlib import Path

import pytest
from back_office import BackOffice
from chromium import ARTEFACTS

AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = [1280, 390]
OWN = "http://lachan.internal"
STAFF_PAGES = ["/", "/hoi-an-toan", "/hoi-an-toan/hoi-ve-viec", "/cong-cu", "/bao-su-co",
               "/giam-sat", "/bo-phan"]
OFFICE_PAGES = ["/tools", "/tools/openai-chatgpt-web", "/machines", "/troubles", "/lessons",
                "/rules", "/wording", "/connections"]
SCRIPT = "<img src=x onerror=document.title='hacked'>"


class Screen:
    """One page of a browser at one width."""

    def __init__(self, chromium, width: int):
        self._chromium = chromium
        self._width = width
        chromium._call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                       deviceScaleFactor=1, mobile=width < 500)

    def picture(self, name: str):
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        shot = self._chromium._call("Page.captureScreenshot", format="png",
                                    captureBeyondViewport=True)["data"]
        (ARTEFACTS / f"{name}-{self._width}.png").write_bytes(base64.b64decode(shot))

    def check(self):
        """Nothing is wider than the screen, and axe-core finds nothing serious."""
        wide = self._chromium.evaluate("document.documentElement.scrollWidth")
        assert wide <= self._width, f"the page is {wide} wide on a screen of {self._width}"
        self._chromium._call("Page.setBypassCSP", enabled=True)
        self._chromium.evaluate(AXE.read_text() + ";0")
        found = self._chromium.evaluate(
            "axe.run().then(r => JSON.stringify(r.violations.filter(v => "
            "['serious','critical'].includes(v.impact))"
            ".map(v => [v.id, v.nodes.map(n => n.html).slice(0, 3)])))"
        )
        assert json.loads(found) == [], found


@pytest.fixture(params=WIDTHS)
def screen(request, chromium):
    return Screen(chromium, request.param)


def fill(chromium, **fields: str):
    for name, value in fields.items():
        chromium.evaluate(
            f"(() => {{ const all = document.querySelectorAll('main [name={name}]');"
            f" const value = {json.dumps(value)};"
            " for (const one of all) { if (one.type === 'radio') one.checked = one.value === value;"
            " else if (one.type === 'checkbox') one.checked = true;"
            " else if (one.type !== 'hidden') one.value = value; } })()"
        )


def press(chromium, words: str):
    """Presses a button and waits for the page that follows."""
    chromium.evaluate("window.before = true")
    chromium.click(words)
    chromium.wait_for("!window.before && document.readyState === 'complete'")


@pytest.fixture(scope="module")
def people(guard):
    roles = ["admin", "reviewer", "auditor"]
    return {role: BackOffice(guard, f"{role}1", role) for role in roles}


def sign_in(chromium, guard, person: BackOffice):
    """Gives the browser the session of somebody who signed in."""
    jar = next(h.cookiejar for h in person._opener.handlers if hasattr(h, "cookiejar"))
    chromium._call("Network.enable")
    for cookie in jar:
        chromium._call("Network.setCookie", url=f"https://{guard.addresses.admin}/",
                       name=cookie.name, value=cookie.value, secure=True, httpOnly=True,
                       path="/", sameSite="Strict")


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_a_page_of_the_workstation_fits_and_everybody_can_use_it(chromium, screen, path):
    chromium.open(OWN + path)
    screen.picture("staff" + path.replace("/", "-"))
    screen.check()


def test_the_first_page_says_that_this_machine_is_protected(chromium):
    chromium.open(OWN + "/")
    chromium.wait_for("document.querySelector('#check').innerText.includes('đã được bảo vệ.')")
    shown = chromium.evaluate("document.querySelector('#check').innerText")
    assert shown.startswith("Máy này đã được bảo vệ."), shown
    assert "chưa" not in shown


def test_a_clerk_reports_and_a_reviewer_sees_it(guard, chromium, people):
    chromium.open(OWN + "/bao-su-co")
    fill(chromium, kind="leak", when="9 giờ", tool="ChatGPT", name="Lan, 0225",
         what=f"Gửi nhầm danh sách 30 hộ {SCRIPT}")
    press(chromium, "Gửi báo sự cố")
    code = re.search(r"SC-[0-9A-Z]{6}", chromium.text())[0]
    chromium.take_picture("staff-trouble-sent")
    reviewer = people["reviewer"]
    assert code in reviewer.page("/troubles")
    sign_in(chromium, guard, reviewer)
    chromium.open(f"https://{guard.addresses.admin}/troubles/{code}")
    assert "Gửi nhầm danh sách 30 hộ <img" in chromium.text()
    assert chromium.evaluate("document.title").startswith(code)
    fill(chromium, status="in_work", note="đã gọi lại", exposed="yes")
    press(chromium, "Ghi nhận")
    assert "72 giờ" in chromium.text()
    chromium.take_picture("office-trouble")


def test_a_number_of_a_person_is_not_kept_in_a_report(guard, chromium, person):
    chromium.open(OWN + "/bao-su-co")
    fill(chromium, kind="leak", when="9 giờ", what=f"đã gửi số CCCD {person.citizen_id}")
    press(chromium, "Gửi báo sự cố")
    assert "Đề nghị bỏ thông tin đó" in chromium.text()
    for file in guard.data_dir.glob("incidents.db*"):
        assert person.citizen_id.encode() not in file.read_bytes()


def test_a_lesson_is_signed_off_for_the_list(chromium, people):
    chromium.open(OWN + "/hoi-an-toan/hoi-ve-viec")
    fill(chromium, name="Trần Thị Thử", unit=f"Văn phòng {SCRIPT}", read="yes")
    press(chromium, "Xác nhận")
    assert "Đã ghi tên" in chromium.text()
    chromium.take_picture("staff-lesson-done")
    listed = people["auditor"].page("/lessons")
    assert "Trần Thị Thử" in listed and SCRIPT not in listed
    table = people["auditor"].send("/lessons/export", form_page="/lessons")
    assert table.startswith("\ufeffThời điểm")


def test_a_machine_chooses_its_unit_and_the_administrator_confirms(guard, chromium, people):
    admin = people["admin"]
    admin.send("/machines/units", form_page="/machines", name="Một cửa", networks="")
    chromium.open(OWN + "/bo-phan")
    fill(chromium, machine="MC-01", unit="Một cửa")
    press(chromium, "Gửi để xác nhận")
    assert "chờ quản trị viên xác nhận" in chromium.text()
    sign_in(chromium, guard, admin)
    chromium.open(f"https://{guard.addresses.admin}/machines")
    chromium.take_picture("office-machines")
    press(chromium, "Xác nhận")
    chromium.open(OWN + "/bo-phan")
    assert "thuộc bộ phận Một cửa" in chromium.text()


@pytest.mark.parametrize("path", OFFICE_PAGES)
def test_a_page_of_the_office_fits_and_everybody_can_use_it(guard, chromium, screen, people, path):
    sign_in(chromium, guard, people["admin"])
    chromium.open(f"https://{guard.addresses.admin}{path}")
    screen.picture("office" + path.replace("/", "-"))
    screen.check()


def test_the_try_out_shows_findings_and_keeps_nothing(guard, chromium, people, person):
    sign_in(chromium, guard, people["auditor"])
    chromium.open(f"https://{guard.addresses.admin}/rules")
    fill(chromium, text=person.prompt)
    press(chromium, "Thử")
    text = chromium.text()
    assert "che dữ liệu" in text or "chặn" in text
    assert person.citizen_id not in chromium.evaluate("document.documentElement.outerHTML")
    chromium.take_picture("office-try")
    for file in guard.data_dir.glob("incidents.db*"):
        assert person.citizen_id.encode() not in file.read_bytes()
