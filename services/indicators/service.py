"""Series and maps, per viewer and exact: the visible cells, plus the overlaps folded over what the viewer sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, select, tuple_
from sqlmodel import Session

from services import network, reports, vocabulary
from services.indicators.catalogue import Indicator, catalogue
from services.indicators.counting import GRAINS, Pattern, bucket, fold, following
from services.indicators.models import Observation
from services.indicators.schemas import NewObservations
from services.indicators.summing import summed
from services.indicators.tallying import CELL, OVERLAP, PATTERN
from services.indicators.wider import Wanted, counted
from services.kernel import audit, clock, db
from services.kernel.errors import Invalid, NotFound
from services.kernel.model import table
from services.network import Caller

AUDIENCE = table(network.AudienceRow)
OBSERVATION = table(Observation)
MOST_BUCKETS = 1500


class NoSuchIndicator(NotFound):
    title = "No such indicator"


class TooLong(Invalid):
    title = "The period is too long for this grain"


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one indicator at one place, bucket by bucket; None is `no data`."""

    indicator: Indicator
    place: str
    grain: str
    status: str
    points: tuple[tuple[date, int | None], ...]


def get(code: str) -> Indicator:
    """The indicator of this code."""
    found = catalogue().get(code)
    if found is None:
        raise NoSuchIndicator(f"The pack has no indicator {code[:80]}: see GET /v1/indicators.")
    return found


def series(
    session: Session,
    caller: Caller,
    indicator: Indicator,
    *,
    place: str,
    grain: str,
    first: date,
    last: date,
    status: str = "actual",
) -> Series:
    """A series from the bucket that holds `first` to the one that holds `last`."""
    starts = buckets(first, last, grain)
    seen = network.visible(session, caller)
    where = {"indicator": indicator.code, "grain": grain, "place": place}
    if indicator.source == "external":
        values = _observed(session, seen, where, starts[0], starts[-1]) if status == "actual" else {}
        points = tuple((start, values.get((place, start))) for start in starts)
    else:
        if grain in GRAINS:
            sums = summed(session, seen, where | {"status": status}, starts[0], starts[-1])
        else:
            sums = counted(session, seen, Wanted(indicator.code, status, grain, [place], starts)).sums
        points = tuple((start, sums.get((place, start), 0)) for start in starts)
    return Series(indicator, place, grain, status, points)


def over_places(
    session: Session,
    caller: Caller,
    indicator: Indicator,
    *,
    level: str,
    grain: str,
    start: date,
    status: str = "actual",
) -> dict[str, int | None]:
    """The values of all places of a level in the bucket that holds `start`; None is `no data`."""
    start = bucket(start, grain)
    codes = [place.code for place in vocabulary.places() if place.level == level]
    seen = network.visible(session, caller)
    where: dict[str, Any] = {"indicator": indicator.code, "grain": grain}
    if indicator.source == "external":
        values = _observed(session, seen, where, start, start) if status == "actual" else {}
        return {code: values.get((code, start)) for code in codes}
    if grain in GRAINS:
        sums = summed(session, seen, where | {"status": status}, start, start, places=codes)
    else:
        sums = counted(session, seen, Wanted(indicator.code, status, grain, codes, [start])).sums
    return {code: sums.get((code, start), 0) for code in codes}


def buckets(first: date, last: date, grain: str) -> list[date]:
    """The first days of the buckets from `first` to `last`."""
    if last < first:
        raise Invalid("The period ends before it begins.", field="to")
    starts = [bucket(first, grain)]
    while (after := following(starts[-1], grain)) <= last:
        starts.append(after)
        if len(starts) > MOST_BUCKETS:
            raise TooLong(
                f"At most {MOST_BUCKETS} buckets: ask for a shorter period or a coarser grain.", field="grain"
            )
    return starts


def _observed(
    session: Session, seen: Sequence[int], where: dict[str, Any], first: date, last: date
) -> dict[tuple[str, date], int | None]:
    given = where | {"first": first, "last": last, "seen": list(seen)}
    return {(row.place, row.bucket): row.value for row in session.execute(_observations(tuple(where)), given).all()}


@cache
def _observations(names: tuple[str, ...]) -> Select[Any]:
    statement = select(OBSERVATION.c.place, OBSERVATION.c.bucket, OBSERVATION.c.value).where(
        *(OBSERVATION.c[name] == bindparam(name) for name in names),
        OBSERVATION.c.bucket.between(bindparam("first"), bindparam("last")),
        OBSERVATION.c.audience_id.in_(bindparam("seen", expanding=True)),
    )
    return statement.order_by(OBSERVATION.c.released_at, OBSERVATION.c.audience_id)


def observe(session: Session, caller: Caller, indicator: Indicator, new: NewObservations) -> int:
    """Store values of an external series; one sent again replaces what its sender gave before, however marked."""
    if indicator.source != "external" or indicator.grain is None:
        raise Invalid(f"{indicator.code} is counted from reports: it takes no values from outside.", field="code")
    known = network.directory(session)
    (audience,) = network.stamp(session, [reports.resolve(known, new.marking, caller)])
    rows = []
    for n, one in enumerate(new.observations):
        if one.place not in vocabulary.places():
            raise Invalid(f"{one.place[:80]} is not a place of the pack.", field=f"observations.{n}.place")
        if one.start != bucket(one.start, indicator.grain):
            raise Invalid(f"{one.start} is not the first day of a {indicator.grain}.", field=f"observations.{n}.start")
        rows.append(
            {
                "indicator": indicator.code,
                "place": one.place,
                "grain": indicator.grain,
                "bucket": one.start,
                "audience_id": audience,
                "value": None if one.value is None else round(one.value * indicator.scale),
                "released_at": one.released_at or clock.now(),
            }
        )
    _forget(session, caller, rows)
    db.replace(session, OBSERVATION, rows)
    audit.record(session, caller, "observations.stored", indicator.code, values=len(rows))
    return len(rows)


def _forget(session: Session, caller: Caller, rows: Sequence[dict[str, Any]]) -> None:
    """Delete what the caller's organisation gave for the same buckets under other markings."""
    own = select(AUDIENCE.c.id).where(AUDIENCE.c.originator_id == caller.organisation_id)
    for some in db.batches(rows, 200):
        first = some[0]
        session.execute(
            delete(OBSERVATION).where(
                OBSERVATION.c.indicator == first["indicator"],
                OBSERVATION.c.grain == first["grain"],
                OBSERVATION.c.audience_id != first["audience_id"],
                OBSERVATION.c.audience_id.in_(own),
                tuple_(OBSERVATION.c.place, OBSERVATION.c.bucket).in_([(one["place"], one["bucket"]) for one in some]),
            )
        )


def latest(session: Session, caller: Caller, *, status: str) -> date | None:
    """The latest month in which the caller sees anything counted, in cells or in overlaps."""
    seen = network.visible(session, caller)
    where = {"status": status, "grain": "month", "place": vocabulary.places().root.code}
    statement = select(func.max(CELL.c.bucket)).where(
        *(CELL.c[name] == value for name, value in where.items()), CELL.c.audience_id.in_(seen)
    )
    found: date | None = session.execute(statement).scalar()
    held = select(OVERLAP.c.bucket, PATTERN.c.text).where(
        *(OVERLAP.c[name] == value for name, value in where.items()), PATTERN.c.id == OVERLAP.c.pattern_id
    )
    if found is not None:
        held = held.where(OVERLAP.c.bucket > found)
    visible = frozenset(seen)
    for row in session.execute(held.distinct().order_by(OVERLAP.c.bucket.desc())).all():
        if fold(Pattern.read(row.text), visible):
            month: date = row.bucket
            return month
    return found
