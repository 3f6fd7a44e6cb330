"""What waits on an analyst's desk: reports that it sees and may decide on, and nothing of others (docs/adr/0028)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, Select, case, exists, or_, select, true, tuple_
from sqlmodel import Session

from services import network, reports, tagging
from services.desk.models import DeskDone
from services.desk.reasons import REPORT, reasons, speaks
from services.desk.schemas import Counts, DeskPage, Reason, State, Waiting, Wanted
from services.kernel import paging
from services.kernel.bulk import among
from services.kernel.model import table
from services.network import Caller, Tlp
from services.reports import Report

DONE = table(DeskDone)
BY = (REPORT.c.received_at, REPORT.c.reference)
MOST = 1_000  # reports that are counted: what one look at the queue may cost
Name = TypeVar("Name", bound=str)
Conditions = dict[Reason, ColumnElement[bool]]


def look(
    session: Session, caller: Caller, wanted: Wanted, *, cursor: str | None = None, size: int = 25
) -> tuple[DeskPage, Tlp | None]:
    """A page of the queue with how many there are of each kind, and the strictest label of those that were counted."""
    why = reasons(tagging.alike(session, caller))
    here = _here(session, caller, wanted)
    counts, label = _counts(session, caller, here, why, wanted.reason)
    statement = here.where(*_state(caller, wanted, why))
    whose = {"viewer": caller.viewer, "scope": f"desk:{wanted.state}:{wanted.status or ''}"}
    rows = _what_happened_first(
        session, statement, None if cursor is None else paging.unseal(cursor, **whose), size + 1
    )
    following = paging.seal(_stand(rows[size - 1]), **whose) if len(rows) > size else None
    page = DeskPage(reports=_waiting(session, caller, rows[:size], why), counts=counts, next=following)
    return page, label


def after(session: Session, caller: Caller, wanted: Wanted, reference: str) -> str | None:
    """The report that follows this one in the list that is looked at; None where it is the last.

    Raises:
        NoSuchReport: it does not exist, is not shared with the caller, or is withdrawn.
    """
    left = reports.standing_report(session, caller, reference)
    why = reasons(tagging.alike(session, caller))
    statement = _here(session, caller, wanted).where(*_state(caller, wanted, why), REPORT.c.id != left.key)
    return next((one.reference for one in _what_happened_first(session, statement, _stand(left), 1)), None)


def why(session: Session, report: Report, *, alike: bool) -> tuple[Reason, ...]:
    """Why a report that the caller sees needs a look; `alike`: whether another may tell the same, for this caller."""
    return _holding(session, [report.key], list(reasons([report.key] if alike else []).items())).get(report.key, ())


def may_decide(session: Session, caller: Caller) -> ColumnElement[bool]:
    """Whether tags of a report are the caller's to correct (docs/adr/0026): any for the secretariat, else its own."""
    return true() if network.in_secretariat(session, caller) else reports.owned_alone(caller)


def done_with(caller: Caller) -> ColumnElement[bool]:
    """Whether the caller's desk is done with the present revision of a report."""
    of = (DONE.c.report_id == REPORT.c.id, DONE.c.revision == REPORT.c.revision)
    return exists(
        select(DONE.c.report_id).where(*of, DONE.c.organisation_id == caller.organisation_id).correlate(REPORT)
    )


def _here(session: Session, caller: Caller, wanted: Wanted) -> Select[Report]:
    """All that lies on the caller's desk and that it filters for, done with or not."""
    where = tagging.about((wanted.theme,) if wanted.theme else (), wanted.country or None)
    if wanted.language:
        where.append(speaks(wanted.language))
    if wanted.status:
        where.append(REPORT.c.status == wanted.status)
    seen = reports.visible_reports(session, caller)
    return seen.where(may_decide(session, caller), REPORT.c.emptied_at.is_(None), *where)


def _state(caller: Caller, wanted: Wanted, why: Conditions) -> Sequence[ColumnElement[bool]]:
    done, doubtful = done_with(caller), or_(*why.values())
    only = [why[wanted.reason]] if wanted.reason else []
    lists: dict[State, list[ColumnElement[bool]]] = {
        "waiting": [~done, *(only or [doubtful])],
        "rest": [~done, ~doubtful],
        "open": [~done, *only],
        "done": [done, *only],
        "all": only,
    }
    return lists[wanted.state]


def _what_happened_first(
    session: Session, statement: Select[Report], beyond: Sequence[Any] | None, most: int
) -> list[Report]:
    """What happened, then exercises and tests, each the latest first. `beyond`: where a report stands; from the next.

    Two questions: each goes along an index as far as it needs, which one order over both would not.
    """
    happened, at, reference = beyond or (True, None, None)
    rows: list[Report] = []
    for actual in (True, False) if happened else (False,):
        part = statement.where(REPORT.c.status == "actual" if actual else REPORT.c.status != "actual")
        if at and actual == happened:
            part = part.where(tuple_(*BY) < (datetime.fromisoformat(at), reference))
        left = most - len(rows)
        rows += session.execute(part.order_by(*(one.desc() for one in BY)).limit(left)).scalars() if left else []
    return rows


def _stand(report: Report) -> list[Any]:
    """Where a report stands in that order."""
    return [report.status == "actual", report.received_at.isoformat(), report.reference]


def _counts(
    session: Session, caller: Caller, here: Select[Report], why: Conditions, reason: Reason | None
) -> tuple[Counts, Tlp | None]:
    latest = here.order_by(*(one.desc() for one in BY)).limit(MOST + 1)
    flags: list[Any] = [case((one, 1), else_=0).label(name) for name, one in why.items()]
    done = case((done_with(caller), 1), else_=0).label("done")
    rows = session.execute(latest.with_only_columns(REPORT.c.audience_id, done, *flags)).all()
    more, rows = len(rows) > MOST, rows[:MOST]
    open_ = [row for row in rows if not row.done]
    found: dict[Reason, int] = {name: sum(getattr(row, name) for row in open_) for name in why}
    doubtful = sum(any(getattr(row, name) for name in why) for row in open_)
    rest, waiting = len(open_) - doubtful, found[reason] if reason else doubtful
    finished = sum(row.done and (not reason or getattr(row, reason)) for row in rows)
    unfinished = waiting if reason else len(open_)
    labels = network.labels(session, {row.audience_id for row in rows})
    counts = Counts(
        waiting=waiting,
        rest=rest,
        open=unfinished,
        done=finished,
        all=unfinished + finished,
        reasons=found,
        of=MOST if more else None,
    )
    return counts, network.strictest(labels.values()) if labels else None


def _waiting(session: Session, caller: Caller, rows: Sequence[Report], why: Conditions) -> list[Waiting]:
    conditions: list[tuple[Reason | Literal["done"], ColumnElement[bool]]] = [*why.items(), ("done", done_with(caller))]
    found = _holding(session, [row.key for row in rows], conditions)
    keys = {row.reference: row.key for row in rows}
    made = []
    for one in tagging.tagged(session, caller, rows):
        hold = found.get(keys[one.reference], ())
        reasons = [name for name in hold if name != "done"]
        made.append(Waiting.model_construct(report=one, reasons=reasons, done="done" in hold))
    return made


def _holding(
    session: Session, keys: Collection[int], conditions: Sequence[tuple[Name, ColumnElement[bool]]]
) -> dict[int, tuple[Name, ...]]:
    """Which of the conditions hold of each report."""
    flags: list[Any] = [case((one, 1), else_=0).label(name) for name, one in conditions]
    rows = session.execute(select(REPORT.c.id, *flags).where(among(REPORT.c.id)), {"keys": keys}).all()
    return {row.id: tuple(name for name, _ in conditions if getattr(row, name)) for row in rows}
