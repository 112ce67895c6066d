"""What a clerk does on a workstation that the script has set up: the self-test, then a slip.

Run on the workstation itself; prints the verdict, then what the refusal said.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "clients"))

from chromium import Chromium  # noqa: E402

browser = Chromium(Path(tempfile.mkdtemp()), None)
try:
    browser.open("https://test.lachan.internal/")
    browser.click("Thử với số mẫu")
    browser.wait_for("/^(Chưa )?đạt/i.test(document.querySelector('#verdict').innerText)")
    print(browser.evaluate("document.querySelector('#verdict').innerText"))
    browser.open("https://chatgpt.com/?q=CCCD%20001099000077%20Nguyen%20Van%20Thu")
    print(browser.text())
finally:
    browser.close()
