"""Sharing groups: formed, ruled, joined and left by day or at once; by administrators, or by the group's owner."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from services import vocabulary
from services.kernel import audit, clock
from services.kernel.errors import Conflict, Invalid, NotFound
from services.network import changes, lifecycle, memberships
from services.network.changes import NameTaken, NoSuchGroup, NoSuchOrganisation
from services.network.directory import directory
from services.network.knowing import known_to
from services.network.lifecycle import ACTIVE, SUSPENDED
from services.network.memberships import staying
from services.network.models import Group, GroupMember, Organisation, Stay
from services.network.policy import Caller, ScopeMissing
from services.network.schemas import EditGroup, NewGroup, NewStay, Rule


class HeldByRule(Conflict):
    title = "The group's rule keeps it in"


class AlreadyIn(Conflict):
    title = "It is in the group already, or will be"


class NotYetMember(Conflict):
    title = "Only members of the network can be in a group"


def steers(session: Session, group: Group, by: Caller | None) -> bool:
    """Whether the caller may change the group: an administrator, or a focal point of the organisation that owns it."""
    if by is None or "network:admin" in by.scopes:
        return True
    return group.owner_id is not None and group.owner_id == _owning(session, by)


def steered(session: Session, by: Caller) -> list[Group]:
    """The groups that the caller may change, by slug."""
    wanted = select(Group).order_by(Group.slug)
    if "network:admin" not in by.scopes:
        wanted = wanted.where(Group.owner_id == (_owning(session, by) or 0))
    return list(session.exec(wanted).all())


def _owning(session: Session, by: Caller) -> int | None:
    """The active organisation of which the caller is a focal point, by its key."""
    own = changes.mine(session, by)
    return own.key if own is not None and own.state == ACTIVE else None


def form_group(session: Session, new: NewGroup, *, by: Caller | None) -> Group:
    """Make a sharing group with its first members, who see all that is ever shared with it."""
    _check_rule(new.rule)
    state = changes.begin(session)
    if session.exec(select(Group).where(Group.slug == new.slug)).first():
        raise NameTaken(f"{new.slug} is taken.", field="slug")
    owner = _owner(session, new.owner)
    row = Group(**new.model_dump(exclude={"members", "owner"}), owner_id=owner)
    session.add(row)
    session.flush()
    now = clock.now()
    for slug in dict.fromkeys(new.members):
        one = _pickable(session, slug, by)
        today = lifecycle.day(one.timezone, now)
        session.add(Stay(group_id=row.key, organisation_id=one.key, begins_on=today, begun=True))
        session.add(GroupMember(group_id=row.key, organisation_id=one.key))
    session.flush()
    memberships.follow_rules(session, state, by=by)
    audit.record(session, by, "group.formed", row.slug, members=sorted(new.members))
    return row


def edit_group(session: Session, slug: str, change: EditGroup, *, by: Caller | None) -> Group:
    """Change a group's names, its owner, its rule, or whether those who come from now on see its past."""
    given = change.model_dump(exclude_unset=True)
    if change.rule is not None:
        _check_rule(change.rule)
    state = changes.begin(session)
    row = _steered(session, slug, by)
    if "owner" in given:
        if by is not None and "network:admin" not in by.scopes:
            raise ScopeMissing("Who owns a group is an administrator's to say.", scope="network:admin")
        row.owner_id = _owner(session, given.pop("owner"))
    if given.get("past") and not row.past and by is not None and "network:admin" not in by.scopes:
        raise ScopeMissing("To give newcomers the past of a group is an administrator's to say.", scope="network:admin")
    for name, value in given.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    if "rule" in given:
        memberships.follow_rules(session, state, by=by)
    audit.record(session, by, "group.edited", row.slug, fields=sorted(change.model_fields_set))
    return row


def would(
    session: Session, slug: str, rule: Rule, *, by: Caller | None
) -> tuple[list[Organisation], list[Organisation]]:
    """Who would join the group and who would leave it, were this its rule; changes nothing."""
    _check_rule(rule)
    return memberships.would(session, _steered(session, slug, by), rule.model_dump())


def join(session: Session, group: str, organisation: str, new: NewStay | None = None, *, by: Caller | None) -> Stay:
    """Pick an organisation for a group by hand: at once or from a day on, for good or until the end of a day."""
    new = new or NewStay()
    state = changes.begin(session)
    row = _steered(session, group, by)
    one = _pickable(session, organisation, by)
    if by is not None and "network:admin" not in by.scopes and one.key == by.organisation_id:
        raise ScopeMissing("An owner does not let itself in: an administrator may.", scope="network:admin")
    if staying(session, row, one.key, begun=False):
        raise AlreadyIn(f"{organisation} has a stay in {group} that is not over: end that first.", field="organisation")
    now = clock.now()
    today = lifecycle.day(one.timezone, now)
    begins = new.begins_on or today
    if begins < today or (new.ends_on is not None and new.ends_on < begins):
        raise Invalid("A stay begins today or later, and its last day is not before its first.", field="begins_on")
    stay = Stay(group_id=row.key, organisation_id=one.key, begins_on=begins, ends_on=new.ends_on)
    session.add(stay)
    session.flush()
    days = {"begins_on": begins.isoformat(), "ends_on": new.ends_on.isoformat() if new.ends_on else None}
    audit.record(session, by, "group.picked", row.slug, organisation=one.slug, **days)
    if begins <= today:
        memberships.turn(session, state, [(stay, row, one)], now, by=by)
    return stay


def leave(session: Session, group: str, organisation: str, *, on: date | None = None, by: Caller | None) -> None:
    """Take an organisation out of a group, at once or at the end of a day: it loses all that the group gave it."""
    state = changes.begin(session)
    row = _steered(session, group, by)
    one = _known(session, organisation, by)
    stay = staying(session, row, one.key, begun=False)
    if stay is None:
        if session.get(GroupMember, (row.key, one.key)) is not None:
            raise HeldByRule(f"{organisation} is in {group} by its rule: change the rule.", field="organisation")
        raise NotFound(f"{organisation} is not in {group}.", field="organisation")
    today = lifecycle.day(one.timezone, clock.now())
    if on is not None:
        if on < max(today, stay.begins_on):
            raise Invalid("The last day is today or later, and not before the first.", field="on")
        stay.ends_on = on
        session.add(stay)
        audit.record(session, by, "group.picked", row.slug, organisation=one.slug, ends_on=on.isoformat())
        return
    stay.ended, stay.ends_on = True, max(today, stay.begins_on)
    session.add(stay)
    session.flush()
    memberships.release(session, state, row, one, by=by)


def groups_due(session: Session, *, at: datetime) -> int:
    """Begin and end the stays whose day has come, each in its organisation's own time zone; how many."""
    if not memberships.due(session, at):
        return 0
    state = changes.begin(session)
    some = memberships.due(session, at)  # again: somebody may have been quicker
    memberships.turn(session, state, some, at)
    return len(some)


def stays(session: Session, group: Group) -> list[tuple[Organisation, Stay | None, bool]]:
    """Who is in the group or will be: the organisation, its stay if picked by hand, and whether the rule holds it."""
    held = {
        row.organisation_id: row
        for row in session.exec(select(GroupMember).where(GroupMember.group_id == group.key)).all()
    }
    open_ = session.exec(select(Stay).where(Stay.group_id == group.key, ~col(Stay.ended))).all()
    by_organisation = {one.organisation_id: one for one in open_}
    wanted = held.keys() | by_organisation.keys()
    rows = session.exec(select(Organisation).where(col(Organisation.id).in_(wanted)).order_by(Organisation.slug)).all()
    return [(row, by_organisation.get(row.key), row.key in held and held[row.key].by_rule) for row in rows]


def _steered(session: Session, slug: str, by: Caller | None) -> Group:
    """The group, for whoever may change it; to strangers it is not there, to its members it is not theirs to change."""
    row = changes.group_of(session, slug)
    if not steers(session, row, by):
        inside = session.get(GroupMember, (row.key, by.organisation_id or 0)) if by is not None else None
        if inside is None:
            raise NoSuchGroup(f"There is no group {slug[:80]}.", field="group")
        raise ScopeMissing("It needs the scope network:admin.", scope="network:admin")
    return row


def _known(session: Session, slug: str, by: Caller | None) -> Organisation:
    row = changes.organisation_of(session, slug)
    if by is not None and row.key not in known_to(directory(session), by):
        raise NoSuchOrganisation(f"No organisation {slug[:80]} is enrolled.", field="organisation")
    return row


def _pickable(session: Session, slug: str, by: Caller | None) -> Organisation:
    row = _known(session, slug, by)
    if row.state not in (ACTIVE, SUSPENDED):
        raise NotYetMember(f"{slug} is {row.state}.", field="organisation")
    return row


def _owner(session: Session, slug: str | None) -> int | None:
    return None if slug is None else _pickable(session, slug, None).key


def _check_rule(rule: Rule) -> None:
    places = vocabulary.places()
    for code in rule.countries:
        if code not in places or places[code].level != vocabulary.COUNTRY:
            raise Invalid(f"{code[:20]} is not a country of the pack.", field="rule.countries")
