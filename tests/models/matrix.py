"""What a request is answered: by role, standing and marking, from the policy alone (ADR 0002, 0010, 0011, 0012)."""

from dataclasses import dataclass

from tests.models.attribution import Shown, shown
from tests.models.policy import Audience, Marking, Network, claims, sees

READ = {"report": "reports:read", "incident": "reports:read", "list": "reports:read", "facets": "reports:read"}
READ |= {"thread": "reports:read", "revisions": "reports:read"}
READ |= {"series": "indicators:read", "map": "indicators:read", "digests": "digests:read", "document": "digests:read"}
OWN = ("receipt", "status", "readers", "revise", "mark", "withdraw")
DONE = {"withdraw": 204}
NETWORK = Network(
    members=dict.fromkeys(("north", "south", "far", "harbour", "other", "office", "veiled", "barred"), 0),
    groups={"ring": {"far": 0}},
    parents={"harbour": ("south", 0)},
    suspended={"barred"},
)  # applied and left are no members


@dataclass(frozen=True)
class Who:
    """A caller: a person with one role, or a key (`login` empty); nobody has no organisation."""

    organisation: str
    login: str
    scopes: frozenset[str]

    @property
    def inside(self) -> bool:
        return NETWORK.active(self.organisation)


@dataclass(frozen=True)
class Told:
    """A report: as the originator marked it, and whether an embargo still lasts."""

    marking: Marking
    embargo: bool = False

    @property
    def audience(self) -> Audience:
        if not self.embargo:
            return Audience(self.marking)
        nobody: frozenset[str] = frozenset()
        red = self.marking.tlp == "RED"
        label = "RED" if red else "AMBER+STRICT"
        return Audience(self.marking._replace(tlp=label, organisations=nobody, groups=nobody, persons=nobody))


def reads(who: Who, told: Told) -> bool:
    """Whether its claims meet the audience."""
    return sees(claims(NETWORK, who.organisation, who.login or None), told.audience)


def owns(who: Who, told: Told) -> bool:
    """Its organisation's; of RED, the submitting person's alone."""
    marking = told.marking
    return who.organisation == marking.originator and (marking.tlp != "RED" or who.login == marking.submitter)


def answered(who: Who, endpoint: str, told: Told | None = None) -> int:
    """401 for who is out; 403 for what the caller may not do at all, or not with this; 404 for what it may not see."""
    if not who.inside:
        return 401
    if READ.get(endpoint, "reports:write") not in who.scopes:
        return 403
    if told is None:
        return 200
    if endpoint in OWN:
        return DONE.get(endpoint, 200) if owns(who, told) else 403 if reads(who, told) else 404
    return 200 if reads(who, told) else 404


def learns(who: Who, told: Told) -> Shown:
    """What it may learn of the source. The secretariat of this network is no recipient by name, group or person."""
    own = who.organisation == told.marking.originator
    return shown(told.marking.attribution, sees=reads(who, told), own=own, secretariat=False)
