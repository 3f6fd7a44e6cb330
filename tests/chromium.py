"""A real Chromium without a window, driven over its DevTools protocol: real keys and clicks, with scripts or without.

It is the one program that tests take from the machine: ``EWN_TEST_CHROMIUM`` names it, else it is looked for on PATH.
Where there is none, the tests say so by their name (`tests/console/conftest.py`).
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.chaos.fleet import eventually
from tests.servers import Process

PATIENCE = 30.0
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--mute-audio",
    "--disable-extensions", "--disable-sync", "--disable-background-networking", "--disable-component-update",
    "--force-prefers-reduced-motion", "--remote-debugging-port=0", "--window-size=1280,1600",
)  # fmt: skip
WHERE = """(selector) => {
  const found = document.querySelector(selector);
  found.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = found.getBoundingClientRect();
  const at = [x + width / 2, y + height / 2];
  return found.contains(document.elementFromPoint(...at)) ? at : null;
}"""
CODES = {"Enter": "\r", "Tab": "", " ": " "}


class Refused(RuntimeError):
    """The browser did not do what it was asked."""


class Chromium:
    """One browser; its pages share nothing with one another."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._numbers = count(1)

    def ask(self, method: str, session: str | None = None, **given: Any) -> dict[str, Any]:
        """One command and its answer; what the browser tells unasked is passed over."""
        number = next(self._numbers)
        asked = {"id": number, "method": method, "params": given} | ({"sessionId": session} if session else {})
        self._line.send(json.dumps(asked))
        while (answer := json.loads(self._line.recv(PATIENCE))).get("id") != number:
            pass
        if "error" in answer:
            raise Refused(f"{method}: {answer['error']['message']}")
        found: dict[str, Any] = answer["result"]
        return found

    @contextmanager
    def page(self, site: str, cookie: str, *, script: bool = True) -> Iterator["Page"]:
        """A page in a profile of its own, in which somebody is signed in (`cookie`: as a request bears it)."""
        profile = self.ask("Target.createBrowserContext")["browserContextId"]
        target = self.ask("Target.createTarget", url="about:blank", browserContextId=profile)["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        made = Page(self, session, site)
        name, _, value = cookie.partition("=")
        made.ask("Network.setCookie", name=name, value=value, url=site)
        made.ask("Emulation.setScriptExecutionDisabled", value=not script)
        made.ask("Emulation.setFocusEmulationEnabled", enabled=True)
        yield made
        self.ask("Target.disposeBrowserContext", browserContextId=profile)


def program() -> str | None:
    """Where this machine has a Chromium."""
    return next(filter(None, map(shutil.which, filter(None, (os.environ.get("EWN_TEST_CHROMIUM"), *NAMES)))), None)


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """A browser that keeps what it needs in this folder, and is ended with the block."""
    started = program()
    assert started
    told = folder / "profile" / "DevToolsActivePort"
    command = [started, *FLAGS, f"--user-data-dir={told.parent}", "about:blank"]
    process = Process.launch(command, folder=folder, log=folder / "chromium.log")

    def listens() -> bool:
        process.fail_if_ended()
        return told.exists() and "\n/" in told.read_text(encoding="ascii")

    try:
        eventually(listens, "the browser listens", PATIENCE)
        port, path = told.read_text(encoding="ascii").split()
        with connect(f"ws://127.0.0.1:{port}{path}", max_size=None, proxy=None, compression=None) as line:
            yield Chromium(line)
    finally:
        process.stop()


class Page:
    """One page: what somebody does with keyboard and mouse, and what is there then."""

    def __init__(self, browser: Chromium, session: str, site: str) -> None:
        self._browser = browser
        self._session = session
        self._site = site

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        return self._browser.ask(method, self._session, **given)

    def look(self, expression: str) -> Any:
        """What an expression gives in the page; whoever tests looks also where the page's own scripts are off."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise Refused(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def open(self, path: str) -> None:
        """Go there; it has come whole when this returns."""
        self.leads(lambda: self.ask("Page.navigate", url=f"{self._site}{path}"))

    def leads(self, act: Callable[[], object]) -> None:
        """Do something that leads to another page, and wait until that is whole."""
        self.look("window.before = true")
        act()
        eventually(self._whole, "another page", PATIENCE)

    def press(self, key: str, code: str = "", *, held: int = 0) -> None:
        """Press a key and let it go; the page has seen it when this returns. `held`: 1 Alt, 2 Control, 4 Meta."""
        text = "" if held else CODES.get(key, key)
        code = code or (key if key in CODES else f"Key{key.upper()}" if key.isalpha() else "Slash")
        number = {"Enter": 13, "Tab": 9}.get(key, ord(code[-1]) if code.startswith("Key") else 0)
        what = {"key": key, "code": code, "modifiers": held, "windowsVirtualKeyCode": number}
        self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **what)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **what)

    def write(self, text: str) -> None:
        """Press the keys of a text one after another."""
        for letter in text:
            self.press(letter)

    def click(self, selector: str) -> None:
        """Press an element with the mouse, where it stands."""
        seen: list[Any] = []

        def stands() -> bool:
            """Whether it is twice at one place, with nothing before it: a page that has just come may still move."""
            seen.append(self.look(f"({WHERE})({json.dumps(selector)})"))
            return bool(seen[-1]) and seen[-2:-1] == seen[-1:]

        eventually(stands, f"{selector} stands still", PATIENCE)
        where = {"x": seen[-1][0], "y": seen[-1][1], "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, **where)

    def focus(self, selector: str) -> None:
        """Go into a field."""
        self.look(f"document.querySelector({json.dumps(selector)}).focus()")

    def _whole(self) -> bool:
        try:
            return bool(self.look("!window.before && document.readyState === 'complete'"))
        except Refused:  # between two pages there is none to ask
            return False
