"""Runs a reaction on outbox rows: consumes them in the transaction that holds the effect, isolates what fails."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from contextvars import copy_context

from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from services.kernel import clock, db, log
from services.kernel.config import settings
from services.kernel.errors import Stale
from services.kernel.events import Outbox, Quarantined, Reaction, reactions
from services.kernel.model import table
from workers.relay import ALONE_AFTER, pause

logger = logging.getLogger(__name__)
OUTBOX = table(Outbox)
STALE_TRIES = 5
_READ = (OUTBOX.c.event_id, OUTBOX.c.subject_id, OUTBOX.c.trace)


def run(name: str, ids: Sequence[int]) -> None:
    """React to rows; a batch that fails is halved until the bad row stands alone.

    Database and connection errors are raised: the rows stay, and come again when their lease ends.
    """
    copy_context().run(_run, name, ids)  # the trace of a task ends with it


def _run(name: str, ids: Sequence[int]) -> None:
    reaction = reactions()[name]
    counted = len(ids) == 1 and _count_if_deadly(name, ids[0])
    try:
        if not _react(reaction, ids):
            _answered(name, ids, counted=counted)
    except SoftTimeLimitExceeded:
        _out_of_time(name, ids)
    except DBAPIError as error:
        if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
            with suppress(SQLAlchemyError):  # the database may be away altogether
                _answered(name, ids, counted=counted)
            raise
        _isolate(reaction, ids, error)
    except Exception as error:  # noqa: BLE001 -- a bug of ours: isolated, shown, quarantined
        _isolate(reaction, ids, error)


def _react(reaction: Reaction, ids: Sequence[int]) -> bool:
    """Whether the rows are gone; False where they were changed under every plan and stay."""
    ours = _named(reaction.name, ids)
    for _ in range(STALE_TRIES):
        with db.reading() as session:
            rows = session.execute(select(*_READ).where(ours)).all()
            if not rows:
                return True  # another worker was first
            log.traces.set({row.subject_id: row.trace for row in rows})
            log.trace.set(rows[0].trace)
            plan = reaction.prepare(session, sorted({row.subject_id for row in rows}))
        try:
            with db.transaction() as session:
                taken = session.execute(delete(OUTBOX).where(ours).returning(OUTBOX.c.event_id)).scalars().all()
                if not {row.event_id for row in rows}.issuperset(taken):
                    raise Stale  # a number was given again meanwhile, to a row that this plan knows nothing of
                if taken:
                    reaction.apply(session, plan)
            logger.info("%s: %d rows", reaction.name, len(taken), extra={"traces": sorted({row.trace for row in rows})})
            return True
        except Stale:
            continue
    logger.info("%s is contended: %d rows will come again", reaction.name, len(ids))
    return False


def _answered(name: str, ids: Sequence[int], *, counted: bool) -> None:
    """A worker that lived to say so did not die of these rows: take back what was counted against them."""
    with db.transaction() as session:
        back = {"sends": ALONE_AFTER, **({"tries": OUTBOX.c.tries - 1} if counted else {})}
        session.execute(update(OUTBOX).where(_named(name, ids), OUTBOX.c.sends > ALONE_AFTER).values(back))


def _out_of_time(name: str, ids: Sequence[int]) -> None:
    """What took a batch too long goes row by row from now on; a row that takes too long alone has failed a try."""
    logger.error("%s ran out of time on %d rows", name, len(ids))
    if len(ids) == 1:
        _failed(name, ids[0], "took too long")
        return
    with db.transaction() as session:
        session.execute(update(OUTBOX).where(_named(name, ids)).values(sends=ALONE_AFTER, due_at=clock.machine()))


def _isolate(reaction: Reaction, ids: Sequence[int], error: Exception) -> None:
    if len(ids) > 1:
        half = len(ids) // 2
        _run(reaction.name, ids[:half])
        _run(reaction.name, ids[half:])
        return
    logger.error("%s failed on outbox row %d", reaction.name, ids[0], exc_info=error)
    _failed(reaction.name, ids[0], f"{type(error).__name__}: {error}".partition("\n")[0][:500])


def _named(reaction: str, ids: Sequence[int]) -> ColumnElement[bool]:
    """The rows that a message means: SQLite gives a deleted row's number to the next, maybe of another reaction."""
    return and_(OUTBOX.c.id.in_(ids), OUTBOX.c.reaction == reaction)


def _failed(reaction: str, row_id: int, error: str) -> None:
    """Count a failed try; after the last one the row goes to quarantine, and holds nobody up."""
    with db.transaction() as session:
        row = session.execute(select(OUTBOX).where(_named(reaction, [row_id])).with_for_update()).first()
        if row is None:
            return
        tries = row.tries + 1
        if tries < settings().reaction_tries:
            due = clock.machine() + pause(tries)
            session.execute(update(OUTBOX).where(OUTBOX.c.id == row_id).values(tries=tries, error=error, due_at=due))
            return
        session.execute(delete(OUTBOX).where(OUTBOX.c.id == row_id))
        session.execute(
            insert(Quarantined).values(
                event_id=row.event_id, reaction=row.reaction, subject_id=row.subject_id, at=clock.now(),
                tries=tries, error=error, trace=row.trace,
            )
        )  # fmt: skip
    logger.error("outbox row %d is quarantined: see ewn quarantine list", row_id)


def _count_if_deadly(reaction: str, row_id: int) -> bool:
    """Count a try of a row that was sent often without an answer, before it is touched; whether one was."""
    with db.reading() as session:
        sends = session.execute(select(OUTBOX.c.sends).where(_named(reaction, [row_id]))).scalar()
    deadly = sends is not None and sends > ALONE_AFTER * 2
    if deadly:
        _failed(reaction, row_id, "sent many times without an answer: its worker may have died of it")
    return deadly
