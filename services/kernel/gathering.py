"""Audit entries that need not be durable before the answer: gathered in the process, committed twice a second."""

import logging
import threading
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from services.kernel import audit, db

logger = logging.getLogger(__name__)
SECONDS = 0.5
MOST = 10_000  # waiting ones, while the database takes none


class Gathering:
    """A kill loses what was gathered since the last commit, at most a second; an orderly end loses nothing."""

    def __init__(self) -> None:
        self._waiting: list[dict[str, Any]] = []
        self._changing = threading.Lock()  # of the list and the thread
        self._flushing = threading.Lock()  # one commit at a time, so that `flush` returns when all is stored
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, entry: dict[str, Any]) -> bool:
        """Take an entry; False if too many wait already, and nothing was taken."""
        with self._changing:
            if len(self._waiting) >= MOST:
                return False
            self._waiting.append(entry)
            if self._thread is None or not self._thread.is_alive():
                self._stop.clear()
                self._thread = threading.Thread(target=self._work, name="gathering", daemon=True)
                self._thread.start()
        return True

    def flush(self) -> None:
        """Commit what waits; what cannot be committed goes on waiting."""
        with self._flushing:
            with self._changing:
                taken = list(self._waiting)
            if not taken:
                return
            with db.transaction() as session:
                audit.record_all(session, taken)
            with self._changing:
                del self._waiting[: len(taken)]

    def settle(self) -> None:
        """Commit what waits, for a reader of entries who is told of all of them; not in a transaction of one's own."""
        settling = threading.Thread(target=self._tried, name="gathering")
        settling.start()
        settling.join()

    def stop(self) -> None:
        """Commit what waits and end the thread; what the database does not take is lost, and said to be."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
            self._thread = None
        self._tried()
        with self._changing:
            if self._waiting:
                logger.error("%d audit entries were lost", len(self._waiting))
            self._waiting.clear()

    def _work(self) -> None:
        while not self._stop.wait(SECONDS):
            self._tried()

    def _tried(self) -> None:
        try:
            self.flush()
        except SQLAlchemyError:
            logger.exception("audit entries wait: the database does not take them")


gathered = Gathering()
