"""Assignments: which reports are expected of whom; made, ended and struck out by whoever keeps them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from services import assignments, forms, network, vocabulary
from services.assignments import EditAssignment, NewAssignment
from services.console import administering, sharing
from services.console.administering import typed
from services.console.form import Faults, Typed
from services.console.rendering import page
from services.console.sharing import Choice
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import clock, db
from services.kernel.errors import NotFound, Problem
from services.kernel.routing import Router
from services.network import Caller

router = Router()
BOXES = ("organisations", "groups")
FIELDS = ("organisation", "form", "period", "due_days", "due_hour", "place", "status", "starts_on", "ends_on")


def _keeper(visitor: VisitorIn) -> Visitor:
    visitor.caller.require("assignments:write")
    return visitor


Keeper = Annotated[Visitor, Depends(_keeper)]


@router.get("/assignments")
def list_page(request: Request, visitor: Keeper) -> Response:
    """All assignments, and the form to make one; what the address names stands in it."""
    given = {name: str(request.query_params.get(name, ""))[:60] for name in FIELDS}
    opened = {"period": "month", "due_days": "5", "due_hour": "18", "status": "actual", "tlp": "AMBER"}
    opened |= {"starts_on": clock.now().date().replace(day=1).isoformat()}
    with db.reading() as session:
        first, _others = sharing.bodies(network.directory(session), visitor.caller)
        own = _own(network.directory(session), visitor.caller)
    ticked = {"organisations": tuple(one.value for one in (*own, *first)), "groups": ()}
    return _page(request, visitor, Typed(opened | {name: value for name, value in given.items() if value}, ticked))


@router.post("/assignments")
def make(request: Request, visitor: Keeper, posted: Posted) -> Response:
    """Expect a report, and show it among the others."""
    form = typed(posted)
    boxes = {name: tuple(str(one) for one in posted.getlist(name)) for name in BOXES}
    form = Typed(form.one, boxes)
    faults = _tried(lambda: _make(visitor.caller, form), visitor.caller.language)
    if faults:
        return _page(request, visitor, form, faults)
    return RedirectResponse("/assignments", HTTPStatus.SEE_OTHER)


@router.post("/assignments/{reference}/{what}")
def change(request: Request, visitor: Keeper, reference: str, what: str, posted: Posted) -> Response:
    """End an assignment on a day, or strike it out."""
    acts: dict[str, Callable[[Caller, str, Typed], dict[str, str]]] = {"end": _end, "strike": _strike}
    if what not in acts:
        raise NotFound
    form = typed(posted)
    faults = _tried(lambda: acts[what](visitor.caller, reference, form), visitor.caller.language)
    if faults:
        return _page(request, visitor, form, faults)
    return RedirectResponse("/assignments", HTTPStatus.SEE_OTHER)


def _make(caller: Caller, form: Typed) -> dict[str, str]:
    body: dict[str, Any] = {name: form[name] for name in FIELDS if form[name]}
    named = {name: list(form.many.get(name, ())) for name in BOXES} if form["tlp"] in ("AMBER", "AMBER+STRICT") else {}
    body["marking"] = {"tlp": form["tlp"], "attribution": "named"} | named
    return administering.done(
        caller, NewAssignment, body, lambda session, given: assignments.make(session, caller, given)
    )


def _end(caller: Caller, reference: str, form: Typed) -> dict[str, str]:
    body = {"ends_on": form["ends_on"] or None}
    return administering.done(
        caller, EditAssignment, body, lambda session, given: assignments.edit(session, caller, reference, given)
    )


def _strike(caller: Caller, reference: str, _form: Typed) -> dict[str, str]:
    with db.transaction() as session:
        assignments.strike(session, caller, reference)
    return {}


def _tried(act: Callable[[], dict[str, str]], language: str) -> dict[str, str]:
    try:
        found = act()
    except Problem as problem:
        if not problem.field:
            raise
        found = administering.refused(problem, language)
    return {{"marking": "tlp"}.get(name, name).removeprefix("marking."): text for name, text in found.items()}


def _page(request: Request, visitor: Visitor, form: Typed, faults: dict[str, str] | None = None) -> Response:
    caller = visitor.caller
    with db.reading() as session:
        found = assignments.search(session, caller)
        known = network.directory(session)
        own, (first, others) = _own(known, caller), sharing.bodies(known, caller)
        titles = sorted((one.code, forms.said(one.title, caller.language)) for one in forms.shelf(session))
        bodies = _assignable(known, caller)
    enrolled = {one.value for one in bodies}
    made = {(one.organisation, one.form, one.period) for one in found if one.active}
    proposed = [
        one
        for one in assignments.templates()
        if one.organisation in enrolled and (one.organisation, one.form, one.period) not in made
    ]
    places = vocabulary.places()
    return page(
        request,
        visitor,
        "assignments.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        typed=form,
        faults=Faults(faults or {}),
        found=[one for one in found if one.active],
        proposed=proposed,
        bodies=bodies,
        names={one.value: one.name for one in bodies},
        titles=titles,
        called=dict(titles),
        places=[one.code for one in places.countries()],
        labels=[one for one in sharing.labels(caller.language) if one.value != "RED"],
        recipients=[*own, *first, *others],
        groups=sharing.groups(known, caller),
    )


def _assignable(known: network.Directory, caller: Caller) -> list[Choice]:
    """The active organisations that a report may be expected of, by name."""
    left_out = assignments.exempt()
    found = [
        Choice(one.slug, one.name(caller.language))
        for one in known.parties.values()
        if one.active and one.kind not in left_out and one.id in network.known_to(known, caller)
    ]
    return sorted(found, key=lambda one: one.name.casefold())


def _own(known: network.Directory, caller: Caller) -> list[Choice]:
    """The visitor's own organisation where it is the secretariat, which is preselected and can be left out."""
    party = known.parties.get(caller.organisation_id or 0)
    if party is None or party.kind != "secretariat":
        return []
    return [Choice(party.slug, party.name(caller.language))]
