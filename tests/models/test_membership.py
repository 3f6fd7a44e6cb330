"""A life in steps, groups that follow days and rules, leaving for good, and members that leave no trace (ADR 0010)."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .membership import STEPS, Body, Group, Refused, Register, Stay, matches
from .policy import Marking, sees

WHO = ("a", "b", "c", "d")
KINDS, COUNTRIES = ("state", "un"), ("x", "y")
VERBS = ("activate", "suspend", "resume", "depart", "apply")

who = st.sampled_from(WHO)
group = st.sampled_from(("g", "h"))
some_kinds = st.frozensets(st.sampled_from(KINDS), max_size=1)
some_countries = st.frozensets(st.sampled_from(COUNTRIES), max_size=2)
days = st.integers(0, 12)
acts = st.one_of(
    st.tuples(st.just("step"), who, st.sampled_from(VERBS), st.booleans()),
    st.tuples(st.just("step"), who, st.sampled_from(VERBS), st.booleans()),
    st.tuples(st.just("edit"), who, st.sampled_from(KINDS), some_countries, st.booleans()),
    st.tuples(st.just("rule"), group, some_kinds, some_countries),
    st.tuples(st.just("pick"), group, who, days, st.one_of(st.none(), days)),
    st.tuples(st.just("drop"), group, who),
    st.tuples(st.just("link"), who, who, st.booleans()),
)


def play(register: Register, act: tuple, today: int) -> bool:
    try:
        match act:
            case ("step", one, verb, past):
                register.step(one, verb, past=past)
            case ("edit", one, kind, countries, hidden):
                register.edit(one, kind=kind, countries=countries, hidden=hidden)
            case ("rule", name, kinds, countries):
                register.rule(name, kinds, countries)
            case ("pick", name, one, begins, ends):
                register.pick(name, one, begins, ends, today=today)
            case ("drop", name, one):
                register.drop(name, one)
            case ("link", child, parent, past) if child > parent:
                register.link(child, parent, past=past)
    except Refused:
        return False
    return True


def begun() -> Register:
    register = Register(groups={"g": Group(), "h": Group(past=True)})
    for number, one in enumerate(WHO):
        register.bodies[one] = Body(KINDS[number % 2], frozenset(COUNTRIES[number // 2]))
        register.step(one, "activate", past=True)
    return register


@given(st.lists(acts, max_size=25))
@settings(max_examples=4 * settings().max_examples)
def test_members_are_those_picked_and_the_active_ones_that_the_rule_matches(story):
    register = begun()
    for today, act in enumerate(story):
        register.due(today)
        play(register, act, today)
        for name, one in register.groups.items():
            members = set(register.ledger.network.groups.get(name, {}))
            working = {who for who in members if register.bodies[who].state == "active"}
            ruled = {who for who, body in register.bodies.items() if matches(one, body) and body.state == "active"}
            picked = {who for who in one.picked() if register.bodies[who].state == "active"}
            assert working == ruled | picked


@given(st.lists(acts, max_size=15), group, some_kinds, some_countries)
def test_what_a_rule_would_do_is_what_it_does(story, name, kinds, countries):
    register = begun()
    for act in story:
        play(register, act, 0)
    before = set(register.ledger.network.groups.get(name, {}))
    joining, leaving = register.effect(name, kinds, countries)
    register.rule(name, kinds, countries)
    after = set(register.ledger.network.groups.get(name, {}))
    assert (joining, leaving) == (after - before, before - after)


@given(st.lists(acts, max_size=25), who)
def test_who_leaves_has_nothing_and_comes_back_to_nothing_it_was_told_before(story, one):
    register = begun()
    for act in story:
        play(register, act, 0)
    if register.bodies[one].state == "left":
        register.step(one, "apply")
    told = [
        register.ledger.stamp(Marking(tlp, "z", organisations=frozenset(one), groups=frozenset("gh")))
        for tlp in ("GREEN", "AMBER", "AMBER+STRICT")
    ]
    own = register.ledger.stamp(Marking("AMBER", one))
    register.step(one, "depart")
    network = register.ledger.network
    assert register.standing(one) == set()
    assert not [name for name, members in network.groups.items() if one in members]
    assert one not in network.parents
    assert one not in {parent for parent, _ in network.parents.values()}
    register.step(one, "apply")
    assert register.standing(one) == set()
    with pytest.raises(Refused):
        register.step(one, "activate", past=True)
    register.step(one, "activate")
    register.groups["h"].stays.clear()
    register.pick("h", one, 0, None, today=0)  # a group that gives newcomers its past
    assert sees(register.standing(one), own)
    assert not any(sees(register.standing(one), audience) for audience in told)


@pytest.mark.parametrize("state", ["applied", "active", "suspended", "left"])
def test_nothing_else_is_a_step(state):
    for verb in VERBS:
        register = Register(bodies={"a": Body("state", state=state)})
        if (state, verb) in STEPS:
            register.step("a", verb)
            assert register.bodies["a"].state == STEPS[state, verb]
        else:
            with pytest.raises(Refused):
                register.step("a", verb)


@given(st.lists(st.tuples(days, st.one_of(st.none(), days)), max_size=3), st.lists(days, min_size=1, max_size=8))
def test_a_stay_is_its_days_whenever_the_clock_looks(stays, looks):
    for begins, ends in stays:
        register = begun()
        register.groups["g"].stays.append(Stay("a", begins, ends))
        for today in sorted(looks):
            register.due(today)
            inside = "a" in register.ledger.network.groups.get("g", {})
            assert inside == (begins <= today and (ends is None or today <= ends))


@given(st.lists(acts, max_size=20), st.booleans())
def test_whoever_hides_is_not_there_for_strangers(story, hand):
    """The same acts with and without a hidden body: strangers are told the same, in the same generations."""
    register = begun()
    for act in story:
        play(register, act, 0)
    other = deepcopy(register)
    register.bodies["n"] = Body("state", frozenset("x"), hidden=True)
    register.step("n", "activate", past=True)
    if hand:
        register.groups["o"] = Group()
        register.pick("o", "n", 0, None, today=0)
    for viewer in WHO:
        assert register.known_to(viewer) == other.known_to(viewer)
        assert register.standing(viewer) == other.standing(viewer)
    secretariat = deepcopy(register)
    secretariat.edit("a", kind="secretariat")
    assert ("n" in secretariat.known_to("a")) == (secretariat.bodies["a"].state == "active")


def test_hiding_costs_nobody_the_groups_that_a_rule_gave():
    register = begun()
    register.rule("g", {"state"}, ())
    before = dict(register.ledger.network.groups["g"])
    register.edit("a", hidden=True)
    assert register.ledger.network.groups["g"] == before
