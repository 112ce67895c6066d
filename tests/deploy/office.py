"""An office's network in network namespaces.

    guard 10.0.0.2 ─┐
    ws    10.0.0.7 ─┴─ lan0 router wan0 ── 198.41.30.9 ai (TCP and UDP 443)

Addresses of the outside are public ones, since the guard refuses others; nothing leaves the
namespaces.
"""

import itertools
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from authority import Authority

GUARD, WORKSTATION, ROUTER, AI = "10.0.0.2", "10.0.0.7", "10.0.0.1", "198.41.30.9"
OTHER_SITE = "198.41.30.10"
AI_HOSTS = ["chatgpt.com", "gemini.google.com", "claude.ai", "copilot.microsoft.com", "api.openai.com"]
OTHER_HOST = "www.vidu.example"
STAND_IN = Path(__file__).with_name("stand_in.py")

numbers = itertools.count(1)


class Office:
    """Set up when made, torn down by `close`."""

    def __init__(self, folder: Path, authority: Authority):
        self.folder = folder
        self.hosts = "127.0.0.1 localhost\n" + "".join(
            f"{AI} {host}\n" for host in AI_HOSTS
        ) + f"{OTHER_SITE} {OTHER_HOST}\n"
        self._tag = f"lc{os.getpid() % 10000}n{next(numbers)}"
        self._wire()
        self.arrivals = folder / "arrivals.log"
        self.arrivals.touch()
        leaf = authority.leaf_file_for(AI_HOSTS + [OTHER_HOST])
        self._stand_in = subprocess.Popen(
            ["ip", "netns", "exec", self.namespace("ai"), sys.executable, STAND_IN, leaf, self.arrivals],
            stdout=subprocess.PIPE,
        )
        assert self._stand_in.stdout.readline().strip() == b"ready"

    def namespace(self, place: str) -> str:
        return f"{self._tag}-{place}"

    def run(self, place: str, *command: str, status: int | None = 0, **more):
        """Runs a command at a place of the office: `ws`, `router`, `guard`, `ai`."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.namespace(place), *map(str, command)],
            capture_output=True,
            text=True,
            timeout=more.pop("timeout", 60),
            **more,
        )
        if status is not None:
            assert done.returncode == status, (command, done.returncode, done.stdout, done.stderr)
        return done

    def arrived(self) -> str:
        """What reached the AI stand-in so far."""
        return self.arrivals.read_text()

    def _wire(self):
        for place in ("guard", "ws", "router", "ai"):
            name = self.namespace(place)
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
            # `ip netns exec` lays these files over /etc.
            etc = Path("/etc/netns") / name
            etc.mkdir(parents=True, exist_ok=True)
            (etc / "hosts").write_text(self.hosts)
        router = self.namespace("router")
        ip("-n", router, "link", "add", "lan0", "type", "bridge")
        ip("-n", router, "link", "set", "lan0", "up")
        ip("-n", router, "address", "add", f"{ROUTER}/24", "dev", "lan0")
        ip("-n", router, "address", "add", "fd00::1/64", "dev", "lan0", "nodad")
        for place, address, v6 in (("guard", GUARD, "fd00::2"), ("ws", WORKSTATION, "fd00::7")):
            self._cable(place, "lan0" + place)
            ip("-n", router, "link", "set", "lan0" + place, "master", "lan0")
            self._address(place, address, v6, ROUTER, "fd00::1")
        self._cable("ai", "wan0")
        ip("-n", router, "address", "add", "198.41.30.1/24", "dev", "wan0")
        ip("-n", router, "address", "add", "2606:4700::1/64", "dev", "wan0", "nodad")
        self._address("ai", AI, "2606:4700::9", "198.41.30.1", "2606:4700::1")
        ip("-n", self.namespace("ai"), "address", "add", f"{OTHER_SITE}/24", "dev", "eth0")
        for key in ("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"):
            self.run("router", "sysctl", "-qw", key)

    def _cable(self, place: str, router_end: str):
        name, router = self.namespace(place), self.namespace("router")
        ip("-n", router, "link", "add", router_end, "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("-n", router, "link", "set", router_end, "up")

    def _address(self, place: str, v4: str, v6: str, gateway4: str, gateway6: str):
        name = self.namespace(place)
        ip("-n", name, "address", "add", f"{v4}/24", "dev", "eth0")
        ip("-n", name, "address", "add", f"{v6}/64", "dev", "eth0", "nodad")
        ip("-n", name, "link", "set", "eth0", "up")
        ip("-n", name, "route", "add", "default", "via", gateway4)
        ip("-n", name, "-6", "route", "add", "default", "via", gateway6)

    def close(self):
        self._stand_in.kill()
        self._stand_in.wait(5)
        time.sleep(0.1)
        for place in ("guard", "ws", "router", "ai"):
            name = self.namespace(place)
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)
            shutil.rmtree(Path("/etc/netns") / name, ignore_errors=True)


def ip(*arguments: str):
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, (arguments, done.stderr)
