"""Dashboards and alert rules in a real Prometheus that scrapes a running guard with traffic.

Grafana is not here: the dashboard's queries are sent to Prometheus as Grafana would send them.
"""

import json
import re
import socket
import subprocess
import time
import urllib.parse
import urllib.request

import pytest
from clients_conftest import make_guard
from conftest import ROOT

MONITORING = ROOT / "deploy/monitoring"
DASHBOARD = json.loads((MONITORING / "grafana-lachan.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
# Series that a quiet, healthy office does not have; their queries must run all the same.
QUIET = {"Tỷ lệ không đọc được"}


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory, authority, shared_upstream):
    """A Prometheus with our rules, a guard that it scrapes every second, and some traffic."""
    folder = tmp_path_factory.mktemp("prometheus")
    guard = make_guard(folder, authority, shared_upstream).start()
    text = (MONITORING / "prometheus.yml").read_text()
    text = text.replace("127.0.0.1:9464", guard.addresses.metrics).replace(": 15s", ": 1s")
    (folder / "prometheus.yml").write_text(text)
    (folder / "lachan.rules.yml").write_text((MONITORING / "lachan.rules.yml").read_text())
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    process = subprocess.Popen(
        ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
         f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"],
    )
    base = f"http://127.0.0.1:{port}"
    try:
        # What a counter had before its first scrape is no increase.
        wait_for(lambda: ask(base, "up{job=\"lachan\"} == 1"))
        for round_ in range(4):
            traffic(guard, round_)
            time.sleep(1.3)
        wait_for(lambda: ask(base, "sum(increase(lachan_exchanges_total[30s])) > 0"))
        yield base
    finally:
        process.terminate()
        process.wait(20)
        guard.stop()


def traffic(guard, round_: int):
    """Something harmless, something hidden, something stopped, and a site that is no AI."""
    texts = ["Soạn lịch trực tuần sau.", f"CCCD 0010990{round_:05d} của ông Nguyễn Văn Thử",
             f"TUYỆT MẬT\nPhương án giả định lần {round_} tại khu vực M."]
    for text in texts:
        body = json.dumps({"model": "thu", "messages": [{"role": "user", "content": text}]})
        curl(guard, "https://api.openai.com/v1/chat/completions", "-d", body,
             "-H", "Content-Type: application/json")
    curl(guard, "https://www.vidu.example/", "-k")


def curl(guard, url, *more):
    subprocess.run(["curl", "-sS", "-x", guard.proxy_url, "--cacert", guard.ca_file, *more, url],
                   capture_output=True)


def ask(base: str, query: str) -> list:
    address = f"{base}/api/v1/query?" + urllib.parse.urlencode({"query": query})
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{query}\n{error.read().decode()}") from error
    except OSError:
        return []


def wait_for(happens, seconds: float = 40):
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.5)


def test_promtool_accepts_the_configuration_and_the_rules():
    for what in ("config prometheus.yml", "rules lachan.rules.yml"):
        kind, file = what.split()
        done = subprocess.run(["promtool", "check", kind, file], cwd=MONITORING,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("panel", PANELS, ids=[panel["title"] for panel in PANELS])
def test_every_query_of_the_dashboard_runs_and_finds_its_series(prometheus, panel):
    for target in panel["targets"]:
        query = target["expr"].replace("$may", ".*").replace("$__rate_interval", "30s")
        assert "$" not in query, query
        found = ask(prometheus, query)
        assert found or panel["title"] in QUIET, query


@pytest.mark.parametrize("panel", PANELS, ids=[panel["title"] for panel in PANELS])
def test_every_panel_says_what_to_do(panel):
    assert len(panel["description"]) > 40
    thresholds = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    if len(thresholds) > 1:
        assert re.search(r"[Vv]iệc cần làm|chạy|xem|khởi động|tăng|giảm|thay|tăng", panel["description"])


def test_every_rule_is_evaluated_without_an_error(prometheus):
    def rules():
        with urllib.request.urlopen(f"{prometheus}/api/v1/rules", timeout=10) as answer:
            groups = json.load(answer)["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    wait_for(lambda: all(rule["health"] != "unknown" for rule in rules()))
    assert len(rules()) == 17
    assert [rule["name"] for rule in rules() if rule["health"] != "ok"] == []
    # A healthy office is quiet, except for the mark of secrecy that was stopped.
    wait_for(lambda: "firing" in states(rules(), "LachanStateSecret"))
    loud = {rule["name"] for rule in rules() if rule["state"] == "firing"}
    assert loud == {"LachanStateSecret"}, loud
    for rule in rules():
        assert rule["annotations"]["summary"] and rule["annotations"]["description"]


def states(rules: list, name: str) -> list:
    return [rule["state"] for rule in rules if rule["name"] == name]


def test_every_series_named_is_one_that_the_program_has(prometheus):
    texts = (MONITORING / "lachan.rules.yml").read_text() + json.dumps(DASHBOARD)
    names = set(re.findall(r"\b(?:lachan|process)_[a-z_]+(?:total|bucket|seconds|pending|seq|clients|info|fds|bytes)\b", texts))
    assert len(names) > 12
    for name in names:
        assert ask(prometheus, f"count({name})"), name


def test_the_rules_speak_up_when_they_should(tmp_path):
    """promtool's own unit tests of rules, with made-up series."""
    cases = {
        "LachanDown": [("up{job=\"lachan\",instance=\"a\"}", "0x10")],
        "LachanChainFell": [("lachan_chain_seq{instance=\"a\"}", "900 900 900 12 12 12 12 12 12 12")],
        "LachanStoreStuck": [("lachan_store_pending{instance=\"a\"}", "200x10")],
        "LachanCaExpires": [("lachan_ca_expiry_seconds{instance=\"a\"}", "5000000x10")],
        "LachanCaExpiresSoon": [("lachan_ca_expiry_seconds{instance=\"a\"}", "500000x10")],
        "LachanSettingsRefused": [("lachan_config_reloads_total{result=\"refused\",instance=\"a\"}", "0 0 0 1 1 1 1 1 1 1")],
        "LachanUnknownAi": [("lachan_tunnels_total{reason=\"unknown_ai\",instance=\"a\"}", "0 0 3 3 3 3 3 3 3 3")],
    }
    tests = []
    for alert, series in cases.items():
        tests.append({
            "interval": "1m",
            "input_series": [{"series": name, "values": values} for name, values in series],
            "promql_expr_test": [{
                "expr": f'count(ALERTS{{alertname="{alert}",alertstate="firing"}})',
                "eval_time": "8m",
                "exp_samples": [{"labels": "{}", "value": 1}],
            }],
        })
    file = tmp_path / "tests.yml"
    file.write_text(json.dumps({
        "rule_files": [str(MONITORING / "lachan.rules.yml")],
        "evaluation_interval": "1m",
        "tests": tests,
    }))
    done = subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
