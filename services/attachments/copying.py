"""Making the copies that others are given: `plan` has files scanned and copied, `write` is one short transaction."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import reports, screening
from services.attachments import scanner
from services.attachments.bounded import Opened, opened
from services.attachments.events import AttachmentAdded, AttachmentRead, AttachmentsGiven
from services.attachments.models import HELD, KEPT, READY, WAITING, WORDS, Attachment, AttachmentText
from services.attachments.personal import PERSONAL
from services.attachments.service import ATTACHMENT, BYTES, REPORT
from services.attachments.store import store, synced
from services.attachments.words import cleaned
from services.kernel import clock, db
from services.kernel.bulk import among
from services.kernel.events import publish_all

STEP_SECONDS = 15.0  # of one file
ENOUGH_SECONDS = 3.0  # of one batch: what is not begun by then comes again, so that each task stays below its limit
AGAIN = timedelta(minutes=5)  # a silent scanner is asked, and a slow file copied; then after as long as it has waited
FOUND, SILENT, SLOW, UNREAD = "scanner-found", "scanner-silent", "slow", "unread"


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one attachment: scanned, or copied to `file` and read."""

    report_id: int
    verdict: scanner.Verdict | None = None
    found: Opened | None = None
    file: Path | None = None
    digest: str = ""
    size: int = 0
    text: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps by attachment, and the attachments that there was no time for."""

    steps: dict[int, Step] = field(default_factory=dict)
    later: list[int] = field(default_factory=list)


def plan(session: Session, subjects: Sequence[int]) -> Plan:
    """Take those of these attachments that wait one step further."""
    made = Plan()
    until = time.monotonic() + ENOUGH_SECONDS
    for row in session.execute(_WAITING, {"keys": subjects}).all():
        if made.steps and time.monotonic() > until:
            made.later.append(row.id)
        else:
            made.steps[row.id] = _step(row)
    return made


def _waiting() -> Any:
    gone = REPORT.c.recalled_at.is_not(None) | REPORT.c.emptied_at.is_not(None)
    return (
        select(*(ATTACHMENT.c[name] for name in ("id", "report_id", "digest", "scanned_at")))
        .join(REPORT, REPORT.c.id == ATTACHMENT.c.report_id)
        .where(among(ATTACHMENT.c.id), ATTACHMENT.c.state == WAITING, ATTACHMENT.c.removed_at.is_(None), ~gone)
        .order_by(ATTACHMENT.c.id)
    )


_WAITING = _waiting()


def _step(row: Any) -> Step:
    try:
        with store().lent(row.digest) as source:
            if scanner.asked() and row.scanned_at is None:
                return Step(row.report_id, verdict=scanner.scanned(source))
            return _copied(row.report_id, source)
    except FileNotFoundError:
        return Step(row.report_id, found=Opened(refused="damaged"))


def _copied(report_id: int, source: Path) -> Step:
    target = store().spare()
    until = time.monotonic() + STEP_SECONDS
    found = opened("copy", source, target, seconds=STEP_SECONDS - 3.0)
    if found.refused or found.why:
        target.unlink(missing_ok=True)
        return Step(report_id, found=found)
    with target.open("rb") as file:
        synced(file)
        said = _words(target, until)
        if said.refused:  # nor would what is personal in it have been looked for
            target.unlink(missing_ok=True)
            return Step(report_id, found=said)
        text = cleaned(said.text)
        return Step(
            report_id,
            found=found,
            file=target,
            digest=hashlib.file_digest(file, "sha256").hexdigest(),
            size=target.stat().st_size,
            text=text,
            personal=bool(screening.find(text)),
        )


def _words(copied: Path, until: float) -> Opened:
    with store().scratch() as scratch:
        return opened("words", copied, scratch, seconds=max(1.0, until - time.monotonic()))


def write(session: Session, planned: Plan) -> None:
    """Put what was made in its place, as far as it is still wanted."""
    reports.lock(session, sorted({step.report_id for step in planned.steps.values()}))
    db.alone(session, BYTES)
    wanted = {row.id for row in session.execute(_WAITING, {"keys": sorted(planned.steps)}).all()}
    rows = session.execute(select(Attachment).where(ATTACHMENT.c.id.in_(wanted)).order_by(ATTACHMENT.c.id)).scalars()
    read: set[int] = set()
    given: set[int] = set()
    again = list(planned.later)
    for row in rows:
        step = planned.steps[row.key]
        if step.verdict is not None:
            again += _noted(row, step.verdict)
        else:
            if _placed(session, row, step):
                read.add(row.report_id)
            if row.state != WAITING:
                given.add(row.report_id)
        session.add(row)
    for key, step in planned.steps.items():
        if step.file is not None and key not in wanted:
            step.file.unlink(missing_ok=True)
    reports.touch(session, read)  # so that a plan that was made without these words is stale
    publish_all(session, AttachmentRead, sorted(read))
    publish_all(session, AttachmentsGiven, sorted(given))
    publish_all(session, AttachmentAdded, sorted(again))


def _noted(row: Attachment, verdict: scanner.Verdict) -> list[int]:
    """Note what the scanner said; the attachment if it is to go on."""
    match verdict:
        case "clean":
            row.scanned_at, row.why, row.due_at = clock.now(), [], None
            return [row.key]
        case "found":
            row.state, row.why, row.due_at = HELD, [FOUND], None
        case _:
            row.why, row.due_at = [SILENT], _again(row)
    return []


def _placed(session: Session, row: Attachment, step: Step) -> bool:
    """Give a waiting attachment its copy; whether there are words in it."""
    found = step.found
    if found is not None and found.refused == "time":
        row.why, row.due_at = [SLOW], _again(row)
        return False
    if found is None or step.file is None:
        row.state, row.why = KEPT, list(found.why if found is not None and found.why else [UNREAD])
        return False
    store().put(step.file, step.digest)
    row.state = WORDS if step.personal else READY
    row.due_at = None
    row.why, row.left_out = [PERSONAL] if step.personal else [], list(found.left_out)
    row.copy_digest, row.copy_size = step.digest, step.size
    if step.text:
        session.add(AttachmentText(attachment_id=row.key, text=step.text, personal=step.personal))
    return bool(step.text)


def _again(row: Attachment) -> datetime:
    now = clock.now()
    return now + max(AGAIN, now - row.added_at)


def rescans_due(session: Session, *, at: datetime) -> int:
    """Have looked at again what a scanner was silent on, or what took too long to copy; how many files."""
    due = select(Attachment).where(ATTACHMENT.c.state == WAITING, ATTACHMENT.c.due_at <= at).limit(100)
    rows = session.execute(due.with_for_update(skip_locked=True)).scalars().all()
    for row in rows:
        row.due_at = None
        session.add(row)
    publish_all(session, AttachmentAdded, sorted(row.key for row in rows))
    return len(rows)
