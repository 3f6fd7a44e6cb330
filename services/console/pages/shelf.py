"""Digests: the list of editions, and one as this reader may see it; drafts made, and released by somebody else."""

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services import digests
from services.console.administering import read, refused, typed
from services.console.form import Faults, Typed
from services.console.rendering import page
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import clock, db
from services.kernel.errors import Invalid
from services.kernel.routing import Router
from services.reports import Gives

router = Router()


@router.get("/digests")
def list_page(request: Request, visitor: VisitorIn) -> Response:
    """The editions that the visitor may open, latest period first; whoever may, makes a draft here."""
    visitor.caller.require("digests:read")
    with db.reading() as session:
        found = digests.editions(session, visitor.caller)
    return _list(request, visitor, found, Typed({"day": clock.now().date().isoformat()}))


@router.post("/digests")
def make(request: Request, visitor: VisitorIn, posted: Posted) -> Response:
    """Make a draft of the period that holds a day, for the visitor's organisation, and open it."""
    caller, form = visitor.caller, typed(posted)
    caller.require("digests:build")
    given, faults = read(digests.NewEdition, {"schedule": form["schedule"], "day": form["day"]}, caller.language)
    if given is not None:
        try:
            with db.transaction() as session:
                made = digests.build(session, caller, given.schedule, given.day)
            return RedirectResponse(f"/digests/{made.reference}", HTTPStatus.SEE_OTHER)
        except Invalid as problem:
            faults = refused(problem, caller.language)
    with db.reading() as session:
        found = digests.editions(session, caller)
    return _list(request, visitor, found, form, faults)


@router.get("/digests/{reference}")
def digest_page(request: Request, giving: Gives, visitor: VisitorIn, reference: str) -> Response:
    """One edition, rendered for this reader in the language of the page; a draft with the button that releases it."""
    visitor.caller.require("digests:read")
    document = digests.give(giving, visitor.caller, reference, visitor.caller.language)
    with db.reading() as session:
        one = digests.edition(session, visitor.caller, reference)
    return page(request, visitor, "digest.html", document=document, one=one, article=digests.article(document))


@router.post("/digests/{reference}/release")
def release(visitor: VisitorIn, reference: str) -> Response:
    """Release a draft that somebody else made, and show the edition."""
    with db.transaction() as session:
        digests.release(session, visitor.caller, reference)
    return RedirectResponse(f"/digests/{reference}", HTTPStatus.SEE_OTHER)


def _list(
    request: Request,
    visitor: Visitor,
    editions: list[digests.EditionView],
    form: Typed,
    faults: dict[str, str] | None = None,
) -> Response:
    return page(
        request,
        visitor,
        "digests.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        editions=editions,
        schedules=[(one.code, one.name) for one in digests.schedules()],
        typed=form,
        faults=Faults(faults or {}),
    )
