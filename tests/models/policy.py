"""Policy: a marking compiles to reach rows, a standing to claims, and sight is one comparison of the two (ADR 0002)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

LABELS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")


class Marking(NamedTuple):
    """What the originator chose. Only the recipients that its label can carry are kept by `normal`."""

    tlp: str
    originator: str
    organisations: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    submitter: str = ""
    attribution: str = "named"


class Reach(NamedTuple):
    """One way in: whoever claims this target; children of the target too where `inherited`."""

    kind: str
    target: str
    inherited: bool = False


class Claim(NamedTuple):
    """One standing of a viewer, held since a generation, perhaps only as somebody's child organisation."""

    kind: str
    target: str
    since: int = 0
    through_parent: bool = False


class Audience(NamedTuple):
    """One row for each equal marking in one generation."""

    marking: Marking
    generation: int = 0


@dataclass
class Network:
    """Who belongs now. Memberships and parent links hold the generation they count from (0: with the past)."""

    members: dict[str, int] = field(default_factory=dict)
    groups: dict[str, dict[str, int]] = field(default_factory=dict)
    parents: dict[str, tuple[str, int]] = field(default_factory=dict)
    suspended: set[str] = field(default_factory=set)

    def active(self, organisation: str) -> bool:
        return organisation in self.members and organisation not in self.suspended

    def ancestors(self, organisation: str) -> Iterator[tuple[str, int]]:
        """Parents upwards, each with the latest link on the way; a suspended parent passes nothing on."""
        since, seen = 0, {organisation}
        while organisation in self.parents:
            organisation, link = self.parents[organisation]
            if organisation in seen or not self.active(organisation):
                return
            seen.add(organisation)
            since = max(since, link)
            yield organisation, since


def normal(marking: Marking) -> Marking:
    """The one spelling of equal markings."""
    tlp = "CLEAR" if marking.tlp == "WHITE" else marking.tlp
    amber, red = tlp.startswith("AMBER"), tlp == "RED"
    return marking._replace(
        tlp=tlp,
        organisations=marking.organisations if amber else frozenset(),
        groups=marking.groups if amber else frozenset(),
        persons=marking.persons if red else frozenset(),
        submitter=marking.submitter if red else "",
    )


def reach(marking: Marking) -> set[Reach]:
    """Compile a marking: everything that sight needs to know of it."""
    marking = normal(marking)
    if marking.tlp == "RED":
        return {Reach("person", p) for p in marking.persons | {marking.submitter} if p}
    own = {Reach("originator", marking.originator)}
    if marking.tlp == "CLEAR":
        return own | {Reach("everyone", "")}
    if marking.tlp == "GREEN":
        return own | {Reach("network", "")}
    wide = marking.tlp == "AMBER"
    named = {Reach("organisation", o, wide) for o in marking.organisations}
    return own | named | {Reach("group", g, wide) for g in marking.groups}


def claims(network: Network, organisation: str, person: str | None = None) -> set[Claim]:
    """Everything a caller stands for now; `person` is None for a key. An organisation that is out has none."""
    if not network.active(organisation):
        return set()
    stay = network.members[organisation]
    found = {Claim("everyone", ""), Claim("originator", organisation)}
    found |= {Claim("network", "", stay), Claim("organisation", organisation, stay)}
    found |= {Claim("person", person)} if person else set()
    found |= set(_groups(network, organisation, 0, through_parent=False))
    for parent, link in network.ancestors(organisation):
        found.add(Claim("organisation", parent, max(link, network.members[parent]), through_parent=True))
        found |= set(_groups(network, parent, link, through_parent=True))
    return found


def _groups(network: Network, organisation: str, link: int, *, through_parent: bool) -> Iterator[Claim]:
    for group, members in network.groups.items():
        if organisation in members:
            yield Claim("group", group, max(link, members[organisation]), through_parent)


def sees(held: Iterable[Claim], audience: Audience) -> bool:
    """The one comparison that every exit uses."""
    rows = reach(audience.marking)
    return any(
        claim.kind == row.kind
        and claim.target == row.target
        and claim.since <= audience.generation
        and (row.inherited or not claim.through_parent)
        for claim in held
        for row in rows
    )
