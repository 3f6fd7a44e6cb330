"""Handing in a report through a form that needs no script."""

import re
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services import network, vocabulary
from services.console import faults as refusals
from services.console import form as forms
from services.console import keeping, screened, sharing
from services.console.form import Typed
from services.console.pages.reading import place_choices
from services.console.rendering import page
from services.console.screened import Finding
from services.console.sharing import Panel
from services.console.visitors import Perhaps, Posted, Visitor, VisitorIn, sign_in_address
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
    return _form(request, visitor, forms.blank([one.value for one in first]), secrets.token_urlsafe(18), fresh=True)


@router.post("/submit")
def submit(request: Request, posted: Posted, visitor: Perhaps) -> Response:
    """Store the report and go to its receipt. Sent twice, the same form stores once; `act=check` stores nothing. After
    the end of a session the form is kept for its writer, and comes back with `kept`."""
    if visitor is None:
        return _to_sign_in(request, posted)
    visitor.caller.require("reports:write")
    if keeping.OWN in posted:
        return _again(request, visitor, str(posted[keeping.OWN]))
    return _handed(request, visitor, forms.typed(posted.multi_items()), _key(posted.get("key")), str(posted.get("act")))


def _handed(request: Request, visitor: Visitor, typed: Typed, key: str, act: str) -> Response:
    report, faults = forms.read(typed, visitor.caller.language)
    if report is None:
        return _form(request, visitor, typed, key, faults=faults)
    handed = Submission(visitor.caller, report, ROUTE, key)
    if act == "check":
        try:
            told, stored = _checked(handed)
        except Problem as problem:
            return _refused(request, visitor, typed, key, problem)
        found = screened.found_in(report, visitor.caller.language)
        return _form(request, visitor, typed, key, checked=told, stored=stored, found=found)
    (outcome,) = commit([handed])
    if isinstance(outcome, Accepted):
        address = f"/reports/{outcome.receipt.reference}/receipt?sent={quote(key)}"
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)
    return _refused(request, visitor, typed, key, outcome)


def _to_sign_in(request: Request, posted: FormData) -> Response:
    """The sign-in page, which holds the form sealed for whoever typed it; without it where nobody can tell who did."""
    kept = keeping.keep(request.url.path, posted.multi_items())
    if not kept:
        return RedirectResponse(sign_in_address(request.url.path), HTTPStatus.SEE_OTHER)
    onward = request.url.path
    return page(
        request, None, "sign_in.html", status=HTTPStatus.UNAUTHORIZED, next=onward, login="", failed=False, kept=kept
    )


def _again(request: Request, visitor: Visitor, sealed: str) -> Response:
    """The form as it was kept; an empty one for anybody else."""
    held = keeping.kept(sealed, visitor.caller.member_id)
    if held is None:
        return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
    _ = translator(visitor.caller.language).gettext
    said = (_("Here is what you typed."), _("Nothing of it is stored yet: look through it, then submit."))
    return _form(request, visitor, forms.typed(held.fields), _key(dict(held.fields).get("key")), again=said)


def _key(given: object) -> str:
    """The token under which a form is recognised when it is sent again: the one that came with it."""
    key = str(given or "")
    return key if re.fullmatch("[A-Za-z0-9_-]{16,100}", key) else secrets.token_urlsafe(18)


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
    found: Sequence[Finding] = (),
    again: tuple[str, str] | None = None,
    fresh: bool = False,
) -> Response:
    """The form with what was typed, its faults, who would read it, the same that was `stored` before, and what is
    personal in it."""
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
        again=again,
        fresh=fresh,
        draft=keeping.draft(caller),
        whose=keeping.writer(caller),
        checked=checked,
        found=found,
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
