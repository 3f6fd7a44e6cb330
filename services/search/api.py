"""The route by which reports are found."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.network import CallerIn, Read
from services.reports import Gives
from services.search.schemas import FoundPage
from services.search.service import find
from services.tagging import Filtered

router = APIRouter(prefix="/v1/search", tags=["reports"])


@router.get("")
def search_reports(
    giving: Gives,
    db: Read,
    caller: CallerIn,
    wanted: Filtered,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    size: Annotated[int, Query(ge=1, le=50)] = 20,
) -> FoundPage:
    """The reports you may see that have all words of `q`, in title, text, written answers or files: the closest first.

    A word finds its other forms too, by its beginning. There is no syntax: quotes and signs are left out.
    """
    caller.require("reports:read")
    page = find(db, caller, wanted, cursor=cursor, size=size)
    giving.note(db, caller, [one.reference for one in page.hits])
    return page
