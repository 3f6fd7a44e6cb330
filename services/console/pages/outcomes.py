"""Telling an originator what came of its report."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from services import dialogue, reports
from services.console import administering
from services.console import form as forms
from services.console.form import Typed
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.kernel import db
from services.kernel.routing import Router
from services.network import Read
from services.reports import Gives

router = Router()


@router.get("/reports/{reference}/outcomes")
def outcome_page(request: Request, giving: Gives, db: Read, visitor: VisitorIn, reference: str) -> Response:
    """The form by which an analyst tells an outcome."""
    visitor.caller.require("outcomes:tell")
    giving.told(db, visitor.caller, [reports.standing_report(db, visitor.caller, reference).reference])
    return _form(request, visitor, reference, Typed({"outcome": "verified"}), {})


@router.post("/reports/{reference}/outcomes")
def tell(
    request: Request,
    visitor: VisitorIn,
    reference: str,
    outcome: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Tell it, and go back to the report."""
    caller = visitor.caller
    caller.require("reports:read")
    caller.require("outcomes:tell")
    body = {"outcome": outcome, "text": text.replace("\r\n", "\n")}
    given, faults = administering.read(dialogue.OutcomeIn, body, caller.language)
    if given is None:
        with db.reading() as session:
            reports.standing_report(session, caller, reference)
        return _form(request, visitor, reference, Typed(body), faults)
    with db.transaction() as session:
        dialogue.tell_outcome(session, caller, reference, given)
    return RedirectResponse(f"/reports/{reference}", HTTPStatus.SEE_OTHER)


def _form(request: Request, visitor: Visitor, reference: str, typed: Typed, faults: dict[str, str]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    faulty = forms.Faults(faults)
    return page(request, visitor, "outcome.html", status=status, typed=typed, faults=faulty, reference=reference)
