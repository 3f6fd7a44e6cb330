"""Routes of uploads: announced before the first byte, asked about while it is sent and after."""

from typing import Annotated, Literal

from fastapi import Depends, Query, Response
from fastapi.responses import StreamingResponse

from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write
from services.reports.uploads import service
from services.reports.uploads.faults import as_csv, as_ndjson
from services.reports.uploads.schemas import UploadView

uploads = Router(prefix="/v1/uploads", tags=["reports"])


def _sender(caller: CallerIn) -> Caller:
    caller.require("reports:write")
    return caller


Sender = Annotated[Caller, Depends(_sender)]
Written = Annotated[Literal["ndjson", "csv"], Query(alias="format", description="How the file is written.")]


@uploads.post("", status_code=201)
def announce_upload(response: Response, caller: Sender, db: Write) -> UploadView:
    """Announce a bulk upload: then send its body with `?upload=` and this reference, and ask here how far it came."""
    made = service.announce(db, caller)
    response.headers["Location"] = f"/v1/uploads/{made.reference}"
    return made


@uploads.get("/{reference}")
def get_upload(reference: str, caller: Sender, db: Read) -> UploadView:
    """How far one of your own uploads came: also when the line dropped and no answer reached you."""
    return service.get(db, caller, reference)


@uploads.get("/{reference}/errors", response_class=StreamingResponse)
def get_errors(
    reference: str,
    caller: Sender,
    db: Read,
    written: Written = "ndjson",
) -> StreamingResponse:
    """The lines of one of your own uploads that were refused: line, field and rule, never the value."""
    found = service.faults(db, caller, reference)
    name = {"Content-Disposition": f'attachment; filename="{reference}-errors.{written}"'}
    if written == "csv":
        return StreamingResponse(as_csv(found), media_type="text/csv; charset=utf-8; header=present", headers=name)
    return StreamingResponse(as_ndjson(found), media_type="application/x-ndjson", headers=name)
