"""One marking, one policy: the compiled comparison says what the TLP sentences say (ADR 0002, 0008)."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from .policy import LABELS, Audience, Marking, Network, claims, normal, reach, sees

ORGANISATIONS = ("a", "b", "c", "d")
GROUPS = ("g", "h")
PERSONS = {f"{organisation}{n}": organisation for organisation in ORGANISATIONS for n in (1, 2)}

some_organisations = st.frozensets(st.sampled_from(ORGANISATIONS), max_size=2)
markings = st.builds(
    Marking,
    tlp=st.sampled_from((*LABELS, "WHITE")),
    originator=st.sampled_from(ORGANISATIONS),
    organisations=some_organisations,
    groups=st.frozensets(st.sampled_from(GROUPS)),
    persons=st.frozensets(st.sampled_from(sorted(PERSONS)), max_size=2),
    submitter=st.sampled_from(sorted(PERSONS)),
    attribution=st.sampled_from(("named", "withheld", "chatham")),
)
networks = st.builds(
    lambda members, groups, parents, suspended: Network(
        dict.fromkeys(members, 0),
        {name: dict.fromkeys(inside, 0) for name, inside in zip(GROUPS, groups, strict=True)},
        {child: (parent, 0) for child, parent in parents.items()},
        set(suspended),
    ),
    members=st.frozensets(st.sampled_from(ORGANISATIONS), min_size=3),
    groups=st.tuples(some_organisations, some_organisations),
    parents=st.dictionaries(st.sampled_from("bcd"), st.sampled_from("abc"), min_size=1, max_size=3).map(
        lambda links: {child: parent for child, parent in links.items() if parent < child}
    ),
    suspended=st.frozensets(st.sampled_from(ORGANISATIONS), max_size=1),
)
viewers = st.sampled_from([(o, None) for o in ORGANISATIONS] + [(o, p) for p, o in PERSONS.items()])


def may_read(network: Network, marking: Marking, organisation: str, person: str | None) -> bool:
    """The sentences of TLP 2.0 and of the design, told without rows and claims."""
    if organisation not in network.members or organisation in network.suspended:
        return False
    if marking.tlp == "RED":
        return person is not None and (person in marking.persons or person == marking.submitter)
    if marking.tlp in ("CLEAR", "WHITE", "GREEN") or marking.originator == organisation:
        return True
    circle = set(marking.organisations)
    for group in marking.groups:
        circle |= set(network.groups[group])
    if marking.tlp == "AMBER":
        for child in sorted(ORGANISATIONS):  # parents sort before their children
            parent = network.parents.get(child, ("", 0))[0]
            if parent in circle and parent in network.members and parent not in network.suspended:
                circle.add(child)
    return organisation in circle


@given(networks, markings, viewers)
@settings(max_examples=6 * settings().max_examples)
def test_sight_is_what_the_sentences_of_tlp_say(network, marking, viewer):
    assert sees(claims(network, *viewer), Audience(marking)) == may_read(network, marking, *viewer)


@given(networks, markings, viewers)
def test_red_reaches_only_persons_by_name(network, marking, viewer):
    red = Audience(marking._replace(tlp="RED"))
    organisation, person = viewer
    assert not sees(claims(network, organisation, None), red), "a key, a watch or a feed is not a person"
    if sees(claims(network, organisation, person), red):
        assert person in marking.persons | {marking.submitter}


@given(networks, markings, viewers)
def test_a_stricter_label_never_shows_more(network, marking, viewer):
    held = claims(network, *viewer)
    shown = [sees(held, Audience(marking._replace(tlp=tlp))) for tlp in LABELS[:4]]
    assert shown == sorted(shown, reverse=True)


@given(networks, markings)
def test_an_originator_sees_its_own_unless_it_is_red(network, marking):
    network.members[marking.originator] = 9  # back again without the past: later than any audience here
    network.suspended.discard(marking.originator)
    assert sees(claims(network, marking.originator), Audience(marking)) == (marking.tlp != "RED")


@given(networks, markings, viewers)
def test_an_empty_group_means_nobody(network, marking, viewer):
    empty = marking._replace(tlp="AMBER", organisations=frozenset(), groups=frozenset({"g"}))
    network.groups["g"] = {}
    organisation, _ = viewer
    assert sees(claims(network, *viewer), Audience(empty)) == (
        organisation == marking.originator and network.active(organisation)
    )


@given(networks, markings, viewers)
def test_a_suspended_organisation_sees_nothing_and_passes_nothing_on(network, marking, viewer):
    network.suspended = {viewer[0]}
    assert not sees(claims(network, *viewer), Audience(marking))
    for child in ORGANISATIONS:
        assert all(claim.target != viewer[0] for claim in claims(network, child) if claim.through_parent)


@given(markings, markings)
@example(Marking("WHITE", "a"), Marking("CLEAR", "a", frozenset("b"), submitter="a1"))
def test_equal_markings_are_one_row_and_one_row_reads_alike(left, right):
    assert normal(normal(left)) == normal(left)
    assert reach(normal(left)) == reach(left)
    if normal(left) == normal(right):
        assert reach(left) == reach(right)
    table: dict[Marking, int] = {}
    first = [table.setdefault(normal(m), len(table)) for m in (left, right, left)]
    assert first[0] == first[2]
    assert (first[0] == first[1]) == (normal(left) == normal(right))


@given(networks, markings, viewers, st.sampled_from(("named", "withheld", "chatham")))
def test_attribution_parts_audiences_and_gives_no_sight(network, marking, viewer, attribution):
    other = marking._replace(attribution=attribution)
    held = claims(network, *viewer)
    assert sees(held, Audience(marking)) == sees(held, Audience(other))
    assert (normal(marking) == normal(other)) == (marking.attribution == attribution)


def test_the_two_spellings_of_clear_are_one_row():
    assert normal(Marking("WHITE", "a", submitter="a1")) == normal(Marking("CLEAR", "a", frozenset("b")))
