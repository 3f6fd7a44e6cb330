"""Emptying reports by rule: announced to the owner a month before, then in chunks that may each be done again."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlmodel import Session

from services import delivery, network
from services.delivery import Told
from services.kernel import audit, db
from services.kernel.events import Outbox, publish
from services.kernel.model import table
from services.network import Tlp
from services.reports.asking import LAPSED, OPEN, REQUEST
from services.reports.events import ReportEmptied
from services.reports.history import HELD
from services.reports.keeping.rules import NOTICE, Rule, going
from services.reports.keeping.ruling import ANNOUNCED, candidates, in_force, ruled_row
from services.reports.models import Report, TearLine
from services.reports.notifying import owners
from services.reports.ownership import REPORT
from services.reports.silencing import silence
from services.reports.translations import forget_translations

TEAR_LINE = table(TearLine)
OUTBOX = table(Outbox)
AT_ONCE = 200
MOST_AT_A_LOOK = 20_000
# All that says what was told. Kind, days, place, themes, language, label and what it counts for stay.
EMPTY: dict[str, Any] = {
    "own_reference": None,
    "title": "",
    "text": "",
    "figures": {},
    "answers": {},
    "source": {},
    "path": None,
    "judgement": None,
    "terms": {},
    "personal": None,
    "told": None,
    "withdrawn_why": None,
}


def retention_due(session: Session, *, at: datetime) -> list[list[int]]:
    """The reports to look at now, in chunks for `keep`: to be announced, or to be emptied."""
    rules = in_force(session)
    if not rules:
        return []
    held, today = network.held(session), at.date()
    waits = or_(ANNOUNCED.c.goes_on.is_(None), ANNOUNCED.c.goes_on <= today)
    statement = candidates(rules, today + NOTICE).where(waits).limit(MOST_AT_A_LOOK)
    keys = [row.key for row in session.execute(statement).all() if row.goes_on is None or not held.stops(row)]
    return list(db.batches(keys, AT_ONCE))


def keep(report_ids: Sequence[int], *, at: datetime) -> None:
    """Announce or empty these reports, in a transaction of its own; what was done meanwhile is not done again."""
    with db.transaction() as session:
        network.hold_holds(session)
        locked = select(Report).where(REPORT.c.id.in_(report_ids)).order_by(REPORT.c.id).with_for_update()
        reports = {row.key: row for row in session.execute(locked).scalars()}
        rules, held, today = in_force(session), network.held(session), at.date()
        worked_on = _worked_on(session, report_ids)
        told: list[Told] = []
        for row in session.execute(candidates(rules, today + NOTICE).where(REPORT.c.id.in_(report_ids))).all():
            report, given = reports[row.key], ruled_row(rules, row)
            if given is None or (row.goes_on is not None and row.goes_on > today):
                continue
            if row.goes_on is None or given[0] > row.goes_on:
                goes = going(today, given[0], None)
                told += _announce(session, report, row.tlp, goes, at)
            elif not held.stops(report) and row.key not in worked_on:
                _empty(session, report, given[1], at)
        delivery.tell(session, told)


def _announce(session: Session, report: Report, tlp: str, goes: date, at: datetime) -> list[Told]:
    db.replace(session, ANNOUNCED, [{"report_id": report.key, "goes_on": goes, "told_at": at}])
    audit.record(session, None, "report.emptying_announced", report.reference, goes_on=goes.isoformat())
    # The day makes it another notice, where it was put off and is announced again.
    return [
        Told(owner, "emptying_due", report.reference, goes.toordinal(), at, goes)
        for owner in owners(session, report, red=tlp == Tlp.RED)
    ]


def _empty(session: Session, report: Report, rule: Rule, at: datetime) -> None:
    """Take a locked report's words, and what it is found by; from tags and editions they go with the reactions to
    `ReportEmptied`."""
    for name, value in EMPTY.items():
        setattr(report, name, value)
    report.emptied_at, report.emptied_by = at, rule.reference
    report.version += 1
    session.add(report)
    session.execute(update(HELD).where(HELD.c.report_id == report.key).values(body={}))
    session.execute(delete(TEAR_LINE).where(TEAR_LINE.c.report_id == report.key))
    forget_translations(session, report)
    silence(session, report)
    # A request repeats what the report said, and there is nothing left to ask for.
    about = REQUEST.c.report_id == report.key
    session.execute(update(REQUEST).where(about).values(wanted="", reason="", answer=""))
    session.execute(update(REQUEST).where(about, REQUEST.c.state == OPEN).values(state=LAPSED, decided_at=at))
    publish(session, ReportEmptied(report.key))
    audit.record(session, None, "report.emptied", report.reference, rule=rule.reference)
    db.wash(session)


def _worked_on(session: Session, report_ids: Sequence[int]) -> set[int]:
    """Those that wait for a reaction: what they count for is not settled yet."""
    return set(session.execute(select(OUTBOX.c.subject_id).where(OUTBOX.c.subject_id.in_(report_ids))).scalars())
