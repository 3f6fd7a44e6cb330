"""Persons who are signed in already: what passwords cost is paid in the tests of sign-in, not in all others."""

import hashlib
import secrets
from datetime import timedelta

from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import select

from services import network
from services.kernel import clock, db, ids
from services.network.models import Member, NetworkState, SignIn

# Of "a long password", cheap to check: a hash says how it was made.
CHOSEN = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash("a long password")


def signed_in(login: str, slug: str, *roles: str) -> dict[str, str]:
    """A person of an organisation, with the headers that a browser's session gives."""
    token = secrets.token_urlsafe(16)
    with db.transaction() as session:
        owner = network.directory(session).slugs[slug]
        row = Member(login=login, name=login.title(), organisation_id=owner, roles=list(roles), password_hash=CHOSEN)
        session.add(row)
        session.flush()
        digest = hashlib.sha256(token.encode()).hexdigest()
        at = clock.now()
        session.add(
            SignIn(
                reference=ids.reference("SES"), token_hash=digest, member_id=row.key, begun_at=at, used_at=at,
                expires_at=at + timedelta(hours=12), factor=True,
            )
        )  # fmt: skip
        session.exec(select(NetworkState)).one().version = secrets.randbits(62)
    return {"Cookie": f"{network.COOKIE}={token}"}
