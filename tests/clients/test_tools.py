"""Only approved tools: the others get a page that names the approved ones."""

import pytest
from back_office import BackOffice
from chromium import Chromium

FIELDS = ["purpose", "data_kinds", "affected", "risk", "bias_control", "personal_data",
          "security", "responsible"]


@pytest.fixture
def strict_guard(fresh_guard):
    policy = fresh_guard.folder / "policy.toml"
    policy.write_text('tools = "approved"\n[[rule]]\nname = "all"\ncategories = ["any"]\n'
                      'action = "block"\n')
    with fresh_guard.settings_file.open("a") as settings:
        settings.write(f'\n[policy]\nfile = "{policy}"\n')
    return fresh_guard.start()


def test_the_unapproved_get_a_page_that_names_the_approved(strict_guard, tmp_path, upstream):
    admin = BackOffice(strict_guard, "quantri", "admin")
    fields = dict.fromkeys(FIELDS, "đã xem xét")
    tool = "/tools/openai-chatgpt-web"
    half = admin.send(tool, name="ChatGPT", purpose="tra cứu", seq=seq(admin, tool))
    assert "ChatGPT" in half
    refused = admin.send(f"{tool}/approve", form_page=tool, approver="Chủ tịch",
                         seq=seq(admin, tool))
    assert "tám mục" in refused
    admin.send(tool, name="ChatGPT", seq=seq(admin, tool), **fields)
    admin.send(f"{tool}/approve", form_page=tool, approver="Chủ tịch UBND", until="2099-12-31",
               seq=seq(admin, tool))
    browser = Chromium(tmp_path / "browser", strict_guard)
    try:
        browser.open("https://claude.ai/echo")
        browser.take_picture("tool-not-approved")
        text = browser.text()
        assert "chưa có trong Danh mục" in text and "ChatGPT" in text, text
        assert not upstream.arrivals
        browser.open("https://chatgpt.com/echo")
        assert [one for one in upstream.arrivals if one.target == "/echo"]
        browser.open("http://lachan.internal/cong-cu")
        assert "đến hết ngày 31/12/2099" in browser.text()
        browser.take_picture("staff-tools")
    finally:
        browser.close()
    assert "policy.toml" in admin.page("/rules")
    assert "rules_in_force" not in admin.page("/rules")


def seq(admin: BackOffice, tool: str) -> str:
    """The number that says which state of the entry a form was made for."""
    page = admin.page(tool)
    return page.split('name="seq" value="', 1)[1].split('"', 1)[0]
