"""Making the network's forms: versions, drafts as YAML with what is wrong line by line, a preview, publication."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from services import forms, network
from services.console import making, submitting
from services.console import opening as blanks
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.forms import NoSuchForm
from services.kernel import db
from services.kernel.errors import NotFound, Problem
from services.kernel.routing import Router

router = Router()
Version = Annotated[int | None, Query(ge=1, le=10_000)]
Yaml = Annotated[str, Form(max_length=100_000)]


def _maker(visitor: VisitorIn) -> Visitor:
    with db.reading() as session:
        forms.may_write(session, visitor.caller)
    return visitor


Maker = Annotated[Visitor, Depends(_maker)]


@router.get("/forms")
def list_page(request: Request, visitor: Maker) -> Response:
    """All forms with their versions and drafts."""
    with db.reading() as session:
        shelf = forms.shelf(session)
        known = {code: list(versions.values()) for code, versions in shelf.forms.items()}
        drafts = {one.code: one for one in forms.drafts(session, visitor.caller)}
    rows = [
        (code, known.get(code, []), drafts.get(code)) for code in [*known, *(one for one in drafts if one not in known)]
    ]
    return page(request, visitor, "form_list.html", rows=rows)


@router.get("/new-form")
def new_page(request: Request, visitor: Maker) -> Response:
    """An empty form as YAML."""
    return _editor(request, visitor, "", making.BLANK)


@router.post("/new-form")
def write_new(request: Request, visitor: Maker, body: Yaml = "", act: Annotated[str, Form()] = "") -> Response:
    """Check a new form, or keep it as a draft."""
    return _written(request, visitor, "", body, act)


@router.get("/forms/{code}")
def one_page(request: Request, visitor: Maker, code: str) -> Response:
    """One form: its versions, and the draft of the next."""
    return _one(request, visitor, code)


@router.get("/forms/{code}/edit")
def edit_page(request: Request, visitor: Maker, code: str, version: Version = None) -> Response:
    """The draft as YAML; where there is none, a version to begin from."""
    with db.reading() as session:
        try:
            form = forms.get(session, code, version) if version else forms.drafted(session, visitor.caller, code)
        except NoSuchForm:
            form = forms.versions(session, code)[0]
    return _editor(request, visitor, code, forms.to_yaml(form))


@router.post("/forms/{code}/edit")
def write(request: Request, visitor: Maker, code: str, body: Yaml = "", act: Annotated[str, Form()] = "") -> Response:
    """Check what was written, or keep it as the draft."""
    return _written(request, visitor, code, body, act)


@router.get("/forms/{code}/preview")
def preview(
    request: Request,
    visitor: Maker,
    code: str,
    version: Version = None,
    language: Literal["en", "ru"] | None = None,
) -> Response:
    """The form as whoever fills it in meets it, in one of the languages of the pages; without a version, its draft."""
    reader = replace(visitor, caller=replace(visitor.caller, language=language or visitor.caller.language))
    with db.reading() as session:
        form = forms.get(session, code, version) if version else forms.drafted(session, visitor.caller, code)
        typed = blanks.blank(form, network.directory(session), reader.caller)
    sheet = submitting.Sheet(form, typed, "", preview=True)
    return submitting.shown(request, reader, sheet)


@router.post("/forms/{code}/{what}")
def step(
    request: Request, visitor: Maker, code: str, what: str, version: Annotated[int, Form(ge=1, le=10_000)] = 1
) -> Response:
    """Publish the draft, throw it away, or take a version out of force."""
    steps: dict[str, Callable[[Session], object]] = {
        "publication": lambda session: forms.publish(session, visitor.caller, code),
        "drop": lambda session: forms.drop_draft(session, visitor.caller, code),
        "retirement": lambda session: forms.retire(session, visitor.caller, code, version),
    }
    if what not in steps:
        raise NotFound
    try:
        with db.transaction() as session:
            steps[what](session)
    except forms.FormNotValid as problem:
        return _one(request, visitor, code, problem)
    with db.reading() as session:
        there = code in forms.shelf(session).forms
    return RedirectResponse(f"/forms/{code}" if there else "/forms", HTTPStatus.SEE_OTHER)


def _written(request: Request, visitor: Visitor, code: str, body: str, act: str) -> Response:
    body = body.replace("\r\n", "\n")
    try:
        form = forms.from_yaml(body.encode())
        if act != "check":
            with db.transaction() as session:
                forms.draft(session, visitor.caller, code or form.code, form)
            return RedirectResponse(f"/forms/{code or form.code}", HTTPStatus.SEE_OTHER)
    except Problem as problem:
        if problem.status not in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
            raise
        return _editor(request, visitor, code, body, problem=problem)
    return _editor(request, visitor, code, body, checked=True)


def _editor(
    request: Request,
    visitor: Visitor,
    code: str,
    body: str,
    *,
    problem: Problem | None = None,
    checked: bool = False,
) -> Response:
    wrong = making.wrong(problem, body, visitor.caller.language) if problem is not None else []
    status = int(problem.status) if problem is not None else HTTPStatus.OK
    return page(request, visitor, "form_edit.html", status=status, code=code, body=body, wrong=wrong, checked=checked)


def _one(request: Request, visitor: Visitor, code: str, problem: Problem | None = None) -> Response:
    with db.reading() as session:
        known = list(forms.shelf(session).forms.get(code, {}).values())
        draft = next((one for one in forms.drafts(session, visitor.caller) if one.code == code), None)
    if not known and draft is None:
        raise NoSuchForm
    wrong = making.wrong(problem, forms.to_yaml(draft), visitor.caller.language) if problem and draft else []
    return page(
        request,
        visitor,
        "form_page.html",
        status=int(problem.status) if problem is not None else HTTPStatus.OK,
        code=code,
        form=draft or max(known, key=lambda one: one.version),
        versions=sorted(known, key=lambda one: -one.version),
        draft_of=draft,
        wrong=wrong,
    )
