"""Quarters and years, which have no cells: counted when asked for, from what one viewer sees (docs/adr/0005)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import literal, select
from sqlmodel import Session

from services.indicators.counting import Contribution, Key, Pattern, Spread, Told, fold, following, spread
from services.indicators.history import CONTRIBUTION, TALLY
from services.indicators.tallying import edges
from services.kernel import db
from services.kernel.bulk import among
from services.kernel.errors import Invalid

MOST = 20_000  # contributions that are counted for one answer: what takes about a second
_LAST = "counted when asked for"
NO_INCIDENT = 0  # keys begin at 1


class TooMuchToCount(Invalid):
    title = "There is too much to count at this grain"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The cells of an answer: one indicator and status, in these places, in the buckets that begin on these days."""

    indicator: str
    status: str
    grain: str
    places: Sequence[str]
    starts: Sequence[date]

    def holds(self, key: Key) -> bool:
        """Whether a cell is one of these."""
        return key.place in self.places and self.starts[0] <= key.bucket <= self.starts[-1]


@dataclass(frozen=True, slots=True)
class Counted:
    """What the cells are worth to a viewer, and the audiences that told any of it."""

    sums: dict[tuple[str, date], int]
    told: set[int]


def counted(session: Session, seen: Collection[int], wanted: Wanted) -> Counted:
    """What whoever sees these audiences may know: a recount of what was counted under them, and of nothing else.

    Raises:
        TooMuchToCount: the viewer sees more than is counted for one answer.
    """
    visible = frozenset(seen)
    asked = wanted, visible
    held: tuple[Any, Counted] | None = session.info.get(_LAST)
    if held is not None and held[0] == asked:
        return held[1]  # the values and their label are asked for in one read of one state
    found = _counted(session, visible, wanted)
    if session.info.get(db.SNAPSHOT):
        session.info[_LAST] = asked, found
    return found


def _counted(session: Session, visible: frozenset[int], wanted: Wanted) -> Counted:
    told, incidents = _contributing(session, visible, wanted)
    # Also where there is none: how many statements it takes must not tell that a report is in one with hidden ones.
    told = _with_members(session, visible, wanted.status, told, incidents)
    links = edges(session, sorted(incidents) or [NO_INCIDENT])
    found = Spread.nothing()
    spread(told, links, found, 1, (wanted.grain,))
    sums: dict[tuple[str, date], int] = {}
    audiences: set[int] = set()

    def add(key: Key, worth: int, by: Collection[int]) -> None:
        if worth and wanted.holds(key):
            at = key.place, key.bucket
            sums[at] = sums.get(at, 0) + worth
            audiences.update(by)

    for (key, audience), worth in found.cells.items():
        add(key, worth, (audience,))
    for (key, text), times in found.overlaps.items():
        pattern = Pattern.read(text)
        add(key, times * fold(pattern, visible), [node.audience for node in pattern.nodes])
    return Counted(sums, audiences)


def _contributing(session: Session, seen: frozenset[int], wanted: Wanted) -> tuple[dict[int, Told], set[int]]:
    """The visible reports that add to any of the cells, and the incidents of those that are in one."""
    ends = following(wanted.starts[-1], wanted.grain)
    statement = (
        select(CONTRIBUTION, TALLY.c.audience_id, TALLY.c.incident_id)
        .join(TALLY, TALLY.c.report_id == CONTRIBUTION.c.report_id)
        .where(
            CONTRIBUTION.c.indicator == wanted.indicator,
            CONTRIBUTION.c.occurred_from >= wanted.starts[0],
            CONTRIBUTION.c.occurred_from < ends,
            CONTRIBUTION.c.occurred_to < ends,
            TALLY.c.status == wanted.status,
            among(TALLY.c.audience_id),
        )
        .limit(MOST + 1)
    )
    if len(wanted.places) == 1:  # a path holds the codes of all places above, with spaces between
        path = literal(" ") + CONTRIBUTION.c.path + literal(" ")
        statement = statement.where(path.contains(f" {wanted.places[0]} ", autoescape=True))
    rows = session.execute(statement, {"keys": seen}).all()
    if len(rows) > MOST:
        raise TooMuchToCount(
            f"At most {MOST} contributions: ask for a shorter period, a smaller place or months.", field="grain"
        )
    said: dict[int, list[Contribution]] = {}
    for row in rows:
        one = Contribution(row.indicator, tuple(row.path.split()), row.occurred_from, row.occurred_to, row.value)
        said.setdefault(row.report_id, []).append(one)
    under = {row.report_id: row.audience_id for row in rows}
    told = {key: Told(key, under[key], wanted.status, tuple(some)) for key, some in said.items()}
    return told, {row.incident_id for row in rows if row.incident_id is not None}


_MEMBERS = select(TALLY.c.report_id, TALLY.c.audience_id).where(
    among(TALLY.c.incident_id, "incidents"), among(TALLY.c.audience_id)
)


def _with_members(
    session: Session, seen: frozenset[int], status: str, told: dict[int, Told], incidents: set[int]
) -> dict[int, Told]:
    """With all that is told in one incident with them: a report that adds nothing may join two that do."""
    rows = session.execute(_MEMBERS, {"incidents": incidents, "keys": seen}).all()
    return {row.report_id: Told(row.report_id, row.audience_id, status, ()) for row in rows} | told
