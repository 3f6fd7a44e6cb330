"""Network addresses as keyed hashes: the key of a day is deleted after 30 days, and with it what they could tell."""

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, delete, event, select
from sqlmodel import Field, Session, SQLModel

from services.kernel import db
from services.kernel.model import table

KEPT = timedelta(days=30)
_held: WeakKeyDictionary[Engine, dict[date, bytes]] = WeakKeyDictionary()  # today's, around midnight yesterday's


class DayKey(SQLModel, table=True):
    """The key of one day, random and used for nothing else."""

    __tablename__ = "day_key"
    day: date = Field(primary_key=True)
    key: str


KEYS = table(DayKey)


def masked(session: Session, address: str, at: datetime) -> str:
    """An address under the key of its day: equal ones of a day are equal, and no other day's compare."""
    if not address:
        return ""
    return hmac.new(_key(session, at.date()), address.encode(), hashlib.sha256).hexdigest()[:32]


def forget(session: Session, at: datetime) -> int:
    """Delete the keys of days that lie 30 days back; how many."""
    done = session.execute(delete(KEYS).where(KEYS.c.day < at.date() - KEPT)).rowcount  # type: ignore[attr-defined]
    if done:
        db.wash(session)
    return int(done)


def _key(session: Session, day: date) -> bytes:
    known = _held.setdefault(db.engine(), {})
    held = known.get(day)
    if held is not None:
        return held
    kept = select(KEYS.c.key).where(KEYS.c.day == day)
    text = session.execute(kept).scalar_one_or_none()
    if text is None:
        db.insert_new(session, KEYS, [{"day": day, "key": secrets.token_hex(32)}], returning=("day",))
        text = session.execute(kept).scalar_one()
    key = bytes.fromhex(text)

    def remember(_session: Session) -> None:  # only what is committed: another may be first
        if len(known) > 3:
            known.clear()
        known[day] = key

    event.listen(session, "after_commit", remember, once=True)
    return key
