"""The revisions of a report, and what changed in each."""

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from services import dialogue, reports
from services.console.rendering import page
from services.console.visitors import VisitorIn
from services.console.words import Words
from services.kernel.routing import Router
from services.network import Read

router = Router()


@router.get("/reports/{reference}/revisions")
def list_page(request: Request, giving: reports.Gives, db: Read, visitor: VisitorIn, reference: str) -> Response:
    """The revisions that the visitor may read."""
    visitor.caller.require("reports:read")
    found = dialogue.revisions(db, visitor.caller, reference)
    giving.told(db, visitor.caller, [found.report])
    return page(request, visitor, "revisions.html", found=found)


@router.get("/reports/{reference}/revisions/{revision}")
def revision_page(
    request: Request,
    giving: reports.Gives,
    db: Read,
    visitor: VisitorIn,
    reference: str,
    revision: Annotated[int, Path(ge=1, le=2**31 - 1)],
    since: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """One revision with what changed in it."""
    visitor.caller.require("reports:read")
    found = dialogue.revision(db, visitor.caller, reference, revision, since)
    giving.note(db, visitor.caller, [found.report])
    words = Words(visitor.caller.language)
    changes = [(one.field, said(one.before, words), said(one.after, words)) for one in found.changes]
    return page(request, visitor, "revision.html", found=found, changes=changes)


def said(value: Any, words: Words) -> str:
    """A field's value in short; nothing is a dash."""
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, bool):
        return words._("yes") if value else words._("no")
    if isinstance(value, dict):
        return "; ".join(f"{name}: {said(one, words)}" for name, one in value.items() if one not in (None, ""))
    if isinstance(value, list):
        return "; ".join(said(one, words) for one in value)
    if isinstance(value, int | float):
        return words.number(value)
    return str(value)
