"""Rows of lists: a page of 50 under policy beside the same page without it, for viewers who see all, half, 50, none."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session

from services import reports
from services.kernel import db
from services.network import Caller
from services.reports import Report
from tests.bench import texts
from tests.bench.audiences import audiences, settle_statistics
from tests.bench.rows import Row, in_turn, median
from tests.bench.stage import ENGINES, Servers, Stage, stage
from tests.bench.tagged import REPORT

AUDIENCES = 200
PAGE = 50
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)


def rows(servers: Servers, *, full: bool, engine: str, reports: int = 100_000, rounds: int = 75) -> Iterator[Row]:
    """Pages of the newest reports on one engine."""
    reports = 1_000_000 if full else reports
    with stage(engine, servers, parties=5) as laid:
        _fill(laid, reports)
        viewers = {"all": "p1", "half": "p2", "50 scattered": "p3", "none": "p4"}
        for sees, slug in viewers.items():
            caller = laid.caller(slug)
            under, free = in_turn(lambda caller=caller: _page(caller), lambda: _page(None), rounds=rounds)
            yield Row(
                f"a list of 50 for a viewer who sees {sees} / unfiltered", median(under) / median(free), "ratio", 1.2,
                "lower", f"{ENGINES[engine]}, {reports:,} reports, {AUDIENCES} markings; {median(under) * 1000:.2g} ms",
            )  # fmt: skip


def _page(caller: Caller | None) -> float:
    with db.reading() as session:
        began = time.perf_counter()
        list(session.execute(_statement(session, caller)).scalars())
        return time.perf_counter() - began


def _statement(session: Session, caller: Caller | None) -> Select[tuple[Report]]:
    seen = (
        select(Report).where(REPORT.c.withdrawn_at.is_(None))
        if caller is None
        else reports.visible_reports(session, caller)
    )
    return seen.order_by(REPORT.c.received_at.desc(), REPORT.c.reference.desc()).limit(PAGE + 1)


def _fill(laid: Stage, number: int) -> None:
    """Reports of `one` under many audiences: p1 reads all, p2 every second audience, p3 50 reports, p4 nothing."""
    own, everyone, half, few = (laid.caller(slug).organisation_id or 0 for slug in ("one", "p1", "p2", "p3"))
    stamped = audiences(own, AUDIENCES, lambda n: [everyone, half] if n % 2 else [everyone])
    (rare,) = audiences(own, 1, lambda _: [everyone, half, few])
    body, every = texts.body(1), max(1, number // PAGE)
    for some in db.batches(range(number), 10_000):
        with db.transaction() as session:
            session.execute(
                REPORT.insert(), [_row(n, body, own, rare if n % every == 0 else stamped[n % AUDIENCES]) for n in some]
            )
    settle_statistics()


def _row(number: int, body: dict[str, Any], own: int, audience: int) -> dict[str, Any]:
    day = date.fromisoformat(body["occurred_from"])
    return {
        "reference": f"EWN-{number:06X}", "organisation_id": own, "status": "actual", "kind": "incident",
        "title": body["title"], "text": body["text"], "occurred_from": day, "occurred_to": day, "place": body["place"],
        "themes": body["themes"], "figures": {}, "source": {"kind": "own"}, "origin": "own", "selection": False,
        "audience_id": audience, "terms": {}, "received_at": BEGAN + timedelta(minutes=number),
        "handed_in_at": BEGAN + timedelta(minutes=number), "digest": "0" * 64, "revision": 1,
        "version": 1,
    }  # fmt: skip
