"""Weighing: the grade of a report with all that analysts made of it, and how reliable who tells is held to be."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session
from starlette.datastructures import FormData

from services import tagging, weighing
from services.console import administering
from services.console import form as forms
from services.console.form import Typed
from services.console.rendering import page
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import db
from services.kernel.routing import Router
from services.network import Read
from services.reports import Gives, Giving

router = Router()
SHARED = {"tlp": "GREEN", "attribution": "named"}  # with all who see the report: nothing reaches further than that


@router.get("/reports/{reference}/grade")
def grade_page(request: Request, giving: Gives, db: Read, visitor: VisitorIn, reference: str) -> Response:
    """A report's grade with its history; for analysts with the forms by which they weigh it."""
    return _graded(request, giving, db, visitor, reference)


@router.post("/reports/{reference}/credibility")
def grade(request: Request, giving: Gives, visitor: VisitorIn, reference: str, posted: Posted) -> Response:
    """Say how credible the visitor's organisation finds a report."""
    return _assessed(request, giving, visitor, reference, posted, weighing.NewCredibility, "credibility")


@router.post("/reports/{reference}/verification")
def verify(request: Request, giving: Gives, visitor: VisitorIn, reference: str, posted: Posted) -> Response:
    """Say that a report is verified, refuted or undecided."""
    return _assessed(request, giving, visitor, reference, posted, weighing.NewOutcome, "outcome")


@router.post("/reports/{reference}/source-reliability")
def rate_source(request: Request, giving: Gives, visitor: VisitorIn, reference: str, posted: Posted) -> Response:
    """Decide the letter of the document or source that a report is relayed from, for the visitor's organisation."""
    visitor.caller.require("reports:grade")
    typed = _typed(posted, "reliability", "reason")
    given, faults = administering.read(weighing.NewReliability, typed.one, visitor.caller.language)
    if given is None:
        return _again(request, giving, visitor, reference, typed, faults, "source")
    with db.transaction() as session:
        weighing.rate_source(session, visitor.caller, reference, given)
    return _back(posted, f"/reports/{reference}/grade")


@router.get("/reliability")
def reliability_page(request: Request, giving: Gives, db: Read, visitor: VisitorIn) -> Response:
    """Organisations and sources, the letter that was decided beside the one that is proposed."""
    visitor.caller.require("reports:read")
    return _listed(request, giving, db, visitor, Typed({}), {})


@router.post("/reliability")
def rate(request: Request, giving: Gives, visitor: VisitorIn, posted: Posted) -> Response:
    """Decide the letter of an organisation, for the network."""
    visitor.caller.require("reports:read")
    visitor.caller.require("reports:grade")
    typed = _typed(posted, "organisation", "reliability", "reason")
    body = {name: typed[name] for name in ("reliability", "reason")}
    given, faults = administering.read(weighing.NewReliability, body, visitor.caller.language)
    if given is None:
        with db.reading() as session:
            return _listed(request, giving, session, visitor, typed, faults)
    with db.transaction() as session:
        weighing.rate_organisation(session, visitor.caller, typed["organisation"], given)
    return RedirectResponse(f"/reliability#{typed['organisation']}", HTTPStatus.SEE_OTHER)


def graded(giving: Giving, session: Session, visitor: Visitor, reference: str) -> weighing.GradeView:
    """The grade of a report that the visitor sees; what is given by it is noted."""
    found = weighing.grade(session, visitor.caller, reference)
    giving.told(session, visitor.caller, found.credibility.confirmed_by)
    for one in found.assessments:
        giving.counted(session, visitor.caller, one.tlp)
    return found


def _assessed(
    request: Request,
    giving: Giving,
    visitor: Visitor,
    reference: str,
    posted: FormData,
    model: type[weighing.NewCredibility | weighing.NewOutcome],
    name: str,
) -> Response:
    visitor.caller.require("reports:read")
    visitor.caller.require("reports:grade")
    typed = _typed(posted, name, "reason", "shared")
    body: Mapping[str, Any] = {name: typed[name], "reason": typed["reason"]}
    body = dict(body) | ({"marking": SHARED} if typed["shared"] else {})
    given, faults = administering.read(model, body, visitor.caller.language)
    if given is None:
        return _again(request, giving, visitor, reference, typed, faults, name)
    with db.transaction() as session:
        weighing.assess(session, visitor.caller, reference, given)
    return _back(posted, f"/reports/{reference}")


def _again(
    request: Request,
    giving: Giving,
    visitor: Visitor,
    reference: str,
    typed: Typed,
    faults: dict[str, str],
    which: str,
) -> Response:
    with db.reading() as session:
        return _graded(request, giving, session, visitor, reference, typed, faults, which)


def _graded(
    request: Request,
    giving: Giving,
    session: Session,
    visitor: Visitor,
    reference: str,
    typed: Typed | None = None,
    faults: dict[str, str] | None = None,
    which: str = "",
) -> Response:
    """The page of a grade; `which` of its forms the faults are in."""
    visitor.caller.require("reports:read")
    report = tagging.get(session, visitor.caller, reference)
    found = graded(giving, session, visitor, reference)
    giving.note(session, visitor.caller, [report.reference])
    return page(
        request,
        visitor,
        "grading.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        report=report,
        grade=found,
        typed=typed or Typed({}),
        faults=forms.Faults(faults or {}),
        which=which,
        weighs=visitor.may("reports:grade") and report.withdrawn_at is None and report.emptied_at is None,
    )


def _listed(
    request: Request, giving: Giving, session: Session, visitor: Visitor, typed: Typed, faults: dict[str, str]
) -> Response:
    visitor.caller.require("reports:grade")
    view, rest_on = weighing.overview(session, visitor.caller)
    giving.counted(session, visitor.caller, rest_on.label)
    giving.note(session, visitor.caller, [one.report for one in view.sources if one.report])  # by its words
    return page(
        request,
        visitor,
        "reliability.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        view=view,
        typed=typed,
        faults=forms.Faults(faults),
    )


def _typed(posted: FormData, *names: str) -> Typed:
    given = {name: posted.get(name) for name in names}
    return Typed({name: value.replace("\r\n", "\n").strip() for name, value in given.items() if isinstance(value, str)})


def _back(posted: FormData, page_of: str) -> Response:
    """To the page that the form stood on."""
    address = "/reliability" if posted.get("next") == "reliability" else page_of
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
