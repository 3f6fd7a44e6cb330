"""What may be done with the files of a report: attach, list, read, remove; as far as the report's marking allows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from sqlalchemy import func, select
from sqlmodel import Session

from services import network, reports, screening
from services.attachments.bounded import Opened
from services.attachments.events import AttachmentAdded, AttachmentRead, AttachmentRemoved, AttachmentsGiven
from services.attachments.models import HELD, KEPT, READY, WAITING, WORDS, Attachment
from services.attachments.naming import ENDINGS, named
from services.attachments.receiving import FILE, Upload
from services.attachments.schemas import AttachmentView
from services.attachments.store import store
from services.kernel import audit, clock, db, ids
from services.kernel.bulk import among
from services.kernel.config import settings
from services.kernel.errors import Conflict, Forbidden, NotFound
from services.kernel.events import publish
from services.kernel.model import table
from services.network import AudienceRow, Caller
from services.reports import Report, ReportView

ATTACHMENT = table(Attachment)
REPORT = table(Report)
AUDIENCE = table(AudienceRow)
BYTES = "attachments: bytes"  # what is alone while bytes get or lose their last name


class NoSuchAttachment(NotFound):
    title = "No such attachment"


class BeingPrepared(Conflict):
    """The copy for others is not there yet."""

    title = "The attachment is being prepared"


class WordsOnly(Forbidden):
    """The file itself is given to its owner alone; its words are given to all who see the report."""

    title = "Only the words of this file are given"


class TooManyFiles(Conflict):
    """The report has as many files as one may have."""

    title = "The report has as many files as it may have"


class NoRoomLeft(Conflict):
    """The organisation's files have as many bytes as they may have together."""

    title = "Your organisation's files have no room left"


@dataclass(frozen=True, slots=True)
class Given:
    """The bytes of an attachment for this caller, opened, and the name to save them under."""

    view: AttachmentView
    bytes: IO[bytes]


def admit(caller: Caller, reference: str) -> None:
    """Refuse early, before a file is sent, who may not attach one."""
    with db.reading() as session:
        _own(session, caller, reference, lock=False)


def attach(
    session: Session, caller: Caller, reference: str, upload: Upload, found: Opened
) -> tuple[AttachmentView, bool]:
    """Attach a file that came in whole and was opened to one of the caller's own reports; whether it is a new one. The
    same bytes once more are the attachment that is there.

    Raises:
        NoSuchReport, NotYourReport, AlreadyWithdrawn, AlreadyEmptied: as for a revision.
        BadFileName, TooManyFiles, NoRoomLeft: why it is not taken.
    """
    report = _own(session, caller, reference, lock=True)
    name = named(upload.name, found.kind)
    same = _rows(session, report.key, ATTACHMENT.c.digest == upload.digest)
    if same:
        return view_of(same[0], mine=True), False
    _room(session, caller, report, upload.size)
    made = Attachment(
        reference=ids.reference("ATT"),
        report_id=report.key,
        name=name,
        kind=found.kind,
        size=upload.size,
        digest=upload.digest,
        added_at=clock.now(),
        state=KEPT if found.why else WAITING,
        why=list(found.why),
        left_out=list(found.left_out),
    )
    db.alone(session, BYTES)
    store().put(upload.path, upload.digest)
    session.add(made)
    session.flush()
    if made.state == WAITING:
        publish(session, AttachmentAdded(made.key))
    audit.record(session, caller, "attachment.added", report.reference, kind=made.kind)
    return view_of(made, mine=True), True


def listed(session: Session, caller: Caller, reference: str) -> list[AttachmentView]:
    """The files of a report that the caller sees. Others than its owner are shown what they are, or will be, given."""
    report, seen = _seen(session, caller, reference)
    return files_of(session, {report.key: seen})[report.key]


def files_of(session: Session, seen: Mapping[int, ReportView]) -> dict[int, list[AttachmentView]]:
    """The files of many reports, by their keys, for the caller to whom they are shown so."""
    found: dict[int, list[AttachmentView]] = {key: [] for key in seen}
    for row in _shown(session, seen):
        found[row.report_id].append(as_seen(row, seen[row.report_id]))
    return found


def give(session: Session, caller: Caller, reference: str, attachment: str, *, copy: bool = False) -> Given:
    """An attachment's bytes: for its owner as they were sent, or with `copy` as others get them.

    Raises:
        NoSuchReport, NoSuchAttachment: what is hidden and what is missing are one.
        BeingPrepared: the copy is not there yet.
        WordsOnly: others are given its words instead.
    """
    row, seen = one_of(session, caller, reference, attachment)
    view = as_seen(row, seen, copy=copy)
    if view.state == WORDS and not view.mine:
        raise WordsOnly("Personal data was found in it: read its words, which are masked, at .../text.")
    if view.digest is None:
        raise BeingPrepared("Its copy is not there yet: try again.", headers={"Retry-After": "5"})
    try:
        return Given(view, store().open(view.digest))
    except FileNotFoundError:  # destroyed since this transaction began
        raise NoSuchAttachment("There is no such attachment.") from None


def one_of(session: Session, caller: Caller, reference: str, attachment: str) -> tuple[Attachment, ReportView]:
    """An attachment that is there for the caller, and its report as the caller sees it."""
    report, seen = _seen(session, caller, reference)
    row = next((one for one in _shown(session, {report.key: seen}) if one.reference == attachment), None)
    if row is None:
        raise NoSuchAttachment("There is no such attachment.")
    return row, seen


def remove(session: Session, caller: Caller, reference: str, attachment: str) -> None:
    """Take a file from one of the caller's own reports: nobody is given it any more, and its bytes are destroyed."""
    report = reports.own(session, caller, reference, withdrawn=True)
    row = own_file(session, report, attachment)
    row.removed_at = clock.now()
    report.version += 1  # its words leave what the report is about
    session.add_all([row, report])
    reports.silence(session, report)  # until it is tagged again
    publish(session, AttachmentRemoved(report.key), AttachmentRead(report.key))
    if row.state != KEPT:  # of which others were told nothing
        publish(session, AttachmentsGiven(report.key))
    # Its owner's word goes before a hold, as with a recall; that one stood is on the record.
    stands = network.held(session).stops(report)
    audit.record(session, caller, "attachment.removed", report.reference, under_hold=stands)


def own_file(session: Session, report: Report, attachment: str) -> Attachment:
    """A file of a report that the caller owns."""
    rows = _rows(session, report.key, ATTACHMENT.c.reference == attachment)
    if not rows:
        raise NoSuchAttachment("There is no such attachment.")
    return rows[0]


def _own(session: Session, caller: Caller, reference: str, *, lock: bool) -> Report:
    report = reports.own(session, caller, reference, lock=lock)
    if report.emptied_at is not None:
        raise reports.AlreadyEmptied("A retention rule has taken its words: send a new report.")
    return report


def _room(session: Session, caller: Caller, report: Report, size: int) -> None:
    """Refuse what does not fit. Only what the caller owns counts: of colleagues' RED it learns nothing by its room."""
    most = settings().attachments_per_report
    if len(_rows(session, report.key)) >= most:
        raise TooManyFiles(f"A report may have {most} files: remove one first.")
    statement = (
        select(func.coalesce(func.sum(ATTACHMENT.c.size), 0))
        .join(REPORT, REPORT.c.id == ATTACHMENT.c.report_id)
        .join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
        .where(ATTACHMENT.c.removed_at.is_(None), reports.owned(caller))
    )
    if session.execute(statement).scalar_one() + size > settings().attachment_quota:
        raise NoRoomLeft(f"They may have {settings().attachment_quota} bytes together: remove some first.", field=FILE)


def _seen(session: Session, caller: Caller, reference: str) -> tuple[Report, ReportView]:
    report = reports.get(session, caller, reference)
    return report, reports.views(session, caller, [report])[0]


def _shown(session: Session, seen: Mapping[int, ReportView]) -> list[Attachment]:
    """The files that there are for a caller, who sees these reports so, by their keys: none of a report whose words are
    gone, and for others none that they will not be given. What is held looks to them as what is being prepared."""
    there = [key for key, one in seen.items() if one.recalled_at is None and one.emptied_at is None]
    statement = select(Attachment).where(among(ATTACHMENT.c.report_id), ATTACHMENT.c.removed_at.is_(None))
    rows = session.execute(statement.order_by(ATTACHMENT.c.id), {"keys": there}).scalars()
    return [row for row in rows if seen[row.report_id].mine or row.state != KEPT]


def _rows(session: Session, report_id: int, *where: Any) -> Sequence[Attachment]:
    statement = select(Attachment).where(ATTACHMENT.c.report_id == report_id, ATTACHMENT.c.removed_at.is_(None), *where)
    return session.execute(statement.order_by(ATTACHMENT.c.id)).scalars().all()


def as_seen(row: Attachment, seen: ReportView, *, copy: bool = False) -> AttachmentView:
    """A file of a report that is seen so; `copy`: as others see it. To others it has a name only where they may know
    whose it is, which a name may tell, and no time before the report came to them: an embargo leaves no trace."""
    view = view_of(row, mine=seen.mine and not copy)
    if view.mine:
        return view
    named = screening.told(row.name) if seen.originator is not None else f"{row.reference}{ENDINGS[row.kind][0]}"
    return view.model_copy(update={"name": named, "added_at": max(row.added_at, seen.received_at)})


def view_of(row: Attachment, *, mine: bool) -> AttachmentView:
    """An attachment as its owner sees it, or as far as others may."""
    there = mine or row.state == READY  # what is held looks to others as what is being made
    state = row.state if mine or row.state != HELD else WAITING
    return AttachmentView.model_validate(
        {
            "reference": row.reference,
            "name": row.name,
            "kind": row.kind,
            "state": state,
            "size": (row.size if mine else row.copy_size) if there else None,
            "digest": (row.digest if mine else row.copy_digest) if there else None,
            "added_at": row.added_at,
            "why": row.why if mine else [],
            "left_out": row.left_out if mine else [],
            "mine": mine,
        }
    )
