"""What a submitter keeps: the receipt of each report, and the list of one's own with what became of them."""

from typing import Annotated

from fastapi import Query, Request, Response

from services import dialogue, reports, tagging
from services.console.pages.reading import readers_of
from services.console.rendering import page
from services.console.visitors import VisitorIn
from services.kernel.routing import Router
from services.network import Read

router = Router()
SIZE = 25


@router.get("/reports/{reference}/receipt")
def receipt_page(
    request: Request,
    giving: reports.Gives,
    db: Read,
    visitor: VisitorIn,
    reference: str,
    sent: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Reference, hash, time, signature, who may read it and what became of it: for its owner only. `sent`: the form
    whose draft is done with."""
    visitor.caller.require("reports:read")
    row = reports.get(db, visitor.caller, reference)
    report = tagging.get(db, visitor.caller, reference)
    if not report.mine:
        raise reports.NoSuchReport
    giving.note(db, visitor.caller, [reference])
    return page(
        request,
        visitor,
        "receipt.html",
        report=report,
        digest=row.digest,
        signed=reports.receipt(db, visitor.caller, reference),
        told=dialogue.status(db, visitor.caller, reference),
        readers=readers_of(db, visitor, report),
        sent=sent,
    )


@router.get("/mine")
def own_page(
    request: Request,
    giving: reports.Gives,
    db: Read,
    visitor: VisitorIn,
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """The reports of the visitor's own organisation, each with its state: received, tagged or withdrawn."""
    visitor.caller.require("reports:read")
    found = tagging.search(db, visitor.caller, tagging.Wanted(mine=True), cursor=cursor or None, size=SIZE)
    giving.note(db, visitor.caller, [one.reference for one in found.reports])
    return page(request, visitor, "mine.html", found=found, begun=bool(cursor))
