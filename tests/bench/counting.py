"""Rows of counting: beside one Celery task per report, beside a raw upsert of the same cells, and after tagging."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from sqlmodel import Session

from services.indicators import Plan
from services.kernel import db
from services.kernel.config import settings
from services.kernel.events import reactions
from tests.bench.rows import Row, in_turn, median, percentile
from tests.bench.stage import ENGINES, Servers, Stage, stage
from tests.bench.tagged import ids_of, tagged
from workers.handler import keep_what_is_loaded, run

AT_ONCE = 100
PARTIES = [f"p{number}" for number in range(1, 8)]
_CELLS = "(indicator, status, grain, place, bucket, audience_id, value)"
_KEY = "(indicator, status, grain, place, bucket, audience_id)"
_MORE = f"on conflict {_KEY} do update set value = raw_cell.value + excluded.value"


def rows(
    servers: Servers, *, full: bool, engine: str, reports: int = 1_500, alone: int = 150, rounds: int = 3
) -> Iterator[Row]:
    """Counting on one engine; each round counts reports that were not counted before, a tenth of them told twice."""
    reports, alone, rounds = (20_000, 2_000, 5) if full else (reports, alone, rounds)
    with stage(engine, servers, parties=8) as laid:
        tagged(laid, 200, *PARTIES)
        _count(ids_of("count"))  # what is loaded at first use is not the work
        keep_what_is_loaded()  # as a worker does
        worker = laid.run("worker")
        _one_by_one(laid, 20)
        seen = _Seen()
        raw = _Raw(laid.url, engine)
        with seen.watching():
            batched, bare, single = in_turn(
                lambda: _batched(laid, reports, seen),
                lambda: raw.rate(seen.take(laid, AT_ONCE), AT_ONCE),
                lambda: _one_by_one(laid, alone),
                rounds=rounds,
            )
        laid.stop(worker)
        rate = median(batched)
        scale = f"{ENGINES[engine]}, {rounds} x {reports:,} reports of 7 parties, a tenth retold"
        both = f"{rate:,.0f} and {median(single):,.0f}/s"
        yield Row("counting in batches of 100 / one Celery task per report (reports a second)",
                  rate / median(single), "ratio", 20, "higher", f"{scale}; {both}")  # fmt: skip
        yield Row("counting in batches of 100 / a raw sorted, pre-summed upsert of the same cells",
                  rate / median(bare), "ratio", 0.5, "higher", f"{scale}; raw {median(bare):,.0f}/s")  # fmt: skip
        yield Row("counting, apply p99 of batches of 100", percentile(seen.applies, 0.99) * 1000, "ms", 50, "lower",
                  f"{ENGINES[engine]}, {len(seen.applies)} batches, commit included")  # fmt: skip
        yield _after_tagging(laid, engine, reports // 3)


def _batched(laid: Stage, reports: int, seen: "_Seen") -> float:
    tagged(laid, reports, *PARTIES)
    seen.changes = []
    return reports / _count(ids_of("count"), seen)


def _count(ids: Sequence[int], seen: "_Seen | None" = None) -> float:
    began = time.perf_counter()
    for some in db.batches(ids, AT_ONCE):
        run("count", some)
        if seen is not None:
            seen.applies.append(time.perf_counter() - seen.planned_at)
    return time.perf_counter() - began


def _one_by_one(laid: Stage, reports: int) -> float:
    """One Celery task for each report, done by a real worker of two processes; reports a second."""
    from workers.app import app, react

    tagged(laid, reports, *PARTIES)
    ids = ids_of("count")
    began = time.perf_counter()
    with app.connection_for_write(settings().redis_url) as broker:
        for one in ids:
            react.apply_async(("count", [one]), connection=broker)
    while ids_of("count"):
        assert time.perf_counter() - began < 120, "the worker does not work"
        time.sleep(0.02)
    return reports / (time.perf_counter() - began)


def _after_tagging(laid: Stage, engine: str, reports: int) -> Row:
    laid.accept(reports, *PARTIES)
    run("tag", ids_of("tag")[:20])
    run("count", ids_of("count"))
    shares = []
    for some in list(db.batches(ids_of("tag"), AT_ONCE)):
        began = time.perf_counter()
        run("tag", some)
        tagging = time.perf_counter() - began
        shares.append(tagging / (tagging + _count(ids_of("count"))))
    return Row("tagging plus counting / tagging alone (reports a second)", median(shares), "ratio", 0.8, "higher",
               f"{ENGINES[engine]}, {reports:,} texts of 1.5 kB")  # fmt: skip


@dataclass
class _Seen:
    """What passes between `prepare` and `apply` of counting."""

    planned_at: float = 0.0
    applies: list[float] = field(default_factory=list)
    changes: list[list[tuple[Any, ...]]] = field(default_factory=list)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note each plan of this process, and when it was made."""
        real = reactions()["count"]

        def prepare(session: Session, subjects: Sequence[int]) -> Plan:
            plan: Plan = real.prepare(session, subjects)
            self.changes.append([(*key, audience, value) for (key, audience), value in plan.change.cells.items()])
            self.planned_at = time.perf_counter()
            return plan

        reactions()["count"] = replace(real, prepare=prepare)
        try:
            yield
        finally:
            reactions()["count"] = real

    def take(self, laid: Stage, least: int) -> list[list[tuple[Any, ...]]]:
        """The cells of each batch of the round; counts a round first where there is none yet."""
        if not self.changes:
            _batched(laid, least * 10, self)
        return self.changes


class _Raw:
    """The limit: nothing but the cells of each batch, pre-summed and sorted, in one statement and one commit."""

    def __init__(self, url: str, engine: str) -> None:
        self._lite = engine == "sqlite"
        names = "indicator text, status text, grain text, place text, bucket date, audience_id integer, value bigint"
        table = f"({names}, primary key {_KEY})"
        if self._lite:
            self._file = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
            self._file.execute("PRAGMA synchronous=FULL")
            self._file.execute("PRAGMA cache_size=-65536")
            self._file.execute(f"create table raw_cell {table} without rowid")
        else:
            self._server = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
            self._server.execute(f"create table raw_cell {table}")

    def rate(self, changes: list[list[tuple[Any, ...]]], at_once: int) -> float:
        """Reports a second."""
        ready = [sorted(rows) for rows in changes]
        began = time.perf_counter()
        for rows in ready:
            (self._to_file if self._lite else self._to_server)(rows)
        return at_once * len(ready) / (time.perf_counter() - began)

    def _to_file(self, rows: list[tuple[Any, ...]]) -> None:
        plain = [(a, b, c, place, day.isoformat(), audience, value) for a, b, c, place, day, audience, value in rows]
        self._file.execute("BEGIN IMMEDIATE")
        self._file.executemany(f"insert into raw_cell {_CELLS} values (?, ?, ?, ?, ?, ?, ?) {_MORE}", plain)
        self._file.execute("COMMIT")

    def _to_server(self, rows: list[tuple[Any, ...]]) -> None:
        columns = [list(column) for column in zip(*rows, strict=True)]
        given = "unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::int[], %s::bigint[])"
        self._server.execute(f"insert into raw_cell {_CELLS} select * from {given} {_MORE}", columns)
