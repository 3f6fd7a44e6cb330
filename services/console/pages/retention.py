"""Retention: the rules, what they would take, and legal holds; for administrators, and for auditors to read."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from services import digests, reports
from services.console import administering
from services.console.administering import typed
from services.console.form import Faults, Typed
from services.console.periods import day
from services.console.rendering import page
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import db
from services.kernel.errors import NotFound, Problem
from services.kernel.routing import Router
from services.network import Caller, Tlp
from services.reports import KINDS, NewHold, NewRule

router = Router()
NAMED = ("kind", "tlp", "months", "counted_from")


def _keeper(visitor: VisitorIn) -> Visitor:
    visitor.caller.require("retention:read")
    return visitor


Keeper = Annotated[Visitor, Depends(_keeper)]
Asked = Annotated[str, Query(max_length=40)]


@router.get("/retention")
def retention_page(
    request: Request,
    visitor: Keeper,
    kind: Asked = "",
    tlp: Asked = "",
    months: Asked = "",
    counted_from: Asked = "event",
    until: Asked = "",
) -> Response:
    """The rules and what they would take until a day; with months also a rule that is tried out."""
    form = Typed({"kind": kind, "tlp": tlp, "months": months, "counted_from": counted_from, "until": until})
    tried: NewRule | None = None
    faults: dict[str, str] = {}
    if months:
        tried, faults = administering.read(NewRule, _rule(form), visitor.caller.language)
    return _shown(request, visitor, form, faults, tried)


@router.post("/retention/{what}")
def change(request: Request, visitor: Keeper, what: str, posted: Posted) -> Response:
    """Make one change and show the page; where it is refused, the form again with why."""
    form = typed(posted)
    if what not in CHANGES:
        raise NotFound
    try:
        faults = CHANGES[what](visitor.caller, form)
    except Problem as problem:
        if not problem.field:
            raise
        faults = administering.refused(problem, visitor.caller.language)
    return _shown(request, visitor, form, faults) if faults else RedirectResponse("/retention", HTTPStatus.SEE_OTHER)


def _make(caller: Caller, form: Typed) -> dict[str, str]:
    caller.require("network:admin")
    new, faults = administering.read(NewRule, _rule(form), caller.language)
    if new is not None:
        with db.transaction() as session:
            reports.make_rule(session, caller, new)
    return faults


def _end(caller: Caller, form: Typed) -> dict[str, str]:
    caller.require("network:admin")
    with db.transaction() as session:
        reports.end_rule(session, caller, form["reference"])
    return {}


def _hold(caller: Caller, form: Typed) -> dict[str, str]:
    caller.require("holds:write")
    body = {name: form[name] for name in ("what", "name", "reason")}
    new, faults = administering.read(NewHold, body, caller.language)
    if new is not None:
        with db.transaction() as session:
            reports.set_hold(session, caller, new)
    return faults


def _lift(caller: Caller, form: Typed) -> dict[str, str]:
    caller.require("holds:write")
    with db.transaction() as session:
        reports.lift_hold(session, caller, form["reference"])
    return {}


CHANGES: dict[str, Callable[[Caller, Typed], dict[str, str]]] = {
    "rule": _make,
    "end": _end,
    "hold": _hold,
    "lift": _lift,
}


def _rule(form: Typed) -> dict[str, Any]:
    return {name: form[name] for name in NAMED if form[name]}


def _shown(
    request: Request, visitor: Visitor, form: Typed, faults: dict[str, str], tried: NewRule | None = None
) -> Response:
    with db.reading() as session:
        found = digests.dry_run(session, until=day(form["until"]), tried=tried)
        holds = reports.standing_holds(session)
    return page(
        request,
        visitor,
        "retention.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        found=found,
        holds=holds,
        typed=form,
        faults=Faults(faults),
        tried=tried,
        kinds=KINDS,
        labels=[str(one) for one in Tlp],
    )
