"""Write transactions commit on success and lock at once; readings keep one view and write nothing."""

import random
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from services.kernel import bulk, db
from services.kernel.events import EventRow
from services.kernel.jobs import JobRun, once
from services.kernel.model import table
from tests.kernel.conftest import HOT, Poking


def taken() -> int:
    with db.reading() as session:
        return session.execute(select(func.count()).select_from(JobRun)).scalar_one()


def take(job: str = "job") -> None:
    with db.transaction() as session:
        assert once(session, job, "2026-10")


def test_a_transaction_commits_when_its_block_succeeds_and_rolls_back_when_it_raises(database: str) -> None:
    take("kept")
    with pytest.raises(RuntimeError), db.transaction() as session:
        once(session, "lost", "2026-10")
        raise RuntimeError
    with db.reading() as session:
        assert (
            session.get(JobRun, ("kept", "2026-10")) is not None,
            session.get(JobRun, ("lost", "2026-10")) is not None,
        ) == (True, False)


def test_what_is_written_in_a_reading_is_not_kept(database: str) -> None:
    with suppress(DBAPIError), db.reading() as session:  # PostgreSQL refuses it outright
        once(session, "job", "2026-10")
    assert taken() == 0


def test_a_reading_keeps_its_view_while_others_commit(database: str) -> None:
    with db.reading() as session:
        count = select(func.count()).select_from(JobRun)
        before = session.execute(count).scalar_one()
        with ThreadPoolExecutor(1) as other:
            other.submit(take).result()
        assert session.execute(count).scalar_one() == before == 0
    assert taken() == 1


def test_on_sqlite_a_write_transaction_holds_the_lock_before_its_first_write(sqlite: str) -> None:
    path = sqlite.removeprefix("sqlite:///")
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with db.transaction() as session, pytest.raises(sqlite3.OperationalError, match="locked"):
        session.execute(text("select 1"))
        other.execute("begin immediate")
    other.execute("begin immediate")  # free again
    other.execute("rollback")
    with db.reading() as session:  # and a reading does not take it
        session.execute(text("select count(*) from job_run"))
        other.execute("begin immediate")
        other.execute("rollback")
    other.close()


def test_threads_of_one_process_queue_for_sqlites_one_writer(sqlite: str) -> None:
    hot = HOT
    hot.create(db.engine())

    def add(_: int) -> None:
        with db.transaction() as session:
            held = session.execute(select(func.coalesce(func.max(hot.c.value), 0))).scalar_one()
            db.replace(session, hot, [{"name": "one", "number": 1, "value": held + 1}])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(40)))
    with db.reading() as session:
        assert session.execute(select(hot.c.value)).scalar() == 40


def test_the_relay_is_tapped_after_a_commit_that_published_and_after_no_other(poking: Poking) -> None:
    seen: list[int] = []

    def hook() -> None:
        with db.reading() as session:
            seen.append(session.execute(text("select count(*) from outbox")).scalar_one())

    db.after_commit(hook)
    try:
        take()
        with pytest.raises(RuntimeError), db.transaction() as session:
            session.info["published"] = [1]
            raise RuntimeError
        assert seen == []
        poking.publish(1, 2)
        assert seen == [2]
    finally:
        db._after_commit.remove(hook)


def test_cells_that_come_to_zero_are_gone(hot: Table) -> None:
    cells = [(name, n) for name in "ab" for n in range(3)]
    with db.transaction() as session:
        bulk.add_to(session, hot, [(*cell, 3) for cell in cells])
    with db.transaction() as session:
        bulk.add_to(session, hot, [(*cell, -3 if cell[0] == "a" else -1) for cell in cells])
    with db.reading() as session:
        assert {tuple(row) for row in session.execute(select(hot)).all()} == {("b", n, 2) for n in range(3)}


def test_four_writers_on_the_same_cells_neither_deadlock_nor_lose(hot: Table) -> None:
    """Each adds and takes away on the same few cells, in random order of its own; the sum is known."""
    start = threading.Barrier(4)

    def write(seed: int) -> dict[tuple[str, int], int]:
        own = random.Random(seed)
        sums: dict[tuple[str, int], int] = {}
        start.wait()
        for _ in range(60):
            keys = [(own.choice("abcd"), own.randrange(5)) for _ in range(12)]
            summed = {key: own.choice([-1, 1, 2]) * keys.count(key) for key in keys}
            rows = [(name, n, value) for (name, n), value in summed.items()]
            own.shuffle(rows)
            with db.transaction() as session:
                bulk.add_to(session, hot, rows)
            for key, value in summed.items():
                sums[key] = sums.get(key, 0) + value
        return sums

    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(write, range(4)))
    expected: dict[tuple[str, int], int] = {}
    for part in parts:
        for key, value in part.items():
            expected[key] = expected.get(key, 0) + value
    with db.reading() as session:
        found = {(row.name, row.number): row.value for row in session.execute(select(hot)).all()}
    assert found == {key: value for key, value in expected.items() if value}


def test_keys_reserved_by_concurrent_writers_are_never_the_same(postgresql: str) -> None:
    def reserve(_: int) -> list[int]:
        with db.transaction() as session:
            return db.next_keys(session, table(EventRow), 50)

    with ThreadPoolExecutor(4) as pool:
        keys = [key for some in pool.map(reserve, range(12)) for key in some]
    assert len(set(keys)) == len(keys) == 600


def test_new_rows_only_are_inserted_and_named(hot: Table) -> None:
    rows = [{"name": "a", "number": n, "value": 1} for n in range(3)]
    with db.transaction() as session:
        session.execute(insert(hot), rows[:1])
        made = db.insert_new(session, hot, rows, returning=("number",))
    assert sorted(row.number for row in made) == [1, 2]


def test_a_period_of_a_job_is_taken_once_by_many_at_once(database: str) -> None:
    start = threading.Barrier(6)

    def attempt(_: int) -> bool:
        start.wait()
        with db.transaction() as session:
            return once(session, "digest", "2026-09")

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(attempt, range(6))) == [False] * 5 + [True]


@pytest.mark.one_kind
def test_a_period_whose_work_failed_is_taken_by_the_next(database: str) -> None:
    with pytest.raises(RuntimeError), db.transaction() as session:
        assert once(session, "digest", "2026-09")
        raise RuntimeError
    with db.transaction() as session:
        assert once(session, "digest", "2026-09")
    with db.transaction() as session:
        assert not once(session, "digest", "2026-09")


def test_threads_that_need_the_engine_first_get_one_with_its_listeners(sqlite: str) -> None:
    for _ in range(20):
        db.disconnect()
        together = threading.Barrier(8)

        def first(_number: int, together: threading.Barrier = together) -> tuple[int, str]:
            together.wait()
            bound = db.engine()
            with bound.connect() as connection:
                return id(bound), str(connection.execute(text("pragma journal_mode")).scalar_one())

        with ThreadPoolExecutor(8) as pool:
            ((_, mode),) = set(pool.map(first, range(8)))
        assert mode == "wal"


def test_on_postgresql_nobody_waits_for_ever_but_a_migration(postgresql: str) -> None:
    def limits(connection: Connection) -> list[str]:
        return [
            str(connection.execute(text(f"show {name}")).scalar_one()) for name in ("lock_timeout", "statement_timeout")
        ]

    with db.engine().connect() as connection:
        db.patient(connection)
        assert limits(connection) == ["0", "0"]
    with db.engine().connect() as connection:
        assert limits(connection) == [f"{db.LOCK_SECONDS}s", f"{db.STATEMENT_SECONDS}s"]


@pytest.mark.one_kind
def test_an_error_straight_from_the_driver_is_the_one_that_sqlalchemy_would_raise(database: str) -> None:
    with pytest.raises(DBAPIError, match="no_such_table"), db.reading() as session:
        db.one_row(session, "SELECT 1 FROM no_such_table")
    with db.reading() as session:
        assert db.one_row(session, "SELECT 1, 'two'") == (1, "two")


def test_a_connection_that_dies_under_a_question_is_an_operational_error_and_the_next_reading_works(
    postgresql: str,
) -> None:
    with pytest.raises(OperationalError) as raised, db.reading() as session:
        backend = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with db.engine().connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
        db.one_row(session, "SELECT 1")
    assert raised.value.connection_invalidated
    assert taken() == 0


def test_on_postgresql_a_reading_leaves_the_plans_of_its_connection(postgresql: str) -> None:
    db.connect(postgresql)  # one connection of its own: of those that tests lend each other there are several
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 7'")
    counts = []
    for _ in range(8):
        with db.reading() as session:
            db.one_row(session, "SELECT 7")
            counts.append(session.execute(prepared).scalar_one())
    assert counts[-1] == 1, counts
