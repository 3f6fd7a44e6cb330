"""Destroying bytes: of what was removed, recalled or emptied, and of what nothing names any more.

Bytes get a name and lose their last one under one lock (BYTES), so that none is destroyed which somebody is just given.
"""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select
from sqlmodel import Session

from services.attachments.models import Attachment
from services.attachments.service import ATTACHMENT, BYTES, REPORT
from services.attachments.store import store
from services.attachments.words import TEXT
from services.kernel import db
from services.kernel.bulk import among

AT_ONCE = 100
_DOOMED = (
    select(ATTACHMENT.c.id)
    .join(REPORT, REPORT.c.id == ATTACHMENT.c.report_id)
    .where(
        among(ATTACHMENT.c.report_id),
        or_(
            ATTACHMENT.c.removed_at.is_not(None),
            REPORT.c.recalled_at.is_not(None),
            REPORT.c.emptied_at.is_not(None),
        ),
    )
    .order_by(ATTACHMENT.c.id)
)


def doomed(session: Session, report_ids: Sequence[int]) -> list[int]:
    """Those attachments of these reports that are to go, with all that is known of them."""
    return list(session.execute(_DOOMED, {"keys": report_ids}).scalars())


def shred(session: Session, attachment_ids: Sequence[int]) -> None:
    """Forget attachments and destroy their bytes, but those that another attachment has too. May be done again."""
    db.alone(session, BYTES)
    for some in db.batches(attachment_ids, 500):
        held = select(ATTACHMENT.c.digest, ATTACHMENT.c.copy_digest).where(ATTACHMENT.c.id.in_(some))
        digests = {digest for row in session.execute(held).all() for digest in row if digest is not None}
        session.execute(delete(TEXT).where(TEXT.c.attachment_id.in_(some)))
        session.execute(delete(Attachment).where(ATTACHMENT.c.id.in_(some)))
        _destroy(session, digests)
    db.wash(session)


def sweep_due(session: Session) -> list[list[str]]:
    """What lies in the store and nothing names: left by a process that was killed, or by a transaction that failed."""
    store().forget_incoming()
    found: list[str] = []
    for some in db.batches(store().held(), 500):
        found += sorted(set(some) - _named(session, some))
    return list(db.batches(found, AT_ONCE))


def sweep(digests: Sequence[str]) -> None:
    """Destroy those of these bytes that nothing names by now, in a transaction of its own."""
    with db.transaction() as session:
        db.alone(session, BYTES)
        _destroy(session, digests)


def _destroy(session: Session, digests: Sequence[str] | set[str]) -> None:
    for digest in sorted(set(digests) - _named(session, list(digests))):
        store().remove(digest)


def _named(session: Session, digests: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for column in (ATTACHMENT.c.digest, ATTACHMENT.c.copy_digest):
        found |= set(session.execute(select(column).where(column.in_(digests))).scalars())
    return found
