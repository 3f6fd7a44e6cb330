"""The files of a report: attached by form, saved, read as words, decided about and removed."""

from collections import defaultdict
from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, StreamingResponse
from pydantic import ValidationError

from services import attachments, tagging
from services.console.filing import file_words
from services.console.pages.reading import shown
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.kernel import db
from services.kernel.errors import Invalid, Problem
from services.kernel.routing import Router
from services.network import Read, Write
from services.reports import Gives, Giving

router = Router()
# What is said beside the field; all else is a page of its own.
BESIDE = (
    attachments.BadFileName, attachments.FileTooLarge, attachments.FileUnreadable, attachments.KindNotAccepted,
    attachments.NoFile, attachments.NoRoomLeft, attachments.TooManyFiles, attachments.UnpacksTooLarge,
)  # fmt: skip


@router.post("/reports/{reference}/attachments")
async def attach(request: Request, giving: Gives, visitor: VisitorIn, reference: str) -> Response:
    """Attach a file to a report of one's own, and show the report; with what is wrong, where it is not taken."""
    visitor.caller.require("reports:write")
    try:
        await attachments.taken(request, visitor.caller, reference)
    except BESIDE as refused:
        return await run_in_threadpool(_again, request, giving, visitor, reference, refused)
    return _report(reference)


def _again(request: Request, giving: Giving, visitor: Visitor, reference: str, refused: Problem) -> Response:
    said = file_words(visitor.caller.language).refused(refused)
    with db.reading() as session:
        return shown(request, giving, session, visitor, reference, file_fault=said, status=int(refused.status))


@router.get("/reports/{reference}/attachments/{attachment}")
def save(
    giving: Gives, db: Read, visitor: VisitorIn, reference: str, attachment: str, copy: bool = False
) -> StreamingResponse:
    """A file, to be saved: of one's own as it was sent, or as others get it."""
    visitor.caller.require("reports:read")
    given = attachments.give(db, visitor.caller, reference, attachment, copy=copy)
    giving.note(db, visitor.caller, [reference])
    return attachments.saved(given)


@router.get("/reports/{reference}/attachments/{attachment}/text")
def words_page(
    request: Request, giving: Gives, db: Read, visitor: VisitorIn, reference: str, attachment: str
) -> Response:
    """The words that were found in a file; of one's own with what is personal in them."""
    visitor.caller.require("reports:read")
    words = attachments.words(db, visitor.caller, reference, attachment)
    file = next(one for one in attachments.listed(db, visitor.caller, reference) if one.reference == words.reference)
    giving.note(db, visitor.caller, [reference])
    said = file_words(visitor.caller.language)
    found: dict[str, list[str]] = defaultdict(list)
    for one in words.personal:
        found[said.personal.get(one.kind, one.kind)].append(words.text[one.start : one.end])
    return page(
        request, visitor, "file.html", report=tagging.get(db, visitor.caller, reference), attached=file, words=words,
        found=sorted(found.items()), file_words=said,
    )  # fmt: skip


@router.post("/reports/{reference}/attachments/{attachment}/personal")
def decide(
    db: Write, visitor: VisitorIn, reference: str, attachment: str, decision: Annotated[str, Form()] = ""
) -> Response:
    """Decide whether others are given a file of one's own in which personal data was found."""
    visitor.caller.require("reports:write")
    try:
        given = attachments.PersonalDecision.model_validate({"decision": decision})
    except ValidationError:
        raise Invalid("Choose one of the two.", field="decision") from None
    attachments.decide(db, visitor.caller, reference, attachment, given)
    return _report(reference)


@router.post("/reports/{reference}/attachments/{attachment}/removal")
def remove(db: Write, visitor: VisitorIn, reference: str, attachment: str) -> Response:
    """Take a file from a report of one's own."""
    visitor.caller.require("reports:write")
    attachments.remove(db, visitor.caller, reference, attachment)
    return _report(reference)


def _report(reference: str) -> Response:
    return RedirectResponse(f"/reports/{reference}#files-title", HTTPStatus.SEE_OTHER)
