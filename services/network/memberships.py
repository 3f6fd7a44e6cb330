"""Who is in which group, made true: entering, leaving, rules looked at again, and what is due by the clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Date, bindparam
from sqlmodel import Session, col, or_, select

from services.kernel import audit
from services.network import changes, lifecycle
from services.network.lifecycle import Attributes
from services.network.models import Group, GroupMember, NetworkState, Organisation, Stay
from services.network.policy import Caller

FURTHEST = timedelta(hours=14)  # how far ahead of UTC a day may begin


def attributes(row: Organisation) -> Attributes:
    """What rules look at."""
    return Attributes(row.kind, tuple(row.countries), row.state, row.hidden)


def enter(
    session: Session, state: NetworkState, group: Group, who: Organisation, *, by: Caller | None, by_rule: bool
) -> None:
    """Make an organisation a member, with the group's past if the group gives it and it never left the network."""
    held = session.get(GroupMember, (group.key, who.key))
    if held is None:
        since = 0
        if not group.past or who.left_at is not None:
            since = group.changed = changes.following(state)
        held = GroupMember(group_id=group.key, organisation_id=who.key, since=since)
        audit.record(session, by, "group.joined", group.slug, organisation=who.slug, past=since == 0, rule=by_rule)
    held.by_rule = held.by_rule or by_rule
    session.add_all((group, held))
    session.flush()


def release(session: Session, state: NetworkState, group: Group, who: Organisation, *, by: Caller | None) -> None:
    """End a membership that neither a rule nor a stay holds any longer."""
    held = session.get(GroupMember, (group.key, who.key))
    if held is None or held.by_rule or staying(session, group, who.key):
        return
    group.changed = changes.following(state)
    session.add(group)
    session.delete(held)
    session.flush()
    audit.record(session, by, "group.left", group.slug, organisation=who.slug)


def staying(session: Session, group: Group, organisation_id: int, *, begun: bool = True) -> Stay | None:
    """The stay of an organisation that is not over; only one that has begun, unless told otherwise."""
    statement = select(Stay).where(Stay.group_id == group.key, Stay.organisation_id == organisation_id)
    found = session.exec(statement.where(~col(Stay.ended))).first()
    return found if found is not None and (found.begun or not begun) else None


def follow_rules(session: Session, state: NetworkState, *, by: Caller | None) -> None:
    """Look at every rule again: each change to an organisation or a rule does, in its own transaction."""
    rows = {row.key: row for row in session.exec(select(Organisation).order_by(col(Organisation.id))).all()}
    bodies = {key: attributes(row) for key, row in rows.items()}
    for group in session.exec(select(Group).order_by(col(Group.id))).all():
        ruled = _ruled(session, group)
        wanted = lifecycle.effect(group.rule, bodies, ruled)
        for key in sorted(wanted.lets_in):
            enter(session, state, group, rows[key], by=by, by_rule=True)
        for key in sorted(wanted.lets_go):
            ruled[key].by_rule = False
            session.add(ruled[key])
            release(session, state, group, rows[key], by=by)


def would(session: Session, group: Group, rule: dict[str, list[str]]) -> tuple[list[Organisation], list[Organisation]]:
    """Who would join the group and who would leave it, were this its rule."""
    rows = {row.key: row for row in session.exec(select(Organisation).order_by(Organisation.slug)).all()}
    members = set(session.exec(select(GroupMember.organisation_id).where(GroupMember.group_id == group.key)).all())
    found = lifecycle.effect(rule, {key: attributes(row) for key, row in rows.items()}, _ruled(session, group))
    joining = [row for key, row in rows.items() if key in found.lets_in - members]
    leaving = [row for key, row in rows.items() if key in found.lets_go and not staying(session, group, key)]
    return joining, leaving


def _ruled(session: Session, group: Group) -> dict[int, GroupMember]:
    rows = session.exec(select(GroupMember).where(GroupMember.group_id == group.key, col(GroupMember.by_rule))).all()
    return {row.organisation_id: row for row in rows}


def keep_by_hand(session: Session, who: Organisation, at: datetime) -> None:
    """What a rule gave is as if picked by hand: hiding one's membership costs nobody the sight of its groups."""
    for _held, group in [row for row in _of(session, who) if row[0].by_rule]:
        planned = staying(session, group, who.key, begun=False)
        if planned is None:
            today = lifecycle.day(who.timezone, at)
            planned = Stay(group_id=group.key, organisation_id=who.key, begins_on=today)
        planned.begun = True
        session.add(planned)
    session.flush()


def begin_anew(session: Session, who: Organisation) -> None:
    """All its memberships begin in the generation in which its own does."""
    for held, group in _of(session, who):
        held.since = group.changed = who.since
        session.add_all((held, group))


def cut(session: Session, state: NetworkState, who: Organisation, *, by: Caller | None) -> None:
    """Take an organisation out of every group, and drop what was planned."""
    for stay in session.exec(select(Stay).where(Stay.organisation_id == who.key, ~col(Stay.ended))).all():
        stay.ended = True
        session.add(stay)
    for held, group in _of(session, who):
        held.by_rule = False
        session.add(held)
        session.flush()
        release(session, state, group, who, by=by)


def _of(session: Session, who: Organisation) -> list[tuple[GroupMember, Group]]:
    statement = select(GroupMember, Group).where(GroupMember.organisation_id == who.key)
    return list(session.exec(statement.where(GroupMember.group_id == Group.id)).all())


def due(session: Session, at: datetime) -> list[tuple[Stay, Group, Organisation]]:
    """The stays that begin or are over by now: each by the day that it is for its own organisation."""
    rows = session.exec(_TURNING, params={"ahead": (at + FURTHEST).date()}).all()
    return [row for row in rows if _turns(row[0], row[2], at)]


_AHEAD: Any = bindparam("ahead", type_=Date)
_TURNING = (
    select(Stay, Group, Organisation)
    .where(Stay.group_id == Group.id, Stay.organisation_id == Organisation.id, ~col(Stay.ended))
    .where(or_(~col(Stay.begun) & (col(Stay.begins_on) <= _AHEAD), col(Stay.ends_on) < _AHEAD))
    .order_by(col(Stay.id))
)


def _turns(stay: Stay, who: Organisation, at: datetime) -> bool:
    today = lifecycle.day(who.timezone, at)
    return (not stay.begun and stay.begins_on <= today) or (stay.ends_on is not None and stay.ends_on < today)


def turn(
    session: Session,
    state: NetworkState,
    some: Iterable[tuple[Stay, Group, Organisation]],
    at: datetime,
    *,
    by: Caller | None = None,
) -> None:
    """Begin and end stays that are due. One whose last day is over before it began never lets anybody in."""
    for stay, group, who in some:
        over = stay.ends_on is not None and stay.ends_on < lifecycle.day(who.timezone, at)
        stay.begun, stay.ended = True, over
        session.add(stay)
        session.flush()
        if over:
            release(session, state, group, who, by=by)
        else:
            enter(session, state, group, who, by=by, by_rule=False)
