"""Recounting everything after an edit of the pack: in chunks, so that new reports find room between them."""

import time
from collections.abc import Callable

from sqlalchemy import func, select

from services import tagging
from services.kernel import db
from services.kernel.events import Outbox, publish_all
from services.kernel.model import table
from services.reports import Report

CHUNK = 500
_ROOM = 2 * CHUNK  # rows that may wait; intake refuses reports at many more
_REPORT = table(Report)
_OUTBOX = table(Outbox)


def recount(*, retag: bool, pause: Callable[[float], object] = time.sleep) -> int:
    """Have every report counted anew, or read and counted anew; gives back how many. Safe to repeat or to break off."""
    event = tagging.ReportReread if retag else tagging.ReportTagged
    last = told = 0
    while True:
        while _waiting() > _ROOM:
            pause(1)
        with db.transaction() as session:
            after = select(_REPORT.c.id).where(_REPORT.c.id > last).order_by(_REPORT.c.id).limit(CHUNK)
            keys = list(session.execute(after).scalars())
            publish_all(session, event, keys)
        if not keys:
            return told
        last = keys[-1]
        told += len(keys)


def _waiting() -> int:
    with db.reading() as session:
        return int(session.execute(select(func.count()).select_from(_OUTBOX)).scalar_one())
