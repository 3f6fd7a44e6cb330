"""Persons who are signed in already: what passwords cost is paid in the tests of sign-in, not in all others."""

import hashlib
import secrets
from datetime import timedelta

from sqlmodel import select

from services import network
from services.kernel import clock, db
from services.network.models import Member, NetworkState, SignIn


def signed_in(login: str, slug: str, *roles: str) -> dict[str, str]:
    """A person of an organisation, with the headers that a browser's session gives."""
    token = secrets.token_urlsafe(16)
    with db.transaction() as session:
        owner = network.directory(session).slugs[slug]
        row = Member(login=login, name=login.title(), organisation_id=owner, roles=list(roles))
        session.add(row)
        session.flush()
        digest = hashlib.sha256(token.encode()).hexdigest()
        session.add(SignIn(token_hash=digest, member_id=row.key, expires_at=clock.now() + timedelta(hours=12)))
        session.exec(select(NetworkState)).one().version = secrets.randbits(62)
    return {"Cookie": f"{network.COOKIE}={token}"}
