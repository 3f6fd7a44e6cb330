"""Browsers' sessions of people who have signed in: begun, listed, and ended by their person or an administrator."""

import logging
import re
import threading
from datetime import timedelta

from sqlalchemy import ColumnElement, bindparam, delete, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from services.kernel import audit, clock, db, ids
from services.kernel.config import settings
from services.kernel.errors import Forbidden, NotFound, Unauthenticated
from services.network.access import tries
from services.network.access.roles import check_active, digest, scopes_of
from services.network.models import Member, Organisation, SignIn
from services.network.policy import Caller

logger = logging.getLogger(__name__)
IDLE = timedelta(hours=2)
NOTED = timedelta(minutes=5)  # how exactly the last use is kept
UNNOTED = "the use of the session is not noted yet"
_noting = threading.Lock()
_KNOWN = (  # made once: every request asks it
    select(Member, SignIn.used_at, SignIn.factor, Organisation.state)
    .join(SignIn, col(SignIn.member_id) == col(Member.id))
    .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
    .where(SignIn.token_hash == bindparam("token"), Member.active)
    .where(col(SignIn.expires_at) > bindparam("at"), col(SignIn.used_at) > bindparam("idle"))
)
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("YaBrowser", "Yandex"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")


class NoSuchSession(NotFound):
    title = "No such session"


class NoPerson(Forbidden):
    """A key asked for what only a person has."""

    title = "Only for people who have signed in"


def browser_name(agent: str) -> str:
    """A browser and its system in a few words, from what it says of itself; empty where it says nothing known."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    version = re.search(r"(?:Firefox|Edg|OPR|YaBrowser|Chrome|Version)/(\d{1,4})", agent)
    return ", ".join(part for part in (f"{browser} {version[1]}" if browser and version else browser, system) if part)


def sign_in(session: Session, caller: Caller, *, factor: bool = False, agent: str = "") -> str:
    """Open a session for a member who was asked all that there is to ask; returns its token, kept nowhere but in the
    browser. `factor`: the second factor was shown."""
    token, at = ids.token(), clock.now()
    member = session.get(Member, caller.member_id)
    if member is None:
        raise Unauthenticated("There is no such person.")
    row = SignIn(
        reference=ids.reference("SES"),
        token_hash=digest(token),
        member_id=member.key,
        begun_at=at,
        used_at=at,
        expires_at=at + timedelta(hours=settings().session_hours),
        browser=browser_name(agent),
        factor=factor,
        failed=tries.tell(session, tries.by_name(member.login), tries.by_person(member.key)),
    )
    session.add(row)
    audit.record(session, caller, "member.signed_in", row.reference)
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
    at = clock.now()
    found = session.execute(_KNOWN, {"token": digest(token), "at": at, "idle": at - IDLE}).first()
    if found is None or (settings().second_factor == "required" and not found.factor):
        raise Unauthenticated("Your session is over: sign in again.")
    check_active(found.state)
    member: Member = found.Member
    session.info[UNNOTED] = at - found.used_at >= NOTED
    return caller_for(member), member


def current(session: Session, token: str) -> SignIn | None:
    """The session of a token; None where it is over."""
    return session.exec(select(SignIn).where(SignIn.token_hash == digest(token), *_alive())).first()


def _alive() -> list[ColumnElement[bool]]:
    at = clock.now()
    alive = [col(SignIn.expires_at) > at, col(SignIn.used_at) > at - IDLE]
    if settings().second_factor == "required":  # from its setting on, also for sessions of before
        alive.append(col(SignIn.factor).is_(True))
    return alive


def note_use(session: Session, token: str) -> None:
    """Keep that a session is in use, at most every five minutes: after `by_session`, outside its transaction. What
    cannot be written now is written with the next request; at worst the session ends sooner."""
    if not session.info.get(UNNOTED) or not _noting.acquire(blocking=False):
        return  # one thread of this process at a time: the others are needed by whoever holds the database
    try:
        with db.transaction() as writing:
            mine = update(SignIn).where(col(SignIn.token_hash) == digest(token))
            writing.execute(mine.values(used_at=clock.now()))
    except SQLAlchemyError as error:
        logger.warning("the use of a session was not noted: %s", type(error).__name__)
    finally:
        _noting.release()


def sessions(session: Session, caller: Caller) -> list[SignIn]:
    """The person's sessions that go on, the last used first."""
    _person(caller)
    statement = select(SignIn).where(SignIn.member_id == caller.member_id, *_alive())
    return list(session.exec(statement.order_by(col(SignIn.used_at).desc(), col(SignIn.id).desc())).all())


def end(session: Session, caller: Caller, reference: str) -> None:
    """End one of one's own sessions.

    Raises:
        NoSuchSession: there is none, or it is another's.
    """
    _person(caller)
    mine = SignIn.member_id == caller.member_id
    row = session.exec(select(SignIn).where(SignIn.reference == reference, mine)).first()
    if row is None:
        raise NoSuchSession("There is no such session, or it is not yours.")
    session.delete(row)
    audit.record(session, caller, "session.ended", reference)


def end_others(session: Session, caller: Caller, token: str) -> None:
    """End all of one's own sessions but the one of this token."""
    _person(caller)
    end_all(session, caller.member_id or 0, keep=token)
    audit.record(session, caller, "sessions.ended")


def end_all(session: Session, member_id: int, *, keep: str = "") -> None:
    """End all sessions of a person, but the one of a token that is kept."""
    others = [col(SignIn.token_hash) != digest(keep)] if keep else []
    session.execute(delete(SignIn).where(col(SignIn.member_id) == member_id, *others))


def shown(session: Session, token: str) -> None:
    """The second factor was shown in this session."""
    session.execute(update(SignIn).where(col(SignIn.token_hash) == digest(token)).values(factor=True))


def caller_for(member: Member) -> Caller:
    """A member as a caller, with what its roles allow."""
    return Caller(
        member.organisation_id, member_id=member.key, scopes=scopes_of(member.roles), language=member.language
    )


def _person(caller: Caller) -> None:
    if caller.member_id is None:
        raise NoPerson("Sign in as a person: a key has none.")
