"""The revisions of a report and what changed between them: all for its owner, for others those they may read now.

docs/adr/0022
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import network, reports, screening
from services.dialogue.diffing import difference
from services.dialogue.revision_schemas import FieldChange, PieceView, RevisionPage, RevisionSummary, RevisionView
from services.kernel.model import table
from services.network import AudienceRow, Caller, Tlp
from services.reports import NoSuchRevision, Report, ReportRevision

HELD = table(ReportRevision)
AUDIENCE = table(AudienceRow)
# What is compared beside title and text. A source is a field under attribution.
FIELDS = (
    "kind", "status", "occurred_from", "occurred_to", "place", "themes", "figures", "language", "credibility",
    "evaluation", "judgement", "selection", "terms", "form", "answers",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stood:
    """A revision as it stood at its end, or stands: `version` finds its words; 0: they are the report's own."""

    revision: int
    version: int
    audience_id: int
    began_at: datetime


def revisions(session: Session, caller: Caller, reference: str) -> RevisionPage:
    """The revisions of a report that the caller may read, the latest first, without words."""
    report, mine = _found(session, caller, reference)
    seen = _seen(session, caller, report, mine=mine)
    labels = network.labels(session, [one.audience_id for one in seen])
    made = [
        RevisionSummary(revision=one.revision, began_at=one.began_at, tlp=labels[one.audience_id], now=not one.version)
        for one in seen
    ]
    return RevisionPage(report=report.reference, revisions=made[::-1])


def revision(session: Session, caller: Caller, reference: str, number: int, since: int | None = None) -> RevisionView:
    """One revision, and what changed in it: against revision `since`, else against the one before that the caller may
    read.

    Raises:
        NoSuchReport: the caller does not see the report.
        NoSuchRevision: there is no such revision for the caller.
    """
    report, mine = _found(session, caller, reference)
    seen = {one.revision: one for one in _seen(session, caller, report, mine=mine)}
    earlier = [one for one in seen if one < number] if since is None else [since]
    if number not in seen or not {*earlier} <= seen.keys():
        raise NoSuchRevision("There is no such revision, or it is not shared with you.", field="revision")
    stood = seen[number]
    after = _said(session, caller, report, stood, mine=mine)
    before = _said(session, caller, report, seen[max(earlier)], mine=mine) if earlier else None
    return RevisionView(
        report=report.reference,
        revision=number,
        since=max(earlier) if earlier else None,
        began_at=stood.began_at,
        tlp=network.labels(session, [stood.audience_id])[stood.audience_id],
        title=after["title"],
        text=after["text"],
        title_changes=_pieces(before, after, "title"),
        text_changes=_pieces(before, after, "text"),
        changes=[
            FieldChange(field=name, before=before.get(name), after=after.get(name))
            for name in (*FIELDS, "source")
            if before.get(name) != after.get(name)
        ]
        if before is not None
        else [],
    )


def _found(session: Session, caller: Caller, reference: str) -> tuple[Report, bool]:
    report = reports.get(session, caller, reference)
    label = network.labels(session, [report.audience_id])[report.audience_id]
    return report, reports.owns(caller, report, red=label is Tlp.RED)


def _seen(session: Session, caller: Caller, report: Report, *, mine: bool) -> list[Stood]:
    """The revisions whose words are there and that the caller may read, the earliest first.

    A revision has the last of its markings: to whom it was told before and taken from by marking anew, it is not told.
    """
    visible = set(network.visible(session, caller))
    columns = (HELD.c.revision, HELD.c.version, HELD.c.audience_id, HELD.c.replaced_at, HELD.c.body)
    held = session.execute(
        select(*columns).where(HELD.c.report_id == report.key).order_by(HELD.c.version)
    ).all()  # fmt: skip
    # To others it began when they could first be told: an embargo that ended leaves no trace.
    began = {number: at if mine else max(at, report.received_at) for number, at in reports.begun(session, report)}
    last = {row.revision: row for row in held if row.revision < report.revision}
    found = [
        Stood(number, row.version, row.audience_id, began[number])
        for number, row in last.items()
        if row.body and (mine or row.audience_id in visible)
    ]
    if report.recalled_at is None and report.emptied_at is None:
        found.append(Stood(report.revision, 0, report.audience_id, began[report.revision]))
    return found


def _said(session: Session, caller: Caller, report: Report, stood: Stood, *, mine: bool) -> dict[str, Any]:
    """What a revision said, as this caller is given it: for others masked, the source where both markings give it."""
    if stood.version:
        where = (HELD.c.report_id == report.key, HELD.c.version == stood.version)
        body = session.execute(select(HELD.c.body).where(*where)).scalar_one()
    else:
        body = {name: _plain(getattr(report, name)) for name in ("title", "text", "source", *FIELDS)}
    said = {name: body.get(name) for name in ("title", "text", *FIELDS)}
    both = select(AudienceRow).where(AUDIENCE.c.id.in_({stood.audience_id, report.audience_id}))
    shown = network.shown_to(session, caller, session.execute(both).scalars()).values()
    if all(one.names for one in shown):
        said["source"] = body.get("source") or None
    return said if mine and not reports.masks_all(report) else _told(said)


def _told(said: Mapping[str, Any]) -> dict[str, Any]:
    wordy = ("title", "text", "source", "answers", "judgement")
    told = {name: screening.told_values(one) if name in wordy else one for name, one in said.items()}
    return told | {"terms": reports.told_terms(said.get("terms") or {})}


def _pieces(before: Mapping[str, Any] | None, after: Mapping[str, Any], name: str) -> list[PieceView]:
    if before is None:
        return []
    return [PieceView(kind=one.kind, text=one.text) for one in difference(before[name], after[name])]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
