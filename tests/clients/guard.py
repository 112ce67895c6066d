"""Starts, stops and kills the real program.

The only place that knows how `lachan` prints its addresses and how its settings are written.
"""

import os
import re
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

BINARY = Path(
    os.environ.get("LACHAN_BIN", Path(__file__).resolve().parents[2] / "target/debug/lachan")
).resolve()
START_SECONDS_MAX = 30


@dataclass
class Addresses:
    """Where the program listens, as `host:port`."""

    proxy: str
    admin: str
    metrics: str


def parse_addresses(output: str) -> Addresses | None:
    """Reads the lines of the start that say where the program listens; None until all are there."""
    found = {}
    names = {"proxy": "proxy", "trang quản trị": "admin", "admin": "admin", "metrics": "metrics"}
    for line in output.splitlines():
        for name, key in names.items():
            pattern = rf"(?i)^\W*{name}\b[^\n]*?\b(\d+\.\d+\.\d+\.\d+:\d+)"
            if (match := re.search(pattern, line)) and key not in found:
                found[key] = match[1]
    return Addresses(**found) if len(found) == 3 else None


def settings_text(data_dir: Path, upstream_ca: Path, upstream_port: int, hosts: set[str]) -> str:
    """A `lachan.toml` on free ports that leads every AI host to the stand-in upstream."""
    connect_to = "\n".join(
        f'  {{ host = "{host}", port = 443, address = "127.0.0.1:{upstream_port}" }},'
        for host in sorted(hosts)
    )
    return f"""\
data_dir = "{data_dir}"

[proxy]
listen = ["127.0.0.1:0"]

[admin]
listen = "127.0.0.1:0"

[metrics]
listen = "127.0.0.1:0"

[upstream]
extra_ca_files = ["{upstream_ca}"]
connect_to = [
{connect_to}
]
"""


class Guard:
    """One `lachan run` with a folder of its own."""

    def __init__(self, folder: Path, settings: str):
        self.folder = folder
        self.data_dir = folder / "lachan-data"
        self.settings_file = folder / "lachan.toml"
        self.settings_file.write_text(settings)
        self.output = ""
        self._process: subprocess.Popen | None = None
        self.addresses: Addresses | None = None

    def start(self) -> "Guard":
        self._process = subprocess.Popen(
            [BINARY, "run", "--config", self.settings_file],
            cwd=self.folder,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._begin = len(self.output)
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            self.addresses = parse_addresses(self.output[self._begin :])
            if self.addresses:
                return self
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        self.stop()
        raise AssertionError(f"lachan did not say where it listens; it said:\n{self.output}")

    def _read(self, process: subprocess.Popen):
        for line in iter(process.stdout.readline, b""):
            self.output += line.decode("utf-8", "replace")

    def stop(self):
        """The polite end, as a service manager asks for it."""
        self._end(signal.SIGTERM)

    def kill(self):
        """The end without warning, as a power cut."""
        self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals):
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(sign)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._reader.join(5)
        self._process = None

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def proxy_url(self) -> str:
        return f"http://{self.addresses.proxy}"

    @property
    def ca_file(self) -> Path:
        """Our root certificate, exported once by the program itself."""
        file = self.folder / "lachan-root.pem"
        if not file.exists():
            file.write_text(self.command("ca", "export").stdout)
        return file

    def command(
        self, *arguments: str, status: int | None = 0, typed: str = ""
    ) -> subprocess.CompletedProcess:
        """Runs another command on the same settings and expects an exit status."""
        settings = ["--config", str(self.settings_file)]
        return run_command(*arguments, *settings, status=status, typed=typed)


def run_command(
    *arguments: str, status: int | None = 0, typed: str = "", folder: Path | None = None
) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [BINARY, *arguments],
        env=clean_environment(),
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if status is not None:
        assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
    return done


def clean_environment() -> dict[str, str]:
    """No proxy, no certificate setting of the person who runs the tests reaches the clients."""
    foreign = re.compile(r"(?i)^(https?|all|no|ftp)_proxy$|^SSL_CERT|^REQUESTS_CA|^CURL_|^LACHAN_")
    return {key: value for key, value in os.environ.items() if not foreign.search(key)}
