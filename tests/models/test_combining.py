"""All-of facts need sight of every source; shared rows are a safe but narrower reading (ADR 0004)."""

from hypothesis import given
from hypothesis import strategies as st

from .combining import Fact, common_rows, label, sees_rows, visible
from .policy import LABELS, Audience, Marking, Network, claims, sees
from .test_policy import ORGANISATIONS, markings, networks, viewers

audiences = st.builds(Audience, markings, st.integers(0, 2))
facts = st.builds(
    Fact, st.frozensets(audiences, max_size=3), st.sampled_from(ORGANISATIONS), st.just("a1"), st.booleans()
)


@given(networks, facts, viewers)
def test_a_fact_told_to_a_reader_never_rests_on_a_source_hidden_from_that_reader(network, fact, viewer):
    held = claims(network, *viewer)
    hidden = [source for source in fact.sources if not sees(held, source)]
    if visible(fact, held) and (hidden or not fact.sources):
        assert fact.written or not fact.sources
        assert viewer[1] == fact.person if label(fact.sources) == "RED" else viewer[0] == fact.organisation


@given(networks, facts, viewers)
def test_who_sees_every_source_sees_the_fact(network, fact, viewer):
    held = claims(network, *viewer)
    if fact.sources and all(sees(held, source) for source in fact.sources):
        assert visible(fact, held)


@given(networks, facts, audiences, viewers)
def test_one_more_source_never_shows_a_fact_to_more_readers(network, fact, source, viewer):
    held = claims(network, *viewer)
    told = fact._replace(written=False, sources=fact.sources | {source})
    if fact.sources and visible(told, held):
        assert visible(fact._replace(written=False), held)
    assert LABELS.index(label(told.sources)) >= LABELS.index(
        source.marking.tlp if source.marking.tlp != "WHITE" else "CLEAR"
    )


@given(networks, st.frozensets(audiences, min_size=1, max_size=3), viewers)
def test_shared_rows_never_show_too_much(network, sources, viewer):
    held = claims(network, *viewer)
    if sees_rows(held, common_rows(sources), min(source.generation for source in sources)):
        assert all(sees(held, source) for source in sources)


def test_shared_rows_show_too_little():
    """A reader who has one source by its organisation and the other by its group shares no row with itself."""
    network = Network(members={"a": 0, "b": 0}, groups={"g": {"a": 0}})
    sources = {Audience(Marking("AMBER", "b", frozenset("a"))), Audience(Marking("AMBER", "c", groups=frozenset("g")))}
    held = claims(network, "a")
    assert visible(Fact(frozenset(sources), "b", "b1"), held)
    assert common_rows(sources) == set()


def test_a_fact_without_a_source_is_its_owners_only():
    network = Network(members={"a": 0, "b": 0})
    bare = Fact(frozenset(), "a", "a1")
    assert visible(bare, claims(network, "a", "a1"))
    assert not visible(bare, claims(network, "a", "a2"))
    assert not visible(bare, claims(network, "b", "b1"))


def test_a_written_fact_with_a_red_source_stays_with_its_writer_not_with_the_writers_organisation():
    network = Network(members={"a": 0, "b": 0})
    red = Audience(Marking("RED", "b", persons=frozenset({"a1"}), submitter="b1"))
    fact = Fact(frozenset({red}), "a", "a1", written=True)
    assert visible(fact, claims(network, "a", "a1"))
    assert not visible(fact, claims(network, "a", "a2"))
    assert not visible(fact, claims(network, "a"))
