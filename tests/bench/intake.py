"""Rows of single submission: its rate beside validation, its tail, also with busy workers and without Redis."""

import time
from collections.abc import Iterator

from sqlalchemy import func, select

from services.kernel import db
from services.kernel.events import Outbox
from services.kernel.model import table
from tests.bench.load import Load, send
from tests.bench.rows import Row, in_turn, median
from tests.bench.stage import ENGINES, Api, Servers, Stage, stage

SUBMIT = "/v1/reports"
VALIDATE = "/v1/reports?validate=true"


def rows(servers: Servers, *, full: bool, engine: str, seconds: float = 2.0, rounds: int = 3) -> Iterator[Row]:
    """Submission on one engine."""
    seconds = 15.0 if full else seconds
    scale = f"{ENGINES[engine]}, 16 connections, 1.9 kB, {rounds} x {seconds:g} s"
    with stage(engine, servers) as laid:
        api = laid.api()
        checked, taken = _both(laid, api, seconds=seconds, rounds=rounds)
        full_path, only_checked = median([one.rate for one in taken]), median([one.rate for one in checked])
        yield Row(
            "single submission / validate only (requests a second)", full_path / only_checked, "ratio", 0.25, "higher",
            f"{scale}; {full_path:,.0f} and {only_checked:,.0f}/s",
        )  # fmt: skip
        yield Row(
            "single submission, p99 / p50",
            median([one.p99 / one.p50 for one in taken]), "ratio", 10, "lower", scale,
        )  # fmt: skip
        busy = _saturated(laid, api, seconds=seconds, rounds=rounds)
        yield Row(
            "single submission while workers are saturated, p99 / p50",
            median([one.p99 / one.p50 for one in busy]), "ratio", 10, "lower", scale,
        )  # fmt: skip


def without_redis(servers: Servers, *, full: bool, engine: str, seconds: float = 2.0, rounds: int = 5) -> Iterator[Row]:
    """Submission with Redis up and killed, in turn."""
    seconds = 10.0 if full else seconds
    with stage(engine, servers) as laid:
        api = laid.api()

        def up() -> float:
            return send(api.port, api.key, SUBMIT, seconds=seconds, seed=laid.seed()).p99

        def down() -> float:
            servers.valkey.kill()
            try:
                return up()
            finally:
                servers.valkey.start()

        up()
        normal, alone = in_turn(up, down, rounds=rounds)
    yield Row(
        "submission p99 with Redis down / normal p99", median(alone) / median(normal), "ratio", 1.5, "lower",
        f"{ENGINES[engine]}, 16 connections, {rounds} x {seconds:g} s",
    )  # fmt: skip


def _both(laid: Stage, api: Api, *, seconds: float, rounds: int) -> tuple[list[Load], list[Load]]:
    checked: list[Load] = []
    taken: list[Load] = []

    def take(path: str, into: list[Load], most: int) -> float:
        into.append(send(api.port, api.key, path, seconds=seconds, seed=laid.seed(), most=most))
        return into[-1].rate

    send(api.port, api.key, SUBMIT, seconds=0.5, seed=laid.seed())
    in_turn(lambda: take(VALIDATE, checked, 4000), lambda: take(SUBMIT, taken, 2500), rounds=rounds)
    return checked, taken


def _saturated(laid: Stage, api: Api, *, seconds: float, rounds: int) -> list[Load]:
    """Load while the workers have more to do than they can: what was taken in so far, and what comes in."""
    laid.run("worker")
    laid.run("relay")
    _until_moving()
    found = []
    for _ in range(rounds):
        found.append(send(api.port, api.key, SUBMIT, seconds=seconds, seed=laid.seed()))
        assert waiting("tag") > 100, "the workers were not saturated"
    return found


def waiting(*reactions: str) -> int:
    """Outbox rows not consumed yet: of these reactions, or of all."""
    outbox = table(Outbox)
    statement = select(func.count()).select_from(outbox)
    if reactions:
        statement = statement.where(outbox.c.reaction.in_(reactions))
    with db.reading() as session:
        return int(session.execute(statement).scalar_one())


def _until_moving() -> None:
    before = waiting("tag")
    deadline = time.monotonic() + 30
    while waiting("tag") == before:
        assert time.monotonic() < deadline, "the workers do not work"
        time.sleep(0.1)
