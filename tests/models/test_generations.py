"""Joining without the past shuts the past, leaving ends access, and one counter is enough to say so (ADR 0003)."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from .generations import NETWORK, Collective, Ledger
from .policy import Audience, Marking, claims, sees

ORGANISATIONS = ("a", "b", "c")
COLLECTIVES: tuple[Collective, ...] = (NETWORK, ("group", "g"), ("group", "g"), ("group", "h"))

organisation = st.sampled_from(ORGANISATIONS)
joins = st.tuples(st.just("join"), st.sampled_from(COLLECTIVES), organisation, st.booleans())
changes = st.one_of(
    joins,
    joins,
    st.tuples(st.just("leave"), st.sampled_from(COLLECTIVES), organisation),
    st.tuples(st.just("link"), organisation, organisation, st.booleans()),
    st.tuples(st.just("unlink"), organisation),
)
marks = st.builds(
    Marking,
    tlp=st.sampled_from(("GREEN", "AMBER", "AMBER+STRICT")),
    originator=st.just("z"),  # an outsider, so that nobody sees an item as its own
    organisations=st.frozensets(organisation, max_size=1),
    groups=st.frozensets(st.sampled_from(("g", "g", "h")), max_size=2),
)


@dataclass
class History:
    """The rule told with times: an unbroken membership, that began before the marking or brought the past with it."""

    spells: dict[tuple[Collective, str], tuple[int, bool]] = field(default_factory=dict)
    links: dict[str, tuple[str, int, bool]] = field(default_factory=dict)

    def visible(self, marking: Marking, at: int, viewer: str) -> bool:
        if (NETWORK, viewer) not in self.spells:
            return False
        if marking.tlp == "GREEN":
            return self._held(NETWORK, viewer, at)
        return any(
            (who in marking.organisations and self._held(NETWORK, who, at))
            or any(self._held(("group", g), who, at) for g in marking.groups)
            for who in (self._line(viewer, at) if marking.tlp == "AMBER" else [viewer])
        )

    def _held(self, collective: Collective, who: str, at: int) -> bool:
        began, past = self.spells.get((collective, who), (at, False))
        return past or began < at

    def _line(self, viewer: str, at: int) -> list[str]:
        line = [viewer]
        while line[-1] in self.links:
            parent, began, past = self.links[line[-1]]
            if not (past or began < at) or (NETWORK, parent) not in self.spells:
                break
            line.append(parent)
        return line


def descends(history: History, parent: str, child: str) -> bool:
    while parent in history.links:
        if parent == child:
            return True
        parent = history.links[parent][0]
    return parent == child


def play(ledger: Ledger, history: History, change: tuple, now: int) -> None:
    match change:
        case ("join", collective, who, past) if (collective, who) not in history.spells:
            ledger.join(collective, who, past=past)
            history.spells[collective, who] = (now, past)
        case ("leave", collective, who):
            ledger.leave(collective, who)
            history.spells.pop((collective, who), None)
            if collective == NETWORK:
                history.spells = {spell: value for spell, value in history.spells.items() if spell[1] != who}
                history.links.pop(who, None)
        case ("link", child, parent, past) if child not in history.links and not descends(history, parent, child):
            ledger.link(child, parent, past=past)
            history.links[child] = (parent, now, past)
        case ("unlink", child):
            ledger.unlink(child)
            history.links.pop(child, None)


@given(st.lists(st.one_of(changes, changes, marks), min_size=8, max_size=30))
@settings(max_examples=5 * settings().max_examples)
def test_one_counter_gives_the_rule_told_with_times(steps):
    ledger, history = Ledger(), History()
    items: list[tuple[Marking, int, Audience]] = []
    for now, who in enumerate(ORGANISATIONS):
        play(ledger, history, ("join", NETWORK, who, True), now)
    for now, step in enumerate(steps, start=10):
        if isinstance(step, Marking):
            items.append((step, now, ledger.stamp(step)))
        else:
            play(ledger, history, step, now)
        for marking, at, audience in items:
            for viewer in ORGANISATIONS:
                assert sees(claims(ledger.network, viewer), audience) == history.visible(marking, at, viewer)


def small_network(*organisations: str) -> Ledger:
    ledger = Ledger()
    for who in organisations:
        ledger.join(NETWORK, who, past=True)
    return ledger


def test_who_leaves_and_comes_back_without_the_past_does_not_get_the_first_stay_back():
    ledger, group = small_network("a"), ("group", "g")
    ledger.join(group, "a", past=False)
    told = ledger.stamp(Marking("AMBER", "z", groups=frozenset("g")))
    assert sees(claims(ledger.network, "a"), told)
    ledger.leave(group, "a")
    assert not sees(claims(ledger.network, "a"), told)
    ledger.join(group, "a", past=False)
    assert not sees(claims(ledger.network, "a"), told)
    ledger.leave(group, "a")
    ledger.join(group, "a", past=True)
    assert sees(claims(ledger.network, "a"), told)


def test_a_new_child_reads_what_its_parents_group_is_told_next():
    """Were only the group's own changes remembered, the later link would outrank them for ever."""
    ledger = small_network("a", "b")
    ledger.join(("group", "g"), "a", past=False)
    before = ledger.stamp(Marking("AMBER", "z", groups=frozenset("g")))
    ledger.link("b", "a", past=False)
    after = ledger.stamp(Marking("AMBER", "z", groups=frozenset("g")))
    assert [sees(claims(ledger.network, "b"), audience) for audience in (before, after)] == [False, True]


def test_a_parent_that_joins_with_the_past_brings_the_children_it_had_when_the_item_was_marked():
    """Links to a parent outside the group count too: it may join later, with the past."""
    ledger = small_network("a", "b", "c")
    ledger.link("b", "a", past=False)
    told = ledger.stamp(Marking("AMBER", "z", groups=frozenset("g")))
    ledger.link("c", "a", past=False)
    ledger.join(("group", "g"), "a", past=True)
    assert [sees(claims(ledger.network, who), told) for who in ("a", "b", "c")] == [True, True, False]


def test_who_returns_to_the_network_without_the_past_reads_nothing_it_was_told_before():
    ledger = small_network("a", "b")
    ledger.join(("group", "g"), "a", past=True)
    ledger.link("a", "b", past=True)
    markings = [Marking("AMBER", "z", frozenset("a")), Marking("AMBER", "z", frozenset("b"))]
    markings += [Marking("AMBER", "z", groups=frozenset("g")), Marking("GREEN", "z")]
    told = [ledger.stamp(marking) for marking in markings]
    assert all(sees(claims(ledger.network, "a"), audience) for audience in told)
    ledger.leave(NETWORK, "a")
    ledger.join(NETWORK, "a", past=False)
    assert not any(sees(claims(ledger.network, "a"), audience) for audience in told)
    assert sees(claims(ledger.network, "a"), ledger.stamp(markings[0]))


def test_the_newest_link_on_the_way_up_decides():
    ledger = small_network("a", "b", "c")
    ledger.link("c", "b", past=False)
    marking = Marking("AMBER", "z", frozenset("a"))
    before = ledger.stamp(marking)
    ledger.link("b", "a", past=True)
    assert sees(claims(ledger.network, "c"), before), "linked before the marking, to a parent that brought the past"
    ledger.unlink("c")
    ledger.link("c", "b", past=False)
    assert not sees(claims(ledger.network, "c"), before)
    assert sees(claims(ledger.network, "c"), ledger.stamp(marking))


def test_a_child_reads_no_more_than_its_parent_that_came_back_without_the_past():
    ledger = small_network("a", "b")
    ledger.link("b", "a", past=True)
    told = ledger.stamp(Marking("AMBER", "z", frozenset("a")))
    assert sees(claims(ledger.network, "b"), told)
    ledger.leave(NETWORK, "a")
    assert not sees(claims(ledger.network, "b"), told)
    ledger.join(NETWORK, "a", past=False)
    assert not sees(claims(ledger.network, "b"), told)
    assert sees(claims(ledger.network, "b"), ledger.stamp(Marking("AMBER", "z", frozenset("a"))))


def test_changes_elsewhere_start_no_new_audience():
    ledger = small_network("a", "b")
    marking = Marking("AMBER", "z", groups=frozenset("g"))
    before = ledger.stamp(marking)
    ledger.join(("group", "h"), "a", past=False)
    ledger.join(NETWORK, "c", past=False)
    assert ledger.stamp(marking) == before
