"""A tail read by position, or below the horizon, misses nothing and repeats nothing; one read by id does (ADR 0007)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .ordering import Log, Reader, below_horizon, by_id, by_position

actions = st.lists(
    st.tuples(
        st.sampled_from(
            ("begin", "insert", "insert", "commit", "commit", "roll back", "number", "publish", "die", "read")
        ),
        st.integers(0, 9),
    ),
    max_size=40,
)


def tail(steps: list[tuple[str, int]], reader: Reader) -> tuple[list[int], list[int]]:
    """Run the steps, let everything come to rest, and give (ids read, ids committed)."""
    log, cursor, read = Log(), 0, list[int]()
    rest = [("publish", 0), ("number", 0), ("publish", 0), ("read", 0)]
    for action, n in [*steps, *[("commit", 0)] * 40, *rest]:
        writers, who = sorted(log.open), f"sequencer {n % 2}"
        match action:
            case "begin":
                log.begin()
            case "insert" if writers:
                log.insert(writers[n % len(writers)])
            case "commit" if writers:
                log.commit(writers[n % len(writers)])
            case "roll back" if writers:
                log.roll_back(writers[n % len(writers)])
            case "number":
                log.sequence(who)
            case "publish" if log.lock:
                log.publish(log.lock)
            case "die" if log.lock:
                log.die(log.lock)
            case "read":
                rows, cursor = reader(log, cursor)
                read += [row.id for row in rows]
    return read, [row.id for row in log.committed]


@pytest.mark.parametrize("reader", [by_position, below_horizon])
@given(steps=actions)
@settings(max_examples=10 * settings().max_examples)  # a run takes microseconds, and skipping needs a rare order
def test_a_tail_reader_gets_each_committed_row_exactly_once(reader, steps):
    read, committed = tail(steps, reader)
    assert sorted(read) == sorted(committed)
    assert len(read) == len(set(read))


def test_a_tail_read_by_id_skips_what_commits_late():
    steps = [("begin", 0), ("begin", 0), ("insert", 0), ("insert", 1), ("commit", 1), ("read", 0)]
    assert tail(steps, by_id) == ([2], [2, 1])


def test_two_sequencers_never_number_at_once():
    log = Log()
    assert log.sequence("first")
    assert not log.sequence("second")
    log.die("first")
    assert log.sequence("second")
