"""What each role may do, and what belongs to keys and sessions alike."""

import hashlib
from collections.abc import Iterable

from sqlmodel import Session

from services.kernel.errors import Unauthenticated
from services.network.models import Organisation

ROLES: dict[str, frozenset[str]] = {
    "focal_point": frozenset({"reports:read", "reports:write", "requests:write", "indicators:read", "digests:read"}),
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
    "administrator": frozenset({"network:admin", "observations:write", "digests:build", "replay"}),
    "auditor": frozenset({"audit:read"}),
    "integrator": frozenset({"reports:read", "reports:write", "indicators:read", "digests:read"}),
}
SCOPES = frozenset().union(*ROLES.values())


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """What a member with these roles may do."""
    return frozenset().union(*(ROLES[role] for role in roles))


def active(session: Session, organisation_id: int) -> None:
    """Refuse whoever acts for an organisation that is not active."""
    row = session.get(Organisation, organisation_id)
    if row is None or row.state != "active":
        raise Unauthenticated("Your organisation is not active in this network.")


def digest(secret: str) -> str:
    """What is kept of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
