"""What is sealed cannot be changed unseen: the first entry that is not what it was is named."""

from hypothesis import given
from hypothesis import strategies as st

from tests.models import sealing
from tests.models.sealing import Log, verify


@st.composite
def logs(draw: st.DrawFn, *, least: int = 1) -> Log:
    """Logs of a few blocks of any sizes, with perhaps some entries that wait to be sealed."""
    log = Log()
    for size in draw(st.lists(st.integers(1, 9), min_size=least, max_size=5)):
        for _ in range(size):
            log.write(draw(st.sampled_from("abc")))
        log.seal(size)
    for _ in range(draw(st.integers(0, 3))):
        log.write("late")
    return log


def sealed(log: Log) -> int:
    return log.blocks[-1].last


@given(logs())
def test_what_nobody_touched_is_whole(log: Log) -> None:
    assert verify(log) is None
    assert verify(log, log.checkpoint()) is None


@given(logs(), st.data())
def test_a_changed_entry_is_named(log: Log, data: st.DataObject) -> None:
    position = data.draw(st.integers(1, sealed(log)))
    assert verify(sealing.changed(log, position)) == position


@given(logs(), st.data())
def test_the_first_of_two_exchanged_entries_is_named(log: Log, data: st.DataObject) -> None:
    one, other = (data.draw(st.integers(1, sealed(log))) for _ in range(2))
    expected = None if log.entries[one] == log.entries[other] else min(one, other)
    assert verify(sealing.swapped(log, one, other)) == expected


@given(logs(), st.data(), st.booleans())
def test_a_removed_entry_is_named_or_the_first_that_moved_into_its_place(
    log: Log, data: st.DataObject, closed: bool
) -> None:
    position = data.draw(st.integers(1, sealed(log)))
    left = sealing.removed(log, position, closed=closed)
    found = verify(left)
    assert found is not None
    equal = all(left.entries.get(one) == log.entries[one] for one in range(position, found))
    assert found >= position
    assert equal  # what lies between is what it was: entries that say the same moved up


@given(logs(), st.data())
def test_an_entry_put_in_is_named(log: Log, data: st.DataObject) -> None:
    position = data.draw(st.integers(1, sealed(log)))
    assert verify(sealing.inserted(log, position)) == position


@given(logs(), st.data())
def test_what_is_removed_before_it_was_sealed_shows_and_holds_up_nothing(log: Log, data: st.DataObject) -> None:
    log.write("last")
    position = data.draw(st.integers(sealed(log) + 1, log.given))
    left = sealing.removed(log, position, closed=False)
    assert verify(left) == position
    left.seal(1000)
    assert sealed(left) == log.given
    assert verify(left) == position


@given(logs(least=2), st.data())
def test_a_cut_tail_shows_by_a_checkpoint_alone(log: Log, data: st.DataObject) -> None:
    kept = log.checkpoint()
    left = sealing.cut(log, data.draw(st.integers(1, len(log.blocks) - 1)))
    assert verify(left) is None
    assert verify(left, kept) == sealed(left) + 1


@given(logs(), st.data())
def test_what_is_written_anew_altogether_shows_by_a_checkpoint_alone(log: Log, data: st.DataObject) -> None:
    kept = log.checkpoint()
    position = data.draw(st.integers(1, sealed(log)))
    anew = sealing.changed(log, position).rewritten(data.draw(st.integers(1, 9)))
    assert verify(anew) is None
    assert verify(anew, kept) is not None


@given(logs(least=2), st.data())
def test_a_block_that_is_taken_out_shows(log: Log, data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(log.blocks) - 2))
    gone = log.blocks.pop(which)
    assert verify(log) == gone.first


@given(st.lists(st.text(max_size=2), min_size=2, max_size=9, unique=True))
def test_no_two_orders_have_one_root(leaves: list[str]) -> None:
    assert sealing.tree(leaves) != sealing.tree(leaves[::-1])
