"""Routes of sharing groups: read by all, changed by administrators and by the focal points of a group's owner."""

from datetime import date

from sqlmodel import Session, select

from services.kernel.routing import Router
from services.network import changes, groups
from services.network.callers import Administrator, CallerIn, Read, Write
from services.network.directory import directory
from services.network.knowing import known_to
from services.network.models import Group
from services.network.policy import Caller
from services.network.schemas import EditGroup, GroupDetail, GroupView, NewGroup, NewStay, Rule, RuleEffect, StayView

router = Router(prefix="/v1")


@router.get("/groups")
def list_groups(db: Read, caller: CallerIn) -> list[GroupView]:
    """The network's sharing groups: anyone may share with them. Who is in one is told to its members only."""
    return [_view(row, caller, db) for row in db.exec(select(Group).order_by(Group.slug)).all()]


@router.post("/groups", status_code=201)
def form_group(body: NewGroup, caller: Administrator, db: Write) -> GroupView:
    """Make a sharing group."""
    return _view(groups.form_group(db, body, by=caller), caller, db)


@router.get("/groups/{slug}")
def show_group(slug: str, db: Read, caller: CallerIn) -> GroupDetail:
    """A group with its owner, rule and stays: for whoever may change it."""
    row = changes.group_of(db, slug)
    if not groups.steers(db, row, caller):
        raise changes.NoSuchGroup(f"There is no group {slug[:80]}.", field="group")
    return _detail(row, caller, db)


@router.patch("/groups/{slug}")
def edit_group(slug: str, body: EditGroup, caller: CallerIn, db: Write) -> GroupDetail:
    """Change a group's names, owner, or whether newcomers see its past."""
    return _detail(groups.edit_group(db, slug, body, by=caller), caller, db)


@router.put("/groups/{slug}/rule")
def rule_group(slug: str, body: Rule, caller: CallerIn, db: Write, dry_run: bool = False) -> RuleEffect:
    """Give a group a rule; the answer tells who joined and who left. With `?dry_run=true` nobody does yet."""
    joining, leaving = groups.would(db, slug, body, by=caller)
    if not dry_run:
        groups.edit_group(db, slug, EditGroup(rule=body), by=caller)
    return RuleEffect(joining=[one.slug for one in joining], leaving=[one.slug for one in leaving])


@router.put("/groups/{slug}/members/{organisation}", status_code=204)
def join_group(slug: str, organisation: str, caller: CallerIn, db: Write, body: NewStay | None = None) -> None:
    """Pick an organisation for a group: at once, or from a day on."""
    groups.join(db, slug, organisation, body, by=caller)


@router.delete("/groups/{slug}/members/{organisation}", status_code=204)
def leave_group(slug: str, organisation: str, caller: CallerIn, db: Write, on: date | None = None) -> None:
    """Take an organisation out of a group: at once, or at the end of a day."""
    groups.leave(db, slug, organisation, on=on, by=caller)


def _view(row: Group, caller: Caller, db: Session) -> GroupView:
    known = directory(db)
    inside = row.key in known.memberships.get(caller.organisation_id or 0, {}) or "network:admin" in caller.scopes
    members = sorted(known.parties[one].slug for one, joined in known.memberships.items() if row.key in joined)
    return GroupView(
        slug=row.slug, name=row.name_ru if caller.language == "ru" else row.name_en, members=members if inside else None
    )


def _detail(row: Group, caller: Caller, db: Session) -> GroupDetail:
    known = directory(db)
    told = known_to(known, caller)
    return GroupDetail(
        **row.model_dump(include={"slug", "name_en", "name_ru", "past"}),
        owner=known.parties[row.owner_id].slug if row.owner_id is not None else None,
        rule=Rule.model_validate(row.rule or {}),
        stays=[
            StayView(
                organisation=one.slug,
                name=one.name_ru if caller.language == "ru" else one.name_en,
                by_rule=by_rule,
                begins_on=stay.begins_on if stay else None,
                ends_on=stay.ends_on if stay else None,
                begun=by_rule or (stay is not None and stay.begun),
            )
            for one, stay, by_rule in groups.stays(db, row)
            if one.key in told
        ],
    )
