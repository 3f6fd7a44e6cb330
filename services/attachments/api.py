"""Routes of a report's attachments: one call each. What they give is to be saved, and never shown by a browser."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import IO, Annotated, Any
from urllib.parse import quote

import anyio
from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from services import network
from services.attachments import personal, service
from services.attachments.bounded import examined
from services.attachments.naming import ENDINGS
from services.attachments.receiving import received
from services.attachments.schemas import AttachmentList, AttachmentView, AttachmentWords, PersonalDecision
from services.attachments.store import CHUNK, store
from services.kernel.errors import TooBusy
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write
from services.reports import Gives

router = Router(prefix="/v1/reports", tags=["attachments"])
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
                }
            }
        },
    }
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bytes, to be saved.",
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
        },
    }
}
_SAME: dict[int | str, dict[str, Any]] = {200: {"description": "It was there already.", "model": AttachmentView}}
AT_ONCE = 2  # files opened by one process
PATIENCE_SECONDS = 30.0
# Whatever a browser makes of it, it runs nothing and reaches nothing.
HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'"}


def _may_write(caller: CallerIn) -> Caller:
    caller.require("reports:write")
    return caller


Originator = Annotated[Caller, Depends(_may_write)]


@router.post("/{reference}/attachments", status_code=201, openapi_extra=_FORM, responses=_SAME)
async def attach_file(reference: str, request: Request, response: Response, caller: Originator) -> AttachmentView:
    """Attach a file to one of your own reports; 201 means that it is stored. The same bytes once more change nothing.

    Others are given a copy without its metadata, made in a moment; `why` says if there can be none.
    """
    view, new = await taken(request, caller, reference)
    response.headers["Location"] = f"/v1/reports/{reference}/attachments/{view.reference}"
    if not new:
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    return view


async def taken(request: Request, caller: Caller, reference: str) -> tuple[AttachmentView, bool]:
    """The file that a request brings, attached to a report; whether it is new there."""
    await run_in_threadpool(service.admit, caller, reference)
    async with received(request) as upload:
        with store().scratch() as scratch:
            async with _turn(request):
                found = await run_in_threadpool(examined, upload.path, scratch)
        async with network.writing(request) as session:
            return await run_in_threadpool(service.attach, session, caller, reference, upload, found)


@asynccontextmanager
async def _turn(request: Request) -> AsyncIterator[None]:
    """Files are opened a few at a time; whoever waits for a turn waits in the loop, and not for ever."""
    state = request.app.state
    if not hasattr(state, "openers"):
        state.openers = anyio.Semaphore(AT_ONCE)
    with anyio.move_on_after(PATIENCE_SECONDS) as waiting:
        await state.openers.acquire()
    if waiting.cancelled_caught:
        raise TooBusy("Many files are being opened: try again.", headers={"Retry-After": "10"})
    try:
        yield
    finally:
        state.openers.release()


@router.get("/{reference}/attachments")
def list_attachments(reference: str, giving: Gives, db: Read, caller: CallerIn) -> AttachmentList:
    """The files of a report that you see, in the order in which they were attached."""
    caller.require("reports:read")
    found = service.listed(db, caller, reference)
    giving.note(db, caller, [reference])
    return AttachmentList(attachments=found)


@router.get("/{reference}/attachments/{attachment}", response_class=StreamingResponse, responses=_FILE)
def read_attachment(
    reference: str, attachment: str, giving: Gives, db: Read, caller: CallerIn, copy: bool = False
) -> StreamingResponse:
    """The bytes of an attachment: of your own as you sent it, or with `?copy=true` as others are given it."""
    caller.require("reports:read")
    given = service.give(db, caller, reference, attachment, copy=copy)
    giving.note(db, caller, [reference])
    return saved(given)


@router.get("/{reference}/attachments/{attachment}/text")
def read_words(reference: str, attachment: str, giving: Gives, db: Read, caller: CallerIn) -> AttachmentWords:
    """The words that were found in an attachment, by which the report is tagged; masked for others than its owner."""
    caller.require("reports:read")
    found = personal.words(db, caller, reference, attachment)
    giving.note(db, caller, [reference])
    return found


@router.put("/{reference}/attachments/{attachment}/personal")
def decide_about_file(
    reference: str, attachment: str, caller: Originator, body: PersonalDecision, db: Write
) -> AttachmentView:
    """Decide whether others are given one of your own files in which personal data was found, or its words, masked."""
    return personal.decide(db, caller, reference, attachment, body)


@router.delete("/{reference}/attachments/{attachment}", status_code=204)
def remove_attachment(reference: str, attachment: str, caller: Originator, db: Write) -> None:
    """Take a file from one of your own reports and destroy its bytes."""
    service.remove(db, caller, reference, attachment)


def saved(given: service.Given) -> StreamingResponse:
    """An answer that is saved under a name, whatever it holds."""
    # The plain name is for programs that do not know the other (RFC 6266, appendix D).
    plain = f"{given.view.reference}{ENDINGS[given.view.kind][0]}"
    headers = HEADERS | {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(given.view.name, safe='')}",
        "Content-Length": str(given.view.size),
    }
    return StreamingResponse(_pieces(given.bytes), media_type="application/octet-stream", headers=headers)


def _pieces(data: IO[bytes]) -> Iterator[bytes]:
    with data:
        while some := data.read(CHUNK):
            yield some
