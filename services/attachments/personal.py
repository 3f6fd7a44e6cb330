"""Personal data in files: what was found in their words, and what their owner decided about it (docs/adr/0020)."""

from sqlmodel import Session

from services import reports, screening
from services.attachments.events import AttachmentsGiven
from services.attachments.models import READY, WORDS, AttachmentText
from services.attachments.schemas import AttachmentView, AttachmentWords, FoundInFile, PersonalDecision
from services.attachments.service import BeingPrepared, one_of, own_file, view_of
from services.attachments.words import told
from services.kernel import audit
from services.kernel.errors import Conflict
from services.kernel.events import publish
from services.network import Caller

PERSONAL = "personal"


class NothingToDecide(Conflict):
    """No personal data was found in the file, or nobody is given it for another reason."""

    title = "Nothing is to be decided about this file"


def words(session: Session, caller: Caller, reference: str, attachment: str) -> AttachmentWords:
    """The words that were found in an attachment: to its owner as they are with what is personal in them, else masked.

    Raises:
        NoSuchReport, NoSuchAttachment: what is hidden and what is missing are one.
        BeingPrepared: it has not been read yet.
    """
    row, seen = one_of(session, caller, reference, attachment)
    if row.state not in (READY, WORDS):
        raise BeingPrepared("It has not been read yet: try again.", headers={"Retry-After": "5"})
    held = session.get(AttachmentText, row.key)
    text = held.text if held is not None else ""
    if not seen.mine:
        return AttachmentWords(reference=row.reference, text=told(text), personal=[])
    found = [FoundInFile(start=start, end=end, kind=kind) for start, end, kind in screening.find(text)]
    return AttachmentWords(reference=row.reference, text=text, personal=found)


def decide(
    session: Session, caller: Caller, reference: str, attachment: str, given: PersonalDecision
) -> AttachmentView:
    """Put on record whether others are given one of the caller's own files in whose words personal data was found, or
    its words alone.

    Raises:
        NoSuchReport, NotYourReport, NoSuchAttachment: as for taking it away.
        NothingToDecide: none was found, or it is given to nobody else for another reason.
    """
    report = reports.own(session, caller, reference)
    row = own_file(session, report, attachment)
    held = session.get(AttachmentText, row.key)
    if row.state not in (READY, WORDS) or held is None or not held.personal:
        raise NothingToDecide("No personal data was found in it, or nobody else is given it.")
    if row.decision == given.decision:
        return view_of(row, mine=True)
    row.decision = given.decision
    row.state, row.why = (READY, []) if given.decision == "share" else (WORDS, [PERSONAL])
    session.add(row)
    publish(session, AttachmentsGiven(report.key))
    audit.record(session, caller, "attachment.personal_decided", report.reference, what=given.decision)
    return view_of(row, mine=True)
