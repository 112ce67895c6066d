"""A Debian machine with a systemd of its own, over this system's files.

An overlay takes what the machine writes, systemd-nspawn boots it in a network namespace of the
office. Commands run in it as root, in a login shell's environment.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

BOOT_SECONDS_MAX = 60


class Machine:
    """Not booted until `boot`; `close` leaves nothing behind."""

    def __init__(self, folder: Path, namespace: str, hosts: str, lower: str = "/"):
        self.namespace = namespace
        # An overlay's folders must not lie in an overlay, and names in /tmp may be long.
        self._base = Path(tempfile.mkdtemp(prefix="lachan-machine-", dir="/var/tmp"))
        self.root = self._base / "root"
        for part in ("upper", "work", "root"):
            (self._base / part).mkdir()
        options = f"lowerdir={lower},upperdir={self._base}/upper,workdir={self._base}/work"
        done = subprocess.run(
            ["mount", "-t", "overlay", "overlay", "-o", options, self.root],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"no overlay can be mounted here: {done.stderr}"
        self._process = None
        self._leader = None
        self._forget_this_system(hosts)

    def _forget_this_system(self, hosts: str):
        """What this system has of ours, or would start, is not there."""
        shutil.rmtree(self.root / "etc/lachan", ignore_errors=True)
        shutil.rmtree(self.root / "var/lib/lachan", ignore_errors=True)
        shutil.rmtree(self.root / "var/backups/lachan", ignore_errors=True)
        (self.root / "etc/hosts").write_text(hosts)
        (self.root / "etc/hostname").write_text("may-la-chan\n")
        for unit in ("prometheus", "prometheus-node-exporter", "nftables", "apt-daily.timer",
                     "apt-daily-upgrade.timer", "man-db.timer", "docker", "containerd"):
            name = unit if "." in unit else f"{unit}.service"
            link = self.root / "etc/systemd/system" / name
            link.unlink(missing_ok=True)
            link.symlink_to("/dev/null")

    @property
    def home(self) -> Path:
        """Root's home, seen from outside."""
        return self.root / os.path.expanduser("~root").lstrip("/")

    def trust(self, root_file: Path):
        """Puts a CA into the system's store, as the public ones are."""
        place = self.root / "usr/local/share/ca-certificates/outside.crt"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root_file, place)
        subprocess.run(["chroot", self.root, "update-ca-certificates"], check=True, capture_output=True)

    def boot(self):
        self._log = open(self._base / "console.log", "wb")
        self._process = subprocess.Popen(
            [
                "systemd-nspawn", "--quiet", "--directory", self.root, "--boot", "--register=no",
                "--keep-unit", f"--network-namespace-path=/run/netns/{self.namespace}",
                "--resolv-conf=off", "--timezone=off", f"--machine={self.namespace}",
                "systemd.unit=multi-user.target",
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + BOOT_SECONDS_MAX
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"the machine did not boot:\n{self.console()}"
            self._leader = child_of(self._process.pid)
            if self._leader:
                state = self.run("systemctl is-system-running", status=None).stdout.strip()
                if state in ("running", "degraded"):
                    return
            time.sleep(0.3)
        raise AssertionError(f"the machine did not boot in time:\n{self.console()}")

    def console(self) -> str:
        return (self._base / "console.log").read_text(errors="replace")[-4000:]

    def run(self, command: str, *, status: int | None = 0, typed: str = "", timeout: float = 120,
            variables: dict[str, str] | None = None):
        """Runs lines of shell as root, which stop at the first that fails."""
        enter = ["nsenter", "--target", str(self._leader), "--mount", "--uts", "--ipc", "--net",
                 "--pid", "--root", "--wd=/"]
        more = [f"{name}={value}" for name, value in (variables or {}).items()]
        done = subprocess.run(
            [*enter, "env", "-i", "LANG=C.UTF-8", "USER=root", "DEBIAN_FRONTEND=noninteractive",
             "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", *more,
             "bash", "-ec", f"export HOME=~root; cd\n{command}"],
            input=typed,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        if status is not None:
            assert done.returncode == status, f"{command}\nended with {done.returncode}\n" \
                f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done

    def put(self, source: Path, place: str):
        """Copies a file into the machine; `place` is absolute or in root's home, seen from inside."""
        inside = self.root / os.path.expanduser(place.replace("~", "~root")).lstrip("/")
        inside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, inside)

    def close(self):
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                if self._leader:
                    os.kill(self._leader, signal.SIGKILL)
                self._process.kill()
                self._process.wait(10)
        time.sleep(0.2)
        subprocess.run(["umount", "--recursive", "--lazy", self.root], capture_output=True)
        shutil.rmtree(self._base, ignore_errors=True)


def child_of(parent: int) -> int | None:
    """The first process of the machine: nspawn's only child."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return int(children[0]) if children else None
