"""Independent origins of one incident, found by trying everything: who may stand for which origin (ADR 0021)."""

from collections.abc import Collection, Iterable
from itertools import product

Telling = tuple[str, str]  # (origin, teller): where a teller says that it comes from; itself where it observed


def sources(tellings: Collection[Telling]) -> dict[str, set[str]]:
    """What each teller rests on. Beside what it observed itself, what it relays does not count."""
    tellers = {teller for _, teller in tellings}
    found = {one: {origin for origin, teller in tellings if teller == one} for one in tellers}
    return {one: {one} if one in origins else origins for one, origins in found.items()}


def leads_to(tellings: Collection[Telling], teller: str) -> set[str]:
    """All tellers that a teller leads to, by any number of relays."""
    known, found = sources(tellings), {teller}
    while True:
        more = {origin for one in found for origin in known[one] if origin in known}
        if more <= found:
            return found
        found |= more


def outside(tellings: Collection[Telling], teller: str) -> set[str]:
    """The origins that a teller names itself and that are no relay of another teller. `round` is none: it came back."""
    known = sources(tellings)
    return {one for one in known[teller] if (one == teller or one not in known) and not one.startswith("round")}


def paired(tellings: Collection[Telling]) -> int:
    """The most different origins, each on a teller of its own: every choice is tried."""
    choices = [sorted(outside(tellings, teller)) or [None] for teller in sources(tellings)]
    return max((len({one for one in chosen if one is not None}) for chosen in product(*choices)), default=0)


def circles(tellings: Collection[Telling]) -> int:
    """Groups of tellers that all lead to each other, and out of which nothing leads."""
    groups = set()
    for teller in sources(tellings):
        group = frozenset(leads_to(tellings, teller))
        together = all(leads_to(tellings, one) == group for one in group)
        if together and not any(outside(tellings, one) for one in group):
            groups.add(group)
    return len(groups)


def origins(tellings: Iterable[Telling]) -> int:
    """How many independent origins stand behind an incident."""
    told = set(tellings)
    return paired(told) + circles(told)
