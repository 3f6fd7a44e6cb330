"""The original of a report, exactly as it came: for its owner, and for whom its owner let read it (docs/adr/0018)."""

import hashlib

from sqlalchemy import exists, select
from sqlmodel import Session

from services.kernel import audit
from services.network import Caller, ScopeMissing, Tlp
from services.reports.asking import GRANTED, ORIGINAL, REQUEST
from services.reports.models import Report
from services.reports.ownership import AUDIENCE, owns
from services.reports.personal import found_in
from services.reports.schemas import OriginalView
from services.reports.service import get
from services.reports.showing import reading_of


class OriginalNotGranted(ScopeMissing):
    title = "The original was not granted to you"


def original(session: Session, caller: Caller, reference: str) -> OriginalView:
    """Title and text as they came. Whoever gives them out puts the reading on record with `note_original`.

    Raises:
        NoSuchReport: the caller does not see the report, so its original neither.
        OriginalNotGranted: it is another's, and was not granted to this person in this revision.
    """
    report = get(session, caller, reference)
    if not may_read_original(session, caller, report):
        raise OriginalNotGranted("Ask its owner for it: POST /v1/reports/{reference}/requests with kind original.")
    title, text = report.title, report.text
    return OriginalView(
        reference=report.reference,
        revision=report.revision,
        title=title,
        text=text,
        hash=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(),
        digest=report.digest,
        cleaned=reading_of(report).done,
        personal=found_in([("title", title), ("text", text)]),
    )


def may_read_original(session: Session, caller: Caller, report: Report) -> bool:
    """Whether this caller, who sees the report, may open its original: its owner, or a person whom its owner let."""
    label = session.execute(select(AUDIENCE.c.tlp).where(AUDIENCE.c.id == report.audience_id)).scalar_one()
    if owns(caller, report, red=label == Tlp.RED):
        return True
    if caller.member_id is None:
        return False
    let = exists().where(
        REQUEST.c.report_id == report.key,
        REQUEST.c.kind == ORIGINAL,
        REQUEST.c.state == GRANTED,
        REQUEST.c.member_id == caller.member_id,
        REQUEST.c.revision == report.revision,  # of what is said since, the owner has granted nothing
    )
    return bool(session.execute(select(let)).scalar())


def note_original(session: Session, caller: Caller, given: OriginalView) -> None:
    """Put on record that the caller reads an original."""
    audit.record(session, caller, "original.read", given.reference, revision=given.revision)
