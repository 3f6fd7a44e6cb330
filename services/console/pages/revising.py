"""Revising a report of one's own through its form: it opens as it is, and a new revision is what the API would take."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from services import forms, network, reports, tagging
from services.console import filling, keeping, sharing, translated
from services.console import form as fields
from services.console.doubts import doubts
from services.console.pages.submission import SPEAK, key_of, refused, renewed, to_sign_in
from services.console.rendering import page
from services.console.reopening import opened, reopened
from services.console.sharing import Panel
from services.console.submitting import Sheet, asked_of, names, shown
from services.console.translated import Translated
from services.console.visitors import Perhaps, Posted, Visitor, VisitorIn, remember_language, speaking
from services.forms import Form
from services.kernel import db
from services.kernel.errors import Conflict, NotFound, Problem
from services.kernel.i18n import LANGUAGES, translator
from services.kernel.routing import Router
from services.network import Caller
from services.reports import About, EditReport, Gives, NewReport, Report

router = Router()


@router.get("/reports/{reference}/revise")
def revise_page(request: Request, giving: Gives, visitor: VisitorIn, reference: str) -> Response:
    """A report of one's own in its form. Where its words came otherwise than they are read, it opens as they came, and
    that is on record as any reading of an original."""
    caller = visitor.caller
    _may(visitor)
    with db.transaction() as session:
        row = _own(session, caller, reference)
        view = tagging.get(session, caller, reference)
        form = _form_of(session, row)
        known = network.directory(session)
        found = reopened(form, row, view, known, caller) if form is not None else None
        giving.note(session, caller, [reference])
        if found is None or found.lost:
            lost = found.lost if found is not None else ["form"]
            return page(request, visitor, "unfit.html", status=HTTPStatus.CONFLICT, reference=reference, lost=lost)
        if view.cleaned or reports.masks_all(row):
            reports.note_original(session, caller, reports.original(session, caller, reference))
        since = opened(row, view)
    assert form is not None
    return shown(request, visitor, Sheet(form, found.typed, key_of(None), revises=reference, since=since))


@router.post("/reports/{reference}/revise")
def revise(request: Request, posted: Posted, visitor: Perhaps, reference: str) -> Response:
    """Store a new revision and show what changed in it; `act=check` stores nothing, `act=speak-ru` gives the form back
    in another language."""
    if visitor is None:
        return to_sign_in(request, posted)
    _may(visitor)
    act = str(posted.get("act"))
    if keeping.OWN in posted:
        return _again(request, visitor, reference, str(posted[keeping.OWN]))
    if not act.startswith(SPEAK):
        sheet = _sheet(visitor, reference, posted.multi_items())
        if sheet.notice is not None:
            return shown(request, visitor, sheet, status=HTTPStatus.CONFLICT)
        return _handed(request, visitor, sheet, act)
    language = act.removeprefix(SPEAK)
    language = language if language in LANGUAGES else visitor.caller.language
    visitor = speaking(visitor, language)
    sheet = _sheet(visitor, reference, posted.multi_items())
    answer = _handed(request, visitor, sheet, "check") if "looked" in posted else shown(request, visitor, sheet)
    remember_language(answer, language)
    return answer


def _may(visitor: Visitor) -> None:
    visitor.caller.require("reports:read")
    visitor.caller.require("reports:write")


def _own(session: Session, caller: Caller, reference: str) -> Report:
    row = reports.own(session, caller, reference, lock=False)
    if row.emptied_at is not None:
        raise reports.AlreadyEmptied("A retention rule has taken its words.")
    return row


def _form_of(session: Session, row: Report) -> Form | None:
    """The form that the report was written with; of one without a form the main one of its kind."""
    if row.form is not None and row.form_version is not None:
        return forms.shelf(session).find(row.form, row.form_version)
    try:
        return forms.get(session, row.kind)
    except NotFound:
        return None


def _sheet(visitor: Visitor, reference: str, items: Sequence[tuple[str, Any]]) -> Sheet:
    """What was typed; with a notice where a report without a form of its own was opened in an older version."""
    with db.reading() as session:
        form = _form_of(session, _own(session, visitor.caller, reference))
    if form is None:
        raise NotFound("There is no such form.")
    values = dict(items)
    since = str(values.get("since", ""))[:80]
    notice = renewed(visitor) if str(values.get("version", "")) != str(form.version) else None
    key = key_of(values.get("key"))
    return Sheet(form, fields.typed(items), key, revises=reference, since=since, notice=notice)


def _handed(request: Request, visitor: Visitor, sheet: Sheet, act: str) -> Response:
    language = visitor.caller.language
    report, faults = filling.read(sheet.form, sheet.typed, language)
    translation, wrong = translated.read(sheet.typed, language) if translated.offered(visitor) else (None, {})
    if report is None or wrong:
        return shown(request, visitor, sheet, faults=filling.in_order(sheet.form, faults | wrong))
    brought = translation.words if translation is not None else None
    found = doubts(report, names(asked_of(sheet.form, language)), language, translation=brought)
    if found.snippets and not found.decided(sheet.typed):
        _ = translator(language).gettext
        asked = {"personal": _("Personal data was found. Take it out of the text, or decide about it below.")}
        return shown(request, visitor, sheet, faults={} if act == "check" else asked, doubts=found,
                     checked=_seen(visitor, report) if act == "check" else None)  # fmt: skip
    decision = {"personal": sheet.typed["personal"]}
    report = report.model_copy(update=decision) if found.reported else report
    translation = translation.deciding(decision) if translation is not None and found.translated else translation
    if act == "check":
        return shown(request, visitor, sheet, checked=_seen(visitor, report), doubts=found)
    return _stored(request, visitor, sheet, report, translation)


def _seen(visitor: Visitor, report: NewReport) -> Panel:
    with db.reading() as session:
        told = reports.would_read(session, visitor.caller, report.marking, About.of(report))
        return sharing.panel(network.directory(session), visitor.caller.language, told)


def _stored(
    request: Request, visitor: Visitor, sheet: Sheet, report: NewReport, translation: Translated | None
) -> Response:
    edit = EditReport(**{name: getattr(report, name) for name in EditReport.model_fields})
    try:
        with db.transaction() as session:
            held = reports.own(session, visitor.caller, sheet.revises)
            (view,) = reports.views(session, visitor.caller, [held])
            if opened(held, view) != sheet.since:  # sent twice, or a colleague was at it: no writing over unseen
                raise Conflict("It was revised since the form was opened.")
            receipt = reports.revise(session, visitor.caller, sheet.revises, edit)
            if translation is not None:
                row = reports.get(session, visitor.caller, sheet.revises)
                reports.put_translation(session, visitor.caller, row, translation.language, translation.words)
    except Problem as problem:
        if type(problem) is Conflict:
            _ = translator(visitor.caller.language).gettext
            said = _("The report was revised since you opened the form. Nothing of this is stored.")
            then = _("Look at what it says now, and open the form anew.")
            return shown(request, visitor, sheet.told((said, then)), status=HTTPStatus.CONFLICT)
        return refused(request, visitor, sheet, problem)
    return RedirectResponse(f"/reports/{sheet.revises}/revisions/{receipt.revision}", HTTPStatus.SEE_OTHER)


def _again(request: Request, visitor: Visitor, reference: str, sealed: str) -> Response:
    """The form as it was kept over the end of a session; as it is stored for anybody else."""
    held = keeping.kept(sealed, visitor.caller.member_id)
    if held is None:
        return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
    _ = translator(visitor.caller.language).gettext
    said = (_("Here is what you typed."), _("Nothing of it is stored yet: look through it, then submit."))
    sheet = replace(_sheet(visitor, reference, held.fields), again=said)
    return shown(request, visitor, sheet)
