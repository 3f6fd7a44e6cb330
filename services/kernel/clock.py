"""The one clock: everything asks it for the time, so that tests, replays and all child processes agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from services.kernel.config import settings

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present as an aware UTC instant, by EWN_CLOCK."""
    held = _frozen.get()
    return held if held is not None else read(settings().clock)


def read(clock: str) -> datetime:
    """The present by a clock setting: `system`, an ISO instant, or a shift in seconds."""
    if clock == "system":
        return datetime.now(UTC)
    if clock[0] in "+-":
        return datetime.now(UTC) + timedelta(seconds=float(clock))
    return datetime.fromisoformat(clock).astimezone(UTC)


def machine() -> datetime:
    """The machine's own time, for leases and back-off: these end also where EWN_CLOCK stands still."""
    return datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Hold the clock of this thread or task at an instant."""
    token = _frozen.set(instant)
    try:
        yield
    finally:
        _frozen.reset(token)
