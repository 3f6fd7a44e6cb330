"""Sealed tickets: what a browser holds between two steps. They open nothing, and end by themselves."""

import hashlib
import json
from datetime import timedelta

from sqlmodel import Session

from services.kernel import clock, seals
from services.kernel.errors import Unauthenticated
from services.network.access.roles import active
from services.network.models import Member

# An authenticator app has to be found and installed first: that takes longer than to type a code.
LIVES = {"code": timedelta(minutes=5), "set-up": timedelta(minutes=15), "offer": timedelta(minutes=15)}


def make(use: str, member: Member, says: str = "") -> str:
    """A ticket for one use by one person; it is void from the next change of the password on."""
    until = (clock.now() + LIVES[use]).timestamp()
    return seals.seal(f"ticket {use}", json.dumps([member.key, until, _print(member), says]))


def holder(session: Session, use: str, ticket: str) -> Member:
    """Whoever a ticket was made for.

    Raises:
        Unauthenticated: it is over or none of ours, or the person or organisation is no longer active.
    """
    opened = seals.unseal(f"ticket {use}", ticket)
    member = session.get(Member, json.loads(opened)[0]) if opened is not None else None
    if member is None or not member.active or read(use, ticket, member) is None:
        raise Unauthenticated("This took too long: sign in again.")
    active(session, member.organisation_id)
    return member


def read(use: str, ticket: str, member: Member) -> str | None:
    """What a ticket of this person says; None where it is over, another's, or none of ours."""
    opened = seals.unseal(f"ticket {use}", ticket)
    if opened is None:
        return None
    whose, until, print_, says = json.loads(opened)
    fits = whose == member.key and print_ == _print(member) and clock.now().timestamp() < until
    return str(says) if fits else None


def _print(member: Member) -> str:
    return hashlib.sha256(member.password_hash.encode()).hexdigest()[:32]
