"""Handing in a filled sheet of a form: a file is chosen, checked or sent, and each row answered on one page."""

from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.formparsers import MultiPartException, MultiPartParser

from services import forms, sheets
from services.console import sheeting
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.forms import Form
from services.kernel import db
from services.kernel.config import settings
from services.kernel.errors import Invalid, Malformed, NotFound, Problem, TooLarge
from services.kernel.routing import Router

router = Router()
HEADROOM = 10_000  # what stands around a file in the form that brings it
# What is said on the page of the form; all else is a page of its own.
BESIDE = (sheets.SheetNotReadable, sheets.HeaderNotValid, TooLarge)


class NoSheet(Invalid):
    title = "There is no file"


class _Parser(MultiPartParser):
    """A form with a file that is held in memory: its size is bounded, and reports leave no file behind."""

    spool_max_size = 2**31


@router.get("/submit/{code}/sheet")
def sheet_page(request: Request, visitor: VisitorIn, code: str) -> Response:
    """The template of a form to fill in, and the field that takes it back."""
    visitor.caller.require("reports:write")
    return _shown(request, visitor, _form(code))


@router.post("/submit/{code}/sheet")
async def hand_in(
    request: Request, visitor: VisitorIn, code: str, act: Annotated[str, Query(max_length=10)] = "submit"
) -> Response:
    """Store the rows of a file, each by itself; with `act=check` only look through them. A row that was sent before has
    no second effect, so the page may be sent again."""
    visitor.caller.require("reports:write")
    form = await run_in_threadpool(_form, code)
    dry = act == "check"
    try:
        raw = await _file(request)
        answers = await sheets.answered(request, raw, form.code, None, visitor.caller, dry=dry)
    except (NoSheet, *BESIDE) as refused:
        return await run_in_threadpool(_shown, request, visitor, form, refused=refused)
    found = sheeting.outcome(form, answers, visitor.caller.language, checked=dry)
    return await run_in_threadpool(_shown, request, visitor, form, found=found)


def _form(code: str) -> Form:
    with db.reading() as session:
        form = forms.get(session, code)
    if form.state != "published":
        raise NotFound("There is no such form.")
    return form


async def _file(request: Request) -> bytes:
    """The file of the form, refused as soon as it is longer than allowed."""
    limit = settings().sheet_limit
    held = bytearray()
    async for some in request.stream():
        held += some
        if len(held) > limit + HEADROOM:
            raise TooLarge(f"A file may have {limit} bytes: send the rest apart.")

    async def whole() -> AsyncGenerator[bytes, None]:
        yield bytes(held)

    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise NoSheet("Send the file in the field file of a form.", field="file")
    try:
        given = await _Parser(request.headers, whole(), max_files=1, max_fields=5).parse()
    except (MultiPartException, KeyError):
        raise Malformed("The form is not put together as multipart/form-data is.") from None
    try:
        found = given.get("file")
        raw = b"" if found is None or isinstance(found, str) else await found.read()
    finally:
        await given.close()
    if len(raw) > limit:
        raise TooLarge(f"A file may have {limit} bytes: send the rest apart.")
    if not raw:
        raise NoSheet("Send the file in the field file of a form; it may not be empty.", field="file")
    return raw


def _shown(
    request: Request,
    visitor: Visitor,
    form: Form,
    *,
    refused: Problem | None = None,
    found: sheeting.Outcome | None = None,
) -> Response:
    language = visitor.caller.language
    named = {one.code: one.label for one in sheets.columns(form, language)}
    wrong = refused is not None or (found is not None and bool(found.refused))
    return page(
        request,
        visitor,
        "sheet.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        form=form,
        fault=sheeting.refusal(refused, language) if refused else "",
        header=sheeting.faults_of(refused, named, language) if refused and "errors" in refused.extra else [],
        detail=refused.detail if isinstance(refused, sheets.SheetNotReadable) else "",
        found=found,
        sheet_limit=settings().sheet_limit,
    )
