"""Telling those who had a report that it was taken back, and an owner that a marking is due for review."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from services import delivery, network
from services.delivery import Told, What
from services.kernel import clock
from services.kernel.bulk import among
from services.kernel.errors import Stale
from services.kernel.model import table
from services.network import AudienceRow, Caller, Directory, Member, Tlp
from services.reports.disclosure import DISCLOSURE
from services.reports.history import HELD
from services.reports.models import Report
from services.reports.ownership import AUDIENCE, REPORT, owns
from services.reports.service import lock

MEMBER = table(Member)


@dataclass(frozen=True, slots=True)
class Plan:
    """The notices to leave, and the versions of the reports that they were found from."""

    versions: dict[int, int]
    notices: list[Told]


@dataclass(frozen=True, slots=True)
class State:
    """How a report stood from the version `began` on, until a re-marking or revision at `ended_at`; None: it stands."""

    began: int
    audience_id: int
    ended_at: datetime | None


def losses(session: Session, report_ids: Sequence[int]) -> Plan:
    """Who had these reports and lost them, found from what is there now, however often it is looked at."""
    keys = {"keys": report_ids}
    had: dict[int, list[Any]] = defaultdict(list)
    acting = network.acting(DISCLOSURE.c.member_id, DISCLOSURE.c.key_id, at=clock.now()).label("acting")
    for row in session.execute(select(DISCLOSURE, acting).where(among(DISCLOSURE.c.report_id)), keys).all():
        had[row.report_id].append(row)
    ended = {row.organisation_id for some in had.values() for row in some if not row.acting}
    heirs = network.focal_points(session, ended) if ended else {}
    rows = session.execute(select(Report).where(among(REPORT.c.id)).order_by(REPORT.c.id), keys).scalars()
    reports = [row for row in rows if row.key in had]
    states = _states(session, reports)
    audiences = _audiences(session, {one.audience_id for some in states.values() for one in some})
    known = network.directory(session)
    found = [
        one for row in reports for one in _of(row, had[row.key], states[row.key], audiences, known, heirs)
    ]  # fmt: skip
    return Plan({row.key: row.version for row in reports}, found)


def notify(session: Session, made: Plan) -> None:
    """Leave the notices, unless one of the reports has changed since."""
    if made.notices and lock(session, sorted(made.versions)) != made.versions:
        raise Stale
    delivery.tell(session, made.notices)


def _of(
    report: Report,
    had: Sequence[Any],
    states: Sequence[State],
    audiences: dict[int, AudienceRow],
    known: Directory,
    heirs: Mapping[int, Sequence[int]],
) -> Iterator[Told]:
    now_red = audiences[report.audience_id].tlp == Tlp.RED
    taken_back = _taken_back(report)
    for row in had:
        reader = Caller(row.organisation_id, member_id=row.member_id, key_id=row.key_id)
        if owns(reader, report, red=now_red):
            continue  # it became the reader's own: a person's of the organisation whose report is no longer RED
        # What was first had later was not lost by what came before.
        stood = [before for before, after in pairwise(states) if row.version < after.began] + [states[-1]]
        for told in (reader, *_instead(row, heirs)):
            if told is not reader and owns(told, report, red=now_red):
                continue
            lost = [before for before, after in pairwise(_seen(stood, told, audiences, known)) if before and not after]
            for before in lost:
                if before.ended_at is not None and (told is reader or not _red(before, audiences)):
                    yield Told(told, "narrowed", report.reference, before.began, before.ended_at)
            if taken_back is not None and (
                told is reader or not _red(_last(stood, reader, audiences, known), audiences)
            ):
                what, at = taken_back
                yield Told(told, what, report.reference, states[-1].began, at)


def _instead(row: Any, heirs: Mapping[int, Sequence[int]]) -> list[Caller]:
    """The focal points who are told for a reader that can act no more."""
    if row.acting:
        return []
    return [Caller(row.organisation_id, member_id=one) for one in heirs.get(row.organisation_id, ())]


def _seen(
    stood: Sequence[State], reader: Caller, audiences: dict[int, AudienceRow], known: Directory
) -> list[State | None]:
    """These states, None for those that the reader does not see. Who is suspended looks when it is back."""
    claims = known.claims(reader.organisation_id, reader.member_id, resumed=True)
    return [
        one if network.sees(claims, network.audience_of(audiences[one.audience_id])) else None for one in stood
    ]  # fmt: skip


def _last(stood: Sequence[State], reader: Caller, audiences: dict[int, AudienceRow], known: Directory) -> State:
    """The last of these states that the reader saw; else the one in which it was given."""
    return next((one for one in reversed(_seen(stood, reader, audiences, known)) if one is not None), stood[0])


def _red(state: State, audiences: dict[int, AudienceRow]) -> bool:
    """Whether a state is nobody's but the reader's own affair."""
    return audiences[state.audience_id].tlp == Tlp.RED


def _taken_back(report: Report) -> tuple[What, datetime] | None:
    """How and when a report was taken back from all."""
    if report.recalled_at is not None:
        return "recalled", report.recalled_at
    return ("withdrawn", report.withdrawn_at) if report.withdrawn_at is not None else None


def _states(session: Session, reports: Sequence[Report]) -> dict[int, list[State]]:
    """How each of these reports stood, in order. Versions that other work made are part of the state they fell in."""
    statement = select(HELD.c.report_id, HELD.c.version, HELD.c.audience_id, HELD.c.replaced_at)
    ordered = statement.where(among(HELD.c.report_id)).order_by(HELD.c.report_id, HELD.c.version)
    found: dict[int, list[State]] = defaultdict(list)
    begins: dict[int, int] = defaultdict(lambda: 1)
    for row in session.execute(ordered, {"keys": [one.key for one in reports]}).all():
        found[row.report_id].append(State(begins[row.report_id], row.audience_id, row.replaced_at))
        begins[row.report_id] = row.version + 1
    for one in reports:
        found[one.key].append(State(begins[one.key], one.audience_id, None))
    return found


def _audiences(session: Session, wanted: set[int]) -> dict[int, AudienceRow]:
    statement = select(AudienceRow).where(among(AUDIENCE.c.id))
    return {row.key: row for row in session.execute(statement, {"keys": wanted}).scalars()}


def reminders(session: Session, report_ids: Sequence[int]) -> Plan:
    """The owners of these reports, to be told that a marking is due for review."""
    keys = {"keys": report_ids}
    ended = select(func.max(HELD.c.version)).where(HELD.c.report_id == REPORT.c.id).scalar_subquery()
    statement = (
        select(Report, AUDIENCE.c.tlp, func.coalesce(ended, 0).label("ended"))
        .join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
        .where(among(REPORT.c.id), REPORT.c.withdrawn_at.is_(None))
        .order_by(REPORT.c.id)
    )
    rows = session.execute(statement, keys).all()
    at = clock.now()
    return Plan(
        {row.Report.key: row.Report.version for row in rows},
        [
            Told(owner, "review_due", row.Report.reference, row.ended + 1, at)
            for row in rows
            for owner in owners(session, row.Report, red=row.tlp == Tlp.RED)
        ],
    )


def owners_of(session: Session, report: Report) -> list[Caller]:
    """Whoever is told what is done about a report for its owner."""
    label = session.execute(select(AUDIENCE.c.tlp).where(AUDIENCE.c.id == report.audience_id)).scalar_one()
    return owners(session, report, red=label == Tlp.RED)


def owners(session: Session, report: Report, *, red: bool) -> list[Caller]:
    """Whoever handed it in; for a key the focal points of its organisation, but of RED, which is the key's alone."""
    people = session.execute(
        select(MEMBER.c.id, MEMBER.c.roles)
        .where(MEMBER.c.organisation_id == report.organisation_id, MEMBER.c.active)
        .order_by(MEMBER.c.id)
    ).all()
    if report.member_id is not None and (red or report.member_id in {one.id for one in people}):
        return [Caller(report.organisation_id, member_id=report.member_id)]
    if red:
        return [Caller(report.organisation_id, key_id=report.key_id)]
    return [Caller(report.organisation_id, member_id=one.id) for one in people if "focal_point" in one.roles]
