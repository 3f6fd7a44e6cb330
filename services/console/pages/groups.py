"""Sharing groups for administrators: members by day, by hand and by rule; a rule is tried before it is set."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import select

from services import network, vocabulary
from services.console import administering
from services.console.administering import Administrator, Posted, typed
from services.console.form import Faults, Typed
from services.console.rendering import page
from services.console.visitors import Visitor
from services.kernel import clock, db
from services.kernel.errors import NotFound, Problem
from services.network import Caller, Group

router = APIRouter()


@router.get("/groups")
def list_page(request: Request, visitor: Administrator) -> Response:
    """All groups, and a form to make one."""
    return _list(request, visitor, Typed(), {})


@router.post("/groups")
def form_group(request: Request, visitor: Administrator, posted: Posted) -> Response:
    """Make a group and go to its page."""
    form, language = typed(posted), visitor.caller.language
    body: dict[str, Any] = {name: form[name] for name in ("slug", "name_en", "name_ru")}
    body |= {"past": form["past"] == "yes", "members": list(form.many.get("members", ()))}
    new, faults = administering.read(network.NewGroup, body, language)
    if new is not None:
        try:
            with db.transaction() as session:
                network.form_group(session, new, by=visitor.caller)
            return RedirectResponse(f"/groups/{new.slug}", HTTPStatus.SEE_OTHER)
        except Problem as problem:
            faults = administering.refused(problem, language)
    return _list(request, visitor, form, faults)


@router.get("/groups/{slug}")
def one_page(request: Request, visitor: Administrator, slug: str) -> Response:
    """One group: who is in it and until when, its rule, its owner."""
    return _one(request, visitor, slug)


@router.post("/groups/{slug}/{what}")
def change(request: Request, visitor: Administrator, slug: str, what: str, posted: Posted) -> Response:
    """Make one change and show the group; where it is refused, the form again with why. `act=check` tries a rule."""
    form = typed(posted)
    if what not in CHANGES:
        raise NotFound
    try:
        if what == "rule" and posted.get("act") == "check":
            return _tried(request, visitor, slug, form)
        faults = CHANGES[what](visitor.caller, slug, form)
    except Problem as problem:
        if problem.status not in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY) and not problem.field:
            raise
        faults = administering.refused(problem, visitor.caller.language)
    if faults:
        return _one(request, visitor, slug, form, faults)
    return RedirectResponse(f"/groups/{slug}", HTTPStatus.SEE_OTHER)


def _edit(caller: Caller, slug: str, form: Typed) -> dict[str, str]:
    body: dict[str, Any] = {name: form[name] for name in ("name_en", "name_ru")}
    body |= {"past": form["past"] == "yes", "owner": form["owner"] or None}
    given, faults = administering.read(network.EditGroup, body, caller.language)
    if given is not None:
        with db.transaction() as session:
            network.edit_group(session, slug, given, by=caller)
    return faults


def _rule(caller: Caller, slug: str, form: Typed) -> dict[str, str]:
    given, faults = _rule_of(caller, form)
    if given is not None:
        with db.transaction() as session:
            network.edit_group(session, slug, network.EditGroup(rule=given), by=caller)
    return faults


def _join(caller: Caller, slug: str, form: Typed) -> dict[str, str]:
    body = {name: form[name] for name in ("begins_on", "ends_on") if form[name]}
    given, faults = administering.read(network.NewStay, body, caller.language)
    if given is not None:
        with db.transaction() as session:
            network.join(session, slug, form["organisation"], given, by=caller)
    return faults


def _leave(caller: Caller, slug: str, form: Typed) -> dict[str, str]:
    try:
        on = date.fromisoformat(form["on"]) if form["on"] else None
    except ValueError:
        return administering.read(network.NewStay, {"ends_on": form["on"]}, caller.language)[1]
    with db.transaction() as session:
        network.leave(session, slug, form["organisation"], on=on, by=caller)
    return {}


CHANGES: dict[str, Callable[[Caller, str, Typed], dict[str, str]]] = {
    "edit": _edit,
    "rule": _rule,
    "join": _join,
    "leave": _leave,
}


def _rule_of(caller: Caller, form: Typed) -> tuple[network.Rule | None, dict[str, str]]:
    body = {name: list(form.many.get(name, ())) for name in ("kinds", "countries")}
    return administering.read(network.Rule, body, caller.language)


def _tried(request: Request, visitor: Visitor, slug: str, form: Typed) -> Response:
    given, faults = _rule_of(visitor.caller, form)
    if given is None:
        return _one(request, visitor, slug, form, faults)
    with db.reading() as session:
        joining, leaving = network.would(session, slug, given, by=visitor.caller)
    return _one(request, visitor, slug, form, tried=(joining, leaving))


def _list(request: Request, visitor: Visitor, form: Typed, faults: dict[str, str]) -> Response:
    with db.reading() as session:
        rows = session.exec(select(Group).order_by(Group.slug)).all()
        known = network.directory(session)
    sizes = {row.key: sum(row.key in joined for joined in known.memberships.values()) for row in rows}
    return page(
        request,
        visitor,
        "groups.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        rows=rows,
        sizes=sizes,
        parties=_parties(known),
        typed=form,
        faults=Faults(faults),
    )


def _one(
    request: Request,
    visitor: Visitor,
    slug: str,
    form: Typed | None = None,
    faults: dict[str, str] | None = None,
    tried: tuple[list[network.Organisation], list[network.Organisation]] | None = None,
) -> Response:
    language = visitor.caller.language
    with db.reading() as session:
        row = session.exec(select(Group).where(Group.slug == slug)).first()
        if row is None:
            raise network.NoSuchGroup
        known = network.directory(session)
        stays = network.stays(session, row)
    places = vocabulary.places()
    owner = known.parties[row.owner_id].slug if row.owner_id is not None else ""
    kept = {"name_en": row.name_en, "name_ru": row.name_ru, "owner": owner, "past": "yes" if row.past else ""}
    boxes = form.many if form and (tried or "organisation" not in form.one) else row.rule
    return page(
        request,
        visitor,
        "group.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        row=row,
        stays=stays,
        tried=tried,
        typed=Typed(kept | (dict(form.one) if form else {}), boxes),
        faults=Faults(faults or {}),
        parties=_parties(known),
        kinds=administering.kinds(language),
        countries=[(one.code, places.name(one.code, language)) for one in places.countries()],
        today=clock.now().date().isoformat(),
    )


def _parties(known: network.Directory) -> list[network.Party]:
    members = [one for one in known.parties.values() if one.state in ("active", "suspended")]
    return sorted(members, key=lambda one: one.slug)
