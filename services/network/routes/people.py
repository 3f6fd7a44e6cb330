"""Routes of persons: who am I, and for administrators who acts for whom, and in which offices."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Session

from services.network import people
from services.network.access.passwords import hash_password
from services.network.callers import Administrator, CallerIn, Colleague, Read, Write
from services.network.directory import directory
from services.network.models import Member, Office
from services.network.schemas import MemberView, NewMember, NewOffice, NewRoles, OfficeView, WhoAmI

router = APIRouter()


@router.get("/me")
def who_am_i(db: Read, caller: CallerIn) -> WhoAmI:
    """The caller as the service knows it."""
    known = directory(db)
    member = db.get(Member, caller.member_id) if caller.member_id is not None else None
    return WhoAmI(
        organisation=known.parties[caller.organisation_id or 0].slug,
        member=member.login if member else None,
        scopes=sorted(caller.scopes),
        language=caller.language,
    )


def _hashed(_caller: Administrator, body: NewMember) -> tuple[NewMember, str]:
    """A new member with the hash of the password, which is made before the transaction begins."""
    return body, hash_password(body.password)


@router.post("/members", status_code=201)
def invite_member(
    invited: Annotated[tuple[NewMember, str], Depends(_hashed)], caller: Administrator, db: Write
) -> MemberView:
    """Add a person to an organisation."""
    new, password_hash = invited
    return _view(db, people.invite(db, new, password_hash=password_hash, by=caller))


@router.get("/members")
def list_members(caller: Colleague, db: Read) -> list[MemberView]:
    """All members for administrators, and for a focal point those of its own organisation."""
    return [
        MemberView(
            organisation=owner.slug,
            offices=[_office(one) for one in held],
            **row.model_dump(include={"login", "name", "roles", "language", "active"}),
        )
        for row, owner, held in people.members(db, caller)
    ]


@router.put("/members/{login}/roles")
def change_roles(login: str, body: NewRoles, caller: Administrator, db: Write) -> MemberView:
    """Give a person these roles in place of those held before; not yourself. All sign-ins of that person end."""
    return _view(db, people.assign(db, login, body.roles, by=caller))


@router.delete("/members/{login}")
def deactivate_member(login: str, caller: Administrator, db: Write) -> MemberView:
    """End a person's access for good: sign-ins now, offices today. A return is a new invitation."""
    return _view(db, people.deactivate(db, login, by=caller))


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
        **row.model_dump(include={"login", "name", "roles", "language", "active"}),
    )


def _office(row: Office) -> OfficeView:
    return OfficeView.model_validate(row, from_attributes=True)
