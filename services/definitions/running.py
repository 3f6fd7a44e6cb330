"""Tagging the past by what came into force: reports handed on in chunks, behind live work, from where a run stopped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session

from services import reports
from services.definitions.events import PastRetagged, ReportOutdated
from services.definitions.models import DefinitionRun
from services.kernel import db
from services.kernel.events import EventRow, Outbox, publish, publish_all
from services.kernel.model import table
from services.network import Caller
from services.reports import Report

CHUNK = 500
REACTION = "retag"  # what is done about a report that is handed on (workers/reactions.py)
_ROOM = 100  # rows of live work that may wait when a chunk is handed on
_RUN, _REPORT, _OUTBOX, _EVENT = (table(one) for one in (DefinitionRun, Report, Outbox, EventRow))
_OPEN = (_RUN.c.ended_at.is_(None), _RUN.c.superseded.is_(False))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come in what its reader sees: `done` of `total` reports."""

    definition: str
    version: int
    done: int
    total: int
    begun_at: datetime


def begin(session: Session, code: str, version: int, *, at: datetime) -> None:
    """Begin a run for a version that comes into force in this transaction. It goes through every report, so it does
    also what an open run has left, whichever definition that was for."""
    session.execute(update(_RUN).where(*_OPEN).values(superseded=True, ended_at=at))
    upto = session.execute(select(func.coalesce(func.max(_REPORT.c.id), 0))).scalar_one()
    session.add(DefinitionRun(code=code, version=version, begun_at=at, upto=upto))
    session.flush()


def hand_on(session: Session, *, at: datetime) -> int:
    """Hand on the next reports of the open run, if little else waits; how many. Where it stopped is written in the same
    transaction, and what was handed on waits in the outbox: whoever is killed, nothing is lost and nothing done twice
    does harm."""
    run = session.execute(select(DefinitionRun).where(*_OPEN).with_for_update()).scalar_one_or_none()
    if run is None:
        return 0
    if run.reached < run.upto:
        return _hand_on(session, run)
    if run.mark is None and not _waiting(session, 0, REACTION):
        # all are tagged; the counting that follows may wait yet
        run.mark = session.execute(select(func.coalesce(func.max(_EVENT.c.id), 0))).scalar_one()
        session.add(run)
    if run.mark is not None and not _waits_before(session, run.mark):
        run.ended_at = at
        session.add(run)
        session.flush()
        publish(session, PastRetagged(run.key))
    return 0


def _hand_on(session: Session, run: DefinitionRun) -> int:
    if _waiting(session, _ROOM) or _waiting(session, 0, REACTION):
        return 0
    after = _REPORT.c.id > run.reached, _REPORT.c.id <= run.upto
    keys = list(session.execute(select(_REPORT.c.id).where(*after).order_by(_REPORT.c.id).limit(CHUNK)).scalars())
    publish_all(session, ReportOutdated, keys)
    run.reached = keys[-1] if len(keys) == CHUNK else run.upto
    session.add(run)
    return len(keys)


def progress(session: Session, caller: Caller) -> Progress | None:
    """How far the open run has come in the reports that this caller sees; None where there is none. What the caller
    does not see is in neither number."""
    run = open_run(session)
    if run is None:
        return None
    seen = reports.visible_reports(session, caller).where(_REPORT.c.id <= run.upto)
    keys = seen.with_only_columns(_REPORT.c.id)
    waiting = select(_OUTBOX.c.subject_id).where(_OUTBOX.c.reaction == REACTION)
    done = keys.where(_REPORT.c.id <= run.reached, _REPORT.c.id.not_in(waiting))
    return Progress(run.code, run.version, _count(session, done), _count(session, keys), run.begun_at)


def open_run(session: Session) -> Any:
    """The run that is on, as a plain row; None where there is none."""
    return session.execute(select(_RUN).where(*_OPEN)).first()


def _count(session: Session, statement: Any) -> int:
    return int(session.execute(select(func.count()).select_from(statement.subquery())).scalar_one())


def _waiting(session: Session, most: int, reaction: str | None = None) -> bool:
    """Whether more rows wait than these, without counting on."""
    statement = select(_OUTBOX.c.id) if reaction is None else select(_OUTBOX.c.id).where(_OUTBOX.c.reaction == reaction)
    return session.execute(statement.offset(most).limit(1)).first() is not None


def _waits_before(session: Session, mark: int) -> bool:
    return session.execute(select(_OUTBOX.c.id).where(_OUTBOX.c.event_id <= mark).limit(1)).first() is not None


def retag_once(*, at: datetime) -> None:
    """`hand_on` in a transaction of its own."""
    with db.transaction() as session:
        hand_on(session, at=at)
