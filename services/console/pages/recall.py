"""Recalling a report in an emergency: one page that says what is destroyed and asks for the reference once more."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlmodel import Session

from services import reports, tagging
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.kernel import db
from services.kernel.i18n import translator
from services.kernel.routing import Router
from services.network import Read

router = Router()


@router.get("/reports/{reference}/recall")
def recall_page(request: Request, giving: reports.Gives, db: Read, visitor: VisitorIn, reference: str) -> Response:
    """What a recall destroys, and the form that does it: for the report's owner only."""
    return _asked(request, giving, db, visitor, reference)


@router.post("/reports/{reference}/recall")
def recall(
    request: Request,
    giving: reports.Gives,
    visitor: VisitorIn,
    reference: str,
    typed: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Recall a report of one's own and show what is left; ask again where the reference or the reason will not do."""
    visitor.caller.require("reports:write")
    _ = translator(visitor.caller.language).gettext
    faults: dict[str, str] = {}
    try:
        asked = reports.RecallIn(reference=typed, reason=reason)
        with db.transaction() as session:
            reports.recall(session, visitor.caller, reference, asked)
    except reports.AnotherReference:
        faults = {"typed": _("This is not the reference of this report.")}
    except ValidationError as refused:
        wrong = {str(one["loc"][0]) for one in refused.errors()}
        if "reference" in wrong:
            faults["typed"] = _("This is not the reference of this report.")
        if "reason" in wrong:
            faults["reason"] = _("Say why in 3 to 500 characters.")
    if not faults:
        with db.reading() as session:
            own = _own(session, visitor, reference) is not None
        return RedirectResponse(f"/reports/{reference}" if own else "/mine", HTTPStatus.SEE_OTHER)
    with db.reading() as session:
        return _asked(
            request, giving, session, visitor, reference, typed={"typed": typed, "reason": reason}, faults=faults
        )


def _asked(
    request: Request,
    giving: reports.Giving,
    session: Session,
    visitor: Visitor,
    reference: str,
    *,
    typed: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
) -> Response:
    visitor.caller.require("reports:write")
    report = _own(session, visitor, reference)
    if (report or _left(session, visitor, reference)).recalled_at is not None:
        raise reports.AlreadyRecalled("Its words are gone; only the receipt is left.")
    if report is not None:
        giving.note(session, visitor.caller, [report.reference])
    return page(
        request,
        visitor,
        "recall.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        reference=reference,
        report=report,
        typed=typed or {"typed": "", "reason": ""},
        faults={"typed": "", "reason": ""} | (faults or {}),
    )


def _own(session: Session, visitor: Visitor, reference: str) -> tagging.TaggedReport | None:
    try:
        report = tagging.get(session, visitor.caller, reference)
    except reports.NoSuchReport:
        return None
    return report if report.mine else None


def _left(session: Session, visitor: Visitor, reference: str) -> reports.Report:
    """RED that the visitor may take back for an owner who can act no more: its words are not the visitor's to see."""
    try:
        return reports.own(session, visitor.caller, reference, withdrawn=True, lock=False, take_back=True)
    except reports.NotYourReport:
        raise reports.NoSuchReport("There is no such report, or it is not shared with you.") from None
