"""Who would see this: the policy turned round, from a marking to the organisations and persons it reaches."""

from dataclasses import dataclass, replace

from services.network.directory import Directory
from services.network.marking import ORDER, Attribution, Audience, Kind, Marking, Tlp, met, reach
from services.network.policy import generation_of


@dataclass(frozen=True, slots=True)
class Seer:
    """An organisation whose people would see it, and by what: its own report, its name, a group, its parent, all."""

    organisation: int
    by: tuple[tuple[Kind, int, bool], ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """Everybody who would see what is marked so, at this moment."""

    everybody: bool
    organisations: tuple[Seer, ...]
    persons: tuple[int, ...]
    """Of RED: the persons; else empty, for every person of those organisations sees it."""

    @property
    def keys(self) -> frozenset[tuple[str, int]]:
        """What two of them are compared by."""
        return frozenset(("organisation", one.organisation) for one in self.organisations) | {
            ("person", one) for one in self.persons
        }


def sight(known: Directory, marking: Marking, audience: Audience, *, resumed: bool = False) -> Sight:
    """Who sees an audience: each active organisation and, of RED, each person, by the claims that open it. `resumed`:
    also who would, were it not suspended."""
    organisations = []
    for party in known.parties.values():
        opened = met(known.claims(party.id, None, resumed=resumed), audience)
        if opened:
            organisations.append(Seer(party.id, tuple((one.kind, one.target, one.through_parent) for one in opened)))
    persons = [
        person
        for person, owner, *_ in known.persons.values()
        if marking.tlp is Tlp.RED
        and any(one.kind is Kind.PERSON for one in met(known.claims(owner, person, resumed=resumed), audience))
    ]
    return Sight(marking.tlp is Tlp.CLEAR, tuple(organisations), tuple(sorted(persons)))


def changed(
    known: Directory, before: Sight, after: Sight
) -> tuple[frozenset[tuple[str, int]], frozenset[tuple[str, int]]]:
    """Who gains and who loses sight, as ("organisation" or "person", key): no person whose organisation sees it too."""
    return _more(known, before, after), _more(known, after, before)


def _more(known: Directory, less: Sight, more: Sight) -> frozenset[tuple[str, int]]:
    seeing = {one.organisation for one in less.organisations}
    covered = {("person", person) for person, owner, *_ in known.persons.values() if owner in seeing}
    return more.keys - less.keys - covered


def would_see(known: Directory, marking: Marking) -> Sight:
    """Who would see what is marked so now: in the generation of this moment."""
    return sight(known, marking, Audience(reach(marking), generation_of(known, marking)))


def widens(known: Directory, present: Marking, audience: Audience, later: Marking) -> bool:
    """Whether `later`, given now, would tell anybody what `present` does not: of the words, or of who told them."""
    then = sight(known, later, Audience(reach(later), generation_of(known, later)), resumed=True)
    gained, _ = changed(known, sight(known, present, audience, resumed=True), then)
    attributions = tuple(Attribution)
    return bool(
        gained
        or ORDER.index(later.tlp) < ORDER.index(present.tlp)
        or attributions.index(later.attribution) < attributions.index(present.attribution)
        # Others may enter a group tomorrow.
        or (present.tlp not in (Tlp.CLEAR, Tlp.GREEN) and not later.groups <= present.groups)
    )


def relabelled(marking: Marking, tlp: Tlp, sender: int | None) -> Marking:
    """The same marking under another label, with the recipients that the label can carry; RED keeps its sender."""
    nobody: frozenset[int] = frozenset()
    amber = tlp in (Tlp.AMBER, Tlp.STRICT)
    persons = marking.persons or (frozenset({sender}) if sender is not None else nobody)
    return replace(
        marking,
        tlp=tlp,
        organisations=marking.organisations if amber else nobody,
        groups=marking.groups if amber else nobody,
        persons=persons if tlp is Tlp.RED else nobody,
    )
