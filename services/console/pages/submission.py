"""Handing in a report through the forms of the network, which need no script."""

import re
import secrets
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services import forms, network
from services.console import faults as refusals
from services.console import filling, judging, keeping, opening, sharing, translated
from services.console import form as fields
from services.console.doubts import doubts
from services.console.rendering import page
from services.console.sharing import Panel
from services.console.submitting import Sheet, asked_of, names, shown
from services.console.translated import Translated
from services.console.visitors import (
    Perhaps,
    Posted,
    Visitor,
    VisitorIn,
    remember_language,
    sign_in_address,
    speaking,
)
from services.forms import Form
from services.kernel import db
from services.kernel.errors import Problem
from services.kernel.i18n import LANGUAGES, translator
from services.kernel.routing import Router
from services.reports import About, Accepted, KeyReused, Submission, check, commit, would_read

router = Router()
ROUTE = "POST /submit"
SPEAK = "speak-"
Short = Annotated[str, Query(max_length=80)]


@router.get("/submit")
def choose_page(request: Request, visitor: VisitorIn, form: Short = "") -> Response:
    """The forms in force, to choose from; `form` leads on to one, with all else that the address says."""
    visitor.caller.require("reports:write")
    if form:
        rest = [(name, value) for name, value in request.query_params.multi_items() if name != "form"]
        return RedirectResponse(f"/submit/{quote(form, safe='')}?{urlencode(rest)}", HTTPStatus.SEE_OTHER)
    with db.reading() as session:
        offered = forms.listed(session)
    return page(request, visitor, "choose_form.html", offered=offered)


@router.get("/submit/{code}")
def form_page(
    request: Request, visitor: VisitorIn, code: str, period: Short = "", place: Short = "", corrects: Short = ""
) -> Response:
    """A form as it opens: marked as the organisation usually marks, else as strictly as is of use; for the period and
    place that the address names, and the report that is to be corrected."""
    visitor.caller.require("reports:write")
    with db.reading() as session:
        form = forms.get(session, code)
        known = network.directory(session)
    typed = opening.blank(form, known, visitor.caller, period=period, place=place, corrects=corrects)
    return shown(request, visitor, Sheet(form, typed, secrets.token_urlsafe(18), fresh=True))


@router.post("/submit/{code}")
def submit(request: Request, posted: Posted, visitor: Perhaps, code: str) -> Response:
    """Store the report and go to its receipt. Sent twice, the same form stores once; `act=check` stores nothing, and
    `act=speak-ru` only gives the form back in another language. After the end of a session the form is kept for its
    writer, and comes back with `kept`."""
    if visitor is None:
        return to_sign_in(request, posted)
    visitor.caller.require("reports:write")
    if keeping.OWN in posted:
        return _again(request, visitor, code, str(posted[keeping.OWN]))
    act = str(posted.get("act"))
    if not act.startswith(SPEAK):
        return _filled(request, visitor, posted, code, act)
    language = act.removeprefix(SPEAK)
    language = language if language in LANGUAGES else visitor.caller.language
    # What was found wrong is said in the other language too: for that the form is looked over once more.
    act = "check" if "looked" in posted else "show"
    answer = _filled(request, speaking(visitor, language), posted, code, act)
    remember_language(answer, language)
    return answer


def _filled(request: Request, visitor: Visitor, posted: FormData, code: str, act: str) -> Response:
    """What a form that was sent is answered with; `act=show`: with itself."""
    typed, key = fields.typed(posted.multi_items()), key_of(posted.get("key"))
    form, changed = _form_of(code, str(posted.get("version", "")))
    if changed:
        return shown(request, visitor, Sheet(form, typed, key, notice=renewed(visitor)), status=HTTPStatus.CONFLICT)
    if act == "show":
        return shown(request, visitor, Sheet(form, typed, key, fresh="fresh" in posted))
    return _handed(request, visitor, Sheet(form, typed, key), act)


def _form_of(code: str, version: str) -> tuple[Form, bool]:
    """The version that was filled in; or the one in force, where that was retired meanwhile."""
    with db.reading() as session:
        held = forms.shelf(session).find(code, int(version)) if re.fullmatch("[0-9]{1,5}", version) else None
        if held is not None and held.state == "published":
            return held, False
        return forms.get(session, code), held is not None


def _handed(request: Request, visitor: Visitor, sheet: Sheet, act: str) -> Response:
    language = visitor.caller.language
    report, faults = filling.read(sheet.form, sheet.typed, language)
    translation, wrong = translated.read(sheet.typed, language) if translated.offered(visitor) else (None, {})
    if report is None or wrong:
        return shown(request, visitor, sheet, faults=filling.in_order(sheet.form, faults | wrong))
    brought = translation.words if translation is not None else None
    found = doubts(report, names(asked_of(sheet.form, language)), language, translation=brought)
    undecided = bool(found.snippets) and not found.decided(sheet.typed)
    if not undecided:
        decision = {"personal": sheet.typed["personal"]}
        report = report.model_copy(update=decision) if found.reported else report
        translation = translation.deciding(decision) if translation is not None and found.translated else translation
    handed = Submission(visitor.caller, report, ROUTE, sheet.key)
    if act == "check":
        try:
            told, stored = _checked(handed)
        except Problem as problem:
            return refused(request, visitor, sheet, problem)
        judged = judging.advice(sheet.typed["judgement_statement"], _scale(sheet.typed), language)
        return shown(request, visitor, sheet, checked=told, stored=stored, doubts=found, advice=judged)
    if undecided:
        _ = translator(language).gettext
        asked = {"personal": _("Personal data was found. Take it out of the text, or decide about it below.")}
        return shown(request, visitor, sheet, faults=asked, doubts=found)
    return _stored(request, visitor, sheet, handed, translation)


def _stored(
    request: Request, visitor: Visitor, sheet: Sheet, handed: Submission, translation: Translated | None
) -> Response:
    """The way to the receipt of what was handed in, with the title and summary that came with it; or the form again."""
    (outcome,) = commit([handed])
    if not isinstance(outcome, Accepted):
        return refused(request, visitor, sheet, outcome)
    if translation is not None:
        try:
            translated.put(visitor.caller, outcome, translation)
        except Problem as problem:
            return _untranslated(request, visitor, sheet, problem, outcome)
    address = f"/reports/{outcome.receipt.reference}/receipt?sent={quote(sheet.key)}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _untranslated(request: Request, visitor: Visitor, sheet: Sheet, problem: Problem, accepted: Accepted) -> Response:
    """The form again, where its report is stored and what came with it in another language is not."""
    _ = translator(visitor.caller.language).gettext
    told = (
        _("The report is stored as %(reference)s. Its title and summary in the other language are not.")
        % {"reference": accepted.receipt.reference},
        _("Submit the form as it is once more: the report stays as it is, and they are added."),
    )
    answer = shown(request, visitor, sheet.told(told), status=HTTPStatus(problem.status))
    answer.headers.update(problem.headers)
    return answer


def _scale(typed: fields.Typed) -> str:
    return typed["judgement_word"].partition(":")[0]


def to_sign_in(request: Request, posted: FormData) -> Response:
    """The sign-in page, which holds the form sealed for whoever typed it; without it where nobody can tell who did."""
    onward = request.url.path
    kept = keeping.keep(onward, posted.multi_items())
    if not kept:
        return RedirectResponse(sign_in_address(onward), HTTPStatus.SEE_OTHER)
    return page(
        request, None, "sign_in.html", status=HTTPStatus.UNAUTHORIZED, next=onward, login="", failed=False, kept=kept
    )


def _again(request: Request, visitor: Visitor, code: str, sealed: str) -> Response:
    """The form as it was kept; an empty one for anybody else."""
    held = keeping.kept(sealed, visitor.caller.member_id)
    if held is None:
        return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
    held_fields = dict(held.fields)
    form, changed = _form_of(code, held_fields.get("version", ""))
    _ = translator(visitor.caller.language).gettext
    said = (_("Here is what you typed."), _("Nothing of it is stored yet: look through it, then submit."))
    sheet = Sheet(form, fields.typed(held.fields), key_of(held_fields.get("key")), again=said)
    return shown(request, visitor, sheet.told(renewed(visitor)) if changed else sheet)


def renewed(visitor: Visitor) -> tuple[str, str]:
    """The notice that a form is another version than the one that was opened."""
    _ = translator(visitor.caller.language).gettext
    return (
        _("This form has changed since you opened it."),
        _("What you typed stands in the new one where it asks the same. Look through it, then submit."),
    )


def key_of(given: object) -> str:
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
        told = would_read(session, caller, handed.report.marking, About.of(handed.report))
        seen = sharing.panel(network.directory(session), caller.language, told)
    return seen, outcome.receipt.reference if outcome else ""


def refused(request: Request, visitor: Visitor, sheet: Sheet, problem: Problem) -> Response:
    """The form again, with all that was typed: a refusal must cost nobody their text."""
    language = visitor.caller.language
    if isinstance(problem, KeyReused) and "reference" in problem.extra:
        # Sent, gone back to, corrected: what stands there now is another report.
        _ = translator(language).gettext
        said = _("This form was already sent as %(reference)s.") % problem.extra
        then = _("What stands in it now is not stored. Submit it only if it is a report of its own.")
        answer = shown(request, visitor, Sheet(sheet.form, sheet.typed, secrets.token_urlsafe(18), notice=(said, then)))
    elif problem.field and problem.status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
        with db.reading() as session:
            known = network.directory(session)
        found = fields.refused(problem, sheet.typed, known, visitor.caller)
        return shown(request, visitor, sheet, faults=filling.in_order(sheet.form, found))
    else:
        answer = shown(request, visitor, sheet.told(refusals.words(problem, language)))
    answer.status_code = int(problem.status)
    answer.headers.update(problem.headers)
    return answer
