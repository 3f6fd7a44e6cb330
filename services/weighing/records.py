"""What came of the reports of each teller and source, as far as one organisation sees it (docs/adr/0021)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from services import network, tagging
from services.kernel.model import table
from services.network import Attribution, AudienceRow, Caller, Tlp
from services.reports import Report
from services.weighing.assessing import ASSESSMENT
from services.weighing.proposing import Proposal, proposal

REPORT, AUDIENCE = table(Report), table(AudienceRow)
DECIDED = ("verified", "refuted")


@dataclass(slots=True)
class Records:
    """The records that an organisation sees: by organisation, by source key, and the label of all they rest on."""

    organisations: dict[int, Proposal] = field(default_factory=dict)
    sources: dict[str, Proposal] = field(default_factory=dict)
    label: Tlp | None = None


def own_eyes(caller: Caller) -> Caller:
    """The caller's organisation as such, with the sight that all its people share: no RED, whoever asks."""
    return Caller(caller.organisation_id, language=caller.language)


def records(session: Session, caller: Caller) -> Records:
    """The records of all tellers and sources that the caller's organisation can tell of.

    Of an organisation only what it told under its name to every reader counts: its letter is told to everybody, and
    must not move by what somebody withheld. Of a source, what the organisation may know to come from it.
    """
    eyes = own_eyes(caller)
    rows = _outcomes(session, eyes)
    audiences = {row.audience_id for row in rows}
    marked = {
        row.key: row for row in session.execute(select(AudienceRow).where(AUDIENCE.c.id.in_(audiences))).scalars()
    }
    shown = network.shown_to(session, eyes, marked.values())
    verdicts = _verdicts(rows, caller.organisation_id)
    events = tagging.accounts(session, eyes, sorted(verdicts))
    tellers: dict[int, list[tuple[frozenset[str], str]]] = defaultdict(list)
    sources: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
    labels = set()
    for row in {row.report_id: row for row in rows if row.report_id in verdicts}.values():
        event = (frozenset(events[row.report_id].received), verdicts[row.report_id])
        marking = marked[row.audience_id]
        if marking.attribution == Attribution.NAMED and row.teller != caller.organisation_id:
            tellers[row.teller].append(event)
            labels.add(marking.tlp)
        if shown[row.audience_id].names and is_source(row.origin):
            sources[row.origin].append(event)
            labels.add(marking.tlp)
    return Records(
        organisations={key: _proposed(events) for key, events in tellers.items()},
        sources={key: _proposed(events) for key, events in sources.items()},
        label=network.strictest(labels) if labels else None,
    )


def is_source(origin: str) -> bool:
    """Whether an origin key is that of a document or another named source."""
    return origin.startswith(("document:", "name:"))


def _outcomes(session: Session, eyes: Caller) -> Sequence[Any]:
    """The standing outcomes that an organisation sees, of actual reports that it sees."""
    seen = network.visible(session, eyes)
    last = (
        select(func.max(ASSESSMENT.c.id).label("id"))
        .where(ASSESSMENT.c.what == "outcome")
        .group_by(ASSESSMENT.c.report_id, ASSESSMENT.c.organisation_id)
        .subquery()
    )
    statement = (
        select(
            ASSESSMENT.c.report_id,
            ASSESSMENT.c.organisation_id,
            ASSESSMENT.c.value,
            REPORT.c.organisation_id.label("teller"),
            REPORT.c.origin,
            REPORT.c.audience_id,
        )
        .join(last, last.c.id == ASSESSMENT.c.id)
        .join(REPORT, REPORT.c.id == ASSESSMENT.c.report_id)
        .where(ASSESSMENT.c.audience_id.in_(seen), REPORT.c.audience_id.in_(seen))
        .where(REPORT.c.withdrawn_at.is_(None), REPORT.c.status == "actual")
        .order_by(ASSESSMENT.c.id)
    )
    return session.execute(statement).all()


def _verdicts(rows: Iterable[Any], organisation: int | None) -> dict[int, str]:
    """What came of each report: the organisation's own word, else that of others where they are of one mind."""
    said: dict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        said[row.report_id][row.organisation_id] = row.value
    found: dict[int, str] = {}
    for report, words in said.items():
        own = words.get(organisation or 0)
        minds = {own} if own is not None else set(words.values()) & set(DECIDED)
        if len(minds) == 1 and (verdict := minds.pop()) in DECIDED:
            found[report] = verdict
    return found


def _proposed(events: Iterable[tuple[frozenset[str], str]]) -> Proposal:
    """One trial for each incident: who tells the same thing twice has not been right twice. Where one of them was
    verified and another refuted, it is none."""
    by_event: Mapping[frozenset[str], set[str]] = defaultdict(set)
    for event, verdict in events:
        by_event[event].add(verdict)
    clear = [next(iter(verdicts)) for verdicts in by_event.values() if len(verdicts) == 1]
    return proposal(clear.count("verified"), clear.count("refuted"))
