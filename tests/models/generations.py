"""Generations: one counter for the whole network decides which past a member may read (ADR 0003)."""

from dataclasses import dataclass, field

from .policy import Audience, Marking, Network, normal

NETWORK = ("network", "")
LINKS = ("links", "")  # all parent-child links together are one collective
Collective = tuple[str, str]


@dataclass
class Ledger:
    """The network with its counter, and for each collective the number of its last change."""

    network: Network = field(default_factory=Network)
    counter: int = 0
    changed: dict[Collective, int] = field(default_factory=dict)

    def join(self, collective: Collective, organisation: str, *, past: bool) -> None:
        also = {("organisation", organisation)} if collective == NETWORK else set()
        self._members(collective)[organisation] = 0 if past else self._next(collective, *also)

    def leave(self, collective: Collective, organisation: str) -> None:
        """Who leaves the network leaves its groups and its parent too: coming back brings none of them back."""
        if self._members(collective).pop(organisation, None) is not None:
            self._next(collective)
        if collective == NETWORK:
            self.unlink(organisation)
            for group in self.network.groups:
                self.leave(("group", group), organisation)

    def link(self, child: str, parent: str, *, past: bool) -> None:
        self.network.parents[child] = (parent, 0 if past else self._next(LINKS))

    def unlink(self, child: str) -> None:
        if self.network.parents.pop(child, None) is not None:
            self._next(LINKS)

    def stamp(self, marking: Marking) -> Audience:
        """The audience of a report marked now: the newest change among the collectives that decide who reads it."""
        marking = normal(marking)
        return Audience(marking, max((self.changed.get(c, 0) for c in deciding(marking)), default=0))

    def _members(self, collective: Collective) -> dict[str, int]:
        return self.network.members if collective == NETWORK else self.network.groups.setdefault(collective[1], {})

    def _next(self, *collectives: Collective) -> int:
        self.counter += 1
        self.changed |= dict.fromkeys(collectives, self.counter)
        return self.counter


def deciding(marking: Marking) -> set[Collective]:
    """The collectives whose changes matter: those named and, where children may read, every parent-child link."""
    found: set[Collective] = {("group", g) for g in marking.groups}
    found |= {("organisation", o) for o in marking.organisations}
    if marking.tlp == "GREEN":
        found.add(NETWORK)
    if marking.tlp == "AMBER":
        found.add(LINKS)
    return found
