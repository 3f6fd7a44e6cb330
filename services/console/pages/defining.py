"""Making the definitions of themes: versions, drafts as YAML with what is wrong line by line, a trial, a review."""

from collections.abc import Callable, Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from services import definitions, desk, tagging, texts
from services.console import making
from services.console.defined import defined
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.console.words import Words
from services.kernel import db
from services.kernel.config import settings
from services.kernel.errors import NotFound, Problem
from services.kernel.routing import Router
from services.reports import Gives, Giving

router = Router()
Version = Annotated[int | None, Query(ge=1, le=100_000)]
Yaml = Annotated[str, Form(max_length=200_000)]
MOST_VERSIONS = 50  # whose changes a page tells


def _maker(visitor: VisitorIn) -> Visitor:
    with db.reading() as session:
        definitions.may_write(session, visitor.caller)
    return visitor


Maker = Annotated[Visitor, Depends(_maker)]


@router.get("/definitions")
def list_page(request: Request, giving: Gives, visitor: Maker) -> Response:
    """The definition in force of each theme, and how far the past is tagged."""
    with db.reading() as session:
        rows = definitions.listed(session, visitor.caller)
        progress, running = _progress(session, giving, visitor)
    return page(
        request,
        visitor,
        "definition_list.html",
        rows=rows,
        progress=progress,
        running=running,
        solo=settings().solo,
    )


@router.get("/definitions/{code}")
def one_page(request: Request, giving: Gives, visitor: Maker, code: str) -> Response:
    """One definition: what is in force, the draft of the next version, its history, and how often it was right."""
    return _one(request, giving, visitor, code)


@router.get("/definitions/{code}/edit")
def edit_page(request: Request, visitor: Maker, code: str, version: Version = None) -> Response:
    """The draft as YAML; where there is none, a version to begin from."""
    with db.reading() as session:
        try:
            found = definitions.drafted(session, visitor.caller, code) if version is None else None
        except definitions.NoSuchDefinition:
            found = None
        body = (found or definitions.find(session, code, version)).body
        over = definitions.written(session, visitor.caller, code)
    return _editor(request, visitor, code, definitions.to_yaml(body), over)


@router.post("/definitions/{code}/edit")
def write(
    request: Request,
    visitor: Maker,
    code: str,
    body: Yaml = "",
    act: Annotated[str, Form()] = "",
    over: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Check what was written, its examples too, or keep it as the draft, unless a colleague wrote it anew meanwhile."""
    body = body.replace("\r\n", "\n")
    try:
        wanted = definitions.from_yaml(body.encode())
        if act == "check":
            with db.reading() as session:
                definitions.try_out(session, wanted)
            return _editor(request, visitor, code, body, over, checked=True)
        with db.transaction() as session:
            definitions.draft(session, visitor.caller, code, wanted, over=over or None)
    except definitions.RewrittenMeanwhile as problem:
        with db.reading() as session:
            now = definitions.written(session, visitor.caller, code)
        return _editor(request, visitor, code, body, now, problem=problem)
    except definitions.InForceAlready as problem:
        return _editor(request, visitor, code, body, over, problem=problem)
    except Problem as problem:
        if problem.status not in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
            raise
        return _editor(request, visitor, code, body, over, problem=problem)
    return RedirectResponse(f"/definitions/{code}", HTTPStatus.SEE_OTHER)


@router.get("/definitions/{code}/trial")
def trial_page(
    request: Request,
    giving: Gives,
    visitor: Maker,
    code: str,
    version: Version = None,
    status: Literal["actual", "exercise", "test"] = "actual",
) -> Response:
    """What the draft, or a version, would change in the reports of twelve months that the visitor sees."""
    visitor.caller.require("reports:read")
    with db.reading() as session:
        wanted = definitions.wanted(session, visitor.caller, code, version)
        found, label = tagging.try_definition(session, visitor.caller, wanted, status)
        giving.counted(session, visitor.caller, label)
        giving.told(session, visitor.caller, [*found.gained_reports, *found.lost_reports])
    return page(
        request, visitor, "definition_trial.html", trial=found, draft=version is None, tlp=label, status_=status
    )


@router.post("/definitions/{code}/{what}")
def step(
    request: Request,
    giving: Gives,
    visitor: Maker,
    code: str,
    what: str,
    version: Annotated[int, Form(ge=1, le=100_000)] = 1,
    digest: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Review the draft, put it in force, throw it away, or bring an earlier version back."""
    steps: dict[str, Callable[[Session], object]] = {
        "review": lambda session: definitions.review(session, visitor.caller, code, read=digest),
        "publication": lambda session: definitions.publish(session, visitor.caller, code),
        "drop": lambda session: definitions.drop_draft(session, visitor.caller, code),
        "rollback": lambda session: definitions.roll_back(session, visitor.caller, code, version),
    }
    if what not in steps:
        raise NotFound
    try:
        with db.transaction() as session:
            steps[what](session)
    except definitions.DefinitionNotValid as problem:
        return _one(request, giving, visitor, code, problem)
    return RedirectResponse(f"/definitions/{code}", HTTPStatus.SEE_OTHER)


def _one(
    request: Request, giving: Giving, visitor: Visitor, code: str, problem: definitions.DefinitionNotValid | None = None
) -> Response:
    with db.reading() as session:
        standing = definitions.find(session, code)
        versions = definitions.versions(session, visitor.caller, code)
        draft = next((one for one in versions if one.state in ("draft", "reviewed")), None)
        changed: dict[int, Sequence[definitions.Change]] = {
            one.version: definitions.changes(session, visitor.caller, code, version=one.version)
            for one in versions[:MOST_VERSIONS]
            if one is not draft
        }
        if draft is not None:
            changed[draft.version] = definitions.changes(session, visitor.caller, code, draft=True)
        written = definitions.drafted(session, visitor.caller, code) if draft is not None else None
        own_draft = written is not None and not definitions.may_review(visitor.caller, written)
        measured = _measured(session, giving, visitor, code)
        progress, running = _progress(session, giving, visitor)
        learned = definitions.wording(session).themes.learned_words(code)
    in_force = texts.Definition.model_validate({**standing.body, "version": standing.version})
    again = standing.body.get("review_on")
    wrong = (
        making.wrong(problem, definitions.to_yaml(written.body), visitor.caller.language) if problem and written else []
    )
    return page(
        request,
        visitor,
        "definition_page.html",
        status=int(problem.status) if problem is not None else HTTPStatus.OK,
        code=code,
        standing=standing,
        defined=defined(in_force, Words(visitor.caller.language), learned),
        review_on=date.fromisoformat(again) if again else None,
        versions=versions,
        draft=draft,
        own_draft=own_draft,
        digest=definitions.digest(written.body) if written is not None else "",
        changed=changed,
        measured=measured,
        progress=progress,
        running=running,
        wrong=wrong,
    )


def _measured(session: Session, giving: Giving, visitor: Visitor, code: str) -> list[Any]:
    """How often the definition was right in each language, by what analysts said of reports that the visitor sees."""
    if not visitor.may("reports:read"):
        return []
    found, label = desk.precision(session, visitor.caller, "actual")
    giving.counted(session, visitor.caller, label)
    return [one for one in found.definitions if one.scheme == "theme" and one.value == code]


def _progress(session: Session, giving: Giving, visitor: Visitor) -> tuple[definitions.Progress | None, bool]:
    """How far the past is tagged, to whoever reads reports; and whether that is under way at all."""
    running = definitions.open_run(session) is not None
    if not visitor.may("reports:read"):
        return None, running
    giving.counted(session, visitor.caller, None)
    return definitions.progress(session, visitor.caller), running


def _editor(
    request: Request,
    visitor: Visitor,
    code: str,
    body: str,
    over: str,
    *,
    problem: Problem | None = None,
    checked: bool = False,
) -> Response:
    """`over`: the draft that there was when the page was opened, in whose place what is written may come."""
    wrong = making.wrong(problem, body, visitor.caller.language) if problem is not None else []
    status = int(problem.status) if problem is not None else HTTPStatus.OK
    shown = {"code": code, "body": body, "over": over, "wrong": wrong, "checked": checked}
    return page(request, visitor, "definition_edit.html", status=status, **shown)
