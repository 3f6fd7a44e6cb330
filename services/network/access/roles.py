"""What each role may do, and what belongs to keys and sessions alike."""

import hashlib
from collections.abc import Iterable

from sqlmodel import Session

from services.kernel.errors import Unauthenticated
from services.network.models import Organisation
from services.network.policy import Caller

OWN_KEYS = "keys:own"  # keep the keys of one's own organisation: a person's, never a key's

ROLES: dict[str, frozenset[str]] = {
    "focal_point": frozenset(
        {"reports:read", "reports:write", "requests:write", "indicators:read", "digests:read", OWN_KEYS}
    ),
    "analyst": frozenset(
        {
            "reports:read",
            "reports:write",
            "requests:write",
            "tear-lines:ask",
            "indicators:read",
            "digests:read",
            "digests:build",
        }
    ),
    "editor": frozenset({"reports:read", "indicators:read", "digests:read", "digests:build"}),
    "approver": frozenset({"digests:read"}),
    "administrator": frozenset(
        {"network:admin", "observations:write", "digests:build", "replay", "retention:read", "holds:write", OWN_KEYS}
    ),
    "auditor": frozenset({"retention:read", "holds:write"}),
    "integrator": frozenset({"reports:read", "reports:write", "indicators:read", "digests:read", OWN_KEYS}),
}
SCOPES = frozenset().union(*ROLES.values())
KEY_SCOPES = SCOPES - {OWN_KEYS}
TEST_SCOPES = frozenset({"reports:read", "reports:write", "indicators:read"})  # all that tells test from actual


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """What a member with these roles may do."""
    return frozenset().union(*(ROLES[role] for role in roles))


def may_issue(caller: Caller | None, organisation: int, scopes: Iterable[str]) -> bool:
    """Whether the caller may make a key of these scopes for an organisation. None is the server's own command line."""
    if caller is None or "network:admin" in caller.scopes:
        return True
    own = OWN_KEYS in caller.scopes and organisation == caller.organisation_id
    return own and caller.scopes.issuperset(scopes)


def active(session: Session, organisation_id: int) -> None:
    """Refuse whoever acts for an organisation that is not active."""
    row = session.get(Organisation, organisation_id)
    if row is None or row.state != "active":
        raise Unauthenticated("Your organisation is not active in this network.")


def digest(secret: str) -> str:
    """What is kept of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
