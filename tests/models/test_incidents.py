"""A viewer's series equals a recount over what the viewer sees, always; hidden reports leave no trace (ADR 0005)."""

from collections import Counter
from datetime import date, timedelta
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from .incidents import Fact, Link, Report, Tally, buckets, canonical, components, fold, recount, terms

AUDIENCES = range(4)
VIEWERS = [frozenset(seen) for n in range(5) for seen in combinations(AUDIENCES, n)]
DAYS = [date(2026, 1, 30) + timedelta(days=n) for n in (0, 1, 2, 3, 40)]  # over an ISO week's and a month's end

places = st.sampled_from(("R", "R/C1", "R/C1/U1", "R/C1/U2", "R/C2/U3"))
spans = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(sorted)
crowded = st.builds(lambda value: Fact("killed", "R", DAYS[0], DAYS[0], value), st.integers(1, 3))
facts = st.one_of(
    crowded,
    crowded,  # most reports meet in one cell, or the search would rarely see an overlap
    st.builds(lambda place, span: Fact("incidents", place, *span), places, spans),
    st.builds(lambda place, span, value: Fact("killed", place, *span, value), places, spans, st.integers(1, 4)),
)
reports = st.builds(
    Report,
    audience=st.frozensets(st.sampled_from(AUDIENCES), min_size=1, max_size=1),
    status=st.sampled_from(("actual", "actual", "actual", "exercise")),
    facts=st.lists(facts, max_size=2).map(tuple),
)
keys = st.integers(0, 4)
pairs = st.frozensets(keys, min_size=2, max_size=2)
steps = st.one_of(
    st.tuples(st.just("write"), keys, reports),  # submit, revise, re-mark
    st.tuples(st.just("write"), keys, reports),
    st.tuples(st.just("withdraw"), keys),
    st.tuples(st.just("link"), pairs),
    st.tuples(st.just("link"), pairs),
    st.tuples(st.just("unlink"), pairs),
    st.tuples(st.just("lazy")),  # the next change is told late, together with a later one
)
worlds = st.tuples(st.dictionaries(keys, reports, min_size=2, max_size=5), st.frozensets(pairs, min_size=1, max_size=6))


def settled(reports: dict[int, Report], links: frozenset[Link]) -> Tally:
    tally = Tally()
    tally.settle(reports, reports, links)
    return tally


@given(worlds, st.lists(steps, max_size=12))
@settings(max_examples=4 * settings().max_examples)
def test_what_any_viewer_reads_equals_a_recount_after_any_changes(world, changes):
    told, links = dict(world[0]), set(world[1])
    tally, waiting, lazy = settled(told, frozenset(links)), set[int](), False
    for change in changes:
        match change:
            case ("write", key, report):
                told[key] = report
                waiting.add(key)
            case ("withdraw", key):
                told.pop(key, None)
                waiting.add(key)
            case ("link", pair):
                links.add(pair)
                waiting |= pair
            case ("unlink", pair):
                links.discard(pair)
                waiting |= pair
            case _:
                lazy = True
                continue
        if not lazy:
            tally.settle(waiting, told, links)
            waiting = set()
            for seen in VIEWERS:
                assert tally.read(seen) == recount(told, links, seen)
        lazy = False
    for key in sorted(waiting, reverse=True):
        tally.settle({key}, told, links)
    assert all(tally.read(seen) == recount(told, links, seen) for seen in VIEWERS)
    tally.settle(range(5), {}, set())
    assert (tally.cells, tally.overlaps, tally.links, tally.reports) == (Counter(), Counter(), set(), {})


@given(worlds, st.randoms(use_true_random=False))
def test_the_tables_do_not_depend_on_the_order_of_arrival(world, random):
    told, links = world
    order, tally = sorted(told), Tally()
    random.shuffle(order)
    for n, key in enumerate(order, start=1):
        tally.settle({key}, {k: told[k] for k in order[:n]}, links)
    assert tally == settled(told, links)


@given(worlds, st.sampled_from(AUDIENCES))
def test_two_worlds_with_and_without_hidden_reports_read_the_same(world, hidden):
    told, links = world
    without = {key: report for key, report in told.items() if hidden not in report.audience}
    for seen in VIEWERS:
        if hidden not in seen:
            assert settled(told, links).read(seen) == settled(without, links).read(seen)


def test_a_hidden_report_that_joins_two_visible_ones_joins_them_only_for_who_sees_it():
    day, links = DAYS[0], frozenset({frozenset({1, 2}), frozenset({2, 3})})
    open_, shut = frozenset({0}), frozenset({1})
    seen = Report(open_, "actual", (Fact("incidents", "R", day, day),))
    tally = settled({1: seen, 2: seen._replace(audience=shut, facts=()), 3: seen}, links)
    cell = ("incidents", "actual", "day", day.isoformat(), "R")
    assert (tally.read({0})[cell], tally.read({0, 1})[cell], tally.read({1})[cell]) == (2, 1, 0)


@given(worlds)
def test_an_incident_told_under_one_audience_needs_no_pattern(world):
    told, links = world
    alike = {key: report._replace(audience=frozenset({0})) for key, report in told.items()}
    assert not settled(alike, links).overlaps


@given(worlds)
def test_a_viewer_who_sees_more_never_counts_more_than_the_sum_nor_less_than_the_largest(world):
    told, links = world
    everyone = settled(told, links).read(AUDIENCES)
    alone = [settled(told, links).read({a}) for a in AUDIENCES]
    for cell, value in everyone.items():
        assert value <= sum(counts[cell] for counts in alone)
        assert value >= 1


@given(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(sorted))
def test_a_span_enters_only_buckets_that_hold_all_of_it(span):
    days = [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]
    every = [set(buckets(day, day)) for day in days]
    assert set(buckets(*span)) == set.intersection(*every)


@given(worlds)
def test_a_place_enters_its_own_level_and_wider_ones_never_finer_ones(world):
    told, links = world
    entered = {place for *_, place in settled(told, links).read(AUDIENCES)}
    given_places = {fact.place for report in told.values() for fact in report.facts}
    assert all(any(p == place or p.startswith(place + "/") for p in given_places) for place in entered)


nodes_strategy = st.lists(
    st.tuples(st.sampled_from([(0,), (1,), (2,)]), st.sampled_from([None, 1, 2])), min_size=1, max_size=5
)


@given(nodes_strategy, st.data())
def test_equal_patterns_have_one_spelling_and_terms_sum_to_the_fold(nodes, data):
    ends = st.frozensets(st.integers(0, len(nodes) - 1), min_size=2, max_size=2)
    edges = data.draw(st.frozensets(ends, max_size=6)) if len(nodes) > 1 else frozenset()
    order = data.draw(st.permutations(range(len(nodes))))
    pattern = canonical(dict(enumerate(nodes)), edges)
    moved = canonical({order[i]: node for i, node in enumerate(nodes)}, {frozenset(order[i] for i in e) for e in edges})
    assert pattern == moved
    for seen in VIEWERS:
        assert fold(pattern, seen) == sum(value for term, value in terms(pattern).items() if term <= seen)


def test_every_small_graph_has_one_spelling():
    """All graphs of four alike nodes: eleven shapes, eleven spellings."""
    ends = [frozenset(pair) for pair in combinations(range(4), 2)]
    graphs = chain.from_iterable(combinations(ends, n) for n in range(7))
    alike = dict.fromkeys(range(4), ((0,), 1))
    assert len({canonical(alike, graph) for graph in graphs}) == 11


def test_an_exercise_neither_joins_nor_sums_with_what_is_real():
    real = Report(frozenset({0}), "actual", (Fact("incidents", "R", DAYS[0], DAYS[0]),))
    links = frozenset({frozenset({1, 2}), frozenset({2, 3})})
    read = settled({1: real, 2: real._replace(status="exercise"), 3: real}, links).read({0})
    assert {status: value for (_, status, grain, *_), value in read.items() if grain == "day"} == {
        "actual": 2,
        "exercise": 1,
    }


def test_a_report_on_two_towns_counts_each_in_its_town_and_the_larger_one_in_the_province():
    day = DAYS[0]
    towns = (Fact("killed", "R/C1/U1", day, day, 2), Fact("killed", "R/C1/U2", day, day, 3))
    read = settled({1: Report(frozenset({0}), "actual", towns)}, frozenset()).read({0})
    assert {place: value for (_, _, grain, _, place), value in read.items() if grain == "day"} == {
        "R": 3,
        "R/C1": 3,
        "R/C1/U1": 2,
        "R/C1/U2": 3,
    }


def test_components_follow_links_whose_both_ends_are_there():
    links = [frozenset({1, 2}), frozenset({2, 3})]
    assert sorted(map(sorted, components({1, 2, 3, 4}, links))) == [[1, 2, 3], [4]]
    assert sorted(map(sorted, components({1, 3}, links))) == [[1], [3]]
