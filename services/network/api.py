"""Routes of the network: who am I, organisations, members, keys and groups."""

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import col, select

from services import vocabulary
from services.kernel.errors import NotFound
from services.network import access, service
from services.network.callers import CallerIn, Read, Write
from services.network.directory import directory
from services.network.models import ApiKey, Group, Member, Organisation
from services.network.policy import Caller
from services.network.schemas import (
    GroupView,
    Join,
    KeyIssued,
    KeyView,
    MemberView,
    NewGroup,
    NewKey,
    NewMember,
    NewOrganisation,
    OrganisationView,
    WhoAmI,
)
from services.network.service import NoSuchGroup

router = APIRouter(prefix="/v1", tags=["network"])


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


@router.get("/organisations")
def list_organisations(db: Read, caller: CallerIn) -> list[OrganisationView]:
    """The network's organisations, by name."""
    rows = db.exec(select(Organisation).order_by(Organisation.slug)).all()
    return [_organisation(row, caller) for row in rows]


@router.post("/organisations", status_code=201)
def enrol_organisation(body: NewOrganisation, db: Write, caller: CallerIn) -> OrganisationView:
    """Enrol an organisation."""
    caller.require("network:admin")
    return _organisation(service.enrol(db, body, by=caller), caller)


@router.post("/organisations/{slug}/suspension")
def suspend_organisation(slug: str, db: Write, caller: CallerIn) -> OrganisationView:
    """Suspend an organisation: it sees nothing from now on."""
    caller.require("network:admin")
    return _organisation(service.suspend(db, slug, by=caller), caller)


@router.delete("/organisations/{slug}/suspension")
def resume_organisation(slug: str, past: bool, db: Write, caller: CallerIn) -> OrganisationView:
    """Make a suspended organisation active again."""
    caller.require("network:admin")
    return _organisation(service.resume(db, slug, by=caller, past=past), caller)


@router.post("/members", status_code=201)
def invite_member(body: NewMember, db: Write, caller: CallerIn) -> MemberView:
    """Add a person to an organisation."""
    caller.require("network:admin")
    row = service.invite(db, body, by=caller)
    return MemberView(
        organisation=body.organisation, **row.model_dump(include={"login", "name", "roles", "language", "active"})
    )


@router.get("/members")
def list_members(db: Read, caller: CallerIn) -> list[MemberView]:
    """All members, for administrators."""
    caller.require("network:admin")
    rows = db.exec(
        select(Member, Organisation)
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .order_by(Member.login)
    ).all()
    return [
        MemberView(organisation=owner.slug, **row.model_dump(include={"login", "name", "roles", "language", "active"}))
        for row, owner in rows
    ]


@router.post("/keys", status_code=201)
def issue_key(body: NewKey, db: Write, caller: CallerIn) -> KeyIssued:
    """Issue an API key; its secret is in this answer and nowhere else."""
    caller.require("network:admin")
    row, key = access.issue(db, body, by=caller)
    return KeyIssued(key=key, **_key(row, body.organisation).model_dump())


@router.get("/keys")
def list_keys(db: Read, caller: CallerIn) -> list[KeyView]:
    """All keys without their secrets, for administrators."""
    caller.require("network:admin")
    rows = db.exec(
        select(ApiKey, Organisation)
        .join(Organisation, col(Organisation.id) == col(ApiKey.organisation_id))
        .order_by(ApiKey.prefix)
    ).all()
    return [_key(row, owner.slug) for row, owner in rows]


@router.delete("/keys/{prefix}")
def revoke_key(prefix: str, db: Write, caller: CallerIn) -> KeyView:
    """Revoke a key."""
    caller.require("network:admin")
    row = access.revoke(db, prefix, by=caller)
    return _key(row, directory(db).parties[row.organisation_id].slug)


@router.get("/groups")
def list_groups(db: Read, caller: CallerIn) -> list[GroupView]:
    """The network's sharing groups: anyone may share with them. Who is in one is told to its members only."""
    return [_group(row, caller, db) for row in db.exec(select(Group).order_by(Group.slug)).all()]


@router.post("/groups", status_code=201)
def form_group(body: NewGroup, db: Write, caller: CallerIn) -> GroupView:
    """Make a sharing group."""
    caller.require("network:admin")
    row = service.form_group(db, body, by=caller)
    return _group(row, caller, db)


@router.put("/groups/{slug}/members/{organisation}", status_code=204)
def join_group(slug: str, organisation: str, body: Join, db: Write, caller: CallerIn) -> None:
    """Let an organisation into a group."""
    caller.require("network:admin")
    service.join(db, slug, organisation, past=body.past, by=caller)


@router.delete("/groups/{slug}/members/{organisation}", status_code=204)
def leave_group(slug: str, organisation: str, db: Write, caller: CallerIn) -> None:
    """Take an organisation out of a group."""
    if "network:admin" not in caller.scopes:
        known = directory(db)
        if known.groups.get(slug) not in known.memberships.get(caller.organisation_id or 0, {}):
            raise NoSuchGroup(f"There is no group {slug}.", field="group")
        caller.require("network:admin")
    service.leave(db, slug, organisation, by=caller)


def _organisation(row: Organisation, caller: Caller) -> OrganisationView:
    name = row.name_ru if caller.language == "ru" else row.name_en
    return OrganisationView(slug=row.slug, name=name, kind=row.kind, countries=row.countries, state=row.state)


def _key(row: ApiKey, organisation: str) -> KeyView:
    return KeyView(
        prefix=row.prefix, name=row.name, organisation=organisation, scopes=row.scopes,
        expires_at=row.expires_at, revoked_at=row.revoked_at,
    )  # fmt: skip


def _group(row: Group, caller: Caller, db: Read) -> GroupView:
    known = directory(db)
    inside = row.key in known.memberships.get(caller.organisation_id or 0, {}) or "network:admin" in caller.scopes
    members = sorted(known.parties[one].slug for one, groups in known.memberships.items() if row.key in groups)
    return GroupView(
        slug=row.slug, name=row.name_ru if caller.language == "ru" else row.name_en, members=members if inside else None
    )


class Coded(BaseModel):
    """A code of the vocabulary with its name, and the code it belongs to."""

    code: str
    name: str
    within: str | None = None


@router.get("/places")
def list_places(caller: CallerIn, within: str | None = None) -> list[Coded]:
    """The places of the pack that lie directly in a place; the region's countries, if none is given."""
    places = vocabulary.places()
    above = within or places.root.code
    if above not in places:
        raise NotFound(f"{above[:80]} is not a place of the pack.", field="within")
    return [
        Coded(code=one.code, name=places.name(one.code, caller.language), within=above)
        for one in places.children(above)
    ]


@router.get("/themes")
def list_themes(caller: CallerIn) -> list[Coded]:
    """The themes of the pack."""
    return [Coded(code=one.code, name=one.name(caller.language), within=one.side) for one in vocabulary.themes()]
