"""Reports, as an office gets them: figures of the log, in every form, laid out as the decree says.

Figures are counted again from `incidents list --json`. Documents for Word are opened by LibreOffice,
which has its own idea of a page; margins and sizes are measured on what comes out.
"""

import collections
import csv
import datetime
import html
import io
import itertools
import json
import random
import re
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pytest
from back_office import BackOffice
from conftest import list_incidents, make_guard, people
from wire import Request, send

KINDS = [
    "periodic", "inspection", "incident", "minutes", "breach-notice", "secrecy-notice",
    "ai-incident", "assessment", "impact", "tool-register", "controls",
]  # fmt: skip
FORMS = ["docx", "pdf", "xlsx", "csv", "json"]
OFFICE = """
[office]
name = "Ủy ban nhân dân xã Ví Dụ"
place = "Ví Dụ"
signs_for = ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"]
signer_position = "PHÓ CHỦ TỊCH"
signer = "Nguyễn Văn Ký"
approved_tools = "ChatGPT, Gemini"

[report]
members = ["Ủy ban nhân dân xã Ví Dụ", "Ủy ban nhân dân xã Chưa Gửi"]
"""
POINTS_OF_A_MILLIMETRE = 72 / 25.4
# A4 with margins of 20 mm, and 30 mm on the left.
TEXT_LEFT, TEXT_RIGHT = 30 * POINTS_OF_A_MILLIMETRE, 190 * POINTS_OF_A_MILLIMETRE


@pytest.fixture(scope="module")
def busy(tmp_path_factory, authority, shared_upstream):
    """A program whose log has some of everything, and the people who are in no report."""
    guard = make_guard(tmp_path_factory.mktemp("busy"), authority, shared_upstream)
    with guard.settings_file.open("a") as settings:
        settings.write(OFFICE)
    guard.start()
    persons = [next(people) for _ in range(8)]
    for person in persons[:6]:
        ask(guard, person.prompt)
    ask(guard, persons[6].stamped)
    rows = [f"{n};Nguyễn Văn Thử {n};{persons[7].citizen_id[:-1]}{n};Thôn {n}" for n in range(8)]
    ask(guard, "STT;Họ và tên;Số CCCD;Nơi ở\n" + "\n".join(rows))
    guard.persons = persons
    yield guard
    guard.stop()
    shutil.rmtree(guard.data_dir, ignore_errors=True)


def ask(guard, text: str):
    message = {"role": "user", "content": text}
    body = json.dumps({"model": "m", "messages": [message]}, ensure_ascii=False).encode()
    where = "https://api.openai.com/v1/chat/completions"
    return send(guard, Request("POST", where, {"content-type": "application/json"}, body))


def today() -> str:
    return datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date().isoformat()


def make(guard, out: Path, kind: str, *more: str) -> bytes:
    form = out.suffix[1:]
    yesterday = (datetime.date.fromisoformat(today()) - datetime.timedelta(days=1)).isoformat()
    period = f"{yesterday}..{today()}"
    guard.command(
        "report", "--period", period, "--kind", kind, "--format", form, "--out", str(out), *more
    )
    return out.read_bytes()


def text_of(content: bytes, path: Path) -> str:
    """Everything that stands in a file, unzipped."""
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        return re.sub(r"<[^>]*>", "", "\n".join(parts)) + "\n".join(parts)
    if path.suffix == ".pdf":
        told = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
        return told.stdout + content.decode("latin-1")
    return content.decode("utf-8-sig")


def test_figures_are_those_of_the_incident_list(busy, tmp_path):
    report = json.loads(make(busy, tmp_path / "r.json", "periodic"))
    figures, incidents = report["figures"], list_incidents(busy)
    assert figures["incidents"] == len(incidents) > 6
    counted = collections.Counter(one["action"] for one in incidents)
    assert figures["actions"] == dict(counted)
    counted = collections.Counter(one["severity"] for one in incidents)
    assert figures["severities"] == dict(counted)
    categories = collections.Counter()
    for one in incidents:
        names = {finding["category"] for finding in one["findings"]}
        categories.update(names | ({"state_secret"} if "secret" in one else set()))
    assert figures["categories"] == dict(categories)
    assert figures["subjects"] == sum(one["subjects"] for one in incidents)
    assert report["chain"]["last"]["hash"] == incidents[0]["hash"]
    assert report["chain"]["first"]["hash"] == incidents[-1]["hash"]

    rows = list(csv.reader(io.StringIO(make(busy, tmp_path / "r.csv", "periodic").decode("utf-8-sig"))))
    values = {row[2]: row[3] for row in rows}
    assert values["actions.block"] == str(figures["actions"]["block"])
    assert values["digest"] == report["digest"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_person_and_no_secret_is_in_any_form(busy, tmp_path, kind):
    secret = next(one for one in list_incidents(busy) if "secret" in one)
    for form in FORMS:
        path = tmp_path / f"r.{form}"
        text = text_of(make(busy, path, kind), path)
        for person in busy.persons:
            for value in (person.citizen_id, person.phone):
                assert value not in text, (kind, form)
        for marker in ("Nguyễn Văn Thử", "Phương án diễn tập", secret["secret"]["digest"]):
            assert marker not in text, (kind, form)
        is_told = kind == "secrecy-notice" and form in ("docx", "pdf", "json")
        assert (secret["code"] in text) == is_told, (kind, form)


def test_the_same_log_gives_the_same_bytes(busy, tmp_path):
    for form in FORMS:
        path = tmp_path / f"r.{form}"
        assert make(busy, path, "periodic") == make(busy, path, "periodic"), form


def test_a_report_is_checked_against_the_log(busy, tmp_path):
    path = tmp_path / "r.json"
    make(busy, path, "inspection")
    assert "khớp" in busy.command("report", "--check", str(path)).stdout
    report = json.loads(path.read_text())
    report["figures"]["actions"]["block"] += 1
    path.write_text(json.dumps(report))
    told = busy.command("report", "--check", str(path), status=1).stdout
    assert "figures.actions.block" in told


def test_reports_of_communes_are_added_up(busy, tmp_path):
    path, other, out = tmp_path / "a.json", tmp_path / "b.json", tmp_path / "sum.json"
    one = json.loads(make(busy, path, "periodic"))
    busy.command("report", "--sum", str(path), "--format", "json", "--out", str(out))
    added = json.loads(out.read_text())
    assert added["figures"]["incidents"] == one["figures"]["incidents"]
    assert added["missing"] == ["Ủy ban nhân dân xã Chưa Gửi"]
    assert added["sources"][0]["digest"] == one["digest"]
    told = busy.command("report", "--check", str(out), "--sum", str(path)).stdout
    assert "khớp với các báo cáo nguồn" in told
    added["figures"]["incidents"] += 1
    other.write_text(json.dumps(added))
    busy.command("report", "--check", str(other), "--sum", str(path), status=1)
    other.write_text(path.read_text().replace(one["node"], "x"))
    busy.command("report", "--sum", str(other), "--format", "json", "--out", str(out), status=2)
    for form in ("docx", "pdf", "xlsx", "csv"):
        out = tmp_path / f"sum.{form}"
        busy.command("report", "--sum", str(path), "--format", form, "--out", str(out))
        assert "Ví Dụ" in text_of(out.read_bytes(), out)


def words(pdf: Path) -> list[list[dict]]:
    """The words of each page with their boxes in points."""
    told = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True)
    pages = []
    for page in told.stdout.split("<page ")[1:]:
        boxes = re.findall(
            r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>', page
        )
        pages.append(
            [dict(zip(("x", "y", "right", "bottom"), map(float, box[:4])), text=box[4]) for box in boxes]
        )
    return pages


def kept_with_next(docx: Path) -> list[str]:
    """What must not end a page: headings, captions, titles, the sentence before the signature."""
    with zipfile.ZipFile(docx) as archive:
        xml = archive.read("word/document.xml").decode()
    outside = re.sub(r"<w:tbl>.*?</w:tbl>", "", xml, flags=re.DOTALL)
    texts = []
    for paragraph in re.findall(r"<w:p [^>]*>.*?</w:p>", outside, re.DOTALL):
        if "<w:keepNext" in paragraph:
            text = "".join(re.findall(r"<w:t [^>]*>([^<]*)</w:t>", paragraph))
            texts.append(" ".join(html.unescape(text).split()))
    return [text for text in texts if text]


def ends_of_pages(pdf: Path) -> list[str]:
    """The text of each page but the last, line by line."""
    pages = []
    for page in words(pdf)[:-1]:
        in_order = sorted(page, key=lambda word: (round(word["bottom"] / 4), word["x"]))
        pages.append(" ".join(html.unescape(word["text"]) for word in in_order))
    return pages


def convert(folder: Path, files: list[Path]) -> None:
    """Documents for Word to PDF, as LibreOffice sees them."""
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to",
         "pdf", "--outdir", folder, *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip


def notes(fields: list[str], seed: int | None) -> dict[str, str]:
    """What people wrote: nothing, two hundred words everywhere, or now more and now less."""
    if seed is None:
        return {}
    words = "Đã kiểm tra việc sử dụng công cụ tại các bộ phận và nhắc nhở người vi phạm".split()
    chance = random.Random(seed)
    long = [200] * len(fields) if seed == 0 else [chance.choice([0, 5, 20, 45, 90]) for _ in fields]
    told = {name: " ".join(itertools.islice(itertools.cycle(words), n)) for name, n in zip(fields, long)}
    return {name: text for name, text in told.items() if text}


@pytest.fixture(scope="module")
def fields(busy) -> dict[str, list[str]]:
    """The fields of judgement of each kind."""
    auditor = BackOffice(busy, "hoa-kt", "auditor")
    shown = {
        kind: auditor.send("/reports", kind=kind, period="2026-H1", unit="", incident="", tool="")
        for kind in KINDS
    }
    return {kind: re.findall(r'name="text\.([^"]+)"', page) for kind, page in shown.items()}


@pytest.mark.parametrize("seed", [None, 0, 1])
def test_no_heading_stands_alone_at_the_foot_of_a_page(busy, tmp_path, fields, seed):
    own = tmp_path / "own"
    own.mkdir()
    texts = tmp_path / "texts.json"
    for kind in KINDS:
        texts.write_text(json.dumps(notes(fields[kind], seed)))
        make(busy, tmp_path / f"{kind}.docx", kind, "--texts", str(texts))
        make(busy, own / f"{kind}.pdf", kind, "--texts", str(texts))
    convert(tmp_path, sorted(tmp_path.glob("*.docx")))
    ended = 0
    for kind in KINDS:
        headings = kept_with_next(tmp_path / f"{kind}.docx")
        assert len(headings) > 2, kind
        for pdf in (tmp_path / f"{kind}.pdf", own / f"{kind}.pdf"):
            for page in ends_of_pages(pdf):
                ended += 1
                assert not [one for one in headings if page.endswith(one)], (pdf, page[-200:])
    assert ended > 30


def test_headings_stay_with_their_text_wherever_libreoffice_guesses_its_pages(busy, tmp_path):
    """It begins with 25 paragraphs to a page, and would leave a heading that is the last of them."""
    texts = tmp_path / "texts.json"
    for lines in range(4, 9):
        for rows in range(3):
            written = {"system": "\n".join(["Dòng"] * lines), "purpose": "\n".join(["Dài " * 40] * rows)}
            texts.write_text(json.dumps(written))
            make(busy, tmp_path / f"{lines}-{rows}.docx", "impact", "--texts", str(texts))
    files = sorted(tmp_path.glob("*.docx"))
    convert(tmp_path, files)
    for file in files:
        headings = kept_with_next(file)
        for page in ends_of_pages(file.with_suffix(".pdf")):
            assert not [one for one in headings if page.endswith(one)], (file.stem, page[-200:])


@pytest.mark.parametrize("kind", ["periodic", "minutes", "breach-notice"])
def test_pages_are_laid_out_as_the_decree_says(busy, tmp_path, kind):
    docx, pdf = tmp_path / f"{kind}.docx", tmp_path / "own" / f"{kind}.pdf"
    pdf.parent.mkdir()
    make(busy, docx, kind)
    make(busy, pdf, kind)
    convert(tmp_path, [docx])
    for file in (pdf, tmp_path / f"{kind}.pdf"):
        pages = words(file)
        fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
        for line in fonts.splitlines()[2:]:
            assert re.search(r"(Liberation|TimesNewRoman)", line) and " yes yes " in line, line
        for number, page in enumerate(pages, 1):
            numbers = [word for word in page if word["bottom"] < 20 * POINTS_OF_A_MILLIMETRE - 2]
            text = [word for word in page if word not in numbers]
            told = [word["text"] for word in numbers]
            assert told == ([str(number)] if number > 1 else []), file
            for word in numbers:
                middle = (word["x"] + word["right"]) / 2
                assert abs(middle - (TEXT_LEFT + TEXT_RIGHT) / 2) < 3
            assert min(word["x"] for word in text) >= TEXT_LEFT - 1
            assert max(word["right"] for word in text) <= TEXT_RIGHT + 1
            assert max(word["bottom"] for word in text) <= (297 - 20) * POINTS_OF_A_MILLIMETRE + 4
        first = " ".join(word["text"] for word in pages[0])
        for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "XÃ VÍ DỤ"):
            assert part in first, file
        whole = " ".join(word["text"] for page in pages for word in page)
        assert "Nguyễn Văn Ký" in whole and "Nơi nhận:" in whole
        # Letters are whole characters, never a letter and a mark beside it.
        assert not re.search("[\u0300-\u0323\ufffd]", whole)


def test_the_back_office_makes_writes_and_approves(busy):
    reviewer = BackOffice(busy, "lan-bc", "reviewer")
    shown = reviewer.send("/reports", kind="periodic", period="2026-H1", unit="", incident="")
    assert "BÁO CÁO" in shown and "Phụ lục I" in shown
    address = re.search(r'action="(/reports/[0-9a-f]{64})"', shown)[1]
    note = "Đã tổ chức 02 lớp tập huấn cho 40 người."
    shown = reviewer.send(address, **{"text.training": note})
    assert note in shown
    address = re.search(r'action="(/reports/[0-9a-f]{64})"', shown)[1]
    assert "chưa phê duyệt" in shown
    shown = reviewer.send(f"{address}/approve", form_page=address)
    assert "chưa phê duyệt" not in shown
    assert note in reviewer.page(f"{address}/file?form=json")
    # Made again for the same period, it has what was written.
    shown = reviewer.send("/reports", kind="periodic", period="2026-H1", unit="", incident="")
    assert note in shown
    busy.command("incidents", "verify")


def test_a_scheduled_draft_is_made_once_and_people_are_reminded(tmp_path, authority, shared_upstream):
    guard = make_guard(tmp_path, authority, shared_upstream)
    tomorrow = datetime.date.fromisoformat(today()) + datetime.timedelta(days=1)
    if (tomorrow.month, tomorrow.day) == (2, 29):
        tomorrow += datetime.timedelta(days=1)
    with guard.settings_file.open("a") as settings:
        settings.write(f"""
[report]
year_from = "{tomorrow:%m-%d}"
[[report.schedule]]
kind = "inspection"
every = "year"
days_before = 10
""")
    guard.start()
    ask(guard, next(people).prompt)
    for _ in range(2):
        # What was due while it was down is made at the start.
        guard.stop()
        guard.start()
    reviewer = BackOffice(guard, "lan-lich", "reviewer")
    wait_for(lambda: "tự động theo lịch" in reviewer.page("/reports"))
    assert reviewer.page("/reports").count("tự động theo lịch") == 1
    overview = reviewer.page("/")
    path = re.search(r'href="(/reports/[0-9a-f]{64})"', overview)[1]
    assert "có bản dự thảo tự động" in overview
    assert "Kết quả kiểm tra an toàn dữ liệu" in reviewer.page(path)
    reviewer.send(f"{path}/approve", form_page=path)
    assert "có bản dự thảo tự động" not in reviewer.page("/")
    guard.stop()


def test_requests_that_were_let_through_are_counted_in_the_log(tmp_path, authority, shared_upstream):
    guard = make_guard(tmp_path, authority, shared_upstream)
    guard.start()
    for text in ("Soạn thư mời họp thôn.", "Viết bài tuyên truyền.", next(people).prompt):
        ask(guard, text)
    guard.stop()
    path = tmp_path / "r.json"
    requests = json.loads(make(guard, path, "periodic"))["figures"]["requests"]
    assert requests["since"] == today()
    counts = requests["all"]
    assert (counts["requests"], counts["messages"], counts["allowed"]) == (3, 3, 2)
    done = sum(counts[name] for name in ("allowed", "audited", "redacted", "blocked"))
    assert done == counts["requests"]
    assert "khớp" in guard.command("report", "--check", str(path)).stdout


def wait_for(is_so) -> None:
    """Asks until it is so; a page is the only one that tells."""
    for _ in range(100):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to be so")
