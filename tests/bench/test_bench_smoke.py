"""The bench runs: two cheap families at the smallest scale give rows of the shape that var/bench.json promises."""

from collections.abc import Iterator

import pytest

from tests.bench import bulk, digest, intake, tagging
from tests.bench.rows import Row, in_turn, percentile
from tests.bench.stage import Servers


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    started = Servers()
    yield started
    started.close()


@pytest.mark.deep
def test_without_redis_submission_goes_on_and_its_tail_is_measured(servers):
    (row,) = intake.without_redis(servers, full=False, engine="sqlite", seconds=0.2, rounds=1)
    assert row.value > 0


@pytest.mark.deep
def test_bulk_is_measured_beside_a_raw_insert_into_the_same_tables(servers):
    (row,) = bulk.rows(servers, full=False, engine="postgresql", lines=1_000, held=1_000, rounds=1)
    assert row.value > 0


def test_a_digest_is_measured_at_one_and_ten_times_the_reports(servers):
    (row,) = digest.rows(servers, full=False, reports=20, rounds=1)
    assert row.document().keys() == {"goal", "value", "unit", "target", "better", "holds", "scale"}
    assert row.value > 0


@pytest.mark.deep
def test_tagging_is_measured_in_processor_time_and_in_memory(servers):
    four, whole, memory = tagging.rows(servers, full=False, count=16, rounds=1)
    assert 0 < four.value < whole.value
    assert 0 < memory.value < memory.target


def test_a_row_holds_on_the_better_side_of_its_target_only():
    low, high = (Row("goal", value, "ratio", 1.0, "higher", "") for value in (0.9, 1.0))
    assert (low.holds, high.holds) == (False, True)
    low, high = (Row("goal", value, "ratio", 1.0, "lower", "") for value in (1.0, 1.1))
    assert (low.holds, high.holds) == (True, False)


def test_what_is_compared_is_measured_in_turn():
    order: list[str] = []
    in_turn(lambda: order.append("a") or 0.0, lambda: order.append("b") or 0.0, rounds=2)
    assert order == ["a", "b", "b", "a"]


@pytest.mark.parametrize(("share", "found"), [(0.0, 1), (0.5, 50), (0.99, 99), (1.0, 100)])
def test_a_percentile_is_the_smallest_value_not_exceeded_by_its_share(share, found):
    assert percentile(range(1, 101), share) == found
