"""A frozen edition reads the same for ever, except for what was since withdrawn or narrowed (ADR 0009)."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from .editions import Store, amended, freeze, render
from .incidents import recount
from .test_incidents import AUDIENCES, VIEWERS, keys, reports, settled, worlds

viewers = st.sampled_from(VIEWERS)
languages = st.sampled_from(("en", "ru"))
narrowed = st.dictionaries(keys, st.frozensets(st.sampled_from(AUDIENCES), min_size=1, max_size=1))


def counted(text: str) -> int:
    return 0 if text == "-" else len(text.splitlines())


@given(worlds, viewers, languages)
def test_a_rendering_tells_what_the_reader_could_count_and_nothing_else(world, seen, language):
    store: Store = {}
    edition = freeze(settled(*world), "salt", store)
    text = render(edition, store, seen, language)
    assert counted(text) == len(recount(*world, seen))
    assert text == render(edition, dict(reversed(store.items())), set(seen), language)


@given(worlds, viewers, keys, reports)
def test_what_arrives_after_the_freeze_changes_no_rendering(world, seen, key, report):
    told, links = world
    store: Store = {}
    tally = settled(told, links)
    edition = freeze(tally, "salt", store)
    before = render(edition, store, seen, "en")
    tally.settle({key}, told | {key: report}, links)
    freeze(tally, "salt", store)
    assert render(edition, store, seen, "en") == before


@given(worlds, narrowed, viewers)
def test_the_stricter_of_the_two_markings_decides(world, now, seen):
    told, links = world
    both = {key: told[key] for key in told.keys() & now.keys() if told[key].audience | now[key] <= seen}
    assert amended(told, links, now).read(seen) == recount(both, links, seen)


@given(worlds, narrowed, viewers)
def test_a_wider_marking_after_the_freeze_opens_nothing(world, now, seen):
    told, links = world
    later = amended(told, links, now | {key: frozenset() for key in told if key not in now})
    assert set(later.read(seen)) <= set(settled(told, links).read(seen))


@given(worlds)
def test_equal_facts_are_stored_once_and_each_block_is_its_own_proof(world):
    store: Store = {}
    first = freeze(settled(*world), "salt", store)
    size = len(store)
    assert freeze(settled(*world), "salt", store) == first
    assert len(store) == size
    assert all(hashlib.sha256(text.encode()).hexdigest() == address for address, text in store.items())
    assert not set(freeze(settled(*world), "other", {}).blocks) & set(first.blocks), "salted: no guessing from outside"
