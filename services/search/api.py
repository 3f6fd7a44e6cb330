"""The routes by which reports are found, and by which a model suggests."""

from typing import Annotated, Literal

from fastapi import Query

from services.kernel.routing import Router
from services.network import CallerIn, Read
from services.reports import Gives
from services.search import suggesting
from services.search.schemas import FoundPage, HintsView
from services.search.service import find
from services.tagging import Analyst, Filtered

router = Router(tags=["reports"])


@router.get("/v1/search")
def search_reports(
    giving: Gives,
    db: Read,
    caller: CallerIn,
    wanted: Filtered,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    size: Annotated[int, Query(ge=1, le=50)] = 20,
    mode: Annotated[
        Literal["words", "meaning"], Query(description="By meaning: where the extra `ai` is installed; one page.")
    ] = "words",
) -> FoundPage:
    """The reports you may see that have all words of `q`, in title, text, written answers or files: the closest first.

    A word finds its other forms too, by its beginning. There is no syntax: quotes and signs are left out. By meaning, a
    model suggests the nearest, whatever their words and language.
    """
    caller.require("reports:read")
    if mode == "meaning":
        page = suggesting.by_meaning(db, caller, wanted, size=size)
    else:
        page = find(db, caller, wanted, cursor=cursor, size=size)
    giving.note(db, caller, [one.reference for one in page.hits])
    return page


@router.get("/v1/reports/{reference}/hints")
def read_hints(reference: str, giving: Gives, db: Read, caller: Analyst) -> HintsView:
    """Themes that a model suggests for a report, and reports you see that may be related (for analysts).

    Neither is a tag or a link, and neither is counted: what you find right, say so.
    """
    found = suggesting.hints(db, caller, reference)
    giving.told(db, caller, [found.reference, *found.related])
    return found
