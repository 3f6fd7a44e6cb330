"""What each role may do, which roles may not meet in one person, and what belongs to keys and sessions alike."""

import hashlib
from collections.abc import Collection, Iterable
from itertools import combinations

from sqlmodel import Session

from services.kernel.errors import Conflict, Unauthenticated
from services.network.models import Organisation
from services.network.policy import Caller

# A person's, never a key's.
OWN_KEYS, GRADING, OWN_EYES, DEFINING = "keys:write", "reports:grade", "originals:ask", "definitions:write"

# Every permission, named here and nowhere else: what it lets its holder do.
PERMISSIONS: dict[str, str] = {
    "reports:read": "read what is shared with its organisation: reports, tear-lines, requests about its own",
    "reports:write": "hand in, revise, mark, withdraw and recall its organisation's reports; decide requests",
    GRADING: "weigh what it reads: credibility, outcome, sources; its own, or a secretariat any: links and tags",
    "requests:write": "ask an originator for more sight of a report that it reads",
    "tear-lines:ask": "ask for a tear-line for others",
    OWN_EYES: "ask to read the original of a report in which personal data is covered",
    "assignments:write": "say which reports are expected of whom; of the secretariat, or as an administrator",
    "outcomes:tell": "tell an originator what came of a report that it reads",
    "threads:write": "write in the thread about a report that it reads",
    "translations:write": "give its own report a title and summary in another language; an analyst any that it reads",
    "inquiries:write": "ask the network or an originator for information, and answer what it is asked",
    "indicators:read": "read series and maps of what is shared with its organisation",
    "observations:write": "store values of an external series",
    "digests:read": "read editions, each as its organisation may see it",
    "digests:build": "build an edition now, for its organisation, and see its drafts",
    "digests:release": "see its organisation's drafts, and release those that somebody else made",
    "members:read": "see its own organisation's people",
    OWN_KEYS: "make keys for its own organisation, with what it may do itself",
    "audit:read": "read the audit record",
    "retention:read": "read what is kept and for how long, with the legal holds",
    "forms:write": "draft, publish and retire forms, for administrators and the secretariat",
    DEFINING: "draft, review and put in force what tells a theme, for administrators and the secretariat",
    "holds:write": "set and lift legal holds",
    "network:admin": "organisations, people, roles, keys and groups",
    "replay": "say when a report was received, which is for replaying the past",
}
SCOPES = frozenset(PERMISSIONS)
KEY_SCOPES = SCOPES - {OWN_KEYS, GRADING, OWN_EYES, DEFINING}
TEST_SCOPES = frozenset({"reports:read", "reports:write", "indicators:read"})  # all that tells test from actual
# What shows words of reports, or what is counted and written from them; and the record of who did what with them.
READING = frozenset({"reports:read", "indicators:read", "digests:read"})
_PARTNER = frozenset({*READING, "reports:write"})
_TALKS = frozenset({"requests:write", "threads:write", "inquiries:write", "translations:write"})
# Held by others too, it serves a secretariat only.
_SECRETARIAT = frozenset({"forms:write", "assignments:write", DEFINING})
ROLES: dict[str, frozenset[str]] = {
    "focal_point": _PARTNER | _TALKS | {"members:read", OWN_KEYS},
    "analyst": _PARTNER
    | _TALKS
    | _SECRETARIAT
    | {GRADING, "tear-lines:ask", OWN_EYES, "digests:build", "outcomes:tell"},
    "editor": READING | {"digests:build"},
    "approver": frozenset({"digests:read", "digests:release"}),
    "administrator": frozenset(
        {
            *("network:admin", "members:read", OWN_KEYS, "observations:write", "replay"),
            *("retention:read", "holds:write", *_SECRETARIAT),
        }
    ),
    "auditor": frozenset({"audit:read", "retention:read", "holds:write"}),
    "integrator": _PARTNER | {OWN_KEYS},
}
# All that a person needs who works alone, in solo mode: every permission, each by the role that is for it.
ALONE = ("administrator", "focal_point", "analyst", "approver", "auditor")


class RolesMeet(Conflict):
    title = "These roles may not meet in one person"


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """What a member with these roles may do."""
    return frozenset().union(*(ROLES[role] for role in roles))


def apart(one: str, other: str) -> bool:
    """Whether two roles may not meet in one person: an auditor is nothing else, and who administers does not read."""
    both = {one, other}
    if "auditor" in both and len(both) == 2:
        return True
    return "administrator" in both and any(ROLES[role] & READING for role in both)


def clash(roles: Collection[str]) -> tuple[str, str] | None:
    """The first two of these roles that may not meet; None where all may."""
    return next((pair for pair in combinations(sorted(set(roles)), 2) if apart(*pair)), None)


def refuse_meeting(roles: Collection[str], *, solo: bool) -> None:
    """Refuse roles for one person that may not meet, unless the secretariat is one person by its own setting.

    Raises:
        RolesMeet: two of them may not.
    """
    met = clash(roles)
    if met is not None and not solo:
        why = (
            "EWN_SOLO=true in the service's environment allows it, for a secretariat of one: then nobody else need look"
        )
        raise RolesMeet(
            f"{met[0]} and {met[1]} may not meet in one person. {why} at what that person makes, and editions say so.",
            field="roles",
        )


def may_issue(caller: Caller | None, organisation: int, scopes: Collection[str]) -> bool:
    """Whether this caller may make a key with these scopes for an organisation. None is the server's command line.

    Nobody gives more than they may do themselves, and a key that reads is made by a person of the organisation that it
    reads for. An administrator gives any organisation what writes; never what reads, or it could read by its own key.
    """
    if caller is None:
        return True
    wanted = frozenset(scopes)
    own = caller.member_id is not None and OWN_KEYS in caller.scopes and caller.organisation_id == organisation
    if own and wanted <= caller.scopes - ONE_PAIR_OF_EYES:
        return True
    return "network:admin" in caller.scopes and not wanted - caller.scopes - _WRITING


# What a key makes is released at once: whoever gave itself such a key would be its own second pair of eyes.
ONE_PAIR_OF_EYES = frozenset({"digests:build"})
# What an administrator may let a machine do without doing it: neither to read, nor a second pair of eyes.
_PERSONAL = {OWN_KEYS, GRADING, DEFINING, "network:admin"}
_WRITING = SCOPES - READING - _PERSONAL - {"audit:read", "digests:release", "members:read"}


def active(session: Session, organisation_id: int) -> None:
    """Refuse whoever acts for an organisation that is not active."""
    row = session.get(Organisation, organisation_id)
    check_active(row.state if row else None)


def check_active(state: str | None) -> None:
    """Refuse who acts for an organisation in any other state."""
    if state != "active":
        raise Unauthenticated("Your organisation is not active in this network.")


def digest(secret: str) -> str:
    """What is kept of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
