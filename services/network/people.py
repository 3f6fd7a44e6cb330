"""Persons: invited, given roles and offices, one day no longer active. Somebody is always left to administer."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from services.kernel import audit, clock
from services.kernel.config import settings
from services.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from services.kernel.events import Event, publish
from services.kernel.model import table
from services.network import changes, lifecycle
from services.network.access import tries
from services.network.access.roles import READING, refuse_meeting, scopes_of
from services.network.changes import NameTaken
from services.network.models import Factor, Invitation, Member, Office, Organisation, RecoveryCode, SignIn
from services.network.policy import Caller
from services.network.schemas import NewMember, NewOffice


class LastAdministrator(Conflict):
    title = "Nobody would be left to administer the network"


class HasLeft(Conflict):
    title = "The organisation has left the network"


class NoSuchMember(NotFound):
    title = "No such member"


class YourOwnRoles(Forbidden):
    title = "Nobody changes their own roles"


class ReaderMade(Event):
    """An administrator made somebody a reader, or a link that opens a reader's sign-in; the subject is the person."""

    name = "member.reader_made"


def administrators(session: Session) -> int:
    """How many people can administer now: active persons of active organisations who have chosen a password."""
    statement = select(Member).join(Organisation, col(Organisation.id) == col(Member.organisation_id))
    able = Member.active, Member.password_hash != "", Organisation.state == lifecycle.ACTIVE
    rows = session.exec(statement.where(*able)).all()
    return sum("administrator" in member.roles for member in rows)


@contextmanager
def administered(session: Session) -> Iterator[None]:
    """Refuse what is done in the block if it takes away the last who can administer."""
    before = administrators(session)
    yield
    session.flush()
    if before and not administrators(session):
        raise LastAdministrator("Make somebody of another active organisation an administrator first.")


def add_member(session: Session, new: NewMember, *, by: Caller | None, password_hash: str = "") -> Member:
    """Add a person to an organisation, who cannot sign in before there is a password. No act of the API gives one but
    the person's own; the hash is made before, as it takes long."""
    changes.check_zone(new.timezone)
    refuse_meeting(new.roles, solo=settings().solo)
    changes.begin(session)
    if session.exec(select(Member).where(Member.login == new.login)).first():
        raise NameTaken(f"{new.login} is taken.", field="login")
    owner = changes.organisation_of(session, new.organisation)
    refuse_left(owner)
    given = new.model_dump(exclude={"organisation"})
    row = Member(organisation_id=owner.key, password_hash=password_hash, **given)
    session.add(row)
    session.flush()
    audit.record(session, by, "member.invited", audit.person(row.key), roles=list(new.roles))
    return row


def refuse_left(owner: Organisation) -> None:
    """Refuse where the organisation has left."""
    if owner.state == lifecycle.LEFT:
        raise HasLeft(f"{owner.slug} has left: let it apply again first.", field="organisation")


def members(session: Session, caller: Caller) -> list[tuple[Member, Organisation, list[Office]]]:
    """Whom the caller may see, by sign-in name: administrators all, others the people of their own organisation."""
    statement = select(Member, Organisation).join(Organisation, col(Organisation.id) == col(Member.organisation_id))
    if "network:admin" not in caller.scopes:
        statement = statement.where(Member.organisation_id == caller.organisation_id)
    held = offices(session)
    rows = session.exec(statement.order_by(Member.login)).all()
    return [(row, owner, held.get(row.key, [])) for row, owner in rows]


def assign(session: Session, login: str, roles: Sequence[str], *, by: Caller | None) -> Member:
    """Give a person these roles in place of those held before; its sign-ins and its unused links end: whoever made a
    link might make none for a person of these roles.

    Raises:
        YourOwnRoles: nobody changes their own, in solo mode neither.
        RolesMeet: two of them may not meet in one person.
        LastAdministrator: nobody would be left to administer.
    """
    refuse_meeting(roles, solo=settings().solo)
    changes.begin(session)
    row = member_of(session, login)
    if by is not None and by.member_id == row.key:
        raise YourOwnRoles(
            "Ask another administrator; whoever works alone does it on the server: ewn roles --help.", field="roles"
        )
    if not row.active:
        raise NoSuchMember(f"{login[:80]} is not active.", field="login")
    before, after = sorted(row.roles), sorted(set(roles))
    if before != after:
        with administered(session):
            row.roles = after
            session.add(row)
            session.execute(delete(SignIn).where(col(SignIn.member_id) == row.key))
            end_links(session, row.key)
        if not reads(before) and reads(after) and by is not None:
            publish(session, ReaderMade(row.key))
        audit.record(session, by, "member.roles_changed", audit.person(row.key), before=before, after=after)
    return row


def deactivate(session: Session, login: str, *, by: Caller | None) -> Member:
    """End a person's access for good: sign-ins end now, offices today."""
    changes.begin(session)
    row = member_of(session, login)
    if row.active:
        with administered(session):
            end(session, row, clock.now())
        audit.record(session, by, "member.deactivated", audit.person(row.key))
    return row


def end_sessions(session: Session, login: str, *, by: Caller | None) -> None:
    """End all sessions of a person, who may sign in again."""
    row = member_of(session, login)
    session.execute(delete(SignIn).where(col(SignIn.member_id) == row.key))
    audit.record(session, by, "sessions.ended", audit.person(row.key))


def end(session: Session, row: Member, at: datetime) -> None:
    """Make a person inactive, with all that this ends."""
    row.active = False
    session.add(row)
    for held in (SignIn, Invitation, Factor, RecoveryCode):
        session.execute(delete(held).where(col(held.member_id) == row.key))
    today = lifecycle.day(row.timezone, at)
    for office in _offices(session, row):
        if office.held_until is None or office.held_until > today:
            office.held_until = max(today, office.held_from)
            session.add(office)
    session.flush()


def reads(roles: Sequence[str]) -> bool:
    """Whether a person with these roles reads for its organisation."""
    return bool(scopes_of(roles) & READING)


def end_links(session: Session, member_id: int) -> None:
    """End the links of a person that were not used. Their rows stay a while: it is still to be told who made them."""
    mine = table(Invitation).c
    unused = mine.member_id == member_id, mine.used_at.is_(None), mine.expires_at > clock.now()
    session.execute(update(table(Invitation)).where(*unused).values(expires_at=clock.now()))


def begin_office(session: Session, login: str, new: NewOffice, *, by: Caller | None) -> Office:
    """A person holds an office from a day on."""
    changes.hold(session)
    row = member_of(session, login)
    if not row.active:
        raise NoSuchMember(f"{login[:80]} is not active.", field="login")
    office = Office(reference=secrets.token_hex(5), member_id=row.key, **new.model_dump())
    session.add(office)
    session.flush()
    audit.record(session, by, "office.begun", audit.person(row.key), office=office.reference)
    return office


def end_office(session: Session, login: str, reference: str, *, on: date | None, by: Caller | None) -> Office:
    """An office is held until the end of a day: today, if none is given."""
    changes.hold(session)
    row = member_of(session, login)
    office = next((one for one in _offices(session, row) if one.reference == reference), None)
    if office is None:
        raise NotFound(f"{login[:80]} holds no such office.", field="reference")
    last = on or lifecycle.day(row.timezone, clock.now())
    if last < office.held_from:
        raise Invalid("The last day lies before the first.", field="on")
    office.held_until = last
    session.add(office)
    audit.record(session, by, "office.ended", audit.person(row.key), office=office.reference)
    return office


def offices(session: Session) -> dict[int, list[Office]]:
    """All offices by the person who holds or held them, the earliest first."""
    found: dict[int, list[Office]] = {}
    for office in session.exec(select(Office).order_by(col(Office.held_from), col(Office.id))).all():
        found.setdefault(office.member_id, []).append(office)
    return found


def forget_sign_ins(session: Session, *, at: datetime) -> int:
    """Delete browsers' sessions that are over, and failed tries too old to be told; how many sessions."""
    over = session.exec(select(SignIn).where(SignIn.expires_at <= at)).all()
    for one in over:
        session.delete(one)
    tries.forget_due(session, at=at)
    return len(over)


def member_of(session: Session, login: str) -> Member:
    """A person by the sign-in name, unless it is erased."""
    row = session.exec(select(Member).where(Member.login == login, col(Member.erased_at).is_(None))).first()
    if row is None:
        raise NoSuchMember(f"There is no member {login[:80]}.", field="login")
    return row


def _offices(session: Session, row: Member) -> list[Office]:
    return list(session.exec(select(Office).where(Office.member_id == row.key)).all())
