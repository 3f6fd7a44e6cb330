"""Who reads a tail by position never skips, whatever the order of commits: positions are dense and unique."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from services.kernel import db, sequencer
from services.kernel.audit import AuditEntry, record
from services.kernel.events import EventRow, publish
from tests.kernel.conftest import Poked, Poking

WRITERS, EACH = 4, 12


def place() -> None:
    with db.transaction() as session:
        sequencer.place(session, most=7)


def after(position: int) -> list[tuple[int, int]]:
    """What a reader of the tail gets that has seen everything up to a position: (position, subject)."""
    with db.reading() as session:
        rows = session.execute(
            select(EventRow.position, EventRow.subject_id)
            .where(EventRow.position > position, EventRow.name == Poked.name)
            .order_by(EventRow.position)
        )
        return [(row[0], row[1]) for row in rows.all()]


def test_an_event_that_commits_late_is_read_late_and_not_skipped(postgresql: str) -> None:
    early, late = db.transaction(), db.transaction()
    first = early.__enter__()
    publish(first, Poked(1))  # takes the smaller key, and commits last
    publish(late.__enter__(), Poked(2))
    late.__exit__(None, None, None)
    place()
    assert after(0) == [(1, 2)]
    place()
    assert after(1) == []
    early.__exit__(None, None, None)
    assert after(1) == []  # committed, and not placed yet: a reader waits
    place()
    assert after(1) == [(2, 1)]
    with db.reading() as session:
        keys = session.execute(select(EventRow.id).order_by(EventRow.position)).scalars().all()
    assert keys == sorted(keys, reverse=True)  # so a reader by key would have skipped


def test_a_reader_of_the_tail_gets_everything_once_while_writers_and_sequencers_run(poking: Poking) -> None:
    writing = threading.Event()
    read: list[tuple[int, int]] = []

    def write(writer: int) -> None:
        for n in range(EACH):
            poking.publish(writer * EACH + n)

    def sequence(_: int) -> None:
        while not writing.is_set():
            place()

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        sequencing = [pool.submit(sequence, n) for n in range(2)]
        writers = [pool.submit(write, n) for n in range(WRITERS)]
        while not all(writer.done() for writer in writers):
            read += after(read[-1][0] if read else 0)
        writing.set()
        for one in (*writers, *sequencing):
            one.result()
    for _ in range(WRITERS * EACH):
        place()
    read += after(read[-1][0] if read else 0)
    assert [position for position, _ in read] == list(range(1, WRITERS * EACH + 1))
    assert sorted(subject for _, subject in read) == list(range(WRITERS * EACH))


def test_audit_entries_get_positions_of_their_own(database: str) -> None:
    for n in range(3):
        with db.transaction() as session:
            record(session, None, "test.done", str(n))
    place()
    with db.reading() as session:
        rows = session.execute(select(AuditEntry.subject).order_by(AuditEntry.position)).scalars().all()
    assert rows == ["0", "1", "2"]


def test_what_was_rolled_back_leaves_no_gap(poking: Poking) -> None:
    poking.publish(1)
    try:
        with db.transaction() as session:
            publish(session, Poked(2))
            raise RuntimeError
    except RuntimeError:
        pass
    poking.publish(3)
    place()
    assert after(0) == [(1, 1), (2, 3)]
