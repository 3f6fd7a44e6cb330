"""Invitations: a link with which one person chooses a password, once, within seven days (ADR 0014)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, delete, update
from sqlmodel import Session, col, select

from services.kernel import audit, clock, ids
from services.kernel.config import settings
from services.kernel.errors import Forbidden, NotFound
from services.kernel.events import Event, publish
from services.kernel.model import table
from services.network import changes, people
from services.network.access import factors, sessions, tries
from services.network.access.roles import active, digest
from services.network.models import Invitation, Member, Organisation
from services.network.policy import Caller, ScopeMissing
from services.network.schemas import NewMember

LIVES, KEPT = timedelta(days=7), timedelta(days=30)
OWN = frozenset({"focal_point", "integrator"})  # the roles for which focal points invite
ADMINISTERS = "network:admin"


class NoSuchInvitation(NotFound):
    title = "No such invitation, or no longer"


class NotForYourself(Forbidden):
    """Somebody asked for a link for itself: a session that was stolen would be one for good."""

    title = "Not for yourself"


class FactorReset(Event):
    """A link was made with which a person's second factor goes; the subject is the invitation."""

    name = "member.factor_reset"


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made; `link` is shown once and kept nowhere."""

    row: Invitation
    member: Member
    link: str


def invite(session: Session, new: NewMember, *, by: Caller | None) -> Invited:
    """Add a person, who chooses the password with the link."""
    changes.hold(session)
    _may(session, by, new.organisation, new.roles)  # before it is looked up: who may not is told nothing of others
    return _made(session, people.add_member(session, new, by=by), by=by)


def reset(session: Session, login: str, *, by: Caller | None, second_factor: bool = False) -> Invited:
    """A new link for a person who is there: to choose another password, or the first where a link was not used in time.
    Links from before end. The password until now works, and the second factor stays, until the link is used.

    Raises:
        NoSuchMember: there is no such person, or none that the caller may help.
        NotForYourself: one changes one's own password on the profile.
    """
    changes.hold(session)
    if by is not None and ADMINISTERS not in by.scopes and changes.mine(session, by) is None:
        raise _lacking()  # before anybody is looked for: whoever invites nobody learns of nobody
    member = people.member_of(session, login)
    owner = session.get(Organisation, member.organisation_id)
    if not member.active or owner is None:
        raise people.NoSuchMember(f"There is no member {login[:80]}.", field="login")
    if by is not None and by.member_id == member.key:
        raise NotForYourself("Change your own password on your profile, or ask another administrator.")
    _may(session, by, owner.slug, member.roles, named=login)
    if second_factor and by is not None and ADMINISTERS not in by.scopes:
        raise ScopeMissing(f"It needs the scope {ADMINISTERS}.", scope=ADMINISTERS, field="second_factor")
    made = _made(session, member, by=by, resets_factor=second_factor)
    audit.record(session, by, "member.reset", audit.person(member.key), second_factor=second_factor)
    if second_factor and by is not None:
        publish(session, FactorReset(made.row.key))
    return made


def waiting(session: Session, by: Caller) -> list[tuple[Invitation, Member]]:
    """Invitations that can still be used: all for administrators, those of its own organisation for a focal point."""
    statement = select(Invitation, Member).join(Member, col(Member.id) == col(Invitation.member_id)).where(*_usable())
    if ADMINISTERS not in by.scopes:
        own = changes.mine(session, by)
        if own is None:
            raise ScopeMissing(f"It needs the scope {ADMINISTERS}.", scope=ADMINISTERS)
        statement = statement.where(Member.organisation_id == own.key)
    return list(session.exec(statement.order_by(col(Invitation.expires_at).desc(), col(Invitation.id).desc())).all())


def withdraw(session: Session, reference: str, *, by: Caller) -> None:
    """End an invitation before it is used."""
    found = next((one for one, _ in waiting(session, by) if one.reference == reference), None)
    if found is None:
        raise NoSuchInvitation("There is no such invitation, or it was used or ended.", field="reference")
    found.expires_at = clock.now()
    session.add(found)
    audit.record(session, by, "invitation.withdrawn", reference)


def find(session: Session, token: str) -> Member:
    """Whom an invitation is for.

    Raises:
        NoSuchInvitation: the link is unknown, used or over: which, is not said.
    """
    statement = select(Member).join(Invitation, col(Member.id) == col(Invitation.member_id))
    member = session.exec(statement.where(Invitation.token_hash == digest(token), Member.active, *_usable())).first()
    if member is None:
        raise NoSuchInvitation("The link was used, is older than seven days, or is not whole.")
    active(session, member.organisation_id)
    return member


def accept(session: Session, token: str, *, password_hash: str) -> Member:
    """Use an invitation up: the person has this password now, sessions of before end, and the name need not wait."""
    mine = table(Invitation).c
    use = update(table(Invitation)).where(mine.token_hash == digest(token), mine.used_at.is_(None))
    done = session.execute(use.where(mine.expires_at > clock.now()).values(used_at=clock.now()))
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        raise NoSuchInvitation("The link was used, is older than seven days, or is not whole.")
    row = session.exec(select(Invitation).where(Invitation.token_hash == digest(token))).one()
    member = session.exec(select(Member).where(Member.id == row.member_id, Member.active).with_for_update()).first()
    if member is None:
        raise NoSuchInvitation("The link was used, is older than seven days, or is not whole.")
    member.password_hash = password_hash
    session.add(member)
    if row.resets_factor:
        factors.remove(session, member.key)
    sessions.end_all(session, member.key)
    tries.forgive(session, tries.by_name(member.login))  # not the second step: links would buy tries at codes
    audit.record(
        session, sessions.caller_for(member), "member.password_chosen", audit.person(member.key),
        invitation=row.reference, second_factor=row.resets_factor,
    )  # fmt: skip
    return member


def forget_due(session: Session, *, at: datetime) -> None:
    """Delete the rows of links that ended a month ago."""
    session.execute(delete(Invitation).where(col(Invitation.expires_at) <= at - KEPT))


def _made(session: Session, member: Member, *, by: Caller | None, resets_factor: bool = False) -> Invited:
    people.end_links(session, member.key)
    token, at = ids.token(), clock.now()
    row = Invitation(
        reference=ids.reference("INV"),
        token_hash=digest(token),
        member_id=member.key,
        resets_factor=resets_factor,
        made_by=by.member_id if by else None,
        made_at=at,
        expires_at=at + LIVES,
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "invitation.made", row.reference, person=audit.person(member.key))
    opens = not resets_factor and not factors.has(session, member)  # of the first there is a notice of its own
    if opens and by is not None and ADMINISTERS in by.scopes and people.reads(member.roles):
        publish(session, people.ReaderMade(member.key))  # whoever makes the link could use it
    return Invited(row, member, f"{settings().url}/invitation/{token}")


def _usable() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Invitation.used_at).is_(None), col(Invitation.expires_at) > clock.now()


def _may(session: Session, by: Caller | None, owner: str, roles: Sequence[str], *, named: str = "") -> None:
    """Refuse whoever is neither an administrator nor a focal point that invites for its own organisation. `named`: the
    person, whom nobody else is told of."""
    if by is None or ADMINISTERS in by.scopes:
        return
    own = changes.mine(session, by)
    if own is not None and own.slug != owner and named:
        raise people.NoSuchMember(f"There is no member {named[:80]}.", field="login")
    if own is None or own.slug != owner or not OWN.issuperset(roles):
        raise _lacking()


def _lacking() -> ScopeMissing:
    said = f"It needs the scope {ADMINISTERS}; focal points invite focal points and integrators of their own."
    return ScopeMissing(said, scope=ADMINISTERS)
