"""The whole service as one machine runs it: supervisor, Valkey, worker, relay, clock and API on SQLite."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from fastapi.testclient import TestClient

import workers.reactions  # noqa: F401 -- what is published must find its reactions wired
from services.kernel import db
from services.kernel.config import Settings, settings
from tests.world import World
from workers.embedded import Embedded

LEASE = 3.0


@contextmanager
def whole() -> Iterator[tuple[Embedded, World]]:
    """The service in a folder of its own with one organisation, `one`; this process looks into the same database."""
    folder = Path(tempfile.mkdtemp(prefix="ewn-bench-"))
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("EWN_")}
    try:
        # Requests are counted as ever, and none is refused: at half load one key sends more than a partner may.
        given = Settings(data_dir=folder, port=0, relay_lease_seconds=LEASE, rate_per_minute=10**9, quota_per_day=10**9)
        with Embedded(given, tell=lambda _: None) as service:
            os.environ.update({"EWN_DATA_DIR": str(folder)})
            settings.cache_clear()
            db.connect(f"sqlite:///{folder.resolve() / 'ewn.db'}")
            world = World(cast(TestClient, None))
            world.enrol("one")
            try:
                yield service, world
            finally:
                db.disconnect()
    finally:
        os.environ.pop("EWN_DATA_DIR", None)
        os.environ.update(kept)
        settings.cache_clear()
        shutil.rmtree(folder, ignore_errors=True)
