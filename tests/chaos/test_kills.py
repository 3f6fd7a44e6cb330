"""Processes and the broker are killed while reports are being worked on: nothing is lost, nothing is counted twice."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from kombu import Connection
from sqlalchemy import func, select, text

from services.indicators.models import Tally
from services.kernel import clock, db
from services.kernel.events import Heartbeat, Outbox, Quarantined
from services.kernel.model import table
from services.reports import Report
from tests.chaos.fleet import Fleet, eventually, fleet, shifted_to
from tests.servers import Valkey
from tests.world import World, report

NOW = datetime(2026, 11, 1, 12, 0, 5, tzinfo=UTC)  # a moment after the frozen clock of the tests
MONTH = {"place": "KG", "from": "2026-10-01", "to": "2026-10-31", "grain": "month"}


@pytest.fixture
def broker() -> Iterator[Valkey]:
    """A broker of this test's own, which forgets everything when it is killed."""
    with Valkey() as server:
        yield server


@pytest.fixture
def service(database: str, broker: Valkey, configured: Path) -> Iterator[Fleet]:
    with fleet(configured, database, broker.url(), clock=shifted_to(NOW)) as made:
        yield made


def rows(kind: type) -> int:
    with db.reading() as session:
        return int(session.execute(select(func.count()).select_from(kind)).scalar_one())


def counted() -> int:
    """How many reports have been counted at least once."""
    with db.reading() as session:
        return int(
            session.execute(select(func.count()).select_from(Tally).where(table(Tally).c.times > 0)).scalar_one()
        )


def hand_in(world: World, first: int, many: int) -> int:
    """Hand in reports as one file, in this process; how many were accepted."""
    body = "\n".join(json.dumps(report(number=n)) for n in range(first, first + many))
    answer = world.client.post(
        "/v1/reports/bulk", content=body, headers={"Content-Type": "application/x-ndjson", **world.auth("north")}
    )
    return [json.loads(line)["status"] for line in answer.text.splitlines()].count(202)


def everything_is_counted_once(world: World, accepted: int, *, kept: Fleet | None = None) -> None:
    """What must hold after all has been caught up, however long that takes while it goes on. `kept`: a worker that
    ended is started again, which Celery's may where its broker goes in the moment in which it acknowledges."""
    while left := rows(Outbox):
        eventually(
            lambda left=left: (kept is None or kept.keep("worker")) and rows(Outbox) < left, f"{left} rows grow fewer"
        )
    assert rows(Quarantined) == 0
    assert rows(Report) == accepted == counted()
    series = world.get("north", "/v1/indicators/armed-violence-incidents/series", **MONTH)
    assert series["points"][0]["value"] == accepted


def test_a_worker_killed_in_mid_batch_loses_and_doubles_nothing(world: World, service: Fleet) -> None:
    world.enrol("north")
    service.start("relay", "worker")
    accepted = 0
    for kill in (service.kill_one_of_the_pool, service.kill):
        before = accepted
        accepted += hand_in(world, 1 + before, 150)
        eventually(lambda before=before: before < counted() or not rows(Outbox), "it is in the midst")
        kill("worker")
    service.start("worker")
    everything_is_counted_once(world, accepted)
    assert accepted == 300


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_relay_killed_in_mid_run_loses_and_doubles_nothing(world: World, service: Fleet) -> None:
    world.enrol("north")
    service.start("relay-1", "worker")
    accepted = hand_in(world, 1, 150)
    eventually(lambda: counted() or not rows(Outbox), "it has begun")
    service.kill("relay-1")
    accepted += hand_in(world, 151, 150)
    service.start("relay-2", "relay-3")
    everything_is_counted_once(world, accepted)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_broker_emptied_killed_and_begun_anew_delays_and_loses_nothing(
    world: World, service: Fleet, broker: Valkey
) -> None:
    world.enrol("north")
    service.start("api", "worker", "relay")
    accepted = hand_in(world, 1, 150)
    eventually(lambda: counted() or not rows(Outbox), "it has begun")
    broker.flush()
    with httpx.Client(base_url=service.urls["api"], headers=world.auth("north"), timeout=60) as client:
        accepted += submit_some(client, 1000)
        broker.kill()
        accepted += submit_some(client, 2000)
        broker.start()
        accepted += submit_some(client, 3000)
    everything_is_counted_once(world, accepted, kept=service)
    assert accepted == 180

    cut_the_workers_line(broker)
    with db.transaction() as session:
        session.execute(table(Heartbeat).delete())
    send_a_beat(broker)
    eventually(beaten, "the heartbeat task runs again")


def submit_some(client: httpx.Client, first: int) -> int:
    """Hand in ten reports; each must be accepted, whatever the broker does."""
    for n in range(first, first + 10):
        answer = client.post("/v1/reports", json=report(number=n))
        assert answer.status_code == 202, answer.text
    return 10


def cut_the_workers_line(broker: Valkey) -> None:
    """CLIENT KILL of the connections on which a worker waits for messages."""

    def cut() -> bool:
        with broker.client() as client:
            waiting = [one for one in client.client_list() if one["cmd"] == "brpop"]
            for one in waiting:
                client.client_kill_filter(_id=one["id"])
        return bool(waiting)

    eventually(cut, "the worker waits for messages")


def send_a_beat(broker: Valkey) -> None:
    from workers.app import beat

    with Connection(broker.url()) as connection:
        beat.apply_async(connection=connection)


def test_work_goes_on_when_the_clock_was_set_back(world: World, service: Fleet) -> None:
    """Before the step all of it was put off until what is now an hour away."""
    world.enrol("north")
    accepted = hand_in(world, 1, 20)
    with db.transaction() as session:
        session.execute(table(Outbox).update().values(due_at=clock.machine() + timedelta(hours=1)))
    service.start("worker", "relay")
    everything_is_counted_once(world, accepted)


def beaten() -> bool:
    with db.reading() as session:
        return session.get(Heartbeat, "task") is not None


@pytest.mark.deep
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_minute_of_random_kills_loses_and_doubles_nothing(
    world: World, service: Fleet, broker: Valkey, seed: int
) -> None:
    """Workers, pool processes, relays and the broker are killed at random while reports keep coming in."""
    own = random.Random(seed)
    world.enrol("north")
    service.start("api", "worker-1", "worker-2", "relay-1", "relay-2")
    accepted, number = 0, 1
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for _ in range(own.randrange(1, 5)):
            accepted += hand_in(world, number, 20)
            number += 20
        match own.choice(["worker-1", "worker-2", "relay-1", "relay-2", "pool", "flush", "broker", "backend"]):
            case "pool":
                service.kill_one_of_the_pool(own.choice(["worker-1", "worker-2"]))
            case "flush":
                broker.flush()
            case "broker":
                broker.kill()
                accepted += hand_in(world, number, 20)
                number += 20
                broker.start()
            case "backend":
                end_a_database_backend(own)
            case name:
                service.kill(name)
                service.start(name)
        if own.random() < 0.5:
            so_far = counted()
            with suppress(AssertionError):  # nothing need have moved: it only gives the work a little time
                eventually(lambda so_far=so_far: counted() > so_far, "some work is done", patience=2)
    everything_is_counted_once(world, accepted)
    assert accepted == number - 1


def end_a_database_backend(own: random.Random) -> None:
    """End one backend that works for a process of the service; SQLite has none."""
    with db.transaction() as session:
        if db.is_sqlite(session):
            return
        found = text(
            "select pid from pg_stat_activity where datname = current_database() "
            "and application_name ~ '^(worker|relay)-'"
        )
        working = sorted(session.execute(found).scalars())
        if working:
            session.execute(text("select pg_terminate_backend(:pid)"), {"pid": own.choice(working)})
