"""The last use of each key, to the hour: noted in memory, and written by a thread that no request waits for."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.exc import SQLAlchemyError

from services.kernel import db
from services.kernel.model import table
from services.network.models import ApiKey

logger = logging.getLogger(__name__)
WRITE_SECONDS = 60.0
KEY = table(ApiKey)
_noted: dict[int, datetime] = {}
_noting = threading.Lock()


def note(key_id: int, known: datetime | None, now: datetime) -> None:
    """Note that a key is used. `known`: the hour that stands in the database; the same one costs nothing."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if known is None or known < hour:
        with _noting:
            _noted[key_id] = hour


def write() -> None:
    """Write what was noted: a row for each key and hour, however many its requests. What fails stays noted."""
    with _noting:
        taken = dict(_noted)
        _noted.clear()
    if not taken:
        return
    try:
        with db.transaction() as session:
            for key_id in sorted(taken):
                earlier = or_(KEY.c.used_at.is_(None), KEY.c.used_at < taken[key_id])
                session.execute(update(KEY).where(KEY.c.id == key_id, earlier).values(used_at=taken[key_id]))
    except SQLAlchemyError as error:
        logger.warning("the last use of %d keys is not written yet: %s", len(taken), type(error).__name__)
        with _noting:
            _noted.update(taken | _noted)


@contextmanager
def writer() -> Iterator[None]:
    """Write every minute while the block runs, and at its end. A killed process loses at most the last minute."""
    ending = threading.Event()

    def work() -> None:
        while not ending.wait(WRITE_SECONDS):
            write()

    thread = threading.Thread(target=work, name="key uses", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()
        write()
