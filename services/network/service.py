"""Enrolment: organisations, members and groups join and leave, each change starting what it must."""

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Select
from sqlalchemy import select as rows
from sqlmodel import Session, select

from services import vocabulary
from services.kernel import audit, clock
from services.kernel.errors import Conflict, Invalid, NotFound
from services.kernel.model import table
from services.network.access import forget, hash_password
from services.network.models import Group, GroupMember, Member, NetworkState, Organisation
from services.network.policy import Caller
from services.network.schemas import NewGroup, NewMember, NewOrganisation


class NoSuchOrganisation(NotFound):
    title = "No such organisation"


class NoSuchGroup(NotFound):
    title = "No such group"


class NameTaken(Conflict):
    title = "That name is taken"


def enrol(session: Session, new: NewOrganisation, *, by: Caller | None) -> Organisation:
    """Enrol an organisation; it becomes an active member at once."""
    _zone(new.timezone)
    for code in new.countries:
        if code not in vocabulary.places():
            raise Invalid(f"{code} is not a place of the pack.", field="countries")
    if session.exec(select(Organisation).where(Organisation.slug == new.slug)).first():
        raise NameTaken(f"{new.slug} is enrolled already.", field="slug")
    state = _changed(session)
    since = 0
    if not new.past:
        since = state.network_changed = state.links_changed = _next(state)
    parent = _organisation(session, new.parent) if new.parent else None
    given = new.model_dump(exclude={"parent", "past"})
    row = Organisation(**given, since=since, parent_id=parent.key if parent else None, parent_since=since)
    session.add(row)
    session.flush()
    audit.record(session, by, "organisation.enrolled", row.slug)
    return row


def suspend(session: Session, slug: str, *, by: Caller | None, state: str = "suspended") -> Organisation:
    """Suspend an organisation, or mark it as having left: its access to everything ends with this transaction."""
    row = _organisation(session, slug)
    network = _changed(session)
    network.network_changed = network.links_changed = _next(network)
    row.state = state
    session.add(row)
    forget()
    audit.record(session, by, f"organisation.{state}", row.slug)
    return row


def resume(session: Session, slug: str, *, by: Caller | None, past: bool) -> Organisation:
    """Make an organisation active again, with or without what was shared before.

    Without: its place in the network, in its groups and below its parent all begin anew in this generation.
    """
    row = _organisation(session, slug)
    network = _changed(session)
    if not past:
        row.since = row.parent_since = network.network_changed = network.links_changed = _next(network)
        for held, group in session.execute(_memberships(row)).all():
            held.since = group.changed = row.since
            session.add_all((held, group))
    row.state = "active"
    session.add(row)
    audit.record(session, by, "organisation.active", row.slug, past=past)
    return row


def invite(session: Session, new: NewMember, *, by: Caller | None) -> Member:
    """Add a person to an organisation, with a first password."""
    _zone(new.timezone)
    if session.exec(select(Member).where(Member.login == new.login)).first():
        raise NameTaken(f"{new.login} is taken.", field="login")
    owner = _organisation(session, new.organisation)
    _changed(session)
    row = Member(
        uid=secrets.token_hex(8),
        organisation_id=owner.key,
        password_hash=hash_password(new.password),
        **new.model_dump(exclude={"organisation", "password"}),
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "member.invited", row.login, roles=list(new.roles))
    return row


def form_group(session: Session, new: NewGroup, *, by: Caller | None) -> Group:
    """Make a sharing group with its first members, who see all that is ever shared with it."""
    if session.exec(select(Group).where(Group.slug == new.slug)).first():
        raise NameTaken(f"{new.slug} is taken.", field="slug")
    members = [_organisation(session, slug) for slug in new.members]
    _changed(session)
    row = Group(**new.model_dump(exclude={"members"}))
    session.add(row)
    session.flush()
    session.add_all(GroupMember(group_id=row.key, organisation_id=one.key) for one in members)
    audit.record(session, by, "group.formed", row.slug, members=sorted(new.members))
    return row


def join(session: Session, group: str, organisation: str, *, past: bool, by: Caller | None) -> None:
    """Let an organisation into a group, with its past or without (a generation begins)."""
    row, member = _group(session, group), _organisation(session, organisation)
    if session.get(GroupMember, (row.key, member.key)):
        raise Conflict(f"{organisation} is in {group} already.", field="organisation")
    state = _changed(session)
    since = 0
    if not past:
        since = row.changed = _next(state)
        session.add(row)
    session.add(GroupMember(group_id=row.key, organisation_id=member.key, since=since))
    audit.record(session, by, "group.joined", row.slug, organisation=organisation, past=past)


def leave(session: Session, group: str, organisation: str, *, by: Caller | None) -> None:
    """Take an organisation out of a group: it loses all that the group gave it (a generation begins)."""
    row, member = _group(session, group), _organisation(session, organisation)
    held = session.get(GroupMember, (row.key, member.key))
    if held is None:
        raise NotFound(f"{organisation} is not in {group}.", field="organisation")
    row.changed = _next(_changed(session))
    session.add(row)
    session.delete(held)
    audit.record(session, by, "group.left", row.slug, organisation=organisation)


def prepare(session: Session) -> None:
    """Make the network's one state row (after migration)."""
    if session.get(NetworkState, 1) is None:
        session.add(NetworkState(version=secrets.randbits(62), began_at=clock.now()))


def began(session: Session) -> datetime:
    """When this network began: nothing by the clock is caught up from before."""
    return session.exec(select(NetworkState)).one().began_at


def _memberships(row: Organisation) -> Select[GroupMember, Group]:
    statement = rows(GroupMember, Group).where(table(GroupMember).c.organisation_id == row.key)
    return statement.where(table(GroupMember).c.group_id == table(Group).c.id)


def _changed(session: Session) -> NetworkState:
    """The state row, locked, with a new version: random, so that a version rolled back never comes again."""
    state = session.exec(select(NetworkState).with_for_update()).one()
    state.version = secrets.randbits(62)
    session.add(state)
    return state


def _next(state: NetworkState) -> int:
    state.generation += 1
    return state.generation


def _organisation(session: Session, slug: str) -> Organisation:
    row = session.exec(select(Organisation).where(Organisation.slug == slug)).first()
    if row is None:
        raise NoSuchOrganisation(f"No organisation {slug} is enrolled.", field="organisation")
    return row


def _group(session: Session, slug: str) -> Group:
    row = session.exec(select(Group).where(Group.slug == slug)).first()
    if row is None:
        raise NoSuchGroup(f"There is no group {slug}.", field="group")
    return row


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder, or longer than a file name may be
        raise Invalid(
            f"{name[:80]} is not a time zone of the IANA list, such as Asia/Tashkent.", field="timezone"
        ) from None
