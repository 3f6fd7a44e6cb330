"""One policy in two forms: the pure one and SQL agree on any network, and both are the rule told with times."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from services import network
from services.kernel import db
from services.kernel.errors import Conflict, NotFound
from tests.emptying import empty
from tests.network.parties import form, found, mark, seen_by, stamped, viewer

PARENTS = {"top": None, "mid": "top", "low": "mid", "far": None}
GROUPS = ("ring", "pair")
EXAMPLES = max(8, settings().max_examples // 4)

LATER = ("new", "odd")  # who may be enrolled on the way
who = st.sampled_from(tuple(PARENTS))
anyone = st.sampled_from((*PARENTS, *LATER))
group = st.sampled_from(GROUPS)
changes = st.one_of(
    st.tuples(st.just("join"), group, anyone, st.booleans()),
    st.tuples(st.just("leave"), group, anyone),
    st.tuples(st.just("suspend"), anyone),
    st.tuples(st.just("resume"), anyone, st.booleans()),
    st.tuples(st.just("enrol"), st.sampled_from(LATER), st.one_of(st.none(), who), st.booleans()),
)
markings = st.tuples(
    st.just("mark"),
    st.sampled_from(("CLEAR", "GREEN", "AMBER", "AMBER", "AMBER+STRICT", "RED")),
    who,
    st.frozensets(who, max_size=2),
    st.frozensets(group, max_size=2),
    st.frozensets(who, max_size=2),
)
stories = st.lists(st.one_of(changes, changes, markings), min_size=6, max_size=18)


def play(step: tuple) -> bool:
    """Make one change of the network, as an administrator would; False where it is refused."""
    try:
        match step:
            case ("enrol", slug, parent, past):
                found({slug: parent}, past=past)
            case (verb, *rest):
                with db.transaction() as session:
                    match verb, *rest:
                        case "join", name, slug, past:
                            network.edit_group(session, name, network.EditGroup(past=past), by=None)
                            network.join(session, name, slug, by=None)
                        case "leave", name, slug:
                            network.leave(session, name, slug, by=None)
                        case "suspend", slug:
                            network.suspend(session, slug, by=None)
                        case "resume", slug, past:
                            network.resume(session, slug, by=None, past=past)
    except (Conflict, NotFound):
        return False
    return True


@given(story=stories)
@settings(max_examples=EXAMPLES)
def test_the_sql_form_sees_what_the_pure_policy_sees(database, story):
    empty(network_too=True)
    found(PARENTS)
    for one in GROUPS:
        form(one)
    for step in story:
        if step[0] == "mark":
            mark(*step[1:])
        else:
            play(step)
    with db.reading() as session:
        for slug in network.directory(session).slugs:
            for person in (False, True):
                caller = viewer(session, slug, person=person)
                assert set(network.visible(session, caller)) == opened(session, caller)


def opened(session: Session, caller: network.Caller) -> set[int]:
    """What the pure policy opens to a caller."""
    claims = network.claims(session, caller)
    return {key for key, audience in stamped(session).items() if network.sees(claims, audience)}


def sights(session: Session) -> dict[tuple[str, bool], set[int]]:
    """What each organisation's key and person see in this transaction, by the policy's SQL form."""
    viewers = [(slug, person) for slug in network.directory(session).slugs for person in (False, True)]
    return {one: set(network.visible(session, viewer(session, one[0], person=one[1]))) for one in viewers}


@pytest.mark.one_kind
@given(story=stories)
@settings(max_examples=EXAMPLES)
def test_each_transaction_resolves_the_rights_of_its_own_moment_whatever_others_remember(database, story):
    empty(network_too=True)
    found(PARENTS)
    for one in GROUPS:
        form(one)
    for step in story:
        with db.reading() as earlier:
            before = sights(earlier)
            if step[0] == "mark":
                mark(*step[1:])
            else:
                play(step)
            callers = {(slug, person): viewer(earlier, slug, person=person) for slug, person in before}
            with db.reading() as later:  # with the network of before in memory
                after = {one: set(network.visible(later, caller)) for one, caller in callers.items()}
                assert after == {one: opened(later, caller) for one, caller in callers.items()}
            assert {one: set(network.visible(earlier, caller)) for one, caller in callers.items()} == before


@dataclass
class History:
    """The rule told with times: an unbroken membership that began before the marking, or was given with the past."""

    stays: dict[str, tuple[int, bool]] = field(default_factory=dict)
    links: dict[str, tuple[str, int, bool]] = field(default_factory=dict)
    groups: dict[tuple[str, str], tuple[int, bool]] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)

    def note(self, step: tuple, now: int) -> None:
        match step:
            case ("enrol", slug, parent, past):
                self.stays[slug] = (now, past)
                if parent is not None:
                    self.links[slug] = (parent, now, past)
            case ("join", name, slug, past):
                self.groups[name, slug] = (now, past)
            case ("leave", name, slug):
                del self.groups[name, slug]
            case ("suspend", slug):
                self.out.add(slug)
            case ("resume", slug, past):
                self.out.discard(slug)
                if not past:
                    self._anew(slug, now)

    def _anew(self, slug: str, now: int) -> None:
        self.stays[slug] = (now, False)
        self.groups |= {held: (now, False) for held in self.groups if held[1] == slug}
        if slug in self.links:
            self.links[slug] = (self.links[slug][0], now, False)

    def visible(self, marking: tuple, at: int, slug: str, *, person: bool) -> bool:
        tlp, by, organisations, groups, persons = marking
        if slug in self.out:
            return False
        if tlp == "RED":
            return person and slug in persons
        if slug == by or tlp == "CLEAR":
            return True
        if tlp == "GREEN":
            return held(self.stays[slug], at)
        return any(
            (one in organisations and held(self.stays[one], at))
            or any((name, one) in self.groups and held(self.groups[name, one], at) for name in groups)
            for one in (self._line(slug, at) if tlp == "AMBER" else [slug])
        )

    def _line(self, slug: str, at: int) -> list[str]:
        line = [slug]
        while line[-1] in self.links:
            parent, began, past = self.links[line[-1]]
            if parent in self.out or not held((began, past), at):
                break
            line.append(parent)
        return line


def held(spell: tuple[int, bool], at: int) -> bool:
    began, past = spell
    return past or began < at


@pytest.mark.one_kind
@given(story=stories)
@settings(max_examples=EXAMPLES)
def test_what_is_seen_is_the_rule_told_with_times(database, story):
    empty(network_too=True)
    found(PARENTS)
    history, told = History(), list[tuple[tuple, int, int]]()
    for slug, parent in PARENTS.items():
        history.note(("enrol", slug, parent, True), 0)
    for one in GROUPS:
        form(one)
    for now, step in enumerate(story, start=1):
        if step[0] == "mark":
            told.append((step[1:], now, mark(*step[1:])))
        elif play(step):
            history.note(step, now)
    for slug in history.stays:
        for person in (False, True):
            seen = seen_by(slug, person=person)
            for marking, at, audience in told:
                assert (audience in seen) == history.visible(marking, at, slug, person=person), (slug, marking)
