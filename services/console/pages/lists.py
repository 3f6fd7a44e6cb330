"""Lists of designated groups and persons: which feed the network, and the secretariat's word on those of one state."""

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from services import sanctions
from services.console import administering
from services.console import form as forms
from services.console.form import Typed
from services.console.rendering import page
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import db
from services.kernel.routing import Router
from services.network import Read

router = Router()


@router.get("/lists")
def lists_page(request: Request, db: Read, visitor: VisitorIn) -> Response:
    """The lists that are held, and for analysts of the secretariat the form by which one is approved."""
    return _listed(request, db, visitor, Typed({}), {})


@router.post("/lists")
def decide(request: Request, visitor: VisitorIn, posted: Posted) -> Response:
    """Approve a list, or take the approval back."""
    visitor.caller.require("reports:grade")
    given = {name: posted.get(name) for name in ("source", "approved", "reason", "designated_by")}
    typed = Typed({name: value.strip() for name, value in given.items() if isinstance(value, str)})
    body = {
        "approved": typed["approved"] == "yes",
        "reason": typed["reason"],
        "designated_by": posted.get("designated_by"),
    }
    read, faults = administering.read(sanctions.NewApproval, body, visitor.caller.language)
    if read is None:
        with db.reading() as session:
            return _listed(request, session, visitor, typed, faults)
    with db.transaction() as session:
        sanctions.decide(session, visitor.caller, typed["source"], read)
    return RedirectResponse("/lists", HTTPStatus.SEE_OTHER)


def _listed(request: Request, session: Session, visitor: Visitor, typed: Typed, faults: dict[str, str]) -> Response:
    return page(
        request,
        visitor,
        "lists.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        lists=sanctions.held(session, visitor.caller),
        decides=sanctions.decides_on_lists(session, visitor.caller),
        typed=typed,
        faults=forms.Faults(faults),
    )
