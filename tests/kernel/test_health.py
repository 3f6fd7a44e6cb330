"""Alive is one thing, ready another: whichever part does not do its work is named, and figures need a token."""

import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from services.kernel import clock, db, health
from services.kernel.config import settings
from services.kernel.events import Heartbeat
from services.kernel.model import table
from tests.kernel.conftest import Poking
from tests.servers import OperatorRedis, Valkey
from tests.world import World

READY = {"database": "ok", "migrations": "ok", "broker": "ok", "worker": "ok"}


def setting(monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"EWN_{name.upper()}", str(value))
    settings.cache_clear()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def ready(world: World, valkey: Valkey | OperatorRedis, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which everything does its part."""
    setting(monkeypatch, redis_url=valkey.fresh_url())
    health.beat(health.TASK)
    return world


def asked(world: World) -> tuple[int, dict[str, str]]:
    answer = world.client.get("/readyz")
    return answer.status_code, answer.json()


@pytest.mark.one_kind
def test_ready_means_that_every_part_does_its_work(ready: World) -> None:
    assert asked(ready) == (200, READY)


@pytest.mark.one_kind
def test_a_process_is_alive_whatever_else_is_not(world: World) -> None:
    answer = world.client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.one_kind
def test_a_broker_that_does_not_answer_is_named(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    setting(monkeypatch, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    assert asked(ready) == (503, READY | {"broker": "failing: ConnectionError"})


@pytest.mark.one_kind
def test_a_broker_address_that_its_client_cannot_read_is_named(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    setting(monkeypatch, redis_url="redis://127.0.0.1:6379/0?socket_timeout=soon")
    assert asked(ready) == (503, READY | {"broker": "failing: ValueError"})


def test_a_worker_that_has_executed_no_task_lately_is_named(ready: World) -> None:
    late = clock.now() - timedelta(seconds=health.STALE_SECONDS + 5)
    with db.transaction() as session:
        session.execute(update(table(Heartbeat)).values(at=late))
    assert asked(ready) == (503, READY | {"worker": "no task for 65 s"})
    with db.transaction() as session:
        session.execute(table(Heartbeat).delete())
    assert asked(ready) == (503, READY | {"worker": "no task has run yet"})


def test_a_beat_from_the_future_shows_no_living_worker(ready: World) -> None:
    """The machine's clock was set back by an hour, and the worker died: its last beat stays in the future for long."""
    with db.transaction() as session:
        session.execute(update(table(Heartbeat)).values(at=clock.now() + timedelta(hours=1)))
    assert asked(ready) == (503, READY | {"worker": "the last task is 3600 s in the future"})


def test_a_database_behind_the_code_is_named(ready: World) -> None:
    with db.transaction() as session:
        session.execute(text("update alembic_version set version_num = '0000'"))
    assert asked(ready) == (503, READY | {"migrations": "behind: run ewn migrate"})


@pytest.mark.one_kind
def test_a_database_that_does_not_answer_is_named_and_tells_no_address(ready: World, database: str) -> None:
    db.connect(f"postgresql+psycopg://someone:secret@127.0.0.1:{free_port()}/ewn")
    try:
        status, found = asked(ready)
    finally:
        db.connect(database)
    assert status == 503
    assert found["broker"] == "ok"
    assert {found[name] for name in ("database", "migrations", "worker")} == {"failing: OperationalError"}


def test_a_beat_by_many_at_once_is_one_beat(database: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(health.beat, ["task"] * 16))
    assert health.heartbeat_age("task") == 0.0


def test_a_process_not_heard_of_for_a_day_is_forgotten(database: str) -> None:
    with db.transaction() as session:
        for name, hours in (("relay:gone", 25), ("relay:here", 23)):
            session.add(Heartbeat(name=name, at=clock.now() - timedelta(hours=hours)))
    with db.transaction() as session:
        health.forget_beats(session, clock.now(), clock.now())
    assert health.heartbeat_age("relay:gone") is None
    assert health.heartbeat_age("relay:here") is not None


def scrape(port: int, token: str | None) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics")
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_figures_are_for_whoever_holds_the_token(poking: Poking, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    setting(monkeypatch, metrics_port=port, metrics_token="for operators")
    poking.publish(1, 2, 3)
    with health.listener():
        for token in (None, "", "for operator", "for operatorsx"):
            status, body = scrape(port, token)
            assert status == 401
            assert "ewn_" not in body.replace("EWN_METRICS_TOKEN", "")
        status, body = scrape(port, "for operators")
        assert status == 200
        assert 'ewn_outbox_rows{reaction="poke"} 3.0' in body
        assert "ewn_quarantined 0.0" in body


@pytest.mark.one_kind
def test_without_a_token_set_nobody_gets_figures(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    setting(monkeypatch, metrics_port=port)
    with health.listener():
        assert [scrape(port, token)[0] for token in (None, "", "anything")] == [401, 401, 401]


def test_the_listener_opens_while_the_database_is_away(configured: object, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    setting(monkeypatch, metrics_port=port, metrics_token="for operators")
    db.connect(f"postgresql+psycopg://someone@127.0.0.1:{free_port()}/ewn")
    try:
        with health.listener():
            assert scrape(port, None)[0] == 401
            status, body = scrape(port, "for operators")
            assert status == 200
            assert "ewn_database_up 0.0" in body
            assert "ewn_outbox_rows" not in body
    finally:
        db.disconnect()


@pytest.mark.one_kind
def test_a_connection_that_says_nothing_keeps_no_scrape_waiting(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    setting(monkeypatch, metrics_port=port, metrics_token="for operators")
    with health.listener(), socket.create_connection(("127.0.0.1", port)) as idle:
        assert "ewn_database_up 1.0" in scrape(port, "for operators")[1]
        idle.settimeout(60)
        assert idle.recv(1) == b""  # and is closed after a while
