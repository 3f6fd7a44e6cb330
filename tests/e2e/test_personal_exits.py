"""A report that holds personal data shows it to its owner, and to nobody else at any exit of the register."""

import io
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pypdf
import pytest

from services.network import ROLES
from tests import exits
from tests.e2e.two_worlds import DEEP
from tests.persons import signed_in
from tests.world import World, amber, build_due, expect, report

pytestmark = pytest.mark.one_kind("postgresql")
PHONE, MAIL, ACCOUNT, PASSPORT = "+996 700 123 456", "first.last@example.org", "KZ86125KZT5004100100", "AN7654321"
SAID = f"звонить {PHONE}, писать {MAIL}, счёт {ACCOUNT}, паспорт {PASSPORT}"
PIECES = ("700 123 456", "700123456", "first.last", "KZT5004100100", "5004100100", "7654321")
LINE = {"text": f"In brief: {SAID}", "marking": {"tlp": "GREEN", "attribution": "chatham"}}
SECRET: dict[str, Any] = {
    "title": f"Задержание, {PHONE}, паспорт {PASSPORT}",
    "text": f"Вооружённые люди задержаны на посту. Им {SAID}.",
    "kind": "situation", "occurred_from": "2026-11-01", "occurred_to": "2026-11-01",
    "source": {"kind": "relayed", "document": f"Письмо, {SAID}"},
    "judgement": {
        "statement": f"It is likely that he of {PHONE} returns.", "scale": "phia", "word": "likely",
        "confidence": "low",
    },
    "tear_line": LINE,
    "marking": amber("office") | {"handling": "H3", "handling_note": f"Сначала {SAID}"},
}  # fmt: skip

FORM = {"kind": "incident", "judgement": None, "form": "incident", "answers": {"response": {"value": f"Им {SAID}."}}}


@pytest.fixture
def told(world: World) -> dict[str, str]:
    """A network in which personal data is told, revised, counted, asked about and frozen; what examples name of it."""
    for slug in ("north", "far"):
        world.enrol(slug)
    world.enrol("office", "secretariat")
    world.group("ring", "north", "office")
    reference = world.submit("north", **SECRET)
    chained = {"kind": "relayed", "chain": [{"name": f"сторож {PHONE}"}, {"document": f"Письмо, {SAID}"}]}
    more = world.submit("north", **SECRET | {"source": chained, "own_reference": "A-2", "tear_line": None})
    world.settle()
    again = report() | SECRET | FORM | {"title": f"Повторно: {PHONE}"}
    assert world.client.put(f"/v1/reports/{more}", json=again, headers=world.auth("north")).status_code == 200
    world.settle()
    words = {"title": f"In English: {PHONE}", "summary": f"They: {SAID}."}
    for one in (reference, more):
        put = world.client.put(f"/v1/reports/{one}/translations/en", json=words, headers=world.auth("north"))
        assert put.status_code in (200, 201, 204), put.text
    build_due(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))
    wanted = {"kind": "release", "wanted": "For the group.", "reason": "It concerns them."}
    world.client.post(f"/v1/reports/{reference}/requests", json=wanted, headers=world.auth("office"))
    names = Names({
        "report": reference, "theirs": more, "organisation": "north", "group": "ring", "request": "REQ-1111-1111-1111",
        "token": "x" * 43, "assignment": expect(world, "north"), "attached": world.attach("north", reference),
        "edition": world.get("office", "/v1/digests")[0]["reference"],
    })  # fmt: skip
    world.settle()
    return names


class Names(dict[str, str]):
    """What examples name; what is not named here is named by a reference that was never given."""

    def __missing__(self, name: str) -> str:
        return "EWN-1111-1111-1111"


def looks(*, key: bool) -> list[str]:
    """All that can be looked at, each report by itself too. A key gets no page, and what it gets a person gets too: it
    looks at what tells of reports, in the long runs at all."""
    if key and not DEEP:
        return [path for path in exits.looks(telling=True) if path.startswith("/v1")]
    paths = [*exits.looks(), *exits.looks(dear=True)]
    return [*paths, *(path.replace("{report}", "{theirs}") for path in paths if "{report}" in path)]


def words_of(content: bytes, kind: str) -> str:
    """What a reader reads in an answer."""
    if "pdf" in kind or content.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return unescape(content.decode("utf-8", "replace"))


def leaks(world: World, told: dict[str, str], who: dict[str, str]) -> tuple[list[str], int]:
    """Where any of it can be read, and how many answers were given."""
    found, given = [], 0
    key = "Authorization" in who
    for path in looks(key=key):
        if key and not path.startswith("/v1"):
            continue
        accept = {} if path.startswith("/v1") else {"Accept": "text/html"}
        answer = world.client.get(path.format_map(told), headers=who | accept)
        given += answer.status_code == 200
        words = words_of(answer.content, answer.headers.get("content-type", ""))
        found += [f"{path}: {piece}" for piece in PIECES if piece in words]
    return found, given


def test_nobody_but_the_owner_reads_it_at_any_exit(world: World, told: dict[str, str]) -> None:
    eva = signed_in("eva", "office", *ROLES)
    for who in (world.auth("office"), eva, world.auth("far"), signed_in("fay", "far", *ROLES)):
        found, given = leaks(world, told, who)
        assert found == []
        assert given > 25
    shown = world.get("office", f"/v1/reports/{told['report']}")
    assert "█" in shown["title"] + shown["text"]
    assert "█" in str(shown["source"]) + str(shown["judgement"]) + str(shown["terms"])
    assert "█" in world.get("office", f"/v1/reports/{told['theirs']}")["answers"]["response"]["value"]
    assert "█" in world.get("far", "/v1/tear-lines")["tear_lines"][0]["text"]
    edition = world.client.get(f"/v1/digests/{told['edition']}/document.html", headers=world.auth("office"))
    assert "█" in edition.text


def test_the_owner_reads_it(world: World, told: dict[str, str]) -> None:
    ada = signed_in("ada", "north", *ROLES)
    for who in (world.auth("north"), ada):
        found, _ = leaks(world, told, who)
        assert any(one.startswith("/v1/reports/{report}:") for one in found)
        assert any(one.startswith("/v1/reports/{report}/original:") for one in found)
    assert not any("/digests/" in one for one in found)  # editions hold it masked for everybody


def test_no_search_by_it_finds_the_report_for_others(world: World, told: dict[str, str]) -> None:
    for piece in ("700", "123", "456", "first", "last@", "example.org", "KZ86", "4100100", "7654321", "AN76"):
        for path in ("/v1/reports", "/v1/reports?kind=situation"):
            found = world.client.get(path, params={"q": piece}, headers=world.auth("office")).json()
            assert found["reports"] == [], piece
        mine = {one["reference"] for one in world.get("north", "/v1/reports", q=piece)["reports"]}
        assert mine or piece in ("4100100", "7654321"), piece  # these stand within a word
    assert world.get("office", "/v1/reports", q="задержаны")["reports"] != []
