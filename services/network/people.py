"""Persons: invited, holding offices, and one day no longer active. Somebody must always be left to administer."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from services.kernel import audit, clock
from services.kernel.errors import Conflict, Invalid, NotFound
from services.network import changes, lifecycle
from services.network.changes import NameTaken
from services.network.models import Member, Office, Organisation, SignIn
from services.network.policy import Caller
from services.network.schemas import NewMember, NewOffice


class LastAdministrator(Conflict):
    title = "Nobody would be left to administer the network"


class HasLeft(Conflict):
    title = "The organisation has left the network"


class NoSuchMember(NotFound):
    title = "No such member"


def administrators(session: Session) -> int:
    """How many people can administer now: active persons of active organisations."""
    statement = select(Member).join(Organisation, col(Organisation.id) == col(Member.organisation_id))
    rows = session.exec(statement.where(Member.active, Organisation.state == lifecycle.ACTIVE)).all()
    return sum("administrator" in member.roles for member in rows)


@contextmanager
def administered(session: Session) -> Iterator[None]:
    """Refuse what is done in the block if it takes away the last who can administer."""
    before = administrators(session)
    yield
    session.flush()
    if before and not administrators(session):
        raise LastAdministrator("Make somebody of another active organisation an administrator first.")


def invite(session: Session, new: NewMember, *, password_hash: str, by: Caller | None) -> Member:
    """Add a person to an organisation. The hash of the first password is made before: it takes long."""
    changes.check_zone(new.timezone)
    changes.begin(session)
    if session.exec(select(Member).where(Member.login == new.login)).first():
        raise NameTaken(f"{new.login} is taken.", field="login")
    owner = changes.organisation_of(session, new.organisation)
    refuse_left(owner)
    given = new.model_dump(exclude={"organisation", "password"})
    row = Member(organisation_id=owner.key, password_hash=password_hash, **given)
    session.add(row)
    session.flush()
    audit.record(session, by, "member.invited", audit.person(row.key), roles=list(new.roles))
    return row


def refuse_left(owner: Organisation) -> None:
    """Refuse where the organisation has left."""
    if owner.state == lifecycle.LEFT:
        raise HasLeft(f"{owner.slug} has left: let it apply again first.", field="organisation")


def deactivate(session: Session, login: str, *, by: Caller | None) -> Member:
    """End a person's access for good: sign-ins end now, offices today."""
    changes.begin(session)
    row = _member(session, login)
    if row.active:
        with administered(session):
            end(session, row, clock.now())
        audit.record(session, by, "member.deactivated", audit.person(row.key))
    return row


def end(session: Session, row: Member, at: datetime) -> None:
    """Make a person inactive, with all that this ends."""
    row.active = False
    session.add(row)
    session.execute(delete(SignIn).where(col(SignIn.member_id) == row.key))
    today = lifecycle.day(row.timezone, at)
    for office in _offices(session, row):
        if office.held_until is None or office.held_until > today:
            office.held_until = max(today, office.held_from)
            session.add(office)
    session.flush()


def begin_office(session: Session, login: str, new: NewOffice, *, by: Caller | None) -> Office:
    """A person holds an office from a day on."""
    changes.hold(session)
    row = _member(session, login)
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
    row = _member(session, login)
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
    """Delete browsers' sessions that are over; how many."""
    over = session.exec(select(SignIn).where(SignIn.expires_at <= at)).all()
    for one in over:
        session.delete(one)
    return len(over)


def _member(session: Session, login: str) -> Member:
    row = session.exec(select(Member).where(Member.login == login)).first()
    if row is None:
        raise NoSuchMember(f"There is no member {login[:80]}.", field="login")
    return row


def _offices(session: Session, row: Member) -> list[Office]:
    return list(session.exec(select(Office).where(Office.member_id == row.key)).all())
