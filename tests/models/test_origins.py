"""Relays among those who tell never raise a count, whatever graph they make; a circle counts once (ADR 0021)."""

from hypothesis import given
from hypothesis import strategies as st

from services.reports import circular, corroborated, independent

from .origins import circles, origins, paired, sources

TELLERS = ("a", "b", "c", "d")
tellings = st.sets(
    st.tuples(st.sampled_from((*TELLERS, "document:d", "document:e", "x")), st.sampled_from(TELLERS))
    | st.sampled_from([(f"round:{one}", one) for one in TELLERS]),
    max_size=9,
)  # fmt: skip


@given(tellings)
def test_the_service_counts_as_the_model_does(told):
    assert independent(told) == origins(told) == independent(sorted(told, reverse=True))
    assert corroborated(told) == (paired(told) > 1)


@given(tellings, st.sets(st.tuples(st.sampled_from(TELLERS), st.sampled_from(TELLERS)), max_size=5))
def test_no_relay_among_those_who_tell_raises_the_count(told, relays):
    tellers = sources(told).keys()
    added = {(whom, teller) for whom, teller in relays if {whom, teller} <= tellers and whom != teller}
    assert independent(told | added) <= independent(told)
    assert corroborated(told | added) <= corroborated(told)


@given(tellings, st.sampled_from(TELLERS))
def test_whoever_only_passes_on_what_another_tells_adds_nothing(told, whom):
    if whom in sources(told):
        assert independent(told | {(whom, "newcomer")}) == independent(told)


@given(tellings)
def test_there_are_never_more_origins_than_tellers_and_none_only_where_nobody_tells(told):
    assert independent(told) <= len(sources(told))
    assert (independent(told) == 0) == (not told)


@given(st.permutations(TELLERS), st.integers(1, 4))
def test_a_circle_of_any_length_is_one_origin_that_confirms_nothing(order, length):
    ring = order[:length]
    told = {(f"round:{ring[0]}", ring[0])} if length == 1 else set(zip(ring, [*ring[1:], ring[0]], strict=True))
    assert (independent(told), circles(told), corroborated(told)) == (1, 1, False)
    beside = told | {("document:d", "newcomer")}
    assert (independent(beside), corroborated(beside)) == (2, False)


paths = st.lists(st.sampled_from((*TELLERS, "x", "y")), max_size=4)
reports = st.lists(st.tuples(st.sampled_from(TELLERS), paths.map(tuple)), max_size=5)


@given(reports)
def test_reports_that_cite_nobody_who_tells_go_round_in_no_circle(told):
    steps = {one for _, path in told for one in path}
    ordered = all(list(path) == sorted(set(path)) for _, path in told)
    if ordered and not steps & set(TELLERS):
        assert not circular(told, whole=True)


@given(reports, st.booleans())
def test_citing_each_other_goes_round_whatever_else_is_told(told, whole):
    assert circular([*told, ("a", ("b",)), ("b", ("c", "a"))], whole=whole)


def test_all_that_leads_back_to_one_of_the_tellers_goes_round_and_only_of_the_whole_it_is_said():
    rumour = [("a", ()), ("b", ("a",)), ("c", ("x", "b"))]
    assert circular(rumour, whole=True)
    assert not circular(rumour, whole=False)
    assert not circular([*rumour, ("d", ())], whole=True)
    assert not circular([("a", ())], whole=True)
    assert not circular([("a", ("x",)), ("b", ("x",))], whole=True)
