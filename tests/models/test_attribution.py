"""Nobody can derive the number of an unnamed originator, nor whether it told anything at all (ADR 0013)."""

from hypothesis import given
from hypothesis import strategies as st

from services.reports import breakdown as by_table

from .attribution import FEWEST, Told, breakdown, readings, shown

ORIGINATORS = "abcdef"
worlds = st.lists(st.builds(Told, st.sampled_from(ORIGINATORS), st.booleans()), max_size=14)
attributions = st.sampled_from(("named", "withheld", "chatham"))


@given(attributions, st.booleans(), st.booleans(), st.booleans())
def test_each_attribution_tells_no_more_than_its_sentence(attribution, sees, own, secretariat):
    told = shown(attribution, sees=sees, own=own, secretariat=secretariat)
    assert sees or not any(told), "who does not see it learns nothing"
    assert told.originator or not told.source, "whom it was heard from is told to nobody who may not know the teller"
    if sees and not own:
        assert told.originator == {"named": True, "withheld": secretariat, "chatham": False}[attribution]
        assert told.source == (secretariat and attribution != "chatham")


@given(worlds)
def test_the_named_are_told_exactly_and_nobody_else(world):
    found = breakdown(world)
    assert sum(found.named.values()) == sum(one.known for one in world)
    assert set(found.named) == {one.originator for one in world if one.known}


@given(worlds, st.sampled_from(ORIGINATORS))
def test_no_breakdown_tells_the_number_of_an_unnamed_originator(world, who):
    """Of each world there is another that reads the same, total and all, in which the number is another."""
    found = breakdown(world)
    own = [one for one in world if one.originator == who and not one.known]
    if not own:
        return
    others = {one.originator for one in world if not one.known} - {who}
    if found.rest is None and not others:
        other = [one._replace(originator="x") if one in own else one for one in world]  # it was somebody else
    else:
        heir = "x" if len(others) < FEWEST else min(others)
        other = [one._replace(originator=heir) if one in own else one for one in world]
    assert breakdown(other) == found
    assert len(other) == len(world), "not even the length of the list helps"
    assert not [one for one in other if one.originator == who and not one.known]


@given(worlds)
def test_the_rest_is_told_from_three_on_and_never_for_fewer(world):
    unnamed = {one.originator for one in world if not one.known}
    assert (breakdown(world).rest is not None) == (len(unnamed) >= 3)


@given(st.lists(st.builds(Told, st.sampled_from(ORIGINATORS), st.booleans()), max_size=7), st.data())
def test_no_sequence_of_filters_tells_who_stands_behind_which_unnamed_report(world, data):
    """However the unnamed reports are dealt out to originators anew, as few or as many as three, all readings stay."""
    few = len({one.originator for one in world if not one.known}) < FEWEST
    dealt = [
        one if one.known else one._replace(originator=data.draw(st.sampled_from("uv" if few else "uvwxyz")))
        for one in world
    ]
    if few or len({one.originator for one in dealt if not one.known}) >= FEWEST:
        assert readings(dealt) == readings(world)


@given(worlds, st.booleans())
def test_the_service_breaks_down_as_the_model_does(world, filtered):
    keys = {name: key for key, name in enumerate(ORIGINATORS)}
    found = by_table(((keys[one.originator], one.known, 1) for one in world), filtered=filtered)
    model = breakdown(world, filtered=filtered)
    assert (found.named, found.rest) == ({keys[name]: n for name, n in model.named.items()}, model.rest)
