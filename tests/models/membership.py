"""Membership over time: steps of a life, stays with days, rules, who is known to whom (ADR 0010)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .generations import NETWORK, Ledger
from .policy import Claim, claims

STEPS = {
    ("applied", "activate"): "active",
    ("active", "suspend"): "suspended",
    ("suspended", "resume"): "active",
    ("applied", "depart"): "left",
    ("active", "depart"): "left",
    ("suspended", "depart"): "left",
    ("left", "apply"): "applied",
}


class Refused(Exception):
    """Not a step from here."""


@dataclass
class Body:
    """An organisation. `returned`: it left once, so nothing brings back what was told before: no group, no parent."""

    kind: str
    countries: frozenset[str] = frozenset()
    state: str = "applied"
    hidden: bool = False
    returned: bool = False


@dataclass
class Stay:
    """By hand, from a day to a last day, which is the whole of it."""

    organisation: str
    begins: int
    ends: int | None = None
    begun: bool = False


@dataclass
class Group:
    """`ruled`: whom the rule holds; `stays`: whom a hand put there."""

    past: bool = False
    owner: str = ""
    kinds: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    ruled: set[str] = field(default_factory=set)
    stays: list[Stay] = field(default_factory=list)

    def picked(self) -> set[str]:
        return {stay.organisation for stay in self.stays if stay.begun}


def matches(group: Group, body: Body) -> bool:
    """Any of the one and any of the other; an attribute left out asks nothing; none at all matches nobody."""
    asked = bool(group.kinds or group.countries)
    kind = not group.kinds or body.kind in group.kinds
    return asked and kind and (not group.countries or bool(group.countries & body.countries)) and not body.hidden


@dataclass
class Register:
    """Everything that belongs, and the ledger that says which past each may read."""

    bodies: dict[str, Body] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)

    def step(self, who: str, verb: str, *, past: bool = False) -> None:
        body = self.bodies[who]
        if (body.state, verb) not in STEPS or (verb == "activate" and past and body.returned):
            raise Refused
        body.state = STEPS[body.state, verb]
        network = self.ledger.network
        match verb:
            case "activate":
                self.ledger.join(NETWORK, who, past=past)
                if not past:
                    self._link_anew(who)
            case "suspend":
                network.suspended.add(who)
            case "resume":
                network.suspended.discard(who)
                if not past:
                    self._anew(who)
            case "depart":
                self._cut(who)
        self.follow()

    def edit(self, who: str, **changed: object) -> None:
        """Hiding keeps what a rule gave, as picked by hand: it costs nobody the sight of its groups."""
        body = self.bodies[who]
        if changed.get("hidden") and not body.hidden:
            for group in self.groups.values():
                if who in group.ruled and not [one for one in group.stays if one.organisation == who]:
                    group.stays.append(Stay(who, 0, begun=True))
        for name, value in changed.items():
            setattr(body, name, value)
        self.follow()

    def link(self, child: str, parent: str, *, past: bool) -> None:
        if "left" in (self.bodies[child].state, self.bodies[parent].state) or (past and self.bodies[child].returned):
            raise Refused
        self.ledger.link(child, parent, past=past)

    def rule(self, name: str, kinds: Iterable[str], countries: Iterable[str]) -> None:
        self.groups[name].kinds, self.groups[name].countries = frozenset(kinds), frozenset(countries)
        self.follow()

    def effect(self, name: str, kinds: Iterable[str], countries: Iterable[str]) -> tuple[set[str], set[str]]:
        """Who would join and who would leave, were this the rule."""
        group = self.groups[name]
        asked = Group(kinds=frozenset(kinds), countries=frozenset(countries))
        wanted = {who for who, body in self.bodies.items() if matches(asked, body)}
        held = group.ruled | group.picked()
        joining = {who for who in wanted - held if self.bodies[who].state == "active"}
        return joining, group.ruled - wanted - group.picked()

    def pick(self, name: str, who: str, begins: int, ends: int | None, *, today: int) -> None:
        if self.bodies[who].state not in ("active", "suspended"):
            raise Refused
        if [one for one in self.groups[name].stays if one.organisation == who]:
            raise Refused
        self.groups[name].stays.append(Stay(who, begins, ends))
        self.due(today)

    def drop(self, name: str, who: str) -> None:
        self.groups[name].stays = [one for one in self.groups[name].stays if one.organisation != who]
        self._settle(name)

    def due(self, today: int) -> None:
        """By the clock: a stay begins with its day, and is over when its last day is."""
        for name, group in self.groups.items():
            group.stays = [one for one in group.stays if one.ends is None or one.ends >= today]
            for one in group.stays:
                one.begun = one.begun or one.begins <= today
            self._settle(name)

    def follow(self) -> None:
        """Look at every rule again. Who is suspended is neither let in nor put out for that."""
        for name, group in self.groups.items():
            fitting = {who for who, body in self.bodies.items() if matches(group, body)}
            group.ruled &= fitting
            group.ruled |= {who for who in fitting if self.bodies[who].state == "active"}
            self._settle(name)

    def _settle(self, name: str) -> None:
        group, held = self.groups[name], set(self.ledger.network.groups.get(name, {}))
        wanted = group.ruled | group.picked()
        for who in sorted(held - wanted):
            self.ledger.leave(("group", name), who)
        for who in sorted(wanted - held):
            self.ledger.join(("group", name), who, past=group.past and not self.bodies[who].returned)

    def _anew(self, who: str) -> None:
        """Back without the past: its place in the network, its groups and below its parent begin now."""
        self.ledger.join(NETWORK, who, past=False)
        for name, members in self.ledger.network.groups.items():
            if who in members:
                self.ledger.join(("group", name), who, past=False)
        self._link_anew(who)

    def _link_anew(self, who: str) -> None:
        if who in self.ledger.network.parents:
            self.ledger.link(who, self.ledger.network.parents[who][0], past=False)

    def _cut(self, who: str) -> None:
        self.bodies[who].returned = True
        for group in self.groups.values():
            group.ruled.discard(who)
            group.stays = [one for one in group.stays if one.organisation != who]
            group.owner = "" if group.owner == who else group.owner
        self.ledger.leave(NETWORK, who)
        for name in self.groups:
            self._settle(name)
        self.ledger.unlink(who)
        for child in [child for child, (parent, _) in self.ledger.network.parents.items() if parent == who]:
            self.ledger.unlink(child)
        self.ledger.network.suspended.discard(who)

    def standing(self, who: str, person: str | None = None) -> set[Claim]:
        return claims(self.ledger.network, who, person) if self.bodies[who].state == "active" else set()

    def known_to(self, viewer: str) -> set[str]:
        """Whose membership the viewer is told of."""
        bodies, parents = self.bodies, self.ledger.network.parents
        if bodies[viewer].kind == "secretariat" and bodies[viewer].state == "active":
            return set(bodies)
        near = {viewer} | {parents[viewer][0]} if viewer in parents else {viewer}
        near |= {child for child, (parent, _) in parents.items() if parent == viewer}
        for members in self.ledger.network.groups.values():
            near |= set(members) if viewer in members else set()
        return near | {who for who, one in bodies.items() if not one.hidden and one.state != "applied"}
