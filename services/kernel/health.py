"""Whether this process lives and is ready, and its figures for operators on a listener of their own."""

import logging
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import redis
from fastapi import Response
from prometheus_client import REGISTRY, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from services.kernel import clock, db
from services.kernel.config import settings
from services.kernel.events import Heartbeat, Outbox, Quarantined
from services.kernel.model import table
from services.kernel.routing import Router

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)
router = Router(tags=["health"])
OUTBOX = table(Outbox)
TASK = "task"
STALE_SECONDS = 60.0
AHEAD_SECONDS = 5.0  # a beat later than this after now is none of now: the clock was set back since


@router.get("/healthz", include_in_schema=False)
def alive() -> dict[str, str]:
    """This process answers."""
    return {"status": "alive"}


@router.get("/readyz", include_in_schema=False)
def ready(response: Response) -> dict[str, str]:
    """Whether database, migrations, broker and workers all do their part; 503 and which does not, otherwise."""
    checks = {"database": _database, "migrations": _migrations, "broker": _broker, "worker": _worker}
    found = {}
    for name, check in checks.items():
        try:
            found[name] = check()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the answer is which part fails
            found[name] = f"failing: {type(error).__name__}"
    if set(found.values()) != {"ok"}:
        response.status_code = 503
    return found


def _database() -> str:
    return "ok" if db.answers() else "failing"


def _migrations() -> str:
    with db.engine().connect() as connection:
        at = connection.execute(text("select version_num from alembic_version")).scalars().all()
    return "ok" if list(at) == db.heads() else "behind: run ewn migrate"


def _broker() -> str:
    with redis.Redis.from_url(settings().redis_url, socket_timeout=2, socket_connect_timeout=2) as broker:
        broker.ping()
    return "ok"


def _worker() -> str:
    age = heartbeat_age(TASK)
    if age is None:
        return "no task has run yet"
    if age < -AHEAD_SECONDS:
        return f"the last task is {-age:.0f} s in the future"
    return "ok" if age < STALE_SECONDS else f"no task for {age:.0f} s"


def heartbeat_age(name: str) -> float | None:
    """Seconds since a named process last did real work, below zero if its clock was ahead; None if never."""
    with db.reading() as session:
        beat = session.get(Heartbeat, name)
        return None if beat is None else (clock.now() - beat.at).total_seconds()


def beat(name: str) -> None:
    """Note that a named process just did real work."""
    with db.transaction() as session:
        db.replace(session, table(Heartbeat), [{"name": name, "at": clock.now()}])


def forget_beats(session: Session, at: datetime, _since: datetime) -> None:
    """Forget processes not heard of for a day: a relay is named by its machine, and machines come and go."""
    session.execute(delete(Heartbeat).where(table(Heartbeat).c.at < at - timedelta(days=1)))


class _Figures(Collector):
    """Figures read from the database at each scrape: they are true however many processes there are."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing beforehand: or registering would ask the database, which may be away when we start."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("ewn_database_up", "Whether the database answers: 1 or 0")
        try:
            found = self._read()
            up.add_metric([], 1)
        except SQLAlchemyError as error:
            logger.warning("no figures could be read: %s", type(error).__name__)
            found = ()
            up.add_metric([], 0)
        yield up
        yield from found
        wal = settings().data_dir / "ewn.db-wal"
        with suppress(OSError):  # none on PostgreSQL, and none just after a checkpoint at the end
            written = wal.stat().st_size
            size = GaugeMetricFamily("ewn_sqlite_wal_bytes", "Size of SQLite's write-ahead log")
            size.add_metric([], written)
            yield size

    @staticmethod
    def _read() -> Iterable[GaugeMetricFamily]:
        waiting = GaugeMetricFamily("ewn_outbox_rows", "Work waiting, by reaction", labels=["reaction"])
        held = GaugeMetricFamily("ewn_quarantined", "Work that failed all its tries")
        age = GaugeMetricFamily("ewn_heartbeat_age_seconds", "Since a process last did real work", labels=["name"])
        with db.reading() as session:
            for reaction, rows in session.execute(
                select(OUTBOX.c.reaction, func.count()).group_by(OUTBOX.c.reaction)
            ).all():
                waiting.add_metric([reaction], rows)
            held.add_metric([], session.execute(select(func.count()).select_from(Quarantined)).scalar_one())
            for one in session.execute(select(Heartbeat)).scalars():
                age.add_metric([one.name], (clock.now() - one.at).total_seconds())
        return waiting, held, age


class _Threaded(ThreadingMixIn, WSGIServer):
    """A thread for each connection: one that says nothing keeps no scrape and no shutdown waiting."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    timeout = 5  # seconds that a connection may say nothing

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class says so
        """Scrapes are not logged."""


@contextmanager
def listener() -> Iterator[None]:
    """Serve metrics while the block runs, if the operator gave a port; every scrape needs the bearer token."""
    if not settings().metrics_port:
        yield
        return
    figures = _Figures()
    REGISTRY.register(figures)
    where = settings().host, settings().metrics_port
    server = make_server(*where, _guarded(make_wsgi_app()), server_class=_Threaded, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        REGISTRY.unregister(figures)


def _guarded(app: "WSGIApplication") -> "WSGIApplication":
    token = settings().metrics_token.get_secret_value()

    def guarded(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        given = str(environ.get("HTTP_AUTHORIZATION", "")).removeprefix("Bearer ")
        if not token or not secrets.compare_digest(given.encode(), token.encode()):
            start("401 Unauthorized", [("WWW-Authenticate", "Bearer"), ("Content-Type", "text/plain")])
            return [b"set EWN_METRICS_TOKEN and send it as a bearer token\n"]
        return app(environ, start)

    return guarded
