"""The same inspection offline, for a person and for programs."""

import json

from guard import run_command


def test_lines_come_back_in_order_with_offsets_into_their_text(person, tmp_path):
    texts = ["Lịch trực tuần sau", person.prompt, person.stamped, "", "Một dòng nữa"]
    lines = [json.dumps({"id": str(number), "text": text}) for number, text in enumerate(texts)]
    done = run_command(
        "scan", "--jsonl", typed="\n".join(lines) + "\n", status=None, folder=tmp_path
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == ["0", "1", "2", "3", "4"]
    assert [one["action"] for one in answers] == ["allow", "redact", "block", "allow", "allow"]
    found = {
        person.prompt.encode()[one["start"] : one["end"]].decode(): one["category"]
        for one in answers[1]["findings"]
    }
    assert found.get(person.citizen_id) == "citizen_id"
    assert found.get(person.phone) == "phone_number"
    assert list(tmp_path.iterdir()) == [], "a scan leaves nothing behind"


def test_a_person_sees_masked_findings_and_an_exit_status(person, tmp_path):
    done = run_command("scan", "-", typed=person.prompt, status=1, folder=tmp_path)
    assert done.stdout.strip()
    assert person.citizen_id not in done.stdout + done.stderr
    assert run_command("scan", "-", typed="Lịch trực", status=0, folder=tmp_path)


def test_a_file_is_scanned_as_its_text(person, tmp_path):
    file = tmp_path / "giay-moi.txt"
    file.write_text(person.prompt, encoding="utf-8")
    run_command("scan", str(file), status=1)
    missing = run_command("scan", str(tmp_path / "khong-co.txt"), status=2)
    assert len(missing.stderr.strip().splitlines()) == 1
