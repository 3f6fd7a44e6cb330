"""Runs a reaction on outbox rows: consumes them in the transaction that holds the effect, isolates what fails."""

import gc
import logging
import traceback
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from contextvars import copy_context
from datetime import timedelta

from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlmodel import Session

from services.kernel import clock, db, log
from services.kernel.bulk import among
from services.kernel.config import settings
from services.kernel.errors import Stale
from services.kernel.events import Outbox, Quarantined, Reaction, reactions
from services.kernel.model import table
from workers.relay import ALONE_AFTER, AT_ONCE, pause

logger = logging.getLogger(__name__)
OUTBOX = table(Outbox)
STALE_TRIES = 5
Message = tuple[str, Sequence[int]]
# The rows that a message means: SQLite gives a deleted row's number to the next, maybe of another reaction.
_OURS = and_(among(OUTBOX.c.id), OUTBOX.c.reaction == bindparam("named"))
_READ = select(OUTBOX.c.event_id, OUTBOX.c.subject_id, OUTBOX.c.trace).where(_OURS)
_TAKE = delete(OUTBOX).where(_OURS).returning(OUTBOX.c.event_id)


def follow(name: str, ids: Sequence[int]) -> None:
    """React to rows, and then to what came of it: that spares a report the relay's turn and the queue between."""
    waiting: list[Message] = [(name, ids)]
    while waiting:
        waiting += run(*waiting.pop(0), onward=True)


def keep_what_is_loaded() -> None:
    """Spare the garbage collector what is loaded for good: a batch makes many rows, and each time it looked at all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(700)  # what comes from here on goes soon: the command's beginning waits for more


def run(name: str, ids: Sequence[int], *, onward: bool = False) -> list[Message]:
    """React to rows; a batch that fails is halved until the bad row stands alone.

    Database and connection errors are raised: the rows stay, and come again when their lease ends.
    `onward`: the rows that came of it are leased to the caller, and returned by reaction.
    """
    # The trace of a task ends with it.
    return copy_context().run(_run, name, ids, onward=onward)


def _run(name: str, ids: Sequence[int], *, onward: bool) -> list[Message]:
    reaction = reactions()[name]
    counted = len(ids) == 1 and _count_if_deadly(name, ids[0])
    try:
        messages = _react(reaction, ids, onward=onward)
        if messages is None:
            _answered(name, ids, counted=counted)
        return messages or []
    except SoftTimeLimitExceeded:
        _out_of_time(name, ids)
        return []
    except DBAPIError as error:
        if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
            with suppress(SQLAlchemyError):  # the database may be away altogether
                _answered(name, ids, counted=counted)
            raise
        return _isolate(reaction, ids, error, onward=onward)
    except Exception as error:  # noqa: BLE001 -- a bug of ours: isolated, shown, quarantined
        return _isolate(reaction, ids, error, onward=onward)


def _react(reaction: Reaction, ids: Sequence[int], *, onward: bool) -> list[Message] | None:
    """What came of the rows, once they are gone; None where they were changed under every plan and stay."""
    ours = {"keys": ids, "named": reaction.name}
    for _ in range(STALE_TRIES):
        with db.reading() as session:
            rows = session.execute(_READ, ours).all()
            if not rows:
                return []  # another worker was first
            log.traces.set({row.subject_id: row.trace for row in rows})
            log.trace.set(rows[0].trace)
            plan = reaction.prepare(session, sorted({row.subject_id for row in rows}))
        try:
            with db.transaction() as session:
                taken = session.execute(_TAKE, ours).scalars().all()
                if not {row.event_id for row in rows}.issuperset(taken):
                    raise Stale  # a number was given again meanwhile, to a row that this plan knows nothing of
                if taken:
                    reaction.apply(session, plan)
                messages = _lease(session) if onward else []
            logger.info("%s: %d rows", reaction.name, len(taken), extra={"traces": sorted({row.trace for row in rows})})
            return messages
        except Stale:
            continue
    logger.info("%s is contended: %d rows will come again", reaction.name, len(ids))
    return None


def _answered(name: str, ids: Sequence[int], *, counted: bool) -> None:
    """A worker that lived to say so did not die of these rows: take back what was counted against them."""
    with db.transaction() as session:
        back = {"sends": ALONE_AFTER, **({"tries": OUTBOX.c.tries - 1} if counted else {})}
        ours = {"keys": ids, "named": name}
        session.execute(update(OUTBOX).where(_OURS, OUTBOX.c.sends > ALONE_AFTER).values(back), ours)


def _lease(session: Session) -> list[Message]:
    """Lease the rows published in this transaction, as the relay would have: lost with us, they come again."""
    published = session.info.get("published")
    if not published:
        return []
    until = clock.machine() + timedelta(seconds=settings().relay_lease_seconds)
    leased: dict[str, list[int]] = defaultdict(list)
    for row in session.execute(_LEASED, {"keys": published, "until": until}).all():
        leased[row.reaction].append(row.id)
    return [(name, some) for name, ids in leased.items() for some in db.batches(sorted(ids), AT_ONCE)]


_LEASED = (
    update(OUTBOX)
    .where(among(OUTBOX.c.event_id))
    .values(due_at=bindparam("until"), sends=OUTBOX.c.sends + 1)
    .returning(OUTBOX.c.id, OUTBOX.c.reaction)
)


def _out_of_time(name: str, ids: Sequence[int]) -> None:
    """What took a batch too long goes row by row from now on; a row that takes too long alone has failed a try."""
    logger.error("%s ran out of time on %d rows", name, len(ids))
    if len(ids) == 1:
        _failed(name, ids[0], "took too long")
        return
    with db.transaction() as session:
        alone = update(OUTBOX).where(_OURS).values(sends=ALONE_AFTER, due_at=clock.machine())
        session.execute(alone, {"keys": ids, "named": name})


def _isolate(reaction: Reaction, ids: Sequence[int], error: Exception, *, onward: bool) -> list[Message]:
    if len(ids) > 1:
        half = len(ids) // 2
        return [*_run(reaction.name, ids[:half], onward=onward), *_run(reaction.name, ids[half:], onward=onward)]
    logger.error("%s failed on outbox row %d", reaction.name, ids[0], exc_info=error)
    _failed(reaction.name, ids[0], _what(error))
    return []


def _what(error: BaseException) -> str:
    """An error's kind and where in our code it rose. Never its words: they may be a report's, which can be recalled."""
    lines = [(str(frame.f_globals.get("__name__")), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [f"{module}:{line}" for module, line in lines if module.startswith(("services.", "workers."))]
    return f"{type(error).__name__} at {ours[-1]}" if ours else type(error).__name__


def _failed(reaction: str, row_id: int, error: str) -> None:
    """Count a failed try; after the last one the row goes to quarantine, and holds nobody up."""
    with db.transaction() as session:
        ours = {"keys": [row_id], "named": reaction}
        row = session.execute(select(OUTBOX).where(_OURS).with_for_update(), ours).first()
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
        ours = {"keys": [row_id], "named": reaction}
        sends = session.execute(select(OUTBOX.c.sends).where(_OURS), ours).scalar()
    deadly = sends is not None and sends > ALONE_AFTER * 2
    if deadly:
        _failed(reaction, row_id, "sent many times without an answer: its worker may have died of it")
    return deadly
