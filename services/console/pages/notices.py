"""Notices: what was done to reports that the visitor has had, or that are the visitor's own."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from services import delivery
from services.console.rendering import page
from services.console.visitors import VisitorIn
from services.kernel import db
from services.kernel.routing import Router
from services.network import Read

router = Router()
SIZE = 25


@router.get("/notices")
def notices_page(
    request: Request, db: Read, visitor: VisitorIn, cursor: Annotated[str, Query(max_length=400)] = ""
) -> Response:
    """The visitor's notices, newest first."""
    found = delivery.notices(db, visitor.caller, cursor=cursor or None, size=SIZE)
    return page(request, visitor, "notices.html", found=found, begun=bool(cursor))


@router.post("/notices/{reference}/read")
def read(visitor: VisitorIn, reference: str) -> Response:
    """Note that the visitor has read a notice."""
    with db.transaction() as session:
        delivery.read(session, visitor.caller, reference)
    return RedirectResponse("/notices", HTTPStatus.SEE_OTHER)
