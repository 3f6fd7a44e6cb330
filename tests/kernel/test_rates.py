"""How often one caller may ask: counted for all processes together, cheaply, and open where Redis does not answer."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import redis
from sqlmodel import select

from services.kernel import db, rates
from services.kernel.audit import AuditEntry
from services.kernel.config import settings
from services.kernel.errors import TooMany
from services.kernel.gathering import gathered
from services.kernel.rates import Rates
from tests.persons import signed_in
from tests.servers import OperatorRedis, Valkey
from tests.world import World, report

pytestmark = pytest.mark.one_kind


@pytest.fixture
def url(valkey: Valkey | OperatorRedis) -> str:
    return valkey.fresh_url()


@contextmanager
def hanging() -> Iterator[tuple[str, list[socket.socket]]]:
    """A server that takes connections, and never says a word; and who has come."""
    came: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            while True:
                try:
                    came.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0", came
        server.shutdown(socket.SHUT_RDWR)
    thread.join()
    for one in came:
        one.close()


def spent(some: Rates, who: str, times: int) -> int:
    """How many of these requests were let through."""
    let = 0
    for _ in range(times):
        try:
            some.spend(who)
        except TooMany:
            continue
        let += 1
    return let


def asked(url: str) -> int:
    """How many scripts Redis has run."""
    with redis.Redis.from_url(url) as broker:
        stats = broker.info("commandstats")
    return sum(int(stats[name]["calls"]) for name in ("cmdstat_evalsha", "cmdstat_eval") if name in stats)


def test_the_rate_is_one_for_all_processes_and_each_callers_own(url: str) -> None:
    one, other = Rates(url, 50, 1_000_000), Rates(url, 50, 1_000_000)
    with ThreadPoolExecutor(4) as pool:
        let = sum(pool.map(lambda some: spent(some, "k1", 60), (one, other, one, other)))
    assert let <= 50
    assert let >= 30, "what is taken ahead and left over is lost: it must stay little"
    assert spent(one, "k2", 1) == 1


def test_the_quota_is_one_for_all_processes(url: str) -> None:
    one, other = Rates(url, 1_000_000, 90), Rates(url, 1_000_000, 90)
    assert spent(one, "k1", 60) + spent(other, "k1", 200) <= 90
    with pytest.raises(TooMany) as refused:
        other.spend("k1")
    assert 60 < int(refused.value.headers["Retry-After"]) <= 86_400


def test_a_refusal_says_when_to_come_again_and_asks_nobody(url: str) -> None:
    some = Rates(url, 3, 1_000_000)
    assert spent(some, "k1", 10) == 3
    before = asked(url)
    with pytest.raises(TooMany) as refused:
        some.spend("k1")
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
    assert not some.at_hand("k1")
    assert asked(url) == before


def test_a_busy_caller_costs_redis_little_and_a_quiet_one_a_round_trip(url: str) -> None:
    some = Rates(url, 1_000_000, 1_000_000)
    before = asked(url)
    let = 1_000
    assert spent(some, "k1", let) == let
    assert asked(url) - before < let / 10
    before = asked(url)
    quiet = [f"q{n}" for n in range(50)]
    for who in quiet:
        some.spend(who)
    assert asked(url) - before <= 2 * len(quiet), "its rate, and once in a thousandth of the quota that"


def test_requests_at_hand_are_spent_without_redis(url: str) -> None:
    some = Rates(url, 1_000_000, 1_000_000)
    spent(some, "k1", 40)
    before = asked(url)
    at_hand = 0
    while some.at_hand("k1"):
        at_hand += 1
        assert at_hand < 2 * rates.MOST_AHEAD
    assert asked(url) == before
    some.spend("k1")
    assert asked(url) > before


def test_without_redis_everybody_passes_and_only_one_in_a_while_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    with hanging() as (url, came):
        some = Rates(url, 1, 1)
        assert spent(some, "k1", 100) == 100
        assert spent(some, "k2", 100) == 100
        assert some.at_hand("k3"), "the loop is not sent to a thread that would wait"
        assert len(came) == 1
        monkeypatch.setattr(some.breaker, "_until", 1e-9)  # the time is over
        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(lambda n: spent(some, f"k{n}", 5), range(10, 18))) == 40
        assert len(came) == 2
    refusing = Rates("redis://127.0.0.1:1/0", 1, 1)
    assert spent(refusing, "k1", 10) == 10


def test_once_redis_is_back_requests_are_counted_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    some = Rates(url, 5, 1_000_000)
    some.breaker.call(_fails)
    assert spent(some, "k1", 50) == 50
    monkeypatch.setattr(some.breaker, "_until", 1e-9)
    monkeypatch.setattr(some, "_held", {})
    assert spent(some, "k1", 50) == 5
    assert not some.breaker.open


def _fails() -> bool:
    raise redis.ConnectionError


def test_what_is_remembered_of_callers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_CALLERS", 100)
    some = Rates("redis://127.0.0.1:1/0", 1, 1)
    for n in range(1_000):
        some.spend(f"k{n}")
    assert len(some._held) <= 102


@pytest.fixture
def counted(url: str, monkeypatch: pytest.MonkeyPatch, world: World) -> World:
    """A network whose members may ask three times a minute."""
    world.enrol("north")
    monkeypatch.setenv("EWN_REDIS_URL", url)
    monkeypatch.setenv("EWN_RATE_PER_MINUTE", "3")
    settings.cache_clear()
    return world


@pytest.mark.parametrize("who", ["key", "session", "page", "intake"])
def test_too_many_requests_are_answered_429_with_the_time_to_wait(counted: World, who: str) -> None:
    headers = counted.auth("north") if who in ("key", "intake") else signed_in("ada", "north", "focal_point")
    path = {"page": "/mine", "intake": "/v1/reports?validate=true"}.get(who, "/v1/me")
    for n in range(6):
        if who == "intake":
            answer = counted.client.post(path, json=report(number=n), headers=headers)
        else:
            answer = counted.client.get(path, headers=headers | ({"Accept": "text/html"} if who == "page" else {}))
        assert answer.status_code == (200 if n < 3 else 429), (n, answer.text)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if who != "page":
        assert (answer.headers["content-type"], answer.json()["type"]) == (
            "application/problem+json", "/docs/problems#too-many",
        )  # fmt: skip


def test_with_redis_away_reports_are_taken_and_pages_shown(counted: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with hanging() as (url, _):
        monkeypatch.setenv("EWN_REDIS_URL", url)
        settings.cache_clear()
        for n in range(10):
            assert counted.post("north", report(number=n)).status_code == 202
            assert counted.raw("north", "/v1/me").status_code == 200


def test_nobody_spends_the_requests_of_another_by_naming_its_key(counted: World) -> None:
    prefix = counted.keys["north"].split("_")[1]
    for _ in range(10):
        wrong = counted.client.get("/v1/me", headers={"Authorization": f"Bearer ewn_{prefix}_wrong"})
        assert wrong.status_code == 401
    assert counted.raw("north", "/v1/me").status_code == 200


@pytest.mark.parametrize("path", ["/v1/me", "/v1/reports?validate=true"])
def test_whoever_goes_on_asking_does_not_fill_the_record(counted: World, path: str) -> None:
    for n in range(12):
        if path == "/v1/me":
            counted.client.get(path, headers=counted.auth("north"))
        else:
            counted.client.post(path, json=report(number=n), headers=counted.auth("north"))
    gathered.flush()
    with db.reading() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.action == "answer.refused")).all()
    assert [one.detail["status"] for one in found] == [429]
