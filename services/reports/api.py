"""Routes that take reports in, one or many, and let their originators revise and withdraw them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.kernel.config import settings
from services.kernel.errors import Invalid, TooLarge, UnsupportedType
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write, sender_of
from services.reports import bulk, service
from services.reports.giving import Gives
from services.reports.intake import checks, intake
from services.reports.personal import checked
from services.reports.readers import Asked, ReadersView, readers, try_marking, would_read
from services.reports.reading import parse
from services.reports.receipts import SignedReceipt, receipt
from services.reports.remarking import remark
from services.reports.repeats import Submission
from services.reports.schemas import Checked, EditReport, NewReport, Reason, Receipt

router = Router(prefix="/v1/reports", tags=["reports"])
ROUTE = "POST /v1/reports"
T = TypeVar("T", bound=BaseModel)
_LINES = {"requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": {"type": "string"}}}}}

markings = Router(prefix="/v1/markings", tags=["reports"])


class Marked(BaseModel):
    """Who saw the report before, and who does after; `done` is false for a dry run."""

    before: ReadersView
    after: ReadersView
    done: bool


def described(model: type[BaseModel]) -> dict[str, Any]:
    """The OpenAPI part of a body that is read by `parse`; `services.main` adds the schema itself."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def strictly(model: type[T]) -> Callable[[Request], Awaitable[T]]:
    """A dependency that reads a body as strictly as a submission's."""

    async def read(request: Request) -> T:
        _typed(request, "application/json")
        return parse(model, await _whole(request))

    return read


def _may_write(caller: CallerIn) -> Caller:
    caller.require("reports:write")
    return caller


# In a signature these stand before the transaction: nobody takes the write lock before being known and understood.
Originator = Annotated[Caller, Depends(_may_write)]
Edit = Annotated[EditReport, Depends(strictly(EditReport))]
Mark = Annotated[Asked, Depends(strictly(Asked))]
Why = Annotated[Reason, Depends(strictly(Reason))]
Announced = Annotated[str | None, Query(max_length=40, description="The reference of an upload of yours.")]


@router.post("", status_code=202, response_model=Receipt | Checked, openapi_extra=described(NewReport))
async def submit_report(
    request: Request,
    response: Response,
    validate: bool = False,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Receipt | Checked:
    """Hand in a report. 202 means that it is stored; a repeat under the same Idempotency-Key gives the same receipt.

    With `?validate=true` it is checked and not stored; the answer says whether you have sent the same before,
    what personal data was found in it, and what to look at again in the words of its judgement.
    """
    caller = await _reporter(request)
    _typed(request, "application/json")
    report = parse(NewReport, await _whole(request))
    submission = Submission(caller, report, ROUTE, _key(idempotency_key))
    if validate:
        before = await asyncio.wrap_future(checks.hand_in(submission))
        response.status_code = 200
        return await run_in_threadpool(checked, before, submission)
    accepted = await asyncio.wrap_future(intake.hand_in(submission))
    if accepted.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    response.headers["Location"] = f"/v1/reports/{accepted.receipt.reference}"
    return accepted.receipt


@router.post("/bulk", response_class=StreamingResponse, openapi_extra=_LINES)
async def submit_reports(request: Request, validate: bool = False, upload: Announced = None) -> Response:
    """Hand in many reports as NDJSON, one a line; each line gets an answer of its own, in order.

    What a line holds is stored when its answer says 202; a repeat of a line with an `own_reference` has no effect.
    With `?upload=` and the reference of an upload that you have announced, you can ask how far it came, also after a
    dropped line.
    """
    caller = await _reporter(request)
    _typed(request, "application/x-ndjson", gzip=True)
    gzip = _encoding(request) == "gzip"
    keeper = await run_in_threadpool(bulk.keeper_of, caller, upload, dry=validate)
    answers = await bulk.take(request.stream(), bulk.Asked(caller, dry=validate, gzip=gzip, keeper=keeper))
    return StreamingResponse(answers, media_type="application/x-ndjson")


@router.put("/{reference}", openapi_extra=described(EditReport))
def revise_report(reference: str, caller: Originator, body: Edit, db: Write) -> Receipt:
    """Replace one of your own reports by a new revision; the earlier ones are kept."""
    return service.revise(db, caller, reference, body)


@router.post("/{reference}/withdrawal", status_code=204, openapi_extra=described(Reason))
def withdraw_report(reference: str, caller: Originator, body: Why, db: Write) -> None:
    """Withdraw one of your own reports: it leaves every list, count and later digest."""
    service.withdraw(db, caller, reference, reason=body.reason)


@markings.post("/readers", openapi_extra=described(Asked))
def try_readers(caller: Originator, body: Mark, db: Read) -> ReadersView:
    """Who would see a report that you hand in with this marking. Nothing is stored."""
    return would_read(db, caller, body.marking, body.about)


@router.get("/{reference}/receipt")
def get_receipt(
    reference: str,
    giving: Gives,
    caller: Originator,
    db: Read,
    revision: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Without it, the present one.")] = None,
) -> SignedReceipt:
    """The signed receipt of one of your own reports, also of RED that a key has sent and cannot see."""
    made = receipt(db, caller, reference, revision)
    giving.told(db, caller, [made.reference])
    return made


@router.get("/{reference}/readers")
def list_readers(reference: str, giving: Gives, caller: Originator, db: Read) -> ReadersView:
    """Who sees one of your own reports now, and what another label would change."""
    found = readers(db, caller, reference)
    giving.told(db, caller, [reference])
    return found


@router.put("/{reference}/marking", openapi_extra=described(Asked))
def mark_report(
    reference: str, giving: Gives, caller: Originator, body: Mark, db: Write, dry_run: bool = False
) -> Marked:
    """Mark one of your own reports anew, wider or narrower. With `?dry_run=true` only say what would change."""
    tried = try_marking(db, caller, reference, body.marking)
    giving.told(db, caller, [reference])
    if not dry_run:
        remark(db, caller, reference, body.marking)
    return Marked(before=tried.before, after=tried.after, done=not dry_run)


async def _reporter(request: Request) -> Caller:
    caller = await sender_of(request)
    caller.require("reports:write")
    return caller


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", "identity").strip().lower()


def _typed(request: Request, wanted: str, *, gzip: bool = False) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise UnsupportedType(f"Send Content-Type: {wanted}.", field="Content-Type")
    if gzip and _encoding(request) not in ("identity", "gzip"):
        raise UnsupportedType("Send the body as it is, or as gzip.", field="Content-Encoding")
    if not gzip and _encoding(request) != "identity":
        raise UnsupportedType("Send the body uncompressed.", field="Content-Encoding")


async def _whole(request: Request) -> bytes:
    """The body, refused as soon as it is longer than allowed."""
    limit = settings().body_limit
    held = bytearray()
    async for chunk in request.stream():
        held += chunk
        if len(held) > limit:
            raise TooLarge(f"A report may have {limit} bytes: send long documents in parts.")
    return bytes(held)


def _key(given: str | None) -> str:
    if given is not None and not (given.isascii() and given.isprintable() and given.strip()):
        raise Invalid("Use 1 to 200 printable ASCII characters, such as a UUID.", field="Idempotency-Key")
    return given or ""
