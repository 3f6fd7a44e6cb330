"""Digests: the list of editions, and one edition as this reader may see it."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from services import digests
from services.console.rendering import page
from services.console.visitors import VisitorIn
from services.network import Read

router = APIRouter()


@router.get("/digests")
def list_page(request: Request, db: Read, visitor: VisitorIn) -> Response:
    """The editions that the visitor may open, latest period first."""
    visitor.caller.require("digests:read")
    return page(request, visitor, "digests.html", editions=digests.editions(db, visitor.caller))


@router.get("/digests/{reference}")
async def digest_page(request: Request, visitor: VisitorIn, reference: str) -> Response:
    """One edition, rendered for this reader in the language of the page."""
    visitor.caller.require("digests:read")
    document = await digests.give(request, visitor.caller, reference, visitor.caller.language)

    def made() -> Response:
        return page(request, visitor, "digest.html", document=document, article=digests.article(document))

    return await run_in_threadpool(made)
