"""Marking one of one's own reports anew: first what it would change, then the act."""

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services import network, reports, tagging
from services.console import form as forms
from services.console import sharing
from services.console.form import Typed
from services.console.rendering import page
from services.console.sharing import Panel
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import db
from services.kernel.errors import Invalid
from services.kernel.routing import Router
from services.reports import Gives

router = Router()


@router.get("/reports/{reference}/marking")
def form_page(request: Request, giving: Gives, visitor: VisitorIn, reference: str) -> Response:
    """The marking of a report of one's own, to be changed."""
    visitor.caller.require("reports:write")
    with db.reading() as session:
        reports.own(session, visitor.caller, reference, lock=False)
        report = tagging.get(session, visitor.caller, reference)
        giving.told(session, visitor.caller, [reference])
    if report.marking is None:
        raise reports.NotYourReport
    return _form(request, visitor, reference, forms.marked(report.marking, report.terms))


@router.post("/reports/{reference}/marking")
def mark(request: Request, giving: Gives, visitor: VisitorIn, reference: str, posted: Posted) -> Response:
    """Say what the marking would change; with `act=mark` give it to the report."""
    caller = visitor.caller
    caller.require("reports:write")
    typed = forms.typed(posted.multi_items())
    marking, faults = forms.read_marking(typed, caller.language)
    if marking is None:
        return _form(request, visitor, reference, typed, faults=faults)
    try:
        if posted.get("act") == "mark":
            with db.transaction() as session:
                reports.remark(session, caller, reference, marking)
            return RedirectResponse(f"/reports/{reference}", HTTPStatus.SEE_OTHER)
        with db.reading() as session:
            tried = reports.try_marking(session, caller, reference, marking)
            known = network.directory(session)
            giving.told(session, caller, [reference])
    except Invalid as problem:
        with db.reading() as session:
            found = forms.refused(problem, typed, network.directory(session), caller)
        return _form(request, visitor, reference, typed, faults=found)
    panels = [sharing.panel(known, caller.language, one) for one in (tried.before, tried.after)]
    return _form(request, visitor, reference, typed, tried=panels)


def _form(
    request: Request,
    visitor: Visitor,
    reference: str,
    typed: Typed,
    *,
    faults: dict[str, str] | None = None,
    tried: list[Panel] | None = None,
) -> Response:
    with db.reading() as session:
        reports.own(session, visitor.caller, reference, lock=False)
        known = network.directory(session)
    return page(
        request,
        visitor,
        "marking.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        reference=reference,
        typed=typed,
        faults=forms.Faults(faults or {}),
        tried=tried,
        **sharing.choices(known, visitor.caller),
    )
