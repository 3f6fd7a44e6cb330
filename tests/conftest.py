"""What all tests share: a bound database of either kind, made from a migrated template, and a small network."""

import gc
import os
import shutil
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck
from hypothesis import settings as search
from sqlalchemy import event

import workers.reactions  # noqa: F401 -- what is published must find its reactions wired
from services import migrations
from services.kernel import db, ids
from services.kernel.config import settings
from tests.client import client_of
from tests.kept import Kept
from tests.laid import close_whole, configure
from tests.servers import OperatorPostgres, Postgres
from tests.world import World

# How long the properties search: quick by default, long with EWN_TEST_PROFILE=deep. Two shared cores: a slow first draw
# says nothing about the property. A database is laid once per test, and emptied by the test between its examples.
_ALLOWED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
search.register_profile("quick", max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=_ALLOWED)
search.register_profile(
    "deep", max_examples=1000, stateful_step_count=60, deadline=None, suppress_health_check=_ALLOWED
)
WHOLE = {"chaos", "demo", "e2e", "embedded"}  # folders of tests of a whole service, which take longest
LONG = {"test_recount.py", "test_two_worlds.py"}  # so do these, wherever they lie
search.load_profile("deep" if os.environ.get("EWN_TEST_PROFILE") == "deep" else "quick")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What shows the same on either kind of database runs on one of them, and on both in the long runs.

    The tests that stay on both were chosen by what they ask of the database: each statement that a test sends to
    PostgreSQL is sent there by two of them, where two send it; so is whatever is done at the same time as other things.
    """
    for item in items:
        marker = item.get_closest_marker("one_kind")
        given = getattr(item, "callspec", None)
        kind = given and given.params.get("database")
        if marker and kind and not item.get_closest_marker("both_kinds") and kind != (marker.args or ("sqlite",))[0]:
            item.add_marker("deep")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Order the tests. What was imported stays: it need not be looked through for what may go."""
    session.items[:] = _shared_out(session.items)
    gc.collect()
    gc.freeze()


def _shared_out(items: list[pytest.Item]) -> list[pytest.Item]:
    """The shares of the processes, one after another: each begins with some of the modules that start a whole service.
    They take longest; were they the last, one process would wait for another, and what they lay would be laid twice."""
    shares = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [list(some) for path, some in groupby(items, lambda item: item.path) if _is_long(path)]
    short = [item for item in items if not _is_long(item.path)]
    ordered: list[pytest.Item] = []
    for n in range(shares):
        first = [item for some in long[n::shares] for item in some]
        room = (len(items) - len(ordered)) // (shares - n) - len(first)
        ordered += [*first, *short[:room]]
        del short[:room]
    return ordered


def _is_long(path: Path) -> bool:
    return path.parent.name in WHOLE or path.name in LONG


class _Known:
    """The dialect of each kind and the statements compiled for it: hundreds of tests ask the same of engines of their
    own, and to write the SQL takes longer than to run it."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[Any, Any]] = {}

    def connect(self, url: str, kept: Kept | None = None) -> None:
        """Bind a database; what was compiled for others of its kind is known, and who was connected before stays."""
        engine: Any = db.connect(url)
        kind = engine.dialect.name
        if kind == "sqlite":  # what must outlast a power cut is shown by processes of their own
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        if kept is None or not kept.lend(engine):
            with engine.connect():
                pass  # the dialect learns what kind of server it speaks to
        engine.dialect, engine._compiled_cache = self._of.setdefault(kind, (engine.dialect, engine._compiled_cache))
        engine.pool._dialect = engine.dialect


_known = _Known()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    db.connect(f"sqlite:///{path}")
    migrations.upgrade()
    close_whole()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres | OperatorPostgres) -> str:
    """The name of a migrated PostgreSQL database to copy from."""
    url = postgres.create_database()
    db.connect(url)
    migrations.upgrade()
    db.disconnect()
    return url.rpartition("/")[2]


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Settings of this test alone, in a folder of its own."""
    configure(monkeypatch, tmp_path)
    yield tmp_path
    settings.cache_clear()
    ids.seed(None)


@pytest.fixture
def sqlite(configured: Path, sqlite_template: Path) -> Iterator[str]:
    """A migrated SQLite database, bound."""
    path = configured / "ewn.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    _known.connect(url)
    yield url
    db.disconnect()


@pytest.fixture(scope="session")
def kept(postgres: Postgres | OperatorPostgres, postgres_template: str) -> Iterator[Kept]:
    """The PostgreSQL database that the tests of this process use one after another."""
    kept = Kept(postgres, postgres_template)
    yield kept
    kept.close()


@pytest.fixture
def postgresql(configured: Path, kept: Kept) -> Iterator[str]:
    """A migrated PostgreSQL database, bound."""
    url = kept.url()
    _known.connect(url, kept)
    yield url
    db.disconnect()
    kept.renew()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """A migrated database, bound: each test that asks runs on both kinds."""
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture(scope="session")
def application() -> FastAPI:
    """The application of all tests of this process: it keeps nothing of its own, and each new one builds its routes."""
    from services.main import create_app

    return create_app()


@pytest.fixture
def world(database: str, application: FastAPI) -> Iterator[World]:
    """The application on a fresh network; routes that a test adds go with it."""
    own = list(application.router.routes)
    with client_of(application) as client:
        yield World(client)
    application.router.routes[:] = own
