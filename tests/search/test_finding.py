"""Reports are found by what a reader is given of them, ranked by each alone, and by none once its words are gone."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text as sql

from services.kernel import clock, db
from services.kernel.model import table
from services.search import service
from services.tagging import BESIDE, FoundBy
from tests.reports.test_recalling import recall
from tests.world import World, amber, report
from workers import schedule

PHONE = "+996 555 123 456"


@pytest.fixture
def net(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def found(world: World, slug: str, q: str, **more: Any) -> list[str]:
    return [one["reference"] for one in world.get(slug, "/v1/search", q=q, **more)["hits"]]


def test_what_is_closest_comes_first_and_each_tells_where_its_words_stand(net: World) -> None:
    told = {
        "any form": net.submit("north", title="One", text="Взрывы прогремели на границах."),
        "as asked": net.submit("north", title="Two", text="Взрыв на рынке, далеко от места, где граница."),
        "title, any form": net.submit("north", title="Взрывы на границе", text="Three."),
        "title": net.submit("north", title="Граница: взрыв", text="Four."),
        "one word": net.submit("north", title="Взрыв", text="Five."),
    }
    net.settle()
    page = net.get("south", "/v1/search", q="взрыв граница")
    order = [told[one] for one in ("title", "title, any form", "as asked", "any form")]
    assert [(one["reference"], one["closeness"]) for one in page["hits"]] == list(zip(order, (4, 3, 2, 1), strict=True))
    first, last = page["hits"][0], page["hits"][-1]
    assert [first["title"][start:end] for start, end in first["title_spans"]] == ["Граница", "взрыв"]
    assert first["snippet"] is None
    piece = last["snippet"]
    assert [piece["text"][start:end] for start, end in piece["spans"]] == ["Взрывы", "границах"]
    assert found(net, "south", told["title"].lower()) == [told["title"]]
    assert found(net, "south", '"взрыв" & (граница* | !рынок):^') == []  # all are words
    assert found(net, "south", "взрыв", place="TJ") == []
    assert len(found(net, "south", "взрыв", theme="armed-attack", kind="incident", place="KG")) == 5
    assert set(found(net, "south", "взрыв", language="ru")) < set(told.values())
    assert found(net, "south", "взрыв", language="kk") == []
    pages, cursor = [], None
    while True:
        page = net.get("south", "/v1/search", q="взрыв", size=2, **({"cursor": cursor} if cursor else {}))
        pages += [one["reference"] for one in page["hits"]]
        cursor = page["next"]
        if cursor is None:
            break
        other = net.raw("south", "/v1/search", q="граница", cursor=cursor)
        assert (other.status_code, other.json()["type"]) == (400, "/docs/problems#bad-cursor")
    assert pages == found(net, "south", "взрыв")
    assert len(set(pages)) == 5


@pytest.mark.one_kind
@pytest.mark.parametrize(
    ("q", "problem"), [("", "no-words"), ("*** -- \"'", "no-words"), ("a b c d e f g h i j k", "too-many-words")]
)
def test_a_query_that_asks_nothing_or_too_much_is_told_so(net: World, q: str, problem: str) -> None:
    answer = net.raw("north", "/v1/search", q=q)
    assert (answer.status_code, answer.json()["type"], answer.json()["field"]) == (
        422,
        f"/docs/problems#{problem}",
        "q",
    )
    assert net.raw("north", "/v1/search", q="x" * 201).status_code == 422
    assert net.get("north", "/v1/reports", q=q)["reports"] == []


def test_hidden_reports_change_no_byte_of_what_is_found(net: World) -> None:
    for n in range(4):
        net.submit("north", title=f"Clash {n}" if n % 2 else "Quiet", text=f"A clash at pass {n}.")
    net.settle()
    asked = [("clash", None), ("clash pass", 2), ("quiet", 1)]
    seen = [net.raw("far", "/v1/search", q=q, **({"size": n} if n else {})).content for q, n in asked]
    for n in range(12):
        net.submit("north", title="Clash pass" if n % 2 else "Pass clash quiet", marking=amber("south"))
    net.settle()
    assert len(found(net, "south", "clash")) == 16
    assert [net.raw("far", "/v1/search", q=q, **({"size": n} if n else {})).content for q, n in asked] == seen


def test_nobody_but_its_owner_finds_a_report_by_what_is_covered_for_others(net: World) -> None:
    sent = net.submit("north", title=f"Call {PHONE}", text="<p>Guards wrote to first.last@example.org</p> of it.")
    net.attach("north", sent, f"Wagons with ammonium left; ask {PHONE}.".encode())
    net.settle()
    for q in ("555", "123", "456", "first", "last@example.org", "example"):
        assert found(net, "south", q) == [], q
    assert found(net, "north", "first.last@example.org") == [sent]
    assert found(net, "north", PHONE) == [sent]
    for slug in ("north", "south", "far"):
        (hit,) = net.get(slug, "/v1/search", q="ammonium wagon")["hits"]
        assert hit["snippet"]["found_in"] == "attachment"
        assert "555" not in hit["snippet"]["text"]
        assert found(net, slug, "guards") == [sent]


def test_files_that_are_too_long_to_look_through_find_a_report_and_show_no_piece(
    net: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    long, short = (net.submit("north", title=f"Wagons {n}") for n in range(2))
    net.attach("north", long, b"Wagons with ammonium left. " * 3)
    net.attach("north", short, b"Ammonium was found.")
    net.settle()
    monkeypatch.setattr(service, "MOST_IN_FILES", 40)
    pieces = {hit["reference"]: hit["snippet"] for hit in net.get("south", "/v1/search", q="ammonium")["hits"]}
    assert pieces[long] is None
    assert pieces[short]["text"] == "Ammonium was found."


def withdrawn(world: World, reference: str) -> None:
    body = {"reason": "mistaken"}
    path = f"/v1/reports/{reference}/withdrawal"
    assert world.client.post(path, json=body, headers=world.auth("north")).status_code == 204


def recalled(world: World, reference: str) -> None:
    assert recall(world, "north", reference).status_code == 200


def revised(world: World, reference: str) -> None:
    again = report(title="Lorries", text="Lorries left.")
    assert world.client.put(f"/v1/reports/{reference}", json=again, headers=world.auth("north")).status_code == 200


def bared(world: World, reference: str) -> None:
    files = f"/v1/reports/{reference}/attachments"
    (file,) = world.get("north", files)["attachments"]
    path = f"{files}/{file['reference']}"
    assert world.client.delete(path, headers=world.auth("north")).status_code == 204


def held() -> tuple[int, int]:
    """How many reports words are kept of, and on SQLite how many words."""
    with db.reading() as session:
        rows = session.execute(sql(f"select count(*) from {table(FoundBy).name}")).scalar_one()
        lite = db.is_sqlite(session)
        return rows, session.execute(sql(f"select count(*) from {BESIDE[0]}")).scalar_one() if lite else 0


@pytest.mark.parametrize("words_go", [withdrawn, recalled, revised, bared])
def test_whose_words_go_is_found_by_none_before_any_worker_has_run(
    net: World, words_go: Callable[[World, str], None]
) -> None:
    sent = net.submit("north", title="Lorries", text=f"Call {PHONE}.")
    net.attach("north", sent, b"Ammonium was found.")
    net.settle()
    assert found(net, "south", "lorry ammonium") == [sent]
    words_go(net, sent)
    assert held() == (0, 0)
    assert found(net, "north", "ammonium", mine="true") == []
    net.settle()
    assert found(net, "south", "lorry") == ([sent] if words_go in (revised, bared) else [])
    assert found(net, "south", "ammonium") == ([sent] if words_go is revised else [])


@pytest.mark.one_kind
def test_what_was_tagged_before_there_was_an_index_is_found_once_it_was_screened_again(net: World) -> None:
    sent = net.submit("north", text=f"Ammonium was found; call {PHONE}.")
    net.attach("north", sent, b"A lorry.")
    net.settle()
    with db.transaction() as session:  # as the migration leaves it
        session.execute(sql("DELETE FROM found_by"))
        session.execute(sql("UPDATE tagging SET screened = ''"))
    assert found(net, "south", "ammonium") == []
    schedule.do({job.name: job for job in schedule.JOBS}["screenings"], clock.now())
    assert found(net, "south", "ammonium lorry") == [sent]
    assert found(net, "south", "555") == []
