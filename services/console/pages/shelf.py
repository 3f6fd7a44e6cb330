"""Digests: the list of editions, and one edition as this reader may see it."""

from fastapi import APIRouter, Request, Response

from services import digests
from services.console.rendering import page
from services.console.visitors import VisitorIn
from services.network import Read
from services.reports import Gives

router = APIRouter()


@router.get("/digests")
def list_page(request: Request, db: Read, visitor: VisitorIn) -> Response:
    """The editions that the visitor may open, latest period first."""
    visitor.caller.require("digests:read")
    return page(request, visitor, "digests.html", editions=digests.editions(db, visitor.caller))


@router.get("/digests/{reference}")
def digest_page(request: Request, giving: Gives, visitor: VisitorIn, reference: str) -> Response:
    """One edition, rendered for this reader in the language of the page."""
    visitor.caller.require("digests:read")
    document = digests.give(giving, visitor.caller, reference, visitor.caller.language)
    return page(request, visitor, "digest.html", document=document, article=digests.article(document))
