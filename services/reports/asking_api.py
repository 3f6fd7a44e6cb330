"""Routes for more sight: tear-lines, and requests to the owner of a report."""

from typing import Annotated

from fastapi import Query

from services.kernel.routing import Router
from services.network import CallerIn, Read, Write
from services.reports import asking, tear_lines
from services.reports.asking import ASKED_BY, Box
from services.reports.asking_schemas import Decision, NewRequest, RequestPage, RequestView
from services.reports.giving import Gives
from services.reports.schemas import TearLineIn, TearLinePage

asks = Router(prefix="/v1", tags=["reports"])
Cursor = Annotated[str | None, Query(max_length=400)]
Size = Annotated[int, Query(ge=1, le=200)]


@asks.get("/tear-lines")
def list_tear_lines(giving: Gives, caller: CallerIn, db: Read, cursor: Cursor = None, size: Size = 50) -> TearLinePage:
    """What you are told in brief of reports that you may not read."""
    caller.require("reports:read")
    page = tear_lines.told_lines(db, caller, cursor=cursor, size=size)
    for one in page.tear_lines:
        giving.counted(db, caller, one.tlp)
    return page


@asks.put("/reports/{reference}/tear-line", status_code=204)
def put_tear_line(reference: str, caller: CallerIn, body: TearLineIn, db: Write) -> None:
    """Give one of your own reports a tear-line, or another one."""
    caller.require("reports:write")
    tear_lines.put_line(db, caller, reference, body)


@asks.delete("/reports/{reference}/tear-line", status_code=204)
def take_tear_line_away(reference: str, caller: CallerIn, db: Write) -> None:
    """Take the tear-line of one of your own reports away."""
    caller.require("reports:write")
    tear_lines.take_line_away(db, caller, reference)


@asks.post("/reports/{reference}/requests", status_code=201)
def ask_for_more(reference: str, caller: CallerIn, body: NewRequest, db: Write) -> RequestView:
    """Ask the owner of a report that you read to let it go further, for a tear-line of it, or, as a person, to let you
    read its original (both for analysts)."""
    caller.require("reports:read")
    caller.require("requests:write")
    if body.kind in ASKED_BY:
        caller.require(ASKED_BY[body.kind])
    return asking.ask(db, caller, reference, body)


@asks.get("/requests")
def list_requests(
    giving: Gives, caller: CallerIn, db: Read, box: Box = "in", cursor: Cursor = None, size: Size = 50
) -> RequestPage:
    """Requests about your own reports (`in`), or those that your organisation has made (`out`)."""
    caller.require("reports:read")
    page = asking.asked(db, caller, box, cursor=cursor, size=size)
    giving.told(db, caller, [one.report for one in page.requests])
    return page


@asks.post("/requests/{reference}/decision")
def decide_request(reference: str, caller: CallerIn, body: Decision, db: Write) -> RequestView:
    """Grant or refuse a request about one of your own reports. Granting does it in the same act."""
    caller.require("reports:write")
    return asking.decide(db, caller, reference, body)
