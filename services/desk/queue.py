"""What waits on an analyst's desk: reports that it sees and may decide on, and nothing of others (docs/adr/0028)."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, or_, select, true
from sqlmodel import Session

from services import network, reports, tagging
from services.desk.models import DeskDone
from services.desk.reasons import REPORT, reasons, speaks
from services.desk.schemas import Counts, DeskPage, Reason, Waiting, Wanted
from services.kernel import paging
from services.kernel.bulk import among
from services.kernel.model import table
from services.network import Caller, Tlp
from services.reports import Report

DONE = table(DeskDone)
MOST = 1_000  # reports that are counted: what one look at the queue may cost
Conditions = dict[Reason, ColumnElement[bool]]


def look(
    session: Session, caller: Caller, wanted: Wanted, *, cursor: str | None = None, size: int = 25
) -> tuple[DeskPage, Tlp | None]:
    """A page of the queue with how many there are of each kind, and the strictest label of those that were counted."""
    why = reasons(tagging.alike(session, caller))
    here = _here(session, caller, wanted)
    counts, label = _counts(session, caller, here, why)
    statement = here.where(*_state(caller, wanted, why))
    asked = paging.Asked(caller.viewer, f"desk:{wanted.state}", cursor, size)
    rows, following = paging.latest_first(session, statement, (REPORT.c.received_at, REPORT.c.reference), asked)
    page = DeskPage(reports=_waiting(session, caller, rows, why), counts=counts, next=following)
    return page, label


def why(session: Session, report: Report, *, alike: bool) -> tuple[Reason, ...]:
    """Why a report that the caller sees needs a look; `alike`: whether another may tell the same, for this caller."""
    return _reasons(session, [report.key], reasons([report.key] if alike else [])).get(report.key, ())


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
    seen = reports.visible_reports(session, caller)
    return seen.where(may_decide(session, caller), REPORT.c.emptied_at.is_(None), *where)


def _state(caller: Caller, wanted: Wanted, why: Conditions) -> Sequence[ColumnElement[bool]]:
    done = done_with(caller)
    only = [why[wanted.reason]] if wanted.reason else []
    if wanted.state == "done":
        return [done, *only]
    return [~done, *(only or [or_(*why.values())])] if wanted.state == "waiting" else [~done, ~or_(*why.values())]


def _counts(session: Session, caller: Caller, here: Select[Report], why: Conditions) -> tuple[Counts, Tlp | None]:
    latest = here.order_by(REPORT.c.received_at.desc(), REPORT.c.reference).limit(MOST + 1)
    flags: list[Any] = [case((one, 1), else_=0).label(name) for name, one in why.items()]
    done = case((done_with(caller), 1), else_=0).label("done")
    rows = session.execute(latest.with_only_columns(REPORT.c.audience_id, done, *flags)).all()
    more, rows = len(rows) > MOST, rows[:MOST]
    open_ = [row for row in rows if not row.done]
    found: dict[Reason, int] = {name: sum(getattr(row, name) for row in open_) for name in why}
    waiting = sum(any(getattr(row, name) for name in why) for row in open_)
    labels = network.labels(session, {row.audience_id for row in rows})
    counts = Counts(
        waiting=waiting,
        rest=len(open_) - waiting,
        done=len(rows) - len(open_),
        reasons=found,
        of=MOST if more else None,
    )
    return counts, network.strictest(labels.values()) if labels else None


def _waiting(session: Session, caller: Caller, rows: Sequence[Report], why: Conditions) -> list[Waiting]:
    found = _reasons(session, [row.key for row in rows], why)
    keys = {row.reference: row.key for row in rows}
    told = tagging.tagged(session, caller, rows)
    return [Waiting.model_construct(report=one, reasons=list(found.get(keys[one.reference], ()))) for one in told]


def _reasons(session: Session, keys: Collection[int], why: Conditions) -> dict[int, tuple[Reason, ...]]:
    flags: list[Any] = [case((one, 1), else_=0).label(name) for name, one in why.items()]
    rows = session.execute(select(REPORT.c.id, *flags).where(among(REPORT.c.id)), {"keys": keys}).all()
    return {row.id: tuple(name for name in why if getattr(row, name)) for row in rows}
