"""Answers to requests for information: a report, or a short text with a marking that at least the asker sees."""

from sqlalchemy import select
from sqlmodel import Session

from services import network, reports
from services.dialogue.addressees import answer_marking
from services.dialogue.inquiring import AUDIENCE, INQUIRY, InquiryEnded, NoSuchInquiry, askers, tell
from services.dialogue.inquiry_reading import listed
from services.dialogue.inquiry_schemas import NewAnswer
from services.dialogue.models import Inquiry, InquiryAnswer
from services.kernel import audit, clock, ids
from services.kernel.errors import Invalid
from services.network import AudienceRow, Caller, Tlp

ANYBODY = (Tlp.CLEAR, Tlp.GREEN)


def answer(session: Session, caller: Caller, reference: str, given: NewAnswer) -> InquiryAnswer:
    """Answer a question that the caller sees and does not ask itself.

    Raises:
        NoSuchInquiry: there is none that the caller sees, or its own organisation asks it.
        InquiryEnded: it is closed.
        Invalid: whoever asks would not see the answer, or its label will not do.
    """
    found = session.execute(listed(session, caller).where(INQUIRY.c.reference == reference)).scalar()
    if found is None or found.organisation_id == caller.organisation_id:
        raise NoSuchInquiry("There is no such request for information, or it is your own.")
    row: Inquiry = found
    session.refresh(row, with_for_update=True)
    if row.ended_at is not None:
        raise InquiryEnded(f"It is {row.ended_as}.", state=row.ended_as)
    made = InquiryAnswer(
        reference=ids.reference("ANS"),
        inquiry_id=row.key,
        report_id=_report(session, caller, row, given.report) if given.report is not None else None,
        text=given.text or "",
        audience_id=_stamped(session, caller, row, given) if given.text is not None else None,
        organisation_id=caller.organisation_id or 0,
        member_id=caller.member_id,
        key_id=caller.key_id,
        made_at=clock.now(),
    )
    session.add(made)
    session.flush()
    tell(session, row, askers(session, row), "inquiry_answered", version=made.key)
    audit.record(session, caller, "inquiry.answered", row.reference, report=(given.report or "").upper())
    return made


def _report(session: Session, caller: Caller, row: Inquiry, reference: str) -> int:
    """One of the caller's own reports that whoever asks sees. To whom that is not told, no refusal may tell it."""
    caller.require("reports:write")
    report = reports.own(session, caller, reference, lock=False)
    audience = session.execute(select(AudienceRow).where(AUDIENCE.c.id == report.audience_id)).scalar_one()
    asking = session.execute(select(AudienceRow).where(AUDIENCE.c.id == row.audience_id)).scalar_one()
    if not network.shown_to(session, caller, [asking])[asking.key].originator and audience.tlp not in ANYBODY:
        raise Invalid("You are not told who asks: answer by a report that is GREEN, or by a text.", field="report")
    known = network.directory(session)
    own = known.memberships.get(caller.organisation_id or 0, {})
    if not network.marking_of(audience).groups <= own.keys():
        raise Invalid(
            "It is marked for a group that you are not in: answer by another report, or a text.", field="report"
        )
    if not network.sees(known.claims(row.organisation_id, row.member_id), network.audience_of(audience)):
        raise Invalid("Whoever asks does not see this report: mark it wider, or answer by a text.", field="report")
    return report.key


def _stamped(session: Session, caller: Caller, row: Inquiry, given: NewAnswer) -> int:
    known = network.directory(session)
    asked_red = network.labels(session, [row.audience_id])[row.audience_id] is Tlp.RED
    if given.marking is None:
        raise Invalid("A text needs a marking.", field="marking")
    if (given.marking.tlp == "RED") != asked_red:
        rule = "An answer to RED is RED." if asked_red else "An answer is RED only where the question is."
        raise Invalid(rule, field="marking.tlp")
    marking = reports.resolve(known, given.marking, caller)
    (audience,) = network.stamp(session, [answer_marking(marking, asker=row.organisation_id, person=row.member_id)])
    return audience
