"""Rows of bulk submission: its rate beside a raw insert of the same rows, and memory that does not follow the file."""

import http.client
import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import count

import psycopg

from tests.bench import texts
from tests.bench.rows import Row, in_turn, median
from tests.bench.stage import ENGINES, Api, Servers, Stage, stage

_REPORT = """(reference, organisation_id, status, kind, title, text, occurred_from, occurred_to, place, themes, figures,
source, origin, selection, audience_id, received_at, digest, revision, version)"""
_OUTBOX = "(event_id, reaction, subject_id, due_at, sends, tries, error, trace)"


def rows(servers: Servers, *, full: bool, engine: str, lines: int = 5_000, rounds: int = 3) -> Iterator[Row]:
    """Bulk submission on one engine."""
    lines = 50_000 if full else lines
    with stage(engine, servers) as laid:
        laid.accept(1)
        api = laid.api()
        upload(api, 500, laid.seed())
        raw = _raw(laid, engine, lines)
        sent, inserted = in_turn(lambda: lines / upload(api, lines, laid.seed()), raw, rounds=rounds)
        yield Row(
            "bulk submission / raw insert of 1,000 reports with outbox rows a commit (rows a second)",
            median(sent) / median(inserted), "ratio", 0.4, "higher",
            f"{ENGINES[engine]}, {rounds} x {lines:,} lines; {median(sent):,.0f} and {median(inserted):,.0f}/s",
        )  # fmt: skip
        if engine == "sqlite":
            yield _memory(laid, api, full=full)


def _memory(laid: Stage, api: Api, *, full: bool) -> Row:
    small, large = (20_000, 60_000) if not full else (100_000, 1_000_000)
    held = []
    for size in (small, large):
        api.forget_memory()
        upload(api, size, laid.seed())
        held.append(api.memory())
    if full:
        return Row("API memory after a bulk file of 1,000,000 lines", held[1] / 1024, "MB", 300, "lower", "SQLite FULL")
    return Row(
        "API memory, a bulk file three times as long / the file", held[1] / held[0], "ratio", 1.3, "lower",
        f"SQLite FULL, {small:,} and {large:,} lines; {held[1] // 1024} MB",
    )  # fmt: skip


def upload(api: Api, lines: int, seed: int) -> float:
    """Send lines in one request; the seconds from the first byte to the last answer. Making the lines is not in it."""
    content = b"".join(texts.lines(lines, seed=seed))
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=600)
    headers = {"Authorization": f"Bearer {api.key}", "Content-Type": "application/x-ndjson"}
    began = time.perf_counter()
    connection.request("POST", "/v1/reports/bulk", body=content, headers=headers)
    answers = connection.getresponse().read()
    took = time.perf_counter() - began
    connection.close()
    assert answers.count(b'"status":202') == lines, answers[:500]
    return took


def _raw(laid: Stage, engine: str, lines: int) -> Callable[[], float]:
    """Insert rows of the same size into the same tables through the bare driver, 1,000 in a commit; rows a second."""
    numbers = count(10**9)

    def batch() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        reports, outbox = [], []
        for _ in range(1000):
            n = next(numbers)
            body = texts.body(n, seed=0)
            reports.append(
                (f"RAW-{n}", 1, "test", "incident", body["title"], body["text"], body["occurred_from"],
                 body["occurred_to"], body["place"], "[]", "{}", '{"kind":"own"}', "own:1", False, 1,
                 "2026-01-01 00:00:00", "0" * 64, 1, 1)
            )  # fmt: skip
            outbox.append((n, "raw", n, "2099-01-01 00:00:00", 0, 0, "", ""))
        return reports, outbox

    def act() -> float:
        batches = [batch() for _ in range(lines // 1000)]
        insert = _on_sqlite if engine == "sqlite" else _on_postgresql
        return lines / insert(laid.url, batches)

    return act


def _on_sqlite(url: str, batches: list[tuple[list[tuple[object, ...]], list[tuple[object, ...]]]]) -> float:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    for pragma in ("synchronous=FULL", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    began = time.perf_counter()
    for reports, outbox in batches:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"insert into report {_REPORT} values ({', '.join('?' * 19)})", reports)
        connection.executemany(f"insert into outbox {_OUTBOX} values ({', '.join('?' * 8)})", outbox)
        connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.execute("delete from outbox where reaction = 'raw'")
    connection.close()
    return took


def _on_postgresql(url: str, batches: list[tuple[list[tuple[object, ...]], list[tuple[object, ...]]]]) -> float:
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        for reports, outbox in batches:
            cursor.executemany(f"insert into report {_REPORT} values ({', '.join(['%s'] * 19)})", reports)
            cursor.executemany(f"insert into outbox {_OUTBOX} values ({', '.join(['%s'] * 8)})", outbox)
            connection.commit()
        took = time.perf_counter() - began
        cursor.execute("delete from outbox where reaction = 'raw'")
    return took
