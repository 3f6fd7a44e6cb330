"""Routes of sheets: a form's template, and the file that was filled in with it."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from services import forms
from services.kernel.config import settings
from services.kernel.errors import TooLarge, UnsupportedType
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, sender_of
from services.sheets import templates
from services.sheets.taking import Answer, form_for, take
from services.sheets.templates import CSV, XLSX

router = Router(prefix="/v1", tags=["sheets"])
Version = Annotated[int | None, Query(ge=1, le=10_000, description="Left out: the one in force.")]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE = {"requestBody": {"required": True, "content": {CSV: _BINARY, XLSX: _BINARY}}}
_LINES = "application/x-ndjson"
AT_ONCE = 2


async def _reporter(request: Request) -> Caller:
    caller = await sender_of(request)
    caller.require("reports:write")
    return caller


Reporter = Annotated[Caller, Depends(_reporter)]


def _gives(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: _BINARY}, "description": "The template."}}


@router.get("/forms/{code}/template.csv", response_class=Response, responses=_gives(CSV))
def read_csv_template(code: str, db: Read, caller: CallerIn, version: Version = None) -> Response:
    """An empty sheet of a form as CSV, explained in your language."""
    form = forms.get(db, code, version)
    return _file(templates.as_csv(form, caller.language), CSV, f"{form.code}-{form.version}.csv")


@router.get("/forms/{code}/template.xlsx", response_class=Response, responses=_gives(XLSX))
def read_xlsx_template(code: str, db: Read, caller: CallerIn, version: Version = None) -> Response:
    """An empty sheet of a form as a workbook, explained in your language, with drop-downs."""
    form = forms.get(db, code, version)
    return _file(templates.as_xlsx(form, caller.language), XLSX, f"{form.code}-{form.version}.xlsx")


@router.post("/reports/sheet", response_class=StreamingResponse, openapi_extra=_FILE)
async def submit_sheet(
    request: Request,
    caller: Reporter,
    form: Annotated[str, Query(max_length=40, description="The code of the form.")],
    form_version: Version = None,
    validate: bool = False,
) -> StreamingResponse:
    """Hand in the rows of a CSV or XLSX file made with a form's template; each row gets an answer of its own, in order.

    What a row holds is stored when its answer says 202; a repeat of a row has no effect. A file that is no sheet of the
    form is refused whole, and nothing of it is stored. With `?validate=true` rows are checked only.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in (CSV, XLSX):
        raise UnsupportedType(f"Send Content-Type: {CSV}, or {XLSX}.", field="Content-Type")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedType("Send the file uncompressed.", field="Content-Encoding")
    raw = await _whole(request)
    answers = await answered(request, raw, form, form_version, caller, dry=validate)
    return StreamingResponse(_written(answers), media_type=_LINES)


async def answered(
    request: Request, raw: bytes, form: str, version: int | None, caller: Caller, *, dry: bool
) -> list[Answer]:
    """What becomes of the rows of a file, once it is this one's turn; raises what a whole file is refused with."""
    reading = partial(_settled, raw, form, version, caller, dry=dry)
    return await to_thread.run_sync(reading, limiter=_places(request))


def _places(request: Request) -> CapacityLimiter:
    """How many files are read at once: what one takes of memory is bounded, and so is what all of them take. The others
    wait in the loop, not in threads that the rest of the service needs."""
    state = request.app.state
    if not hasattr(state, "sheets"):
        state.sheets = CapacityLimiter(AT_ONCE)
    limiter: CapacityLimiter = state.sheets
    return limiter


def _settled(raw: bytes, code: str, version: int | None, caller: Caller, *, dry: bool) -> list[Answer]:
    """All answers, before the first is sent: a refusal of the whole file has a status of its own."""
    return list(take(raw, form_for(code, version), caller, dry=dry))


def _written(answers: list[Answer]) -> Iterator[bytes]:
    return (one.line() for one in answers)


async def _whole(request: Request) -> bytes:
    """The file, refused as soon as it is longer than allowed."""
    limit = settings().sheet_limit
    held = bytearray()
    async for chunk in request.stream():
        held += chunk
        if len(held) > limit:
            raise TooLarge(f"A file may have {limit} bytes: send the rest apart.")
    return bytes(held)


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
