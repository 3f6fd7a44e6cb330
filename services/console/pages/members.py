"""Members: who acts for whom, with roles, offices and state; administrators change roles and end access."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from services import network
from services.console import administering
from services.console.administering import Administrator, typed
from services.console.form import Faults, Typed
from services.console.rendering import page
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import db
from services.kernel.errors import NotFound, Problem
from services.kernel.routing import Router
from services.network import Caller

router = Router()


def _colleague(visitor: VisitorIn) -> Visitor:
    visitor.caller.require("members:read")
    return visitor


Colleague = Annotated[Visitor, Depends(_colleague)]


@router.get("/members")
def list_page(request: Request, visitor: Colleague) -> Response:
    """All people for administrators; for a focal point those of its own organisation."""
    with db.reading() as session:
        rows = network.members(session, visitor.caller)
    return page(request, visitor, "members.html", rows=rows, roles=_called(visitor), clash=network.clash)


@router.get("/members/{login}")
def one_page(request: Request, visitor: Colleague, login: str) -> Response:
    """One person, with all that can be changed."""
    return _one(request, visitor, login)


@router.post("/members/{login}/{what}")
def change(request: Request, visitor: Administrator, login: str, what: str, posted: Posted) -> Response:
    """Make one change and show the person; where it is refused, the form again with why."""
    if what not in CHANGES:
        raise NotFound
    form = typed(posted)
    try:
        faults = CHANGES[what](visitor.caller, login, form)
    except Problem as problem:
        if problem.status not in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
            raise
        faults = administering.refused(problem, visitor.caller.language)
    if faults:
        return _one(request, visitor, login, form, faults)
    return RedirectResponse(f"/members/{login}", HTTPStatus.SEE_OTHER)


def _roles(caller: Caller, login: str, form: Typed) -> dict[str, str]:
    given, faults = administering.read(network.NewRoles, {"roles": form.many.get("roles", ())}, caller.language)
    if given is not None:
        with db.transaction() as session:
            network.assign(session, login, given.roles, by=caller)
    return faults


def _deactivate(caller: Caller, login: str, _form: Typed) -> dict[str, str]:
    with db.transaction() as session:
        network.deactivate(session, login, by=caller)
    return {}


CHANGES = {"roles": _roles, "deactivate": _deactivate}


def _one(
    request: Request, visitor: Visitor, login: str, form: Typed | None = None, faults: dict[str, str] | None = None
) -> Response:
    with db.reading() as session:
        rows = network.members(session, visitor.caller)
        alone = administering.alone(session, visitor.caller)
    found = next((row for row in rows if row[0].login == login), None)
    if found is None:
        raise NotFound
    person, owner, offices = found
    return page(
        request,
        visitor,
        "member.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        person=person,
        owner=owner,
        offices=offices,
        own=visitor.caller.member_id == person.key,
        alone=alone,
        typed=form if form and faults else Typed({}, {"roles": tuple(person.roles)}),
        faults=Faults(faults or {}),
        choices=administering.roles(visitor.caller.language),
        roles=_called(visitor),
        clash=network.clash,
    )


def _called(visitor: Visitor) -> dict[str, str]:
    return {one.value: one.name for one in administering.roles(visitor.caller.language)}
