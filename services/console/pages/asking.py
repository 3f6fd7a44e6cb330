"""More sight: what readers are told in brief, asking for a release or a tear-line, and deciding what was asked."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session
from starlette.datastructures import FormData

from services import network, reports
from services.console import administering, sharing
from services.console import form as forms
from services.console.form import Typed
from services.console.rendering import page
from services.console.sharing import Panel
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import db
from services.kernel.errors import Invalid
from services.kernel.i18n import translator
from services.kernel.routing import Router
from services.network import MarkingIn, Read, SightIn
from services.reports import Gives, Giving, RequestView, TearLineIn

router = Router()
SIZE = 25
BLANK = Typed({"tlp": "GREEN"}, {"organisations": (), "groups": ()})
Cursor = Annotated[str, Query(max_length=400)]


@router.get("/in-brief")
def brief_page(request: Request, giving: Gives, db: Read, visitor: VisitorIn, cursor: Cursor = "") -> Response:
    """The tear-lines of reports that the visitor may not read."""
    visitor.caller.require("reports:read")
    found = reports.told_lines(db, visitor.caller, cursor=cursor or None, size=SIZE)
    for one in found.tear_lines:
        giving.counted(db, visitor.caller, one.tlp)
    return page(request, visitor, "in_brief.html", found=found, begun=bool(cursor))


@router.get("/requests")
def list_page(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: VisitorIn,
    box: Literal["in", "out"] = "in",
    cursor: Cursor = "",
) -> Response:
    """Requests about the visitor's own reports, or those of its organisation."""
    visitor.caller.require("reports:read")
    found = reports.asked(db, visitor.caller, box, cursor=cursor or None, size=SIZE)
    giving.told(db, visitor.caller, [one.report for one in found.requests])
    return page(request, visitor, "requests.html", found=found, box=box, begun=bool(cursor))


@router.get("/reports/{reference}/requests")
def ask_page(request: Request, giving: Gives, db: Read, visitor: VisitorIn, reference: str) -> Response:
    """The form to ask for more sight of a report that the visitor reads."""
    visitor.caller.require("requests:write")
    giving.told(db, visitor.caller, [reports.get(db, visitor.caller, reference).reference])
    return _ask(request, db, visitor, reference, Typed({"kind": "release"}), {})


@router.post("/reports/{reference}/requests")
def ask(
    request: Request,
    visitor: VisitorIn,
    reference: str,
    kind: Annotated[str, Form()] = "",
    wanted: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """File the request, and show it among those of the visitor's organisation."""
    caller = visitor.caller
    caller.require("requests:write")
    body = {"kind": kind, "wanted": wanted, "reason": reason}
    given, faults = administering.read(reports.NewRequest, body, caller.language)
    if given is None:
        with db.reading() as session:
            return _ask(request, session, visitor, reference, Typed(body), faults)
    if given.kind in reports.ASKED_BY:
        caller.require(reports.ASKED_BY[given.kind])
    with db.transaction() as session:
        reports.ask(session, caller, reference, given)
    return RedirectResponse("/requests?box=out", HTTPStatus.SEE_OTHER)


@router.get("/requests/{reference}")
def decide_page(request: Request, giving: Gives, visitor: VisitorIn, reference: str) -> Response:
    """A request about a report of the visitor's own, to be decided."""
    visitor.caller.require("reports:write")
    asked, typed = _asked(giving, visitor, reference)
    return _decide(request, visitor, asked, typed)


@router.post("/requests/{reference}")
def decide(request: Request, giving: Gives, visitor: VisitorIn, reference: str, posted: Posted) -> Response:
    """Refuse it; or say what granting would change, and with `act=grant` grant it."""
    caller = visitor.caller
    caller.require("reports:write")
    asked, _typed = _asked(giving, visitor, reference)
    typed = _typed_of(posted)
    act = posted.get("act")
    read = _refusal if act == "refuse" else _given
    given, faults = read(asked, typed, caller.language)
    if given is None:
        return _decide(request, visitor, asked, typed, faults)
    try:
        if act in ("grant", "refuse"):
            return _decided(visitor, reference, given)
        if given.marking is None:
            return _decide(request, visitor, asked, typed)
        with db.reading() as session:
            tried = reports.try_marking(session, caller, asked.report, given.marking)
            known = network.directory(session)
    except Invalid as problem:
        return _decide(request, visitor, asked, typed, _refused(problem, typed, caller))
    panels = [sharing.panel(known, caller.language, one) for one in (tried.before, tried.after)]
    return _decide(request, visitor, asked, typed, tried=panels)


@router.get("/reports/{reference}/tear-line")
def line_page(request: Request, giving: Gives, visitor: VisitorIn, reference: str) -> Response:
    """The tear-line of a report of one's own, to be written or changed."""
    visitor.caller.require("reports:write")
    with db.reading() as session:
        report = reports.own(session, visitor.caller, reference, lock=False)
        (view,) = reports.views(session, visitor.caller, [report])
        giving.note(session, visitor.caller, [report.reference])
    line = view.tear_line
    typed = BLANK
    if line is not None:
        boxes = {"organisations": line.marking.organisations, "groups": line.marking.groups}
        one = {"line": line.text, "tlp": line.marking.tlp, "attribution": line.marking.attribution}
        typed = Typed(one, boxes)
    return _line(request, visitor, reference, typed, {}, held=line is not None)


@router.post("/reports/{reference}/tear-line")
def write_line(request: Request, visitor: VisitorIn, reference: str, posted: Posted) -> Response:
    """Give the report this tear-line; with `act=take` take the one away that it has."""
    caller = visitor.caller
    caller.require("reports:write")
    typed = _typed_of(posted)
    if posted.get("act") == "take":
        with db.transaction() as session:
            reports.take_line_away(session, caller, reference)
        return RedirectResponse(f"/reports/{reference}", HTTPStatus.SEE_OTHER)
    given, faults = _line_of(typed, caller.language)
    if given is not None:
        try:
            with db.transaction() as session:
                reports.put_line(session, caller, reference, given)
            return RedirectResponse(f"/reports/{reference}", HTTPStatus.SEE_OTHER)
        except Invalid as problem:
            faults = _refused(problem, typed, caller)
    with db.reading() as session:
        reports.own(session, caller, reference, lock=False)
    return _line(request, visitor, reference, typed, faults, held=False)


def _typed_of(posted: FormData) -> Typed:
    typed = forms.typed(posted.multi_items())
    more = {name: str(posted.get(name, "")).replace("\r\n", "\n") for name in ("line", "answer")}
    return Typed(dict(typed.one) | more, typed.many)


def _asked(giving: Giving, visitor: Visitor, reference: str) -> tuple[RequestView, Typed]:
    """The request, and the form as it opens: of a release with the report's marking as it is."""
    with db.reading() as session:
        asked = reports.incoming(session, visitor.caller, reference)
        report = reports.own(session, visitor.caller, asked.report, withdrawn=True, lock=False)
        (view,) = reports.views(session, visitor.caller, [report])
        giving.told(session, visitor.caller, [report.reference])
    if asked.kind == "release" and view.marking is not None:
        return asked, forms.marked(view.marking, view.terms)
    return asked, BLANK


def _refusal(_asked: RequestView, typed: Typed, language: str) -> tuple[reports.Decision | None, dict[str, str]]:
    return administering.read(reports.Decision, {"granted": False, "answer": typed["answer"]}, language)


def _given(asked: RequestView, typed: Typed, language: str) -> tuple[reports.Decision | None, dict[str, str]]:
    """The grant that the form holds, or what is wrong with it."""
    marking: MarkingIn | None = None
    line: TearLineIn | None = None
    faults: dict[str, str] = {}
    if asked.kind == "release":
        marking, faults = forms.read_marking(typed, language)
    elif asked.kind == "tear_line":
        line, faults = _line_of(typed, language)
    if faults:
        return None, faults
    body = {"granted": True, "answer": typed["answer"], "marking": marking, "tear_line": line}
    return administering.read(reports.Decision, body, language)


def _line_of(typed: Typed, language: str) -> tuple[TearLineIn | None, dict[str, str]]:
    marking, faults = forms.read_marking(typed, language)
    body: dict[str, Any] = {"text": typed["line"], "marking": {"tlp": "GREEN", "attribution": "named"}}
    if marking is not None:
        body["marking"] = marking.model_dump(include=set(SightIn.model_fields))
    given, wrong = administering.read(TearLineIn, body, language)
    faults |= {"line": wrong["text"]} if "text" in wrong else {}
    return (None, faults) if faults or marking is None else (given, {})


def _refused(problem: Invalid, typed: Typed, caller: network.Caller) -> dict[str, str]:
    _ = translator(caller.language).gettext
    if problem.field in ("marking", "tear_line.marking"):
        return {"tlp": _("A tear-line is not RED, and reaches somebody whom the report does not reach: mark it wider.")}
    with db.reading() as session:
        return forms.refused(problem, typed, network.directory(session), caller)


def _decided(visitor: Visitor, reference: str, given: reports.Decision) -> Response:
    with db.transaction() as session:
        reports.decide(session, visitor.caller, reference, given)
    return RedirectResponse("/requests", HTTPStatus.SEE_OTHER)


def _ask(
    request: Request, session: Session, visitor: Visitor, reference: str, typed: Typed, faults: dict[str, str]
) -> Response:
    words = reports.words_of(reports.get(session, visitor.caller, reference), mine=False)
    covered = words.masked or bool(words.cleaned)
    return _page(request, visitor, "ask.html", typed, faults, reference=reference, covered=covered)


def _decide(
    request: Request,
    visitor: Visitor,
    asked: RequestView,
    typed: Typed,
    faults: dict[str, str] | None = None,
    *,
    tried: list[Panel] | None = None,
) -> Response:
    choices = _choices(visitor, terms=asked.kind == "release")
    return _page(request, visitor, "request.html", typed, faults or {}, asked=asked, tried=tried, **choices)


def _line(
    request: Request, visitor: Visitor, reference: str, typed: Typed, faults: dict[str, str], *, held: bool
) -> Response:
    choices = _choices(visitor, terms=False)
    return _page(request, visitor, "tear_line.html", typed, faults, reference=reference, held=held, **choices)


def _choices(visitor: Visitor, *, terms: bool) -> dict[str, object]:
    """What the form of a marking offers; a tear-line has neither terms nor dates, and is never RED."""
    with db.reading() as session:
        found = sharing.choices(network.directory(session), visitor.caller)
    if terms:
        return found
    labels = [one for one in sharing.labels(visitor.caller.language) if one.value != "RED"]
    return found | {"terms": {}, "labels": labels}


def _page(
    request: Request, visitor: Visitor, template: str, typed: Typed, faults: dict[str, str], **more: object
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, visitor, template, status=status, typed=typed, faults=forms.Faults(faults), **more)
