"""Who can still act: a person until inactive, a key until revoked or expired; and who is there for those who cannot."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlmodel import Session

from services.kernel.model import table
from services.network.models import ApiKey, Member
from services.network.policy import Caller

MEMBER = table(Member)
KEY = table(ApiKey)


def acting(
    member_id: ColumnElement[int | None], key_id: ColumnElement[int | None], *, at: datetime
) -> ColumnElement[bool]:
    """Whether whoever these columns name, the person or else the key, can still act."""
    person = exists().where(MEMBER.c.id == member_id, MEMBER.c.active)
    holds = or_(KEY.c.expires_at.is_(None), KEY.c.expires_at > at)
    key = exists().where(KEY.c.id == key_id, KEY.c.revoked_at.is_(None), holds)
    return or_(person, and_(member_id.is_(None), key))


def focal_points(session: Session, organisations: Collection[int]) -> dict[int, list[int]]:
    """The active focal points of each of these organisations that has any."""
    statement = select(MEMBER.c.id, MEMBER.c.organisation_id, MEMBER.c.roles)
    rows = session.execute(
        statement.where(MEMBER.c.organisation_id.in_(sorted(organisations)), MEMBER.c.active).order_by(MEMBER.c.id)
    ).all()
    found: dict[int, list[int]] = {}
    for row in rows:
        if "focal_point" in row.roles:
            found.setdefault(row.organisation_id, []).append(row.id)
    return found


def is_focal_point(session: Session, caller: Caller) -> bool:
    """Whether the caller is a person, and a focal point of its organisation."""
    if caller.member_id is None or caller.organisation_id is None:
        return False
    return caller.member_id in focal_points(session, [caller.organisation_id]).get(caller.organisation_id, ())
