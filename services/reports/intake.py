"""The hot path: one thread drains whatever waits, commits (or checks) it at once, and only then answers each caller."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from services.kernel import db, log
from services.kernel.config import settings
from services.kernel.errors import Problem, TooBusy
from services.kernel.events import Outbox
from services.kernel.model import table
from services.reports.repeats import Accepted, Submission
from services.reports.submission import accept, check

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 256
WAITING = 4096
T = TypeVar("T")


class Intake(Generic[T]):
    """`settle` is given all that waits, one batch after the other. `hand_in` gives a future that is done once the batch
    that holds the report is settled: with `commit`, once it is durable."""

    def __init__(self, name: str, settle: Callable[[Sequence[Submission]], Sequence[T | Exception]]) -> None:
        self._name = name
        self._settle = settle
        self._queue: queue.Queue[tuple[Submission, Future[T]] | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def hand_in(self, submission: Submission) -> Future[T]:
        """Queue one report; the future holds its outcome, or raises the problem it was refused with."""
        self._start()
        future: Future[T] = Future()
        try:
            self._queue.put_nowait((submission, future))
        except queue.Full:
            raise TooBusy(
                "More reports are waiting than we can take: send it again.", headers={"Retry-After": "2"}
            ) from None
        return future

    def stop(self) -> None:
        """Finish what waits, then end the writer."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(timeout=30)
            self._thread = None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            waiting = [first]
            while len(waiting) < MOST_AT_ONCE:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    self._answer(waiting)
                    return
                waiting.append(more)
            self._answer(waiting)

    def _answer(self, waiting: list[tuple[Submission, Future[T]]]) -> None:
        # Whoever has gone meanwhile is left out; from here on no future can be cancelled under our hands.
        waiting = [one for one in waiting if one[1].set_running_or_notify_cancel()]
        if not waiting:
            return
        outcomes: Sequence[T | Exception]
        log.trace.set(waiting[0][0].trace)  # of what goes wrong with the batch as a whole
        try:
            outcomes = self._settle([submission for submission, _ in waiting])
        except Exception:  # the thread must live, or all who wait would wait for ever
            logger.exception("a batch of %d failed", len(waiting))
            outcomes = [_fault() for _ in waiting]
        for (_, future), outcome in zip(waiting, outcomes, strict=True):
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)


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
    """Refuse new reports while more work waits than the operator allows; looks at most every two seconds."""
    global _looked_at, _backlog
    if time.monotonic() - _looked_at > 2:
        bound = select(table(Outbox).c.id).limit(settings().outbox_limit + 1).subquery()
        with db.reading() as session:
            _backlog = session.execute(select(func.count()).select_from(bound)).scalar_one()
        _looked_at = time.monotonic()
    if _backlog > settings().outbox_limit:
        raise TooBusy("Too much work is waiting: send it again later.", headers={"Retry-After": "30"})


intake = Intake("intake", commit)
checks = Intake("checks", examine)
