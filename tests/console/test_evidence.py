"""A text cut at the words behind its tags: each piece by the tags over it, in work that grows with the text alone."""

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.console.evidence import Piece, Told, cut

TEXT = "Seized near Osh, and in Osh."
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair))), max_size=6)


def told(number: int, *spans: tuple[int, int]) -> Told:
    return Told(number, "town", "KG-GO", ("gazetteer",), 0.9, spans, (), (), (), "", None, ())


@given(st.lists(SPANS, max_size=4), st.integers(0, 9))
def test_a_piece_has_the_numbers_of_all_tags_over_it_and_cites_those_that_end_with_it(
    spans: list[list[tuple[int, int]]], offset: int
) -> None:
    inside = [
        (max(0, start - offset), min(len(TEXT), end - offset), number)
        for number, some in enumerate(spans, 1)
        for start, end in some
        if max(0, start - offset) < min(len(TEXT), end - offset)
    ]
    cuts = sorted({0, len(TEXT), *(low for low, _, _ in inside), *(high for _, high, _ in inside)})
    wanted = [
        Piece(
            TEXT[low:high],
            tuple(sorted({number for start, end, number in inside if start <= low and high <= end})),
            tuple(sorted({number for _, end, number in inside if end == high})),
        )
        for low, high in pairwise(cuts)
    ]
    assert cut(TEXT, offset, [told(number, *some) for number, some in enumerate(spans, 1)]) == wanted


def work(times: int) -> int:
    """Nanoseconds of the processor, the least of several tries, to cut a text that names one town so often."""
    tags = [told(number, *((3 * place, 3 * place + 2) for place in range(times))) for number in (1, 2)]
    tries = []
    for _ in range(3):
        start = time.process_time_ns()
        assert len(cut("Ош " * times, 0, tags)) == 2 * times
        tries.append(time.process_time_ns() - start)
    return min(tries)


def test_a_town_named_thousands_of_times_is_cut_in_work_that_grows_with_the_text() -> None:
    quarter, whole = work(1_000), work(4_000)
    assert whole < 9 * quarter + 50_000_000  # what grows with the square would be 16 times as much
