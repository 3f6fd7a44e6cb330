"""Requests for information: what one's organisation asks, what it is asked, and the answers."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session
from starlette.datastructures import FormData

from services import dialogue, network, reports, vocabulary
from services.console import administering, sharing
from services.console import form as forms
from services.console.filters import chosen
from services.console.form import Typed
from services.console.rendering import page
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import db
from services.kernel.errors import Invalid, Problem
from services.kernel.i18n import translator
from services.kernel.routing import Router
from services.network import Caller, Read
from services.reports import STATUSES, Gives, Giving

router = Router()
SIZE = 25
MANY = ("countries", "themes", "groups", "organisations")
STATES = ("open", "overdue", "answered", "closed", "withdrawn")
NOBODY: dict[str, tuple[str, ...]] = dict.fromkeys(MANY, ())
OPENS = Typed({"tlp": "AMBER+STRICT", "attribution": "named", "status": "actual"}, NOBODY)
ANSWER = Typed({"tlp": "AMBER+STRICT", "attribution": "named"})
# Where a refusal of the service stands in the form; what says nothing else stands above all of it.
FIELDS = {"marking.tlp": "tlp", "marking.persons": "persons", "marking.attribution": "attribution", "marking": "tlp"}


@router.get("/inquiries")
def list_page(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: VisitorIn,
    box: Literal["in", "out", "all"] = "in",
    state: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """What the visitor's organisation is asked, or asks; `state=overdue` is the list of what was not answered."""
    visitor.caller.require("reports:read")
    wanted: Any = chosen("state", state, STATES, lambda one, w: w.inquiry_states[one])
    found = dialogue.inquiries(db, visitor.caller, box, state=wanted, cursor=cursor or None, size=SIZE)
    dialogue.noted(giving, db, visitor.caller, found.inquiries)
    return page(
        request,
        visitor,
        "inquiries.html",
        found=found,
        box=box,
        state=wanted or "",
        states=STATES,
        begun=bool(cursor),
    )


@router.get("/inquiries/new")
def ask_page(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: VisitorIn,
    report: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The form of a question, to the network or to the originator of a report."""
    visitor.caller.require("inquiries:write")
    typed = OPENS
    if report:
        found = reports.standing_report(db, visitor.caller, report)
        giving.told(db, visitor.caller, [found.reference])
        label = reports.views(db, visitor.caller, [found])[0].tlp
        typed = Typed(
            dict(OPENS.one) | {"report": found.reference, "tlp": "RED" if label == "RED" else "AMBER+STRICT"}, NOBODY
        )
    return _form(request, visitor, typed, {})


@router.post("/inquiries/new")
def ask(request: Request, visitor: VisitorIn, posted: Posted) -> Response:
    """Put the question, and show it."""
    caller = visitor.caller
    caller.require("reports:read")
    caller.require("inquiries:write")
    typed = _typed(posted)
    body: dict[str, Any] = {name: typed[name] for name in ("question", "why", "due_on", "status")}
    body |= {name: list(typed.many[name]) for name in MANY if not typed["report"]}
    body |= {"report": typed["report"] or None, "marking": _marking(typed)}
    given, faults = administering.read(dialogue.NewInquiry, body, caller.language)
    if given is None:
        return _form(request, visitor, typed, _placed(faults))
    try:
        with db.transaction() as session:
            reference = dialogue.ask(session, caller, given).reference
    except (Invalid, dialogue.TooManyInquiries, dialogue.TooManyOpenInquiries) as problem:
        return _form(request, visitor, typed, _refused(problem, caller), status=int(problem.status))
    return RedirectResponse(f"/inquiries/{reference}", HTTPStatus.SEE_OTHER)


@router.get("/inquiries/{reference}")
def inquiry_page(request: Request, giving: Gives, db: Read, visitor: VisitorIn, reference: str) -> Response:
    """One question with the answers that the visitor sees."""
    visitor.caller.require("reports:read")
    return _shown(request, giving, db, visitor, reference, ANSWER, {})


@router.post("/inquiries/{reference}")
def act(request: Request, giving: Gives, visitor: VisitorIn, reference: str, posted: Posted) -> Response:
    """Answer it; or of one's own extend it, close it or withdraw it."""
    caller = visitor.caller
    caller.require("reports:read")
    caller.require("inquiries:write")
    typed = _typed(posted)
    acts: dict[str, tuple[Any, dict[str, Any], Callable[[Session, Any], object]]] = {
        "extend": (dialogue.NewDue, {"due_on": typed["due_on"]}, lambda s, g: dialogue.extend(s, caller, reference, g)),
        "close": (dialogue.Ending, {"note": typed["note"]}, lambda s, g: _end(s, caller, reference, g, gone=False)),
        "withdraw": (dialogue.Ending, {"note": typed["note"]}, lambda s, g: _end(s, caller, reference, g, gone=True)),
        "answer": (dialogue.NewAnswer, _answer(typed), lambda s, g: dialogue.answer(s, caller, reference, g)),
    }
    model, body, work = acts.get(str(posted.get("act")), acts["answer"])
    try:
        faults = _placed(administering.done(caller, model, body, work))
    except Invalid as problem:
        faults = _refused(problem, caller)
    if not faults:
        return RedirectResponse(f"/inquiries/{reference}", HTTPStatus.SEE_OTHER)
    with db.reading() as session:
        return _shown(request, giving, session, visitor, reference, typed, faults)


def _end(session: Session, caller: Caller, reference: str, given: dialogue.Ending, *, gone: bool) -> None:
    dialogue.end(session, caller, reference, given, withdrawn=gone)


def _typed(posted: FormData) -> Typed:
    texts = [(name, one.replace("\r\n", "\n").strip()) for name, one in posted.multi_items() if isinstance(one, str)]
    many = {name: tuple(one for each, one in texts if each == name and one) for name in MANY}
    return Typed({name: one for name, one in texts if name not in MANY}, many)


def _marking(typed: Typed) -> dict[str, Any]:
    persons = typed.named_persons if typed["tlp"] == "RED" and not typed["report"] else []
    return {"tlp": typed["tlp"], "attribution": typed["attribution"], "persons": persons}


def _answer(typed: Typed) -> dict[str, Any]:
    if typed["own_report"]:
        return {"report": typed["own_report"].upper()}
    return {"text": typed["text"], "marking": {"tlp": typed["tlp"], "attribution": typed["attribution"]}}


def _placed(faults: dict[str, str]) -> dict[str, str]:
    return {FIELDS.get(name, name): text for name, text in faults.items()}


def _refused(problem: Problem, caller: Caller) -> dict[str, str]:
    """What the service refuses, beside its field and in the reader's words."""
    _ = translator(caller.language).gettext
    if isinstance(problem, dialogue.TooManyOpenInquiries):
        return {
            "act": _("As many requests of yours are open as may be (%(most)d): close or withdraw some first.")
            % problem.extra
        }
    if isinstance(problem, dialogue.TooManyInquiries):
        return {"act": _("As many were asked within 24 hours as may be (%(most)d): wait a while.") % problem.extra}
    words = {
        "due_on": _("The day lies between today and a year from now; an extension is to a later day."),
        "marking.tlp": _("This label will not do here: an answer to TLP:RED is TLP:RED, and only such a one is."),
        "marking.persons": _("Name persons whom you may know of, by their sign-in names."),
        "organisations": _("One of these organisations is not known here."),
        "groups": _("One of these groups is not known here."),
        "report": _("Whoever asks would not see this report, or you are not told who asks: answer by a text."),
    }
    field = {"report": "own_report"}.get(problem.field, FIELDS.get(problem.field, problem.field))
    return {field: words.get(problem.field, problem.detail)}


def _form(
    request: Request,
    visitor: Visitor,
    typed: Typed,
    faults: dict[str, str],
    *,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    with db.reading() as session:
        known = network.directory(session)
        first, others = sharing.bodies(known, visitor.caller)
        groups = sharing.groups(known, visitor.caller)
    language = visitor.caller.language
    places = vocabulary.places()
    return page(
        request,
        visitor,
        "inquire.html",
        status=status if faults else HTTPStatus.OK,
        typed=typed,
        faults=forms.Faults(faults),
        countries=[sharing.Choice(one.code, places.name(one.code, language)) for one in places.countries()],
        themes=[sharing.Choice(one.code, one.name(language)) for one in vocabulary.themes()],
        groups=groups,
        bodies=[*first, *others],
        statuses=STATUSES,
    )


def _shown(
    request: Request,
    giving: Giving,
    session: Session,
    visitor: Visitor,
    reference: str,
    typed: Typed,
    faults: dict[str, str],
) -> Response:
    found = dialogue.inquiry(session, visitor.caller, reference)
    dialogue.noted(giving, session, visitor.caller, [found])
    if "tlp" not in typed.one or found.tlp == "RED":
        typed = Typed(dict(ANSWER.one) | dict(typed.one) | ({"tlp": "RED"} if found.tlp == "RED" else {}))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    faulty = forms.Faults(faults)
    return page(request, visitor, "inquiry.html", status=status, one=found, typed=typed, faults=faulty)
