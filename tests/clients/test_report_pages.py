"""A report's own page: read on a phone, written on, approved."""

import json
import re

import pytest
from back_office import BackOffice
from chromium import Chromium
from conftest import list_incidents
from test_back_office import AXE, WIDTHS, signed_in
from test_reports import busy  # A fixture.

# Is every cell with more than a few words wide enough for them? In pixels.
NARROW_CELLS = """
JSON.stringify([...document.querySelectorAll('.paper-table td')]
  .filter(cell => cell.textContent.length > 20 && cell.clientWidth < 100)
  .map(cell => cell.textContent))
"""
# Would the browser ask before it leaves the page?
ASKS = "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"


@pytest.fixture(scope="module")
def reviewer(busy):
    return BackOffice(busy, "lan-doc", "reviewer")


@pytest.fixture
def chromium(busy, tmp_path):
    browser = Chromium(tmp_path, busy)
    yield browser
    browser.close()


def made(person: BackOffice, kind: str, code: str = "") -> str:
    """The address of a new report."""
    shown = person.send("/reports", kind=kind, period="2026-H2", unit="", incident=code)
    return re.search(r'action="(/reports/[0-9a-f]{64})"', shown)[1]


@pytest.mark.parametrize("kind", ["periodic", "breach-notice", "tool-register"])
def test_a_report_is_readable_on_screens_of_all_widths(busy, chromium, reviewer, kind):
    url = signed_in(chromium, busy, reviewer)
    code = next(one["code"] for one in list_incidents(busy) if "secret" not in one)
    address = made(reviewer, kind, code if kind == "breach-notice" else "")
    for width in WIDTHS:
        chromium.resize(width)
        chromium.open(url + address)
        chromium.take_whole_picture(f"report-{kind}-{width}")
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert chromium.evaluate(over) <= 0
        assert json.loads(chromium.evaluate(NARROW_CELLS)) == [], width
        chromium.evaluate(AXE.read_text() + "; true")
        found = json.loads(chromium.evaluate("axe.run().then(r => JSON.stringify(r.violations))"))
        assert not [one for one in found if one["impact"] in ("serious", "critical")], found


def test_what_was_written_is_kept_and_a_version_is_approved_once(busy, chromium, reviewer):
    url = signed_in(chromium, busy, reviewer)
    chromium.open(url + made(reviewer, "periodic"))
    assert not chromium.evaluate(ASKS)
    note = "Đã ban hành 02 văn bản."
    chromium.evaluate(f"document.querySelector('textarea').value = '{note}'; true")
    assert chromium.evaluate(ASKS)
    chromium.click("Lưu nội dung đã viết")
    saved = f"document.querySelector('textarea')?.defaultValue === '{note}'"
    chromium.wait_for(saved)
    assert not chromium.evaluate(ASKS)
    chromium.click("Phê duyệt phiên bản này")
    chromium.wait_for("document.body?.innerText.includes('Đã phê duyệt phiên bản này.')")
    assert chromium.evaluate(saved)
    assert "Phê duyệt phiên bản này" not in chromium.text().replace("Đã phê duyệt phiên bản này.", "")
