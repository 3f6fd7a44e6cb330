"""A browser without JavaScript: it follows links, fills forms by their labels, and reads pages as bs4 does."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from services.kernel import db
from services.kernel.config import settings
from tests.chromium import program
from tests.client import client_of
from tests.laid import close_whole, configure
from tests.world import World

PASSWORD = "a long password"
collect_ignore = ["test_no_browser.py" if program() else "test_desk_keys.py"]
MEMBERS = {  # invited when they first open their browser: a password costs a tenth of a second
    "ada": ("north", "focal_point"),
    "ben": ("south", "focal_point"),
    "eva": ("office", "analyst", "editor"),
    "max": ("office", "administrator"),
    "abe": ("north", "analyst"),
}


class Browser:
    """One person at a browser, signed in or not."""

    def __init__(self, client: TestClient, language: str = "en") -> None:
        self.client = client
        self.client.headers.update(
            {"Accept": "text/html", "Accept-Language": language, "Sec-Fetch-Site": "same-origin"}
        )

    def get(self, path: str) -> BeautifulSoup:
        """A page that must be there."""
        answer = self.raw(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return BeautifulSoup(answer.text, "lxml")

    def raw(self, path: str) -> Response:
        """Whatever the answer is, redirects followed."""
        return self.client.get(path)

    def sign_in(self, login: str, password: str = PASSWORD, language: str = "en") -> "Browser":
        """Sign in through the form, then choose a language. The overview, to which that leads, costs most of pages."""
        answer = self.send(self.get("/sign-in"), "/sign-in", follow=False, login=login, password=password)
        assert answer.status_code == 303, answer.text
        self.speak(language)
        return self

    def speak(self, language: str) -> None:
        """Press the button of a language."""
        answer = self.client.post("/language", data={"language": language, "next": "/"}, follow_redirects=False)
        assert answer.status_code == 303

    def send(self, page: BeautifulSoup, action: str, *, follow: bool = True, **changed: object) -> Response:
        """Fill in the form that goes to `action` and send it as a browser without JavaScript would."""
        form = page.find("form", {"action": action})
        assert isinstance(form, Tag), f"no form for {action}"
        values = filled(form)
        for name, value in changed.items():
            assert form.find(attrs={"name": name}), f"the form has no {name}"
            values[name] = value if isinstance(value, list) else [str(value)]
        data = {name: value for name, value in values.items() if value}
        return self.client.request(str(form.get("method", "get")).upper(), action, data=data, follow_redirects=follow)


def filled(form: Tag) -> dict[str, list[str]]:
    """What a form would send as it stands; the first submit button is not pressed."""
    values: dict[str, list[str]] = {}
    for one in form.find_all(["input", "select", "textarea"]):
        name, kind = str(one.get("name", "")), one.get("type", "text")
        if one.name == "select":
            chosen = one.find("option", selected=True) or one.find("option")
            values.setdefault(name, []).append(str(chosen.get("value", "")) if chosen else "")
        elif one.name == "textarea":
            values.setdefault(name, []).append(one.text)
        elif kind in ("checkbox", "radio"):
            if one.has_attr("checked"):
                values.setdefault(name, []).append(str(one["value"]))
        else:
            values.setdefault(name, []).append(str(one.get("value", "")))
    return values


@pytest.fixture(scope="session")
def sqlite_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network to copy from, its keys beside it: to enrol it takes longer than most pages."""
    path = tmp_path_factory.mktemp("network") / "network.db"
    shutil.copy(sqlite_template, path)
    with pytest.MonkeyPatch.context() as patch:
        configure(patch, path.parent)
        db.connect(f"sqlite:///{path}")
        laid = World(TestClient(FastAPI()))
        laid.enrol("office", "secretariat")
        laid.enrol("north", "state")
        laid.enrol("south", "civil_society")
        laid.group("pair", "north", "south")
        close_whole()
    settings.cache_clear()
    path.with_suffix(".json").write_text(json.dumps(laid.keys))
    return path


@pytest.fixture
def world(sqlite: str, sqlite_template: Path, application: FastAPI) -> Iterator[World]:
    """The application on a small network, on SQLite: pages ask no database of their own kind."""
    with client_of(application) as client:
        made = World(client)
        made.keys.update(json.loads(sqlite_template.with_suffix(".json").read_text()))
        yield made


@pytest.fixture
def browser(world: World):
    """Another person's browser on the same service, each call a new one."""
    opened, invited = [], set()

    def open_(login: str | None = None, language: str = "en") -> Browser:
        client = client_of(world.client.app)
        opened.append(client)
        made = Browser(client, language)
        if login in MEMBERS and login not in invited:
            invited.add(login)
            world.member(login, *MEMBERS[login])
        return made.sign_in(login, language=language) if login else made

    yield open_
    for client in opened:
        client.close()
