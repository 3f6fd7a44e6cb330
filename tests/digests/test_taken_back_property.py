"""By property: whatever happens after a freeze, an edition's counts are a recount of the frozen facts still visible."""

from datetime import date
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from services import network
from services.digests import service
from services.indicators.catalogue import path_of
from services.indicators.models import ContributionRow, IncidentRow, Tally
from services.kernel import db
from services.network import Caller
from services.network.models import Member
from services.reports import Report
from tests.digests.test_editions import november, overview
from tests.digests.test_taken_back import Sums, sums_of
from tests.indicators.test_recount import ORGANISATIONS, PERSONS, Stage, beginnings, bodies, numbers, steps
from tests.models.incidents import Fact, Link, recount
from tests.models.incidents import Report as Told

EXAMPLES = max(5, settings().max_examples // 8)
takings = st.one_of(
    st.tuples(st.just("withdraw"), numbers),
    st.tuples(st.just("revise"), numbers, bodies),
    st.tuples(st.just("settle"), st.booleans()),
)


class Frozen(NamedTuple):
    """The facts at the freeze, taken down by the test itself."""

    told: dict[int, Told]
    links: set[Link]
    received: dict[int, tuple[int, str]]
    """Audience and status of the reports received, but for selections."""


def as_it_stands() -> Frozen:
    with db.reading() as session:
        said: dict[int, list[Fact]] = {}
        for row in session.exec(select(ContributionRow)).all():
            place = "/".join(reversed(path_of(row.place)))
            fact = Fact(row.indicator, place, row.occurred_from, row.occurred_to, row.value)
            said.setdefault(row.report_id, []).append(fact)
        tallies = [row for row in session.exec(select(Tally)).all() if row.audience_id is not None]
        told = {
            row.report_id: Told(frozenset({row.audience_id}), row.status, tuple(said.get(row.report_id, ())))
            for row in tallies
        }
        links = {frozenset(edge) for row in session.exec(select(IncidentRow)).all() for edge in row.edges}
        standing = [row for row in session.exec(select(Report)).all() if row.withdrawn_at is None]
        received = {row.key: (row.audience_id, row.status) for row in standing if not row.selection}
    return Frozen(told, links, received)


def expected(frozen: Frozen, caller: Caller) -> tuple[Sums, int]:
    """A brute-force recount of what this caller may see by its rights now, and by the marking then and now."""
    with db.reading() as session:
        seen = set(network.visible(session, caller))
        rows = session.exec(select(Report)).all()
    open_now = {row.key for row in rows if row.withdrawn_at is None and row.audience_id in seen}
    kept = {key: one for key, one in frozen.told.items() if key in open_now}
    sums = {
        (indicator, status, place.rpartition("/")[2], f"{bucket}-01"): value
        for (indicator, status, grain, bucket, place), value in recount(kept, frozen.links, seen).items()
        if grain == "month" and date.fromisoformat(f"{bucket}-01") <= date(2026, 11, 1)
    }
    came = [
        key for key, (then, what) in frozen.received.items() if then in seen and key in open_now and what == "actual"
    ]
    return sums, len(came)


def callers() -> dict[str, Caller]:
    scopes = frozenset({"digests:read"})
    with db.reading() as session:
        slugs = network.directory(session).slugs
        members: dict[str, Any] = {one.login: one for one in session.exec(select(Member)).all()}
        keys = {slug: Caller(slugs[slug], key_id=1, scopes=scopes) for slug in ORGANISATIONS}
        return keys | {one: Caller(slugs[of], member_id=members[one].key, scopes=scopes) for one, of in PERSONS.items()}


def compare(frozen: Frozen, edition: str) -> None:
    for name, caller in callers().items():
        sums, received = expected(frozen, caller)
        assert sums_of(caller, edition) == sums, name
        with db.reading() as session:
            document = service.as_json(service.rendered(session, caller, edition, "en").document)
        assert overview(document)["Reports received in the period"] == received, name


@given(
    before=st.tuples(beginnings, st.lists(steps, max_size=5)),
    after=st.lists(st.one_of(takings, takings, steps), min_size=1, max_size=6),
)
@settings(max_examples=EXAMPLES)
def test_an_editions_counts_are_a_recount_of_the_frozen_facts_that_are_visible_still(world, before, after):
    stage = Stage(world)
    for step in (*before[0], ("settle", True), *before[1]):
        stage.do(step)
    frozen = as_it_stands()
    edition = november(world)
    compare(frozen, edition)
    for step in after:
        stage.do(step)
    compare(frozen, edition)
    world.settle()
    compare(frozen, edition)
