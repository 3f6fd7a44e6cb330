"""Browsers' sessions of people who have signed in."""

from datetime import timedelta

from sqlmodel import Session, col, select

from services.kernel import audit, clock, ids
from services.kernel.config import settings
from services.kernel.errors import Unauthenticated
from services.network.access.roles import active, digest, scopes_of
from services.network.models import Member, SignIn
from services.network.policy import Caller


def sign_in(session: Session, caller: Caller) -> str:
    """Open a session for a member whose password was checked; returns its token, kept nowhere but in the browser."""
    token = ids.token()
    until = clock.now() + timedelta(hours=settings().session_hours)
    session.add(SignIn(token_hash=digest(token), member_id=caller.member_id or 0, expires_at=until))
    audit.record(session, caller, "member.signed_in")
    return token


def sign_out(session: Session, token: str) -> None:
    """Close a session."""
    row = session.exec(select(SignIn).where(SignIn.token_hash == digest(token))).first()
    if row is not None:
        session.delete(row)


def by_session(session: Session, token: str) -> tuple[Caller, Member]:
    """The member behind a browser's session.

    Raises:
        Unauthenticated: the session is unknown or over, or the member or organisation is no longer active.
    """
    statement = select(Member).join(SignIn, col(SignIn.member_id) == col(Member.id))
    member = session.exec(
        statement.where(SignIn.token_hash == digest(token), SignIn.expires_at > clock.now(), Member.active)
    ).first()
    if member is None:
        raise Unauthenticated("Your session is over: sign in again.")
    active(session, member.organisation_id)
    return caller_for(member), member


def caller_for(member: Member) -> Caller:
    """A member as a caller, with what its roles allow."""
    return Caller(
        member.organisation_id, member_id=member.key, scopes=scopes_of(member.roles), language=member.language
    )
