"""Titles and summaries of a report in other languages: read, given and taken away."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from services import reports, tagging
from services.console import administering, translated
from services.console import form as forms
from services.console.doubts import Doubts, doubts_in
from services.console.form import Typed
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.kernel import db as database
from services.kernel.errors import Invalid
from services.kernel.i18n import translator
from services.kernel.routing import Router
from services.network import Read
from services.reports import Gives, Giving

router = Router()


@router.get("/reports/{reference}/translations")
def translations_page(request: Request, giving: Gives, db: Read, visitor: VisitorIn, reference: str) -> Response:
    """What there is, and a form to give another or to write one anew."""
    visitor.caller.require("reports:read")
    return _shown(request, giving, db, visitor, reference, Typed({"language": visitor.caller.language}), {})


@router.post("/reports/{reference}/translations")
def act(
    request: Request,
    giving: Gives,
    visitor: VisitorIn,
    reference: str,
    act: Annotated[str, Form()] = "put",
    language: Annotated[str, Form(max_length=20)] = "",
    title: Annotated[str, Form()] = "",
    summary: Annotated[str, Form()] = "",
    personal: Annotated[str, Form(max_length=20)] = "",
    personal_seen: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Give a translation, once its writer has decided about what is personal in it; with `act=take` take that of one's
    own organisation away."""
    caller = visitor.caller
    caller.require("reports:read")
    caller.require("translations:write")
    body = {"title": title, "summary": summary.replace("\r\n", "\n")}
    typed = Typed(body | {"language": language, "personal": personal, "personal_seen": personal_seen})
    faults: dict[str, str] = {}
    found: Doubts | None = None
    _ = translator(caller.language).gettext
    if act == "take":
        with database.transaction() as session:
            reports.take_translation(session, caller, reports.get(session, caller, reference), language)
    else:
        given, faults = administering.read(reports.TranslationIn, body, caller.language)
        found = doubts_in(given, caller.language) if given is not None else None
        if given is not None and found is not None:
            if found.snippets and found.decided(typed):
                given = given.model_copy(update={"personal": personal})
            try:
                with database.transaction() as session:
                    report = reports.get(session, caller, reference)
                    reports.check_translation(session, caller, report, language)
                    if found.snippets and given.personal is None:
                        faults = {"personal": _("Personal data was found. Take it out, or decide about it below.")}
                    else:
                        reports.put_translation(session, caller, report, language, given)
            except Invalid:
                faults = {"language": _("Choose a language that is not the report's own.")}
    if not faults:
        return RedirectResponse(f"/reports/{reference}/translations", HTTPStatus.SEE_OTHER)
    with database.reading() as session:
        return _shown(request, giving, session, visitor, reference, typed, faults, found)


def _shown(
    request: Request,
    giving: Giving,
    session: Session,
    visitor: Visitor,
    reference: str,
    typed: Typed,
    faults: dict[str, str],
    found: Doubts | None = None,
) -> Response:
    report = tagging.get(session, visitor.caller, reference)
    giving.note(session, visitor.caller, [report.reference])
    return page(
        request,
        visitor,
        "translations.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        report=report,
        tongues=translated.tongues(visitor.caller.language, [report.language]),
        may=visitor.may("translations:write")
        and (report.mine or visitor.may(reports.ANALYST))
        and report.withdrawn_at is None
        and report.emptied_at is None,
        typed=typed,
        faults=forms.Faults(faults),
        doubts=found,
    )
