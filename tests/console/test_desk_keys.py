"""The desk in a real browser on a served network: each key does what its button does, and buttons need no script."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import uvicorn

from tests.chromium import Chromium, Page, chromium
from tests.persons import signed_in
from tests.world import World
from workers.listener import Listener

CACHE = "Police found a cache of rifles near Herat. A fake passport was found with it."
HERE = "document.activeElement.id"
BOUNDS = ("occurred_from", "occurred_to")
SMALL_ARMS, TRAVEL = "[data-row]:has([value=small-arms])", "[data-row]:has([value=terrorist-travel])"
NEAR_HERAT = """(() => {
  const nodes = [...document.querySelectorAll(".text, .text mark, .text sup a")].flatMap((one) => [...one.childNodes]);
  const [from, to] = [nodes.find((one) => /near $/.test(one.data)), nodes.find((one) => /^[.]/.test(one.data))];
  getSelection().setBaseAndExtent(from, from.data.indexOf("near"), to, 0);
})()"""
Asked = tuple[str, str, dict[str, list[str]]]


@dataclass
class Served:
    """The application behind the listener that `ewn api` uses, and what browsers asked of it."""

    application: Any
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = bytearray()

        async def received() -> Any:
            part = await receive()
            body.extend(part.get("body", b""))
            return part

        async def sent(part: Any) -> None:
            if part["type"] == "http.response.start" and not scope["path"].startswith("/static"):
                path = f"{scope['path']}?{scope['query_string'].decode()}".removesuffix("?")
                self.asked.append((scope["method"], path, parse_qs(body.decode())))
            await send(part)

        await self.application(scope, received, sent)

    def since(self, before: int) -> list[Asked]:
        """What was asked for, but for where answers led."""
        return [one for one in self.asked[before:] if one[0] == "POST"] or self.asked[before:]


@pytest.fixture
def served(world: World) -> Iterator[Served]:
    made = Served(world.client.app)
    server = uvicorn.Server(uvicorn.Config(made, http=Listener, ws="none", lifespan="off", log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()
        httpx.get(f"{made.url}/healthz", timeout=30)
        yield made
        server.should_exit = True
        serving.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("chromium")) as made:
        yield made


@pytest.fixture
def analyst(world: World) -> str:
    return signed_in("eva", "office", "analyst", "editor")["Cookie"]


@pytest.fixture
def page(browser: Chromium, served: Served, analyst: str) -> Iterator[Page]:
    with browser.page(served.url, analyst) as made:
        yield made


@pytest.fixture
def bare(browser: Chromium, served: Served, analyst: str) -> Iterator[Page]:
    """A page that runs no script."""
    with browser.page(served.url, analyst, script=False) as made:
        yield made


def tell(world: World, **more: object) -> str:
    body = {"title": "A cache", "text": CACHE, "themes": ["cyber"], "place": None}
    reference = world.submit("north", **body | more)
    world.settle()
    return reference


def two(world: World) -> tuple[str, str]:
    """A report, and another that tells nothing of it."""
    told = tell(world)
    return told, tell(world, title="Another", text="Nothing of this.", **dict.fromkeys(BOUNDS, "2026-09-01"))


class Record:
    """What analysts said, as one of them reads it by API."""

    def __init__(self, world: World, cookie: str) -> None:
        self._world = world
        self._headers = {"Cookie": cookie}

    def said(self, reference: str) -> dict[str, str]:
        """The last word on each tag."""
        return {one["value"]: one["decided"] for one in self._read(reference, "tags")["decisions"]}

    def linked(self, reference: str) -> list[tuple[str, bool]]:
        """The others of its pairs, and whether they are of one incident."""
        return [(one["report"], one["joined"]) for one in self._read(reference, "links")["pairs"]]

    def _read(self, reference: str, what: str) -> Any:
        answer = self._world.client.get(f"/v1/reports/{reference}/{what}", headers=self._headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def record(world: World, analyst: str) -> Record:
    return Record(world, analyst)


def stand_on(page: Page, selector: str) -> None:
    """Go down the tags, from the first, with the key for it."""
    for _ in range(20):
        page.press("j")
        if page.look(f"document.activeElement.matches('{selector}')"):
            return
    raise AssertionError(f"no tag {selector}")


def test_the_keys_of_a_tag_do_what_its_buttons_do(world: World, served: Served, page: Page, record: Record) -> None:
    reference = tell(world)
    path = f"/desk/{reference}"
    for key, layout, selector, value, decided in (
        ("y", "", SMALL_ARMS, "small-arms", "confirmed"),
        ("n", "", TRAVEL, "terrorist-travel", "rejected"),
        ("н", "KeyY", SMALL_ARMS, "small-arms", "confirmed"),  # the same key on a keyboard that writes Cyrillic
    ):
        page.open(path)
        stand_on(page, selector)
        begun = len(served.asked)
        page.leads(lambda key=key, layout=layout: page.press(key, layout))
        (by_key,) = served.since(begun)
        following = page.look("location.hash.slice(1)")
        assert page.look(HERE) == following, "it goes on to the next tag"
        world.settle()
        assert record.said(reference)[value] == decided
        page.leads(lambda selector=selector: page.click(f"{selector} [value=undecided]"))
        world.settle()
        assert record.said(reference)[value] == "undecided"
        page.open(path)
        begun = len(served.asked)
        page.leads(lambda selector=selector, decided=decided: page.click(f"{selector} [value={decided}]"))
        assert served.since(begun) == [by_key]
        assert by_key[2]["decided"] == [decided]
        world.settle()
        assert record.said(reference)[value] == decided
        page.leads(lambda selector=selector: page.click(f"{selector} [value=undecided]"))
        world.settle()


def test_a_missed_theme_and_another_report_are_told_by_keys_as_by_buttons(
    world: World, served: Served, page: Page, record: Record
) -> None:
    reference, other = two(world)
    path = f"/desk/{reference}"
    page.open(path)
    page.look(NEAR_HERAT)
    page.press("a")
    assert page.look(HERE) == "theme"
    assert page.look("document.getElementById('words').value") == "near Herat"
    page.write("bor")
    assert page.look("document.getElementById('theme').value") == "border-security"
    begun = len(served.asked)
    for _ in range(3):  # over the words and the reason
        page.press("Tab")
    page.leads(lambda: page.press("Enter"))
    (by_key,) = served.since(begun)
    world.settle()
    assert record.said(reference) == {"border-security": "added"}
    page.open(path)
    assert page.look("document.querySelector('[data-row]:has([value=border-security]) q').textContent") == "near Herat"
    page.leads(lambda: page.click("[data-row]:has([value=border-security]) [value=undecided]"))
    world.settle()
    page.open(path)
    page.focus("#theme")
    page.write("bor")
    page.click("#words")
    page.write("near Herat")
    begun = len(served.asked)
    page.leads(lambda: page.click("form:has(#theme) p button"))
    assert served.since(begun) == [by_key]
    world.settle()

    page.open(path)
    page.press("l")
    assert page.look(HERE) == "other"
    page.write(other.lower())
    begun = len(served.asked)
    page.press("Enter")
    assert page.look(HERE) == "other", "Enter says neither of two opposite things"
    for _ in range(2):
        page.press("Tab")
    page.leads(lambda: page.press("Enter"))
    (by_key,) = served.since(begun)
    world.settle()
    assert record.linked(reference) == [(other, True)]
    page.open(path)
    page.leads(lambda: page.click(f".near li:has([value='{other}']) [value=undecided]"))
    world.settle()
    assert record.linked(reference) == [(other, False)]
    page.open(path)
    page.click("#other")
    page.write(other.lower())
    begun = len(served.asked)
    page.leads(lambda: page.click("form:has(#other) [value=same]"))
    assert served.since(begun) == [by_key]
    world.settle()
    assert record.linked(reference) == [(other, True)]


def test_a_question_the_end_and_the_way_to_the_next_are_a_key_each(world: World, served: Served, page: Page) -> None:
    first, second = sorted((tell(world), tell(world, text="A forged document was seen.", themes=[])), reverse=True)
    page.open("/desk?state=open")
    page.press("j")
    page.press("j")
    page.press("k")
    page.leads(lambda: page.press("Enter"))
    path = f"/desk/{first}?state=open"
    assert page.look("location.pathname + location.search") == path
    asked = []
    for act in (lambda: page.press("q"), lambda: page.click("[data-key=q]")):
        page.open(path)
        begun = len(served.asked)
        page.leads(act)
        asked.append(served.since(begun))
    assert asked[0] == asked[1] == [("GET", f"/inquiries/new?report={first}", {})]
    assert page.look("document.querySelector('main form').elements.report.value") == first
    page.open(path)
    page.press("?")
    assert page.look("document.querySelector('summary[data-key]').parentNode.open")
    asked = []
    for act in (lambda: page.press("d"), lambda: page.click("[data-key=d]")):
        page.open(path)
        begun = len(served.asked)
        page.leads(act)
        asked.append(served.since(begun))
        assert page.look("location.pathname + location.search") == f"/desk/{second}?state=open&was={first}"
        page.leads(lambda: page.click(".done a"))
        page.leads(lambda: page.click("button[value=open]"))
    assert asked[0] == asked[1] == [("POST", f"/desk/{first}/done?state=open", {"revision": ["1"], "act": ["done"]})]
    for there in (f"/desk/{second}?state=open&was={first}", f"/desk?state=open&was={second}"):
        page.leads(lambda: page.press("d"))
        assert page.look("location.pathname + location.search") == there


def test_keys_do_nothing_while_somebody_types_or_holds_another(
    world: World, served: Served, page: Page, record: Record
) -> None:
    reference = tell(world)
    page.open(f"/desk/{reference}?find=herat")
    stand_on(page, SMALL_ARMS)
    page.look("addEventListener('click', (event) => { window.pressed = (window.pressed || 0) + 1; }, true)")
    page.look("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    fields = page.look("[...document.querySelectorAll('main input:not([type=hidden])')].map((one) => one.id)")
    assert {"words", "find", "other", "found-words", "reason-theme", "reason-link"} <= set(fields)
    begun = len(served.asked)
    keys = "jkynalqd?"
    for name in fields:
        page.focus(f"#{name}")
        page.look("document.activeElement.value = ''")
        page.write(keys)
        assert (page.look(HERE), page.look("document.activeElement.value")) == (name, keys)
    page.focus("#theme")
    page.write(keys)
    assert page.look(HERE) == "theme"
    page.look("document.activeElement.blur()")
    for held in (1, 2, 4):
        for key in "ynald":
            page.press(key, held=held)
    assert not page.look("window.pressed")
    assert served.asked[begun:] == []
    assert record.said(reference) == {}
    page.open(f"/desk/{reference}")
    stand_on(page, SMALL_ARMS)
    page.leads(lambda: page.press("y"))
    assert record.said(reference) == {"small-arms": "confirmed"}, "outside of fields they do"


def test_without_a_script_every_button_of_the_desk_works(
    world: World, served: Served, bare: Page, record: Record
) -> None:
    reference, other = two(world)
    path = f"/desk/{reference}"
    bare.open(path)
    begun = len(served.asked)
    bare.write("jkynalqd?")
    assert (bare.look("location.pathname"), served.asked[begun:]) == (path, [])
    bare.leads(lambda: bare.click(f"{SMALL_ARMS} [value=confirmed]"))
    world.settle()
    bare.leads(lambda: bare.click(f"{TRAVEL} [value=rejected]"))
    world.settle()
    bare.focus("#theme")
    bare.write("bor")
    bare.leads(lambda: bare.click("form:has(#theme) p button"))
    world.settle()
    assert record.said(reference) == {
        "small-arms": "confirmed", "terrorist-travel": "rejected", "border-security": "added"
    }  # fmt: skip
    bare.click("#other")
    bare.write(other)
    bare.leads(lambda: bare.click("form:has(#other) [value=same]"))
    world.settle()
    assert record.linked(reference) == [(other, True)]
    bare.leads(lambda: bare.click("[data-key=q]"))
    assert bare.look("location.pathname + location.search") == f"/inquiries/new?report={reference}"
    bare.open(path)
    bare.leads(lambda: bare.click("[data-key=d]"))
    assert bare.look("location.pathname") == "/desk"
    assert reference in bare.look("document.querySelector('.done').textContent")
