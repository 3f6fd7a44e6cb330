"""Reports that are tagged already: their tags are written straight into the tables, as the tagger would."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select

from services.kernel import db
from services.kernel.events import Outbox, publish_all
from services.kernel.model import table
from services.reports import Report
from services.tagging import Link, ReportTagged, Tagging, TagRow
from tests.bench.stage import Stage

REPORT = table(Report)
OUTBOX = table(Outbox)
_NO_WORDS = {"signature": b"", "numbers": b""}


def tagged(laid: Stage, bodies: int, *slugs: str, retold: float = 0.1, **overrides: object) -> None:
    """Take reports in and tag them; a share of them is linked to the one before, which another party told."""
    with db.reading() as session:
        last = int(session.execute(select(func.coalesce(func.max(REPORT.c.id), 0))).scalar_one())
    laid.accept(bodies, *slugs, **overrides)
    with db.transaction() as session:
        columns = (REPORT.c.id, REPORT.c.themes, REPORT.c.place)
        rows = session.execute(select(*columns).where(REPORT.c.id > last).order_by(REPORT.c.id)).all()
        done = [
            {"report_id": row.id, "revision": 1, "language": "en", "guessed_language": "en", **_NO_WORDS}
            for row in rows
        ]
        session.execute(insert(table(Tagging)), done)
        tags = [_tag(row.id, "theme", theme) for row in rows for theme in row.themes]
        tags += [_tag(row.id, "unit", row.place) for row in rows]
        session.execute(insert(table(TagRow)), tags)
        pairs = _pairs([row.id for row in rows], retold)
        if pairs:
            links = [{"low": a, "high": b, "reason": "text", "score": 95.0} for a, b in pairs]
            session.execute(insert(table(Link)), links)
        session.execute(delete(OUTBOX).where(OUTBOX.c.reaction == "tag"))
        publish_all(session, ReportTagged, [row.id for row in rows])


def _pairs(keys: Sequence[int], retold: float) -> list[tuple[int, int]]:
    step = round(1 / retold) if retold else 0
    return [(keys[n - 1], keys[n]) for n in range(step - 1, len(keys), step)] if step else []


def _tag(report_id: int, scheme: str, value: str) -> dict[str, Any]:
    return {
        "report_id": report_id, "scheme": scheme, "value": value, "confidence": 1.0, "method": "sender", "spans": [],
        "version": "bench",
    }  # fmt: skip


def ids_of(reaction: str) -> list[int]:
    """The waiting outbox rows of a reaction, in order."""
    with db.reading() as session:
        statement = select(OUTBOX.c.id).where(OUTBOX.c.reaction == reaction).order_by(OUTBOX.c.id)
        return list(session.execute(statement).scalars())
