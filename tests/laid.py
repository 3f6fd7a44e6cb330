"""What tests are laid on: their settings, and SQLite files to copy from."""

from pathlib import Path

import pytest

from services.kernel import db
from services.kernel.config import settings


def configure(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The settings that tests have if they ask for no others."""
    monkeypatch.setenv("EWN_DATA_DIR", str(folder))
    monkeypatch.setenv("EWN_SECRET", "a secret for tests only")
    # Most tests are about what people may do once they are in; those of the second factor ask for it themselves.
    monkeypatch.setenv("EWN_SECOND_FACTOR", "optional")
    monkeypatch.setenv("EWN_CLOCK", "2026-11-01T12:00:00+00:00")
    monkeypatch.setenv("EWN_RATE_PER_MINUTE", "1000000")  # a Redis of the machine's own would count all tests together
    settings.cache_clear()


def close_whole() -> None:
    """Leave a SQLite database from which the one file can be copied."""
    with db.engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.disconnect()
