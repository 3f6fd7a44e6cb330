"""Links are few, and yet every viewer's incidents are those of all pairs that are alike, whatever others tell."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from services.indicators import components
from services.tagging.linking import Groups, Pair, Telling, agree
from services.texts.duplicates import PERMUTATIONS, Sketch, likeness

DAY = date(2026, 10, 1)


def telling(audience: int, near: int, band: int, day: int = 0) -> Telling:
    """Two are alike whose signatures, of six parts, share three or more."""
    parts = [(near * 7 + part * 13) % 5 if part > band else 100 + part for part in range(6)]
    signature = b"".join(bytes([part]) * (PERMUTATIONS // 6 + 1) for part in parts)[:PERMUTATIONS]
    on = DAY + timedelta(days=day)
    return Telling(audience, "actual", on, on, None, Sketch(signature, b""))


tellings = st.lists(
    st.builds(telling, st.integers(1, 3), st.integers(0, 4), st.integers(0, 3), st.sampled_from((0, 0, 9))), max_size=10
).map(lambda drawn: dict(enumerate(drawn, 1)))


def alike(one: Telling, other: Telling) -> bool:
    return agree(one, other) and bool(likeness(one.sketch, other.sketch))


def bands(told: dict[int, Telling]) -> dict[int, set[int]]:
    """Two bands, so that some that are alike share none: the first and the last letters of a signature."""
    held: dict[int, set[int]] = defaultdict(set)
    for key, one in told.items():
        held[one.sketch.signature[0]].add(key)
        held[-one.sketch.signature[-1] - 1].add(key)
    return held


def check(told: dict[int, Telling], links: set[Pair]) -> None:
    held = bands(told)
    pairs = [
        pair
        for pair in combinations(sorted(told), 2)
        if alike(*(told[key] for key in pair)) and any(set(pair) <= there for there in held.values())
    ]
    assert links <= set(pairs)
    for seen in ({1}, {2}, {1, 2}, {2, 3}, {1, 2, 3}):
        visible = [key for key, one in told.items() if one.audience_id in seen]
        assert components(visible, sorted(links)) == components(visible, pairs)


@given(told=tellings, size=st.integers(1, 4), gone=st.sets(st.integers(1, 10), max_size=3))
def test_viewers_incidents_are_those_of_all_alike_pairs_also_after_some_went(
    told: dict[int, Telling], size: int, gone: set[int]
) -> None:
    links: set[Pair] = set()
    for start in range(1, len(told) + 1, size):
        known = {key: one for key, one in told.items() if key < start + size}
        links |= set(Groups(known, links).join(range(start, start + size), bands(known)))
    check(told, links)
    left = {key: one for key, one in told.items() if key not in gone}
    torn = {end for pair in links if set(pair) & gone for end in pair} - gone
    links = {pair for pair in links if not set(pair) & gone}
    around = {key for part in components(left, sorted(links)) if torn & set(part) for key in part}
    if len(torn) > 1:
        links |= set(Groups(left, links).join(around, bands(left)))
    check(left, links)


def test_a_flood_of_unequal_near_duplicates_has_a_link_for_each_not_for_each_pair() -> None:
    told = {key: telling(1 + key % 2, 0, key % 3) for key in range(1, 301)}
    held = {band: set(told) for band in range(32)}
    links = Groups(told, ()).join(told, held)
    assert len(links) == len(told) - 1
    more = told | {301: telling(1, 0, 1)}
    assert len(Groups(more, links).join({301}, {0: set(more)})) <= 2


pairs = st.sets(st.tuples(st.integers(1, 10), st.integers(1, 10)).filter(lambda pair: pair[0] < pair[1]), max_size=4)


@given(told=tellings, same=pairs, apart=pairs, size=st.integers(1, 4))
def test_what_analysts_decided_of_pairs_is_so_for_each_viewer_and_no_hidden_end_joins_or_parts(
    told: dict[int, Telling], same: set[Pair], apart: set[Pair], size: int
) -> None:
    same = {pair for pair in same - apart if set(pair) <= told.keys()}
    links = set(same)
    for start in range(1, len(told) + 1, size):
        known = {key: one for key, one in told.items() if key < start + size}
        there = [pair for pair in links if set(pair) <= known.keys()]
        links |= set(Groups(known, there, apart).join(range(start, start + size), bands(known)))
    pairs = {
        pair
        for held in bands(told).values()
        for pair in combinations(sorted(held), 2)
        if pair not in apart and alike(*(told[key] for key in pair))
    }
    for seen in ({1}, {2}, {1, 2}, {2, 3}, {1, 2, 3}):
        visible = {key: one for key, one in told.items() if one.audience_id in seen}
        only = {pair for pair in pairs | same if set(pair) <= visible.keys()}
        assert components(visible, sorted(links)) == components(visible, sorted(only))


def arrived_and_retagged(told: dict[int, Telling], again: list[int]) -> set[Pair]:
    """The links after reports came one by one, and some were tagged again."""
    links: set[Pair] = set()
    for key in sorted(told):
        known = {one: telling for one, telling in told.items() if one <= key}
        links |= set(Groups(known, links).join({key}, dict(sorted(bands(known).items()))))
    for key in again:
        if key in told:
            torn = {end for pair in links if key in pair for end in pair} - {key}
            links = {pair for pair in links if key not in pair}
            parts = components(told.keys() - {key}, sorted(links)) if len(torn) > 1 else []
            apart = {one for part in parts if torn & set(part) for one in part}
            links |= set(Groups(told, links).join({key} | apart, dict(sorted(bands(told).items()))))
    return links


crowds = st.lists(
    st.builds(telling, st.integers(1, 3), st.sampled_from((0, 0, 1)), st.integers(0, 3)), min_size=4, max_size=8
).map(lambda drawn: dict(enumerate(drawn, 1)))


@given(told=crowds, again=st.lists(st.integers(1, 8), min_size=1, max_size=3), hidden=st.integers(1, 3))
def test_which_of_the_alike_pairs_is_the_link_hangs_on_nothing_hidden(
    told: dict[int, Telling], again: list[int], hidden: int
) -> None:
    seen = {key: one for key, one in told.items() if one.audience_id != hidden}
    links = arrived_and_retagged(told, [key for key in again if key in seen])
    assert {pair for pair in links if set(pair) <= seen.keys()} == arrived_and_retagged(seen, again)
