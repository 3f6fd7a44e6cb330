"""Routes of notices: each caller's own."""

from typing import Annotated

from fastapi import Query

from services.delivery import service
from services.delivery.schemas import NoticePage
from services.kernel.routing import Router
from services.network import CallerIn, Read, Write

router = Router(prefix="/v1/notices", tags=["notices"])


@router.get("")
def list_notices(
    caller: CallerIn,
    db: Read,
    unread: Annotated[bool, Query(description="Only those that you have not read.")] = False,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> NoticePage:
    """What was done to reports that you have had, or that are yours, newest first. A key finds what it has read."""
    return service.notices(db, caller, only_unread=unread, cursor=cursor, size=size)


@router.post("/{reference}/read", status_code=204)
def read_notice(reference: str, caller: CallerIn, db: Write) -> None:
    """Note that you have read one of your notices."""
    service.read(db, caller, reference)
