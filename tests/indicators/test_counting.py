"""A pattern has one spelling, however the reports of an incident are numbered."""

import random

from hypothesis import given
from hypothesis import strategies as st

from services.indicators.counting import components, contract, fold, told_by

SEVEN = [(n, n + 1) for n in range(6)]


def spellings(audiences: list[int], edges: list[tuple[int, int]], said: list[int], times: int) -> set[str]:
    found = set()
    for seed in range(times):
        number = list(range(1, len(audiences) + 1))
        random.Random(seed).shuffle(number)
        members = sorted((number[n], audience) for n, audience in enumerate(audiences))
        joined = sorted((min(pair), max(pair)) for pair in ((number[a], number[b]) for a, b in edges))
        found.add(contract(members, joined, {number[n]: worth for n, worth in enumerate(said)}).text())
    return found


def test_a_path_of_seven_has_one_spelling_in_fifty_numberings() -> None:
    assert len(spellings([1, 2, 1, 2, 1, 2, 1], SEVEN, [1] * 7, 50)) == 1


@given(
    audiences=st.lists(st.integers(1, 3), min_size=2, max_size=9),
    above=st.lists(st.integers(0, 100), min_size=9, max_size=9),
)
def test_a_tree_has_one_spelling(audiences: list[int], above: list[int]) -> None:
    edges = [(above[n] % n, n) for n in range(1, len(audiences))]
    assert len(spellings(audiences, edges, [1] * len(audiences), 6)) == 1


def test_an_incident_of_very_many_nodes_is_spelled_in_reasonable_work_and_folds_alike() -> None:
    members = [(n, 2 - n % 2) for n in range(1, 3001)]
    pattern = contract(members, [(n, n + 1) for n in range(1, 3000)], dict.fromkeys(range(1, 3001), 1))
    assert (fold(pattern, {1, 2}), fold(pattern, {1})) == (1, 1500)


def test_what_counts_nothing_and_joins_nothing_goes_in_work_that_grows_as_the_incident() -> None:
    many = 30_000
    members = [(n, 2 - n % 2) for n in range(1, many + 1)]
    path = [(n, n + 1) for n in range(1, many)]
    assert [(one.audience, one.value) for one in contract(members, path, {1: 4}).nodes] == [(1, 4)]
    middle = contract(members, path, {9: 4, 12: 5})
    assert (len(middle.nodes), fold(middle, {1, 2}), fold(middle, {1})) == (4, 5, 4)
    assert contract(members, [(1, n) for n in range(2, many + 1)], {2: 3, 3: 1}).edges == ((0, 1),)


@given(
    nodes=st.lists(st.tuples(st.integers(1, 4), st.one_of(st.none(), st.integers(1, 3))), min_size=2, max_size=9),
    pairs=st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=16),
    seen=st.sets(st.integers(1, 4)),
)
def test_who_told_a_pattern_is_who_would_have_if_nothing_else_was_told(
    nodes: list[tuple[int, int | None]], pairs: set[tuple[int, int]], seen: set[int]
) -> None:
    edges = [(a, b) for a, b in sorted(pairs) if a < b < len(nodes)]
    said = {n: value for n, (_, value) in enumerate(nodes) if value is not None}
    pattern = contract([(n, audience) for n, (audience, _) in enumerate(nodes)], edges, said)
    alone: set[int] = set()
    for part in components([n for n, (audience, _) in enumerate(nodes) if audience in seen], edges):
        inside = [(a, b) for a, b in edges if a in part and b in part]
        left = contract([(n, nodes[n][0]) for n in part], inside, {n: said[n] for n in part if n in said})
        alone |= {node.audience for node in left.nodes if fold(left, seen)}
    assert told_by(pattern, seen) == alone
