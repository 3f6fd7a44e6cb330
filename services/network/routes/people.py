"""Routes of persons: who acts for whom, in which offices, and how they are invited."""

from datetime import date

from sqlmodel import Session

from services.kernel.routing import Router
from services.network import invitations, people
from services.network.callers import Administrator, CallerIn, Colleague, Read, Write
from services.network.directory import directory
from services.network.models import Invitation, Member, Office
from services.network.schemas import (
    InvitationLink,
    InvitationView,
    MemberInvited,
    MemberView,
    NewMember,
    NewOffice,
    NewRoles,
    OfficeView,
    ResetIn,
)

router = Router(prefix="/v1")
SHOWN = {"login", "name", "roles", "language", "active"}


@router.post("/members", status_code=201)
def invite_member(body: NewMember, caller: CallerIn, db: Write) -> MemberInvited:
    """Add a person to an organisation. The answer holds a link, this once, with which that person chooses a password;
    it is good for seven days. Focal points invite focal points and integrators of their own organisation."""
    made = invitations.invite(db, body, by=caller)
    return MemberInvited(**_view(db, made.member).model_dump(), invitation=_link(db, made))


@router.post("/members/{login}/invitation", status_code=201)
def reset_member(login: str, body: ResetIn, caller: CallerIn, db: Write) -> InvitationLink:
    """A new link for a person who has lost the password, or did not use the first link in time."""
    return _link(db, invitations.reset(db, login, by=caller, second_factor=body.second_factor))


@router.get("/invitations")
def list_invitations(caller: CallerIn, db: Read) -> list[InvitationView]:
    """Links that were not used yet, newest first: all for administrators, those of its own for a focal point."""
    return [_invitation(db, row, member) for row, member in invitations.waiting(db, caller)]


@router.delete("/invitations/{reference}", status_code=204)
def withdraw_invitation(reference: str, caller: CallerIn, db: Write) -> None:
    """End a link before it is used."""
    invitations.withdraw(db, reference, by=caller)


@router.get("/members")
def list_members(caller: Colleague, db: Read) -> list[MemberView]:
    """All members for administrators, and for a focal point those of its own organisation."""
    return [
        MemberView(
            organisation=owner.slug,
            offices=[_office(one) for one in held],
            joined=bool(row.password_hash),
            **row.model_dump(include=SHOWN),
        )
        for row, owner, held in people.members(db, caller)
    ]


@router.put("/members/{login}/roles")
def change_roles(login: str, body: NewRoles, caller: Administrator, db: Write) -> MemberView:
    """Give a person these roles in place of those held before; not yourself. All sign-ins of that person end, and
    links that it has not used."""
    return _view(db, people.assign(db, login, body.roles, by=caller))


@router.delete("/members/{login}")
def deactivate_member(login: str, caller: Administrator, db: Write) -> MemberView:
    """End a person's access for good: sign-ins now, offices today. A return is a new invitation."""
    return _view(db, people.deactivate(db, login, by=caller))


@router.delete("/members/{login}/sessions", status_code=204)
def end_members_sessions(login: str, caller: Administrator, db: Write) -> None:
    """End all sessions of a person, at once."""
    people.end_sessions(db, login, by=caller)


@router.post("/members/{login}/offices", status_code=201)
def begin_office(login: str, body: NewOffice, caller: Administrator, db: Write) -> OfficeView:
    """Note an office that a person holds, from a day on."""
    return _office(people.begin_office(db, login, body, by=caller))


@router.delete("/members/{login}/offices/{reference}")
def end_office(login: str, reference: str, caller: Administrator, db: Write, on: date | None = None) -> OfficeView:
    """End an office with a day: today, if none is given."""
    return _office(people.end_office(db, login, reference, on=on, by=caller))


def _view(db: Session, row: Member) -> MemberView:
    return MemberView(
        organisation=directory(db).parties[row.organisation_id].slug,
        offices=[_office(one) for one in people.offices(db).get(row.key, [])],
        joined=bool(row.password_hash),
        **row.model_dump(include=SHOWN),
    )


def _invitation(db: Session, row: Invitation, member: Member) -> InvitationView:
    return InvitationView(
        reference=row.reference,
        login=member.login,
        organisation=directory(db).parties[member.organisation_id].slug,
        resets_second_factor=row.resets_factor,
        expires_at=row.expires_at,
    )


def _link(db: Session, made: invitations.Invited) -> InvitationLink:
    return InvitationLink(**_invitation(db, made.row, made.member).model_dump(), link=made.link)


def _office(row: Office) -> OfficeView:
    return OfficeView.model_validate(row, from_attributes=True)
