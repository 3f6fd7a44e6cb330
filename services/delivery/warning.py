"""Telling a person and its organisation's focal points that an administrator resets the person's second factor."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from services.delivery.service import Told
from services.network import Caller, Invitation, Member


def warnings(session: Session, invitation_ids: Sequence[int]) -> list[Told]:
    """Who is to be told of these links."""
    found = session.exec(
        select(Invitation, Member)
        .join(Member, col(Member.id) == col(Invitation.member_id))
        .where(col(Invitation.id).in_(invitation_ids))
    ).all()
    return [
        Told(Caller(person.organisation_id, member_id=one.key), "factor_reset", person.login, row.key, row.made_at)
        for row, person in found
        for one in session.exec(select(Member).where(Member.organisation_id == person.organisation_id, Member.active))
        if one.key == person.key or "focal_point" in one.roles
    ]
