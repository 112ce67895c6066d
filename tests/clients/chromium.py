"""A headless Chromium behind the guard, with our root certificate in a database of its own."""

import base64
import contextlib
import json
import shutil
import subprocess
import time
from pathlib import Path

import websockets.sync.client

from guard import Guard, clean_environment

ARTEFACTS = Path(__file__).resolve().parents[2] / "target" / "test-pictures"

# What the browser answers about a page that goes while it is asked.
PAGE_LEFT = (
    "Inspected target navigated or closed",
    "Cannot find default execution context",
    "Execution context was destroyed.",
)


class PageLeftError(Exception):
    """The page went while it was asked something."""


class Chromium:
    """One browser with one page, spoken to over the DevTools protocol."""

    def __init__(self, folder: Path, guard: Guard | None, route: list[str] | None = None):
        """`route` says how the browser finds the guard; by default it is told the address.

        Without a guard the browser takes what this machine was given: policies and roots.
        """
        self.folder = folder
        if guard:
            self._trust(guard)
            route = route or [f"--proxy-server={guard.proxy_url}"]
        else:
            self._environment = clean_environment()
        self._process = subprocess.Popen(
            [
                shutil.which("chromium"),
                "--headless=new",
                # The sandbox of the browser needs rights that containers rarely give.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1100,900",
                f"--user-data-dir={folder / 'profile'}",
                *(route or []),
                "--remote-debugging-port=0",
                "about:blank",
            ],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._number = 0
        self._ends = contextlib.ExitStack()
        self._socket = self._ends.enter_context(
            websockets.sync.client.connect(self._page_address(), proxy=None, max_size=None)
        )
        self._call("Page.enable")

    def _trust(self, guard: Guard):
        """Makes a home whose certificate database holds our root."""
        home = self.folder / "home"
        database = home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        self._environment = clean_environment() | {"HOME": str(home)}
        for arguments in (
            ["-N", "--empty-password"],
            ["-A", "-t", "C,,", "-n", "lachan", "-i", str(guard.ca_file)],
        ):
            subprocess.run(
                ["certutil", "-d", f"sql:{database}", *arguments],
                env=self._environment,
                check=True,
                capture_output=True,
            )

    def _page_address(self) -> str:
        """The first line of the file is the port; the page's own address needs its id."""
        file = self.folder / "profile" / "DevToolsActivePort"
        deadline = time.monotonic() + 30
        while not (file.exists() and file.read_text().count("\n") >= 1):
            assert time.monotonic() < deadline, "Chromium did not start"
            assert self._process.poll() is None, "Chromium ended early"
            time.sleep(0.05)
        port, path = file.read_text().split("\n")[:2]
        browser = f"ws://127.0.0.1:{port}{path}"
        with websockets.sync.client.connect(browser, proxy=None) as socket:
            socket.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
            targets = json.loads(socket.recv(timeout=20))["result"]["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        return f"ws://127.0.0.1:{port}/devtools/page/{page['targetId']}"

    def _call(self, method: str, **parameters):
        self._number += 1
        self._socket.send(
            json.dumps({"id": self._number, "method": method, "params": parameters})
        )
        while True:
            message = json.loads(self._socket.recv(timeout=30))
            if message.get("id") == self._number:
                if message.get("error", {}).get("message") in PAGE_LEFT:
                    raise PageLeftError(message)
                assert "error" not in message, message
                return message["result"]

    def open(self, url: str):
        """Loads a page; a page that cannot be loaded is an error, a refusal is not."""
        failure = self._call("Page.navigate", url=url).get("errorText")
        assert failure in (None, "net::ERR_HTTP_RESPONSE_CODE_FAILURE"), failure
        self.wait_for("document.readyState === 'complete'")

    def evaluate(self, expression: str):
        result = self._call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def text(self) -> str:
        """What a person reads on the page."""
        return self.evaluate("document.body.innerText")

    def wait_for(self, expression: str, seconds: float = 20):
        deadline = time.monotonic() + seconds
        while not self._holds(expression):
            assert time.monotonic() < deadline, f"{expression} did not come true:\n{self.text()}"
            time.sleep(0.1)

    def _holds(self, expression: str) -> bool:
        """Whether it is true by now; on a page that is just left nothing is."""
        try:
            return bool(self.evaluate(expression))
        except PageLeftError:
            return False

    def click(self, words: str):
        """Clicks the button or link with these words on it."""
        clicked = self.evaluate(
            "(() => { const found = [...document.querySelectorAll('button, a, input[type=submit]')]"
            f".find(e => (e.innerText || e.value || '').includes({json.dumps(words)}));"
            " if (found) found.click(); return Boolean(found); })()"
        )
        assert clicked, f"no button says {words!r}:\n{self.text()}"

    def sign_in(self, url: str, session: str):
        """Takes over the session of somebody who is signed in."""
        cookie = {"name": "__Host-lachan", "value": session, "url": url, "path": "/"}
        self._call(
            "Network.setCookie", **cookie, secure=True, httpOnly=True, sameSite="Strict"
        )

    def resize(self, width: int, height: int = 900, scheme: str = "light"):
        """As on a screen of this size, which is light or dark."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._call("Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._call("Emulation.setEmulatedMedia", features=features)

    def take_whole_picture(self, name: str):
        """The page from top to bottom."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        picture = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        (ARTEFACTS / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))

    def take_picture(self, name: str):
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        picture = self._call("Page.captureScreenshot", format="png")["data"]
        (ARTEFACTS / f"{name}.png").write_bytes(base64.b64decode(picture))

    def close(self):
        try:
            self._socket.send(json.dumps({"id": 0, "method": "Browser.close"}))
            self._ends.close()
        finally:
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(5)
