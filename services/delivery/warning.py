"""Telling an organisation's people what an administrator does by which another could act, or read, in their place."""

import secrets
from collections.abc import Sequence

from sqlmodel import Session, col, select

from services import network
from services.delivery.service import Told
from services.kernel import clock
from services.network import Caller, Invitation, Member


def warnings(session: Session, invitation_ids: Sequence[int]) -> list[Told]:
    """Who is to be told of these links."""
    found = session.exec(
        select(Invitation, Member)
        .join(Member, col(Member.id) == col(Invitation.member_id))
        .where(col(Invitation.id).in_(invitation_ids))
    ).all()
    return [
        Told(Caller(person.organisation_id, member_id=one), "factor_reset", person.login, row.key, row.made_at)
        for row, person in found
        for one in {person.key, *_focal_points(session, person)}
    ]


def readers_made(session: Session, member_ids: Sequence[int]) -> list[Told]:
    """Which focal points are to be told of these people, who read for their organisation."""
    at = clock.now()
    version = secrets.randbits(62)  # told each time: the event is used up in the transaction that tells it
    return [
        Told(Caller(person.organisation_id, member_id=one), "reader_made", person.login, version, at)
        for person in session.exec(select(Member).where(col(Member.id).in_(member_ids), Member.active))
        for one in _focal_points(session, person)
        if one != person.key
    ]


def _focal_points(session: Session, person: Member) -> list[int]:
    return network.focal_points(session, [person.organisation_id]).get(person.organisation_id, [])
