"""Rows of bulk submission: its rate beside a raw insert of the same rows, and memory that does not follow the file."""

import http.client
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import count, islice

import psycopg

from services.kernel import ids
from tests.bench import texts
from tests.bench.rows import Row, in_turn, median
from tests.bench.stage import ENGINES, Api, Servers, Stage, stage

_Batch = dict[str, list[tuple[object, ...]]]
# What the service must store with a report: the same tables and columns, so that the limit is one that it could reach.
_COLUMNS = {
    "report": "reference, organisation_id, own_reference, status, kind, title, text, occurred_from, occurred_to, "
    "place, themes, figures, source, origin, selection, audience_id, terms, received_at, handed_in_at, digest, "
    "revision, version",
    "idempotency": "organisation_id, route, key, fingerprint, answer",
    "event": "name, subject_id, at",
    "outbox": "event_id, reaction, subject_id, due_at, sends, tries, error, trace",
    "audit": "at, key_id, organisation_id, action, subject, detail, trace, address",
}


def rows(
    servers: Servers, *, full: bool, engine: str, lines: int = 5_000, held: int = 200_000, rounds: int = 3
) -> Iterator[Row]:
    """Bulk submission on one engine, into a database that holds so many reports: into an empty one anything is inserted
    faster than it ever will be again."""
    lines = 50_000 if full else lines
    with stage(engine, servers) as laid:
        laid.accept(1)
        api = laid.api()
        upload(api, 500, laid.seed())
        raw = _raw(laid, engine)
        raw(held)
        sent, inserted = in_turn(lambda: lines / upload(api, lines, laid.seed()), lambda: raw(lines), rounds=rounds)
        yield Row(
            "bulk submission / raw insert of the same rows, 1,000 reports a commit (reports a second)",
            median(sent) / median(inserted), "ratio", 0.4, "higher",
            f"{ENGINES[engine]}, {rounds} x {lines:,} lines, {held:,} reports held; "
            f"{median(sent):,.0f} and {median(inserted):,.0f}/s",
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


def _raw(laid: Stage, engine: str) -> Callable[[int], float]:
    """Insert the rows of so many reports through the bare driver, 1,000 in a commit; reports a second."""
    numbers = count(10**9)
    insert = _on_sqlite if engine == "sqlite" else _on_postgresql

    def act(lines: int) -> float:
        took = 0.0
        for some in range(0, lines, 20_000):  # made beforehand, and not all at once
            size = min(20_000, lines - some)
            took += insert(laid.url, [_batch(numbers) for _ in range(size // 1000)])
        return lines / took

    return act


def _batch(numbers: Iterator[int]) -> _Batch:
    rows: _Batch = {name: [] for name in _COLUMNS}
    now = "2026-01-01 00:00:00"
    for n in islice(numbers, 1000):
        body, name, digest, trace = texts.body(n, seed=0), ids.reference(), f"{n:064x}", "T-0000-0000-0000"
        day, place, theme = body["occurred_from"], body["place"], json.dumps(body["themes"])
        answer = json.dumps({"reference": name, "revision": 1, "received_at": now, "digest": digest})
        rows["report"].append(
            (name, 1, f"raw-{n}", "test", "incident", body["title"], body["text"], day, day, place, theme,
             json.dumps(body["figures"]), '{"kind":"own"}', "organisation:1", False, 1, "{}", now, now, digest,
             1, 1)
        )  # fmt: skip
        rows["idempotency"].append((1, "raw", f"raw-{n}", digest, answer))
        rows["event"].append(("report.submitted", n, now))
        rows["outbox"].append((n, "raw", n, "2099-01-01 00:00:00", 0, 0, "", trace))
        rows["audit"].append((now, 1, 1, "report.submitted", name, "{}", trace, digest))
    return rows


def _statements(mark: str) -> dict[str, str]:
    return {
        name: f"insert into {name} ({columns}) values ({', '.join([mark] * (columns.count(',') + 1))})"
        for name, columns in _COLUMNS.items()
    }


def _on_sqlite(url: str, batches: list[_Batch]) -> float:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    # As the service's connections: what PostgreSQL checks and overwrites unasked, SQLite does when it is told to.
    for pragma in ("synchronous=FULL", "cache_size=-65536", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    statements = _statements("?")
    began = time.perf_counter()
    for batch in batches:
        connection.execute("BEGIN IMMEDIATE")
        for name, rows_of in batch.items():
            connection.executemany(statements[name], rows_of)
        connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.execute("delete from outbox where reaction = 'raw'")
    connection.close()
    return took


def _on_postgresql(url: str, batches: list[_Batch]) -> float:
    statements = _statements("%s")
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        for batch in batches:
            for name, rows_of in batch.items():
                cursor.executemany(statements[name], rows_of)
            connection.commit()
        took = time.perf_counter() - began
        cursor.execute("delete from outbox where reaction = 'raw'")
    return took
