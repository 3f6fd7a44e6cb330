"""How many questions one organisation may have open and ask in a day: each of them fills the inboxes of many."""

from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from services.dialogue.models import Inquiry
from services.kernel import clock
from services.kernel.config import settings
from services.kernel.errors import Conflict, TooMany
from services.kernel.model import table
from services.network import AudienceRow, Caller, Organisation, Tlp

INQUIRY = table(Inquiry)
AUDIENCE = table(AudienceRow)
PARTY = table(Organisation)
DAY = timedelta(hours=24)


class TooManyOpenInquiries(Conflict):
    title = "Too many requests for information are open"


class TooManyInquiries(TooMany):
    title = "Too many requests for information within a day"


def refuse_more(session: Session, caller: Caller) -> None:
    """Refuse a further question of an organisation that has asked enough. One that was withdrawn was asked all the
    same. Of a colleague's RED nobody learns by being refused: it counts for its own asker alone.

    Raises:
        TooManyOpenInquiries, TooManyInquiries: as many are open, or were asked within 24 hours, as may be.
    """
    # Two that ask at once wait for each other here, or both would see room for one.
    session.execute(select(PARTY.c.id).where(PARTY.c.id == caller.organisation_id).with_for_update(key_share=True))
    now, most, daily = clock.now(), settings().inquiries_open, settings().inquiries_per_day
    counted = (
        select(INQUIRY.c.made_at)
        .join(AUDIENCE, AUDIENCE.c.id == INQUIRY.c.audience_id)
        .where(INQUIRY.c.organisation_id == caller.organisation_id)
        .where(or_(AUDIENCE.c.tlp != str(Tlp.RED), INQUIRY.c.member_id == caller.member_id))
    )
    if len(session.execute(counted.where(INQUIRY.c.ended_at.is_(None)).limit(most)).all()) == most:
        raise TooManyOpenInquiries(f"You may have {most} open: close or withdraw some first.", most=most)
    lately: Any = counted.where(INQUIRY.c.made_at > now - DAY).order_by(INQUIRY.c.made_at.desc()).limit(daily)
    asked = session.execute(lately).scalars().all()
    if len(asked) == daily:
        wait = ceil((asked[-1] + DAY - now).total_seconds())
        raise TooManyInquiries(
            f"You may ask {daily} within 24 hours, those that you withdraw too: wait, or ask several in one.",
            headers={"Retry-After": str(wait)},
            most=daily,
        )
