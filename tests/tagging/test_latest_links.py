"""Which alike pair is the link shows in a part of an incident: in an edition, after a narrowing, in what was emptied.
It hangs on nothing that the reader does not see, and holds what is left together."""

from typing import Any

import pytest
from sqlalchemy import delete, select

from services import tagging
from services.kernel import db
from services.kernel.errors import Stale
from services.kernel.events import Outbox
from services.kernel.model import table
from services.reports import Report
from tests.digests.test_editions import november, overview, read
from tests.digests.test_labels import entries
from tests.keeping.clockwork import GONE, NOTICED, keeper, made_rule, turn
from tests.world import World, amber, report
from workers.handler import run

pytestmark = pytest.mark.one_kind
both_worlds = pytest.mark.parametrize("hidden", [False, True])
OUTBOX, REPORT = table(Outbox), table(Report)
GREEN = {"tlp": "GREEN", "attribution": "named"}
STRICT = amber(strict=True)
WORDS = [f"lorem{n}dolor{n * n}" for n in range(30)]
SAME = {"title": "A clash", "text": " ".join(WORDS)}
NEARLY = {"title": "A clash", "text": " ".join([*WORDS[:15], "ante0", *WORDS[16:]])}
DAY = {"occurred_from": "2026-11-01", "occurred_to": "2026-11-01"}
MONTH = {"from": "2026-11-01", "to": "2026-11-30", "grain": "month", "place": "KG"}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far", "east"):
        world.enrol(slug)
    world.enrol("office", "secretariat")
    return world


def sent(world: World, slug: str, **body: Any) -> str:
    reference = world.submit(slug, **(SAME | DAY | {"marking": GREEN} | body))
    world.settle()
    return reference


def changed(world: World, slug: str, path: str, body: dict[str, Any], method: str = "PUT") -> None:
    answer = world.client.request(method, f"/v1/reports/{path}", json=body, headers=world.auth(slug))
    assert answer.is_success, answer.text
    world.settle()


def told(world: World, *, hidden: bool, **first: Any) -> tuple[str, str, str]:
    """Two of north and one of far that tell the same, and one that south never sees; far's is revised."""
    one, two, three = sent(world, "north", **(NEARLY | first)), sent(world, "north"), sent(world, "far")
    if hidden:
        sent(world, "east", marking=STRICT)
    body = report() | SAME | DAY | {"marking": GREEN, "figures": {"killed": 3}}
    changed(world, "far", three, body)
    return one, two, three


def together(world: World, *references: str) -> bool:
    return bool(world.get("south", f"/v1/reports/{references[0]}/incident")["reports"] == sorted(references))


def counted(world: World) -> float:
    points = world.get("south", "/v1/indicators/armed-violence-incidents/series", **MONTH)["points"]
    return float(points[0]["value"])


@both_worlds
def test_an_edition_tells_once_what_was_first_told_before_its_period(parties: World, hidden: bool) -> None:
    early = {"occurred_from": "2026-10-28", "occurred_to": "2026-10-28"}
    assert together(parties, *told(parties, hidden=hidden, **early))
    assert len(entries(read(parties, "south", november(parties)))) == 1


@both_worlds
def test_an_edition_counts_once_what_was_narrowed_in_part(parties: World, hidden: bool) -> None:
    one, two, three = told(parties, hidden=hidden)
    edition = november(parties)
    changed(parties, "north", f"{one}/marking", {"marking": STRICT})
    assert together(parties, three, two)
    assert overview(read(parties, "south", edition))["Incidents of the period"] == 1


@both_worlds
def test_what_was_emptied_stays_together_when_one_is_withdrawn(parties: World, hidden: bool) -> None:
    one, two, three = told(parties, hidden=hidden)
    made_rule(parties, keeper())
    turn(parties, NOTICED)
    turn(parties, GONE)
    parties.settle()
    changed(parties, "north", f"{one}/withdrawal", {"reason": "mistaken"}, "POST")
    assert together(parties, three, two)
    assert counted(parties) == 1


@pytest.mark.parametrize("kinds", [("situation", "incident"), ("incident", "situation")])
@both_worlds
def test_what_is_left_stays_together_when_one_beside_what_was_emptied_goes_out_of_sight(
    parties: World, hidden: bool, kinds: tuple[str, str]
) -> None:
    parties.group("ring", "north", "far")
    one = sent(parties, "north", kind=kinds[0]) if hidden else None
    two, three = sent(parties, "north"), sent(parties, "far", kind=kinds[1])
    made_rule(parties, keeper(), kind="situation")
    turn(parties, NOTICED)
    turn(parties, GONE)
    parties.settle()
    if one:
        changed(parties, "north", f"{one}/marking", {"marking": STRICT})
    assert together(parties, three, two)


@pytest.mark.both_kinds
@both_worlds
def test_one_that_is_opened_while_another_is_tagged_is_linked_to_it(parties: World, hidden: bool) -> None:
    if hidden:
        sent(parties, "north", marking=amber("far", strict=True))
    opened = sent(parties, "north", marking=amber("far", strict=True))
    fresh = parties.submit("far", **SAME, **DAY, marking=GREEN)
    with db.reading() as session:
        key = session.execute(select(REPORT.c.id).where(REPORT.c.reference == fresh)).scalar_one()
        planned = tagging.plan(session, [key])
    answer = parties.client.put(f"/v1/reports/{opened}/marking", json={"marking": GREEN}, headers=parties.auth("north"))
    assert answer.status_code == 200, answer.text
    for _ in range(5):  # another worker tags and counts all else meanwhile
        with db.reading() as session:
            rows = session.execute(select(OUTBOX.c.id, OUTBOX.c.reaction).where(OUTBOX.c.subject_id != key)).all()
        for row in rows:
            run(row.reaction, [row.id])
    try:
        with db.transaction() as session:
            session.execute(delete(OUTBOX).where(OUTBOX.c.subject_id == key, OUTBOX.c.reaction == "tag"))
            tagging.write(session, planned)
    except Stale:
        pass  # its row is there still, and it is planned again
    parties.settle()
    assert together(parties, fresh, opened)
    assert counted(parties) == 1
