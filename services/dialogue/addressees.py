"""Whom a question is put to, and who sees it beside them: pure, over the network at one moment (docs/adr/0022)."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from services import network
from services.network import Directory, Marking, Tlp


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a question is addressed, its names found."""

    countries: Collection[str] = ()
    themes: Collection[str] = ()
    groups: Collection[int] = ()
    organisations: Collection[int] = ()


def addressed(known: Directory, wanted: Wanted, *, asker: int) -> frozenset[int]:
    """The organisations that are asked: active ones, whether or not whoever asks may know of them."""
    active = {one.id: one for one in known.parties.values() if one.active and one.id != asker}
    found = {one for one in wanted.organisations if one in active}
    groups = set(wanted.groups)
    found |= {key for key in active if groups & known.memberships.get(key, {}).keys()}
    if wanted.countries or wanted.themes:
        countries = set(wanted.countries)
        found |= {key for key, one in active.items() if not countries or countries & set(one.countries)}
    return frozenset(found)


def question_marking(given: Marking, wanted: Wanted, asked: Collection[int]) -> Marking:
    """The marking of a question: what its asker said, and whoever is asked."""
    if given.tlp not in (Tlp.AMBER, Tlp.STRICT):
        return given  # of all members, or of persons
    return replace(
        given,
        organisations=given.organisations | frozenset(asked),
        groups=given.groups | frozenset(wanted.groups),
    )


def answer_marking(given: Marking, *, asker: int, person: int | None) -> Marking:
    """The marking of an answer: what its author said, and whoever asks, named or not."""
    if given.tlp is Tlp.RED:
        return replace(given, persons=given.persons | ({person} if person is not None else frozenset()))
    if given.tlp in (Tlp.AMBER, Tlp.STRICT):
        return replace(given, organisations=given.organisations | {asker})
    return given


def named_of(known: Directory, caller: network.Caller, names: Collection[str]) -> dict[str, int | None]:
    """The organisations that these names mean to a caller."""
    return {one: network.organisation_named(known, caller, one) for one in names}
