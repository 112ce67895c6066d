"""A person of the back office, without a browser: signs in with password and code, reads pages."""

import base64
import hashlib
import hmac
import html
import re
import ssl
import struct
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from guard import Guard

PASSWORD = "mot-mat-khau-thu-nghiem-2026"
STEP_SECONDS = 30


class BackOffice:
    """Makes the account, then signs in for the first time, which sets the second factor."""

    def __init__(self, guard: Guard, name: str, role: str):
        guard.command("user", "add", name, "--role", role, typed=f"{PASSWORD}\n")
        self._url = f"https://{guard.addresses.admin}"
        self.cookies = CookieJar()
        handlers = [
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=guard.ca_file)),
            urllib.request.HTTPCookieProcessor(self.cookies),
        ]
        self._opener = urllib.request.build_opener(*handlers)
        self.send("/sign-in", name=name, password=PASSWORD)
        page = self.page("/account/second-factor")
        secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)[1]
        sealed = field(page, "sealed")
        self.name, self._secret = name, secret
        self.send("/account/second-factor", sealed=sealed, code=code_of(secret, time.time()))

    def page(self, path: str) -> str:
        """The text of a page."""
        with self._opener.open(self._url + path, timeout=20) as answer:
            return answer.read().decode()

    @property
    def session(self) -> str:
        """What the cookie of the session holds."""
        return next(cookie.value for cookie in self.cookies if cookie.name == "__Host-lachan")

    @property
    def next_code(self) -> str:
        """The one-time code after the one that was just used; the program takes one step ahead."""
        return code_of(self._secret, time.time() + STEP_SECONDS)

    def send(self, action: str, form_page: str = "", **fields: str) -> str:
        """Fills in a form of a page (by default the page of the same path) and sends it."""
        page = self.page(form_page or action)
        form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
        fields = {"form_token": field(form[0], "form_token"), **fields}
        body = urllib.parse.urlencode(fields).encode()
        with self._opener.open(self._url + action, body, timeout=20) as answer:
            return answer.read().decode()


def field(text: str, name: str) -> str:
    """The value of a hidden field."""
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', text)[1])


def code_of(secret: str, now: float) -> str:
    """The one-time code of a secret (RFC 6238)."""
    key = base64.b32decode(secret.replace(" ", ""), casefold=True)
    mac = hmac.new(key, struct.pack(">Q", int(now) // STEP_SECONDS), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
