"""Handing in a report through a form that needs no script."""

import secrets
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services import network, vocabulary
from services.console import faults as refusals
from services.console import form as forms
from services.console import sharing
from services.console.form import Typed
from services.console.pages.reading import place_choices
from services.console.rendering import page
from services.console.sharing import Panel
from services.console.visitors import Posted, Visitor, VisitorIn
from services.console.words import FIGURES
from services.kernel import clock, db
from services.kernel.errors import Problem
from services.kernel.i18n import translator
from services.reports import KINDS, STATUSES, Accepted, KeyReused, Submission, check, commit, would_read

router = APIRouter()
ROUTE = "POST /submit"


@router.get("/submit")
def form_page(request: Request, visitor: VisitorIn) -> Response:
    """An empty form: strictest practical label, the secretariat ticked, attribution left to be chosen."""
    visitor.caller.require("reports:write")
    with db.reading() as session:
        first, _others = sharing.bodies(network.directory(session), visitor.caller)
    return _form(request, visitor, forms.blank([one.value for one in first]), secrets.token_urlsafe(18))


@router.post("/submit")
def submit(request: Request, visitor: VisitorIn, posted: Posted) -> Response:
    """Store the report and go to its receipt. Sent twice, the same form stores once; `act=check` stores nothing."""
    visitor.caller.require("reports:write")
    typed = forms.typed(posted.multi_items())
    key = str(posted.get("key", ""))
    key = key if key.isascii() and key.isprintable() and 0 < len(key) <= 100 else secrets.token_urlsafe(18)
    report, faults = forms.read(typed, visitor.caller.language)
    if report is None:
        return _form(request, visitor, typed, key, faults=faults)
    handed = Submission(visitor.caller, report, ROUTE, key)
    if posted.get("act") == "check":
        try:
            told, stored = _checked(handed)
        except Problem as problem:
            return _refused(request, visitor, typed, key, problem)
        return _form(request, visitor, typed, key, checked=told, stored=stored)
    (outcome,) = commit([handed])
    if isinstance(outcome, Accepted):
        return RedirectResponse(f"/reports/{outcome.receipt.reference}/receipt", HTTPStatus.SEE_OTHER)
    return _refused(request, visitor, typed, key, outcome)


def _checked(handed: Submission) -> tuple[Panel, str]:
    """Who would see it, and the reference of the same report if it was sent before; raises what it would be refused
    with."""
    caller = handed.caller
    with db.reading() as session:
        (outcome,) = check(session, [handed])
        if isinstance(outcome, Problem):
            raise outcome
        told = would_read(session, caller, handed.report.marking)
        seen = sharing.panel(network.directory(session), caller.language, told)
    return seen, outcome.receipt.reference if outcome else ""


def _refused(request: Request, visitor: Visitor, typed: Typed, key: str, problem: Problem) -> Response:
    """The form again, with all that was typed: a refusal must cost nobody their text."""
    language = visitor.caller.language
    if isinstance(problem, KeyReused) and "reference" in problem.extra:
        # Sent, gone back to, corrected: what stands there now is another report.
        _ = translator(language).gettext
        said = _("This form was already sent as %(reference)s.") % problem.extra
        then = _("What stands in it now is not stored. Submit it only if it is a report of its own.")
        answer = _form(request, visitor, typed, secrets.token_urlsafe(18), notice=(said, then))
    elif problem.field and problem.status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
        with db.reading() as session:
            known = network.directory(session)
        return _form(request, visitor, typed, key, faults=forms.refused(problem, typed, known, visitor.caller))
    else:
        answer = _form(request, visitor, typed, key, notice=refusals.words(problem, language))
    answer.status_code = int(problem.status)
    answer.headers.update(problem.headers)
    return answer


def _form(
    request: Request,
    visitor: Visitor,
    typed: Typed,
    key: str,
    *,
    faults: dict[str, str] | None = None,
    notice: tuple[str, str] | None = None,
    checked: Panel | None = None,
    stored: str = "",
) -> Response:
    """The form with what was typed, its faults, and who would read it; `stored`: the same, sent before."""
    caller = visitor.caller
    with db.reading() as session:
        known = network.directory(session)
    return page(
        request,
        visitor,
        "submit.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        typed=typed,
        key=key,
        faults=forms.Faults(faults or {}),
        notice=notice,
        checked=checked,
        stored=stored,
        kinds=KINDS,
        statuses=STATUSES,
        themes=list(vocabulary.themes()),
        places=place_choices(caller.language, typed["place"], region=False),
        languages=[one for one in vocabulary.languages() if one.scripts],
        **sharing.choices(known, caller),
        figures=FIGURES,
        today=clock.now().date().isoformat(),
    )
