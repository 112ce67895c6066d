"""What administrators, reviewers and auditors see in a browser, and what they can bring about.

Pictures of every page, by role and width, go to `target/test-pictures`.
"""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from datetime import date, timedelta
from pathlib import Path

import pytest

from back_office import BackOffice
from chromium import Chromium
from conftest import people
from wire import Request, send

CHAT = "https://api.openai.com/v1/chat/completions"
AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
ROLES = ["admin", "reviewer", "auditor"]
PAGES = ["/", "/incidents", "/incidents/{code}", "/exceptions", "/releases", "/log", "/account",
         "/reports"]
NOT_FOR = {"/releases": ["admin"], "/reports": ["admin"], "/log": ["admin", "reviewer"]}
WIDTHS = [1280, 390]


def ask(guard, text: str):
    message = {"role": "user", "content": text}
    body = json.dumps({"model": "m", "messages": [message]}, ensure_ascii=False).encode()
    return send(guard, Request("POST", CHAT, {"content-type": "application/json"}, body))


def listing(count: int = 6) -> str:
    """A list of made-up people, which is blocked."""
    lines = ["DANH SÁCH HỘ NGHÈO", "STT | Họ và tên | CCCD | Số điện thoại"]
    for number in range(1, count + 1):
        one = next(people)
        lines.append(f"{number} | Nguyễn Văn Thử {number} | {one.citizen_id} | {one.phone}")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def office(guard):
    """One person of each role, and incidents of several kinds."""
    staff = {role: BackOffice(guard, f"nguoi-{role}", role) for role in ROLES}
    for _ in range(3):
        ask(guard, next(people).prompt)
    ask(guard, listing())
    ask(guard, "mật khẩu: Th7-nghi3m-2026 của tài khoản quantri")
    ask(guard, next(people).stamped)
    return staff


def code_of(guard, answer) -> str:
    """The code of the incident behind an answer."""
    lines = guard.command("incidents", "list", "--json").stdout.splitlines()
    return next(one["code"] for one in map(json.loads, lines) if one["id"] == answer.incident)


def signed_in(chromium: Chromium, guard, person: BackOffice) -> str:
    url = f"https://{guard.addresses.admin}"
    chromium.sign_in(url, person.session)
    return url


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_readable_by_eyes_and_by_screen_readers(guard, office, chromium, role):
    code = code_of(guard, ask(guard, listing()))
    url = signed_in(chromium, guard, office[role])
    axe = AXE.read_text()
    for path in PAGES:
        if role in NOT_FOR.get(path, []):
            continue
        name = path.strip("/").replace("/{code}", "-one") or "overview"
        for width in WIDTHS:
            for scheme in ["light", "dark"] if role == "reviewer" else ["light"]:
                chromium.resize(width, scheme=scheme)
                chromium.open(url + path.format(code=code))
                chromium.take_whole_picture(f"office-{role}-{name}-{width}-{scheme}")
                over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert chromium.evaluate(over) <= 0, f"{path} is wider than {width}"
                chromium.evaluate(axe + "; true")
                found = json.loads(
                    chromium.evaluate("axe.run().then(r => JSON.stringify(r.violations))")
                )
                grave = [one for one in found if one["impact"] in ("serious", "critical")]
                told = [(one["id"], [node["html"] for node in one["nodes"]]) for one in grave]
                assert not told, (path, width, scheme, told)


def clerk(guard, code: str, reason: str | None = None) -> str:
    """The page by which a clerk asks, through the proxy, as a browser would."""
    proxy = urllib.request.ProxyHandler({"http": guard.proxy_url})
    opener = urllib.request.build_opener(proxy)
    body = urllib.parse.urlencode({"reason": reason}).encode() if reason else None
    try:
        url = f"http://lachan.internal/release/{code}"
        with opener.open(url, body, timeout=20) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def test_a_clerk_asks_a_reviewer_grants_live_and_the_content_goes_out_once(
    guard, office, chromium, upstream
):
    text = listing()
    refused = ask(guard, text)
    assert refused.status == 403 and "lachan.internal/release/" in refused.text
    code = code_of(guard, refused)
    url = signed_in(chromium, guard, office["reviewer"])
    chromium.resize(1280)
    chromium.open(url + "/releases")
    assert code not in chromium.text()
    personal = f"Cho {next(people).prompt}"
    assert "Lý do có thông tin cá nhân" in clerk(guard, code, personal)
    assert "Đang chờ trả lời" in clerk(guard, code, "Danh sách đã niêm yết công khai tại xã")
    # Nobody reloads the page: it hears of the wish.
    chromium.wait_for(f"(document.body?.innerText ?? '').includes('{code}')")
    chromium.take_whole_picture("office-release-asked")
    chromium.click("Đồng ý cho gửi một lần")
    chromium.wait_for("(document.body?.innerText ?? '').includes('gửi được đến')")
    assert "Đã đồng ý cho gửi một lần" in clerk(guard, code)
    assert ask(guard, listing()).status == 403, "another list stays blocked"
    assert ask(guard, text).status == 200
    sent = upstream.arrivals[-1].body.decode()
    assert text.splitlines()[2].split(" | ")[2] in sent, "as it was, without placeholders"
    assert ask(guard, text).status == 403, "once"
    assert "Đã gửi theo đề nghị" in clerk(guard, code)
    guard.command("incidents", "verify")


def test_a_clerk_asks_in_a_browser(guard, office, chromium):
    code = code_of(guard, ask(guard, listing()))
    chromium.resize(390)
    chromium.open(f"http://lachan.internal/release/{code}")
    chromium.take_whole_picture("clerk-release")
    reason = "Danh sách đã niêm yết công khai"
    chromium.evaluate(f"document.querySelector('textarea').value = '{reason}'; true")
    chromium.click("Gửi đề nghị")
    chromium.wait_for("(document.body?.innerText ?? '').includes('Đang chờ trả lời')")
    chromium.take_whole_picture("clerk-release-waiting")


def own_page(guard) -> str:
    """The front page of the workstation."""
    proxy = urllib.request.ProxyHandler({"http": guard.proxy_url})
    with urllib.request.build_opener(proxy).open("http://lachan.internal/", timeout=20) as answer:
        return answer.read().decode()


def test_the_workstation_leads_from_a_stopped_event_to_its_wish(guard, office):
    code = code_of(guard, ask(guard, listing()))
    link = f'<a href="/release/{code}"'
    line = re.search(rf"{link}.*", own_page(guard))[0]
    assert "Đề nghị cho gửi nội dung này" in line
    clerk(guard, code, "Danh sách đã niêm yết công khai tại xã")
    assert re.search(rf"đang chờ trả lời\. {link}", own_page(guard))
    reason = "Chưa rõ căn cứ công khai"
    office["reviewer"].send(f"/releases/{code}", "/releases", decision="decline", reason=reason)
    assert re.search(rf"Không đồng ý: {reason}\. {link}", own_page(guard))
    secret = code_of(guard, ask(guard, next(people).stamped))
    assert secret in own_page(guard) and f"/release/{secret}" not in own_page(guard)


def test_the_page_of_a_redaction_says_what_the_clerk_saw(guard, office, upstream):
    person = next(people)
    code = code_of(guard, ask(guard, person.prompt))
    shown = office["reviewer"].page(f"/incidents/{code}")
    assert "mã bắt đầu bằng CCCD" in shown and "Lachan-Action: redact" in shown
    sent = upstream.arrivals[-1].body.decode()
    placeholder = re.search(r"CCCD[0-9A-Z]{6,}", sent)[0]
    assert placeholder not in shown and person.citizen_id not in shown


def test_a_declined_wish_tells_the_clerk_why_and_strangers_learn_nothing(guard, office):
    refused = ask(guard, listing())
    code = code_of(guard, refused)
    clerk(guard, code, "Cần gấp cho cuộc họp chiều nay")
    reviewer = office["reviewer"]
    reviewer.send(
        f"/releases/{code}", "/releases", decision="decline", reason="Gửi số tổng hợp là đủ"
    )
    page = clerk(guard, code)
    assert "Không đồng ý cho gửi" in page and "Gửi số tổng hợp là đủ" in page
    secret = ask(guard, next(people).stamped)
    assert "lachan.internal/release/" not in secret.text
    assert "không có sự kiện này" in clerk(guard, code_of(guard, secret))


def test_a_confirmed_exception_lets_its_value_through_and_no_other(guard, office, upstream):
    phone = next(people).phone
    text = f"Soạn thông báo đường dây nóng, số điện thoại {phone}."
    redacted = ask(guard, text)
    assert redacted.action == "redact"
    code = code_of(guard, redacted)
    reviewer = office["reviewer"]
    page = f"/incidents/{code}"
    reviewer.send(page, page, seen="0", status="false_alarm", assignee="", outcome="prevented")
    reviewer.send(
        f"{page}/exception",
        page,
        finding="0",
        scope="value",
        unit="",
        until=(date.today() + timedelta(days=30)).isoformat(),
        reason="Số trực ban của xã",
    )
    assert ask(guard, text + " ").action == "redact", "a proposal changes nothing"
    office["admin"].send(f"/exceptions/{code}-1", "/exceptions", decision="confirm")
    upstream.forget()
    passed = ask(guard, text)
    assert passed.action is None and phone in upstream.arrivals[-1].body.decode()
    other = text.replace(phone, next(people).phone)
    assert ask(guard, other).action == "redact"
