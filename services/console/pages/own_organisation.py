"""The visitor's own organisation as the network knows it; its focal point says whether it hides its membership."""

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services import network, vocabulary
from services.console import administering
from services.console.administering import typed
from services.console.form import Typed
from services.console.rendering import page
from services.console.visitors import Posted, VisitorIn
from services.kernel import db
from services.kernel.routing import Router

router = Router()


@router.get("/organisation")
def own_organisation(request: Request, visitor: VisitorIn) -> Response:
    """All about the organisation that the visitor acts for, for its own people."""
    caller = visitor.caller
    with db.reading() as session:
        row = session.get_one(network.Organisation, caller.organisation_id)
        known = network.directory(session)
        aliases = network.aliases_of(session, row)
        speaks = network.mine(session, caller) is not None
    places = vocabulary.places()
    return page(
        request,
        visitor,
        "own_organisation.html",
        row=row,
        aliases=aliases,
        speaks=speaks,
        typed=Typed({"hidden": "yes" if row.hidden else ""}),
        parent=known.parties[row.parent_id] if row.parent_id is not None else None,
        children=sorted((one for one in known.parties.values() if one.parent_id == row.key), key=lambda one: one.slug),
        countries=[places.name(code, caller.language) for code in row.countries],
        kinds=administering.kinds(caller.language),
    )


@router.post("/organisation")
def hide(visitor: VisitorIn, posted: Posted) -> Response:
    """Say whether the organisation hides its membership: its focal points may."""
    change = network.EditOrganisation(hidden=typed(posted)["hidden"] == "yes")
    with db.reading() as session:
        slug = session.get_one(network.Organisation, visitor.caller.organisation_id).slug
    with db.transaction() as session:
        network.edit(session, slug, change, by=visitor.caller)
    return RedirectResponse("/organisation", HTTPStatus.SEE_OTHER)
