"""Routes that machines of partners read from."""

from typing import Annotated

from fastapi import Query

from services.exchange.schemas import ChangePage
from services.exchange.service import changes
from services.kernel.routing import Router
from services.network import CallerIn, Read
from services.reports import Gives

router = Router(prefix="/v1", tags=["exchange"])


@router.get("/changes")
def list_changes(
    giving: Gives,
    caller: CallerIn,
    db: Read,
    cursor: Annotated[str | None, Query(max_length=4000)] = None,
    size: Annotated[int, Query(ge=1, le=200)] = 100,
) -> ChangePage:
    """What came into your sight, changed in it or left it since the cursor; without one, all that you see.

    Applied in order from nothing, the changes give what `GET /v1/reports` gives.
    """
    caller.require("reports:read")
    return changes(db, giving, caller, cursor, size)
