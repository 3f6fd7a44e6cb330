"""What is personal in a report: what was found, the owner's decision, and the original for whoever may read it."""

from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from services import reports, tagging
from services.console import administering
from services.console.form import Faults
from services.console.rendering import page
from services.console.screened import kinds_in
from services.console.visitors import Visitor, VisitorIn
from services.kernel import db
from services.kernel.routing import Router
from services.network import Read
from services.reports import Gives, Giving

router = Router()


@router.get("/reports/{reference}/personal")
def personal_page(request: Request, giving: Gives, db: Read, visitor: VisitorIn, reference: str) -> Response:
    """What was found in a report of the visitor's own, with its words, and the decision about it."""
    visitor.caller.require("reports:write")
    return _page(request, giving, db, visitor, reference)


@router.post("/reports/{reference}/personal")
def decide(
    request: Request, giving: Gives, visitor: VisitorIn, reference: str, decision: Annotated[str, Form()] = ""
) -> Response:
    """Put the decision on record, and go back to the report."""
    visitor.caller.require("reports:write")
    given, faults = administering.read(reports.PersonalIn, {"decision": decision}, visitor.caller.language)
    if given is None:
        with db.reading() as session:
            return _page(request, giving, session, visitor, reference, faults=faults)
    with db.transaction() as session:
        made = reports.decide_personal(session, visitor.caller, reference, given)
        giving.told(session, visitor.caller, [reference] if made.decision else [])
    return RedirectResponse(f"/reports/{reference}", HTTPStatus.SEE_OTHER)


@router.get("/reports/{reference}/original")
def original_page(request: Request, giving: Gives, db: Read, visitor: VisitorIn, reference: str) -> Response:
    """Title and text exactly as they came; that the visitor reads them is on record."""
    visitor.caller.require("reports:read")
    given = reports.original(db, visitor.caller, reference)
    giving.note(db, visitor.caller, [given.reference])
    giving.also(partial(reports.note_original, caller=visitor.caller, given=given))
    language = visitor.caller.language
    found = kinds_in({"title": given.title, "text": given.text}, given.personal, language)
    return page(request, visitor, "original.html", given=given, found=found)


def _page(
    request: Request,
    giving: Giving,
    session: Session,
    visitor: Visitor,
    reference: str,
    *,
    faults: dict[str, str] | None = None,
) -> Response:
    report = tagging.get(session, visitor.caller, reference)
    found = reports.personal_of(session, visitor.caller, reference)
    row = reports.get(session, visitor.caller, reference)
    giving.note(session, visitor.caller, [reference])
    words = reports.fields_of(row, report.tear_line.text if report.tear_line else None)
    return page(
        request,
        visitor,
        "personal.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        report=report,
        given=found,
        found=kinds_in(words, found.personal, visitor.caller.language),
        faults=Faults(faults or {}),
    )
