"""Routes of requests for information."""

from typing import Annotated

from fastapi import Query
from sqlmodel import Session

from services.dialogue import answering, inquiring, inquiry_reading
from services.dialogue.inquiry_schemas import (
    Box,
    Ending,
    InquiryPage,
    InquiryView,
    NewAnswer,
    NewDue,
    NewInquiry,
    State,
)
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write
from services.reports import Gives, Giving

router = Router(prefix="/v1/inquiries", tags=["dialogue"])


@router.get("")
def list_inquiries(
    giving: Gives,
    caller: CallerIn,
    db: Read,
    box: Annotated[Box, Query(description="in: what you are asked; out: what your organisation asks.")] = "in",
    state: Annotated[State | None, Query(description="As it stands for you.")] = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> InquiryPage:
    """Requests for information, the latest first. `?state=overdue` lists what was not answered in time."""
    caller.require("reports:read")
    page = inquiry_reading.inquiries(db, caller, box, state=state, cursor=cursor, size=size)
    given(giving, db, caller, page.inquiries)
    return page


@router.post("", status_code=201)
def ask(caller: CallerIn, body: NewInquiry, db: Write) -> InquiryView:
    """Ask the originator of a report, or the network by country, theme, group or organisation."""
    caller.require("reports:read")
    caller.require("inquiries:write")
    return inquiry_reading.inquiry(db, caller, inquiring.ask(db, caller, body).reference)


@router.get("/{reference}")
def read_inquiry(reference: str, giving: Gives, caller: CallerIn, db: Read) -> InquiryView:
    """One request for information with the answers that you see."""
    caller.require("reports:read")
    found = inquiry_reading.inquiry(db, caller, reference)
    given(giving, db, caller, [found])
    return found


@router.post("/{reference}/answers", status_code=201)
def answer(reference: str, caller: CallerIn, body: NewAnswer, db: Write) -> InquiryView:
    """Answer by one of your own reports or by a text. Whoever asks sees it in any case."""
    caller.require("reports:read")
    caller.require("inquiries:write")
    answering.answer(db, caller, reference, body)
    return inquiry_reading.inquiry(db, caller, reference)


@router.put("/{reference}/due", status_code=204)
def extend(reference: str, caller: CallerIn, body: NewDue, db: Write) -> None:
    """Give one of your own a later due date."""
    caller.require("inquiries:write")
    inquiring.extend(db, caller, reference, body)


@router.post("/{reference}/closing", status_code=204)
def close(reference: str, caller: CallerIn, body: Ending, db: Write) -> None:
    """Close one of your own: it takes no further answer."""
    caller.require("inquiries:write")
    inquiring.end(db, caller, reference, body, withdrawn=False)


@router.post("/{reference}/withdrawal", status_code=204)
def withdraw(reference: str, caller: CallerIn, body: Ending, db: Write) -> None:
    """Withdraw one of your own: whoever has not answered sees it no more."""
    caller.require("inquiries:write")
    inquiring.end(db, caller, reference, body, withdrawn=True)


def given(giving: Giving, db: Session, caller: Caller, some: list[InquiryView]) -> None:
    """Note what these give: their labels, and the reports that they speak of."""
    for one in some:
        giving.counted(db, caller, one.tlp)
        for each in one.answers:
            giving.counted(db, caller, each.tlp)
    giving.told(db, caller, [ref for one in some for ref in (one.report, *(a.report for a in one.answers)) if ref])
