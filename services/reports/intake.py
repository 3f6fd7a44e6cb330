"""The hot path: whatever waits is committed (or checked) at once, and only then is each caller answered."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from services.kernel import db
from services.kernel.config import settings
from services.kernel.errors import Problem, TooBusy
from services.kernel.events import Outbox
from services.kernel.model import table
from services.kernel.together import Together
from services.reports.repeats import Accepted, Submission
from services.reports.submission import accept, check

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Intake(Together[Submission, T]):
    """The queue of the reports that are handed in: `settle` is given all that waits, one batch after the other."""

    def __init__(self, name: str, settle: Callable[[Sequence[Submission]], Sequence[T | Exception]]) -> None:
        super().__init__(name, settle, busy="More reports are waiting than we can take: send it again.", fault=_fault)


def commit(submissions: Sequence[Submission]) -> list[Accepted | Problem]:
    """Accept a batch in a transaction of its own; if the batch fails, each alone, so that none fails its neighbours."""
    try:
        _room()
        with db.transaction() as session:
            return accept(session, submissions)
    except Problem as problem:
        return [problem] * len(submissions)
    except (OperationalError, NoConnection):
        logger.exception("the database did not take a batch of %d", len(submissions))
        busy = TooBusy("The report was not stored: send it again.", headers={"Retry-After": "5"})
        return [busy] * len(submissions)
    except (SQLAlchemyError, ValueError, LookupError, TypeError, ArithmeticError):
        logger.exception("a batch of %d failed", len(submissions))
        if len(submissions) == 1:
            return [_fault()]
        return [commit([submission])[0] for submission in submissions]


def examine(submissions: Sequence[Submission]) -> Sequence[Accepted | Exception | None]:
    """What `commit` would refuse each of a batch for, or answer as a repeat: one read, nothing is stored."""
    try:
        with db.reading() as session:
            return check(session, submissions)
    except SQLAlchemyError as error:
        return [error] * len(submissions)


def _fault() -> Problem:
    return Problem("The report was not stored. The fault is ours and has been logged.")


_looked_at = 0.0
_backlog = 0


def _room() -> None:
    """Refuse new reports while more work waits than the operator allows."""
    if not has_room():
        raise TooBusy("Too much work is waiting: send it again later.", headers={"Retry-After": "30"})


def has_room() -> bool:
    """Whether less work waits than the operator allows; looks at most every two seconds."""
    global _looked_at, _backlog
    if time.monotonic() - _looked_at > 2:
        bound = select(table(Outbox).c.id).limit(settings().outbox_limit + 1).subquery()
        with db.reading() as session:
            _backlog = session.execute(select(func.count()).select_from(bound)).scalar_one()
        _looked_at = time.monotonic()
    return _backlog <= settings().outbox_limit


intake = Intake("intake", commit)
checks = Intake("checks", examine)
