"""The log of incidents: there when it must be, and honest about being touched."""

import json
import shutil
import sqlite3
import urllib.error
import urllib.request

from conftest import HARMLESS, list_incidents, make_guard, people
from wire import Request, send

CHAT = "https://api.openai.com/v1/chat/completions"


def ask(guard, text: str):
    message = {"role": "user", "content": text}
    body = json.dumps({"model": "m", "messages": [message]}, ensure_ascii=False).encode()
    return send(guard, Request("POST", CHAT, {"content-type": "application/json"}, body))


def test_an_incident_tells_what_the_contract_says(guard, upstream, person):
    answer = ask(guard, person.prompt)
    incident = list_incidents(guard)[0]
    assert incident["id"] == answer.incident
    assert set(incident) >= {
        "id", "code", "seq", "recorded_at", "client", "service", "endpoint", "carries", "action",
        "policy_rule", "severity", "outcome", "findings", "prev", "hash",
    }  # fmt: skip
    assert incident["service"] == "openai-api"
    assert (incident["carries"], incident["action"]) == ("prompt", "redact")
    assert incident["outcome"] == "prevented"
    assert incident["recorded_at"].endswith("+07:00")
    assert incident["client"]["address"].startswith("127.0.0.1")
    for finding in incident["findings"]:
        assert set(finding) >= {"category", "confidence", "count", "masked", "fingerprint"}
        assert person.citizen_id not in finding["masked"]
        assert person.phone not in finding["masked"]


def test_what_is_allowed_leaves_no_incident(guard, upstream, incidents_since):
    assert ask(guard, HARMLESS).status == 200
    assert incidents_since() == []


def test_the_chain_verifies_while_the_program_runs(guard, upstream, person):
    ask(guard, person.prompt)
    guard.command("incidents", "verify")


def test_an_incident_survives_the_end_without_warning(fresh_guard, upstream, person):
    fresh_guard.start()
    answers = []
    for _ in range(5):
        answers.append(ask(fresh_guard, next(people).prompt))
    fresh_guard.kill()
    named = {answer.incident for answer in answers}
    assert None not in named and len(named) == 5
    fresh_guard.start()
    assert named <= {one["id"] for one in list_incidents(fresh_guard)}
    fresh_guard.command("incidents", "verify")
    # The chain goes on where it ended.
    assert ask(fresh_guard, person.stamped).status == 403
    fresh_guard.command("incidents", "verify")


def test_a_second_start_keeps_the_root_certificate(fresh_guard, upstream):
    fresh_guard.start()
    before = fresh_guard.command("ca", "export").stdout
    fresh_guard.stop()
    fresh_guard.start()
    assert fresh_guard.command("ca", "export").stdout == before
    assert ask(fresh_guard, HARMLESS).status == 200


def test_a_flipped_bit_in_the_database_is_found(tmp_path, fresh_guard, authority, upstream):
    fresh_guard.start()
    for _ in range(3):
        ask(fresh_guard, next(people).prompt)
    fresh_guard.command("incidents", "verify")
    fresh_guard.stop()
    database = one_tidy_database(fresh_guard.data_dir)
    relative = database.relative_to(fresh_guard.data_dir)
    content = database.read_bytes()
    places = places_of(b"openai-api", content)
    assert places, "the log names the service"
    for number, place in enumerate(places[:6]):
        folder = tmp_path / f"copy-{number}"
        folder.mkdir()
        shutil.copytree(fresh_guard.data_dir, folder / "lachan-data")
        copy = make_guard(folder, authority, upstream)
        copy.command("incidents", "verify")
        touched = bytearray(content)
        touched[place] ^= 1
        (folder / "lachan-data" / relative).write_bytes(touched)
        done = copy.command("incidents", "verify", status=1)
        assert (done.stdout + done.stderr).strip(), "verify says which record is broken"


def test_a_record_taken_away_is_found(tmp_path, fresh_guard, authority, upstream):
    fresh_guard.start()
    for _ in range(3):
        ask(fresh_guard, next(people).prompt)
    fresh_guard.stop()
    database = one_tidy_database(fresh_guard.data_dir)
    connection = sqlite3.connect(database)
    tables = [row[0] for row in connection.execute("select name from sqlite_master where type='table'")]
    chained = [
        table
        for table in tables
        if "hash" in {row[1] for row in connection.execute(f'pragma table_info("{table}")')}
    ]
    assert chained, tables
    # Whoever can write the file can also drop the guards inside it.
    guards = connection.execute("select name from sqlite_master where type='trigger'").fetchall()
    for (name,) in guards:
        connection.execute(f'drop trigger "{name}"')
    connection.execute("pragma foreign_keys = off")
    gone = 0
    for table in chained:
        columns = {row[1] for row in connection.execute(f'pragma table_info("{table}")')}
        if "seq" in columns:
            gone += connection.execute(f'delete from "{table}" where seq = 2').rowcount
    connection.commit()
    connection.close()
    assert gone
    fresh_guard.command("incidents", "verify", status=1)


def test_health_and_readiness_answer(guard):
    for path in ("healthz", "readyz"):
        url = f"http://{guard.addresses.metrics}/{path}"
        assert urllib.request.urlopen(url, timeout=10).status == 200


def test_metrics_count_decisions_under_their_names(guard, upstream, person):
    ask(guard, person.prompt)
    ask(guard, person.stamped)
    url = f"http://{guard.addresses.metrics}/metrics"
    text = urllib.request.urlopen(url, timeout=10).read().decode()
    for name in (
        "lachan_exchanges_total", "lachan_decisions_total", "lachan_findings_total",
        "lachan_coverage_total", "lachan_inspection_seconds", "lachan_incidents_total",
        "lachan_chain_seq", "lachan_build_info", "process_",
    ):  # fmt: skip
        assert name in text, name
    assert 'action="redact"' in text and 'action="block"' in text


def one_tidy_database(data_dir):
    """The store's file, with everything in its main file and nothing left over in free pages."""
    (database,) = [
        file
        for file in data_dir.rglob("*")
        if file.is_file() and file.read_bytes()[:15] == b"SQLite format 3"
    ]
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.execute("vacuum")
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    return database


def places_of(words: bytes, content: bytes) -> list[int]:
    places, at = [], content.find(words)
    while at >= 0:
        places.append(at)
        at = content.find(words, at + 1)
    return places
