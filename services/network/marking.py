"""The one policy, pure: what a marking reaches, what a viewer may claim, and whether the two meet.

TLP 2.0 (FIRST, 2022) with the network's own reading: GREEN is all active members; AMBER reaches a recipient and its
child organisations; AMBER+STRICT the recipient only; RED the named persons and the submitting person only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Tlp(StrEnum):
    """Labels of TLP 2.0, least to most restrictive."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    STRICT = "AMBER+STRICT"
    RED = "RED"


ORDER = tuple(Tlp)


def strictest(labels: Iterable[str]) -> Tlp:
    """The label of a product that contains these: the most restrictive. For nothing RED, for nobody has agreed to
    anything wider: whoever means another says so."""
    return max((Tlp(label) for label in labels), key=ORDER.index, default=Tlp.RED)


class Attribution(StrEnum):
    """Who is told the originator: all readers; a secretariat among the recipients; nobody (the Chatham House rule)."""

    NAMED = "named"
    WITHHELD = "withheld"
    CHATHAM = "chatham"


class Kind(StrEnum):
    """What a reach row or a claim names."""

    EVERYONE = "everyone"
    NETWORK = "network"
    ORGANISATION = "organisation"
    GROUP = "group"
    PERSON = "person"
    ORIGINATOR = "originator"


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """One row of what an audience reaches. `inherited`: also the child organisations of the target."""

    kind: Kind
    target: int
    inherited: bool


@dataclass(frozen=True, slots=True)
class Marking:
    """A marking with its recipients resolved to keys."""

    tlp: Tlp
    originator: int
    organisations: frozenset[int]
    groups: frozenset[int]
    persons: frozenset[int]
    attribution: Attribution

    def closed(self) -> "Marking":
        """The same while an embargo lasts: the originator's own; of RED, nobody's (the owner adds the submitter)."""
        nobody: frozenset[int] = frozenset()
        label = Tlp.RED if self.tlp is Tlp.RED else Tlp.STRICT
        return replace(self, tlp=label, organisations=nobody, groups=nobody, persons=nobody)


@dataclass(frozen=True, slots=True)
class Claim:
    """One reason why a viewer may see: it is `target`, or a member of it, `since` a generation."""

    kind: Kind
    target: int
    since: int
    through_parent: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """A compiled marking: its reach rows and the generation in which it was stamped."""

    reach: frozenset[Reach]
    generation: int


def reach(marking: Marking) -> frozenset[Reach]:
    """Compile a marking. An empty group, or no recipient, reaches nobody but the originator."""
    match marking.tlp:
        case Tlp.CLEAR:
            return frozenset({Reach(Kind.EVERYONE, 0, False)})
        case Tlp.GREEN:
            return frozenset({Reach(Kind.NETWORK, 0, False), Reach(Kind.ORIGINATOR, marking.originator, False)})
        case Tlp.RED:
            return frozenset(Reach(Kind.PERSON, person, False) for person in marking.persons)
    inherited = marking.tlp is Tlp.AMBER
    rows = {Reach(Kind.ORGANISATION, one, inherited) for one in marking.organisations}
    rows |= {Reach(Kind.GROUP, one, inherited) for one in marking.groups}
    rows.add(Reach(Kind.ORIGINATOR, marking.originator, False))
    return frozenset(rows)


def met(claims: Iterable[Claim], audience: Audience) -> list[Claim]:
    """The claims that open this audience."""
    return [
        claim
        for claim in claims
        if claim.since <= audience.generation
        and (
            Reach(claim.kind, claim.target, True) in audience.reach
            or (not claim.through_parent and Reach(claim.kind, claim.target, False) in audience.reach)
        )
    ]


def sees(claims: Iterable[Claim], audience: Audience) -> bool:
    """Whether a viewer with these claims sees what is marked for this audience."""
    return bool(met(claims, audience))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader of an audience may learn of its source: who told it, and from whom the teller had it."""

    originator: bool
    names: bool


def shown(claims: Iterable[Claim], audience: Audience, attribution: Attribution, *, secretariat: bool) -> Shown:
    """Attribution under policy (docs/adr/0013). The secretariat is told where it is a recipient by its own name, as a
    member of a named group, or as a named person."""
    opened = met(claims, audience)
    if any(claim.kind is Kind.ORIGINATOR for claim in opened):
        return Shown(originator=True, names=True)
    named = (Kind.ORGANISATION, Kind.GROUP, Kind.PERSON)
    recipient = secretariat and any(claim.kind in named and not claim.through_parent for claim in opened)
    told = recipient and attribution is not Attribution.CHATHAM
    return Shown(originator=told or (attribution is Attribution.NAMED and bool(opened)), names=told)
