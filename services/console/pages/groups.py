"""Sharing groups for administrators and owners: members by day, hand and rule; a rule is tried before it is set."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import select

from services import network, vocabulary
from services.console import administering
from services.console.administering import Administrator, typed
from services.console.form import Faults, Typed
from services.console.rendering import page
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import clock, db
from services.kernel.errors import NotFound
from services.kernel.routing import Router
from services.network import Caller, Group

router = Router()


def _keeper(request: Request, visitor: VisitorIn) -> Visitor:
    """Whoever may change this group, or any; all others are refused alike, whether it is there or not."""
    with db.reading() as session:
        slugs = [one.slug for one in network.steered(session, visitor.caller)]
    if not slugs or request.path_params.get("slug", slugs[0]) not in slugs:
        visitor.caller.require("network:admin")
    return visitor


Keeper = Annotated[Visitor, Depends(_keeper)]


@router.get("/groups")
def list_page(request: Request, visitor: Keeper) -> Response:
    """The groups that the visitor may change; for administrators also a form to make one."""
    return _list(request, visitor, Typed(), {})


@router.post("/groups")
def form_group(request: Request, visitor: Administrator, posted: Posted) -> Response:
    """Make a group and go to its page."""
    form, caller = typed(posted), visitor.caller
    body: dict[str, Any] = {name: form[name] for name in ("slug", "name_en", "name_ru")}
    body |= {"past": form["past"] == "yes", "members": list(form.many.get("members", ()))}
    faults = administering.tried(
        lambda: administering.done(
            caller, network.NewGroup, body, lambda session, new: network.form_group(session, new, by=caller)
        ),
        caller.language,
    )
    return _list(request, visitor, form, faults) if faults else _to(form["slug"])


@router.get("/groups/{slug}")
def one_page(request: Request, visitor: Keeper, slug: str) -> Response:
    """One group: who is in it and until when, its rule, its owner."""
    return _one(request, visitor, slug)


@router.post("/groups/{slug}/{what}")
def change(request: Request, visitor: Keeper, slug: str, what: str, posted: Posted) -> Response:
    """Make one change and show the group; where it is refused, the form again with why. `act=check` tries a rule."""
    form = typed(posted)
    if what not in CHANGES:
        raise NotFound
    if what == "rule" and posted.get("act") == "check":
        return _tried(request, visitor, slug, form)
    faults = administering.tried(lambda: CHANGES[what](visitor.caller, slug, form), visitor.caller.language)
    return _one(request, visitor, slug, form, faults) if faults else _to(slug)


def _edit(caller: Caller, slug: str, form: Typed) -> dict[str, str]:
    body: dict[str, Any] = {name: form[name] for name in ("name_en", "name_ru")} | {"past": form["past"] == "yes"}
    if "owner" in form.one:  # offered to administrators only
        body["owner"] = form["owner"] or None
    return administering.done(
        caller, network.EditGroup, body, lambda session, given: network.edit_group(session, slug, given, by=caller)
    )


def _rule(caller: Caller, slug: str, form: Typed) -> dict[str, str]:
    return administering.done(
        caller,
        network.Rule,
        _ruling(form),
        lambda session, given: network.edit_group(session, slug, network.EditGroup(rule=given), by=caller),
    )


def _join(caller: Caller, slug: str, form: Typed) -> dict[str, str]:
    body = {name: form[name] for name in ("begins_on", "ends_on") if form[name]}
    return administering.done(
        caller,
        network.NewStay,
        body,
        lambda session, given: network.join(session, slug, form["organisation"], given, by=caller),
    )


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


def _to(slug: str) -> Response:
    return RedirectResponse(f"/groups/{slug}", HTTPStatus.SEE_OTHER)


def _ruling(form: Typed) -> dict[str, Any]:
    return {name: list(form.many.get(name, ())) for name in ("kinds", "countries")}


def _tried(request: Request, visitor: Visitor, slug: str, form: Typed) -> Response:
    found: list[Tried] = []

    def look() -> dict[str, str]:
        given, faults = administering.read(network.Rule, _ruling(form), visitor.caller.language)
        if given is not None:
            with db.reading() as session:
                found.append(network.would(session, slug, given, by=visitor.caller))
        return faults

    faults = administering.tried(look, visitor.caller.language)
    return _one(request, visitor, slug, form, faults, tried=found[0] if found else None)


Tried = tuple[list[network.Organisation], list[network.Organisation]]


def _list(request: Request, visitor: Visitor, form: Typed, faults: dict[str, str]) -> Response:
    with db.reading() as session:
        rows = network.steered(session, visitor.caller)
        known = network.directory(session)
    told = network.known_to(known, visitor.caller)
    inside = [joined for one, joined in known.memberships.items() if one in told]
    return page(
        request,
        visitor,
        "groups.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        rows=rows,
        sizes={row.key: sum(row.key in joined for joined in inside) for row in rows},
        parties=_parties(known, visitor),
        typed=form,
        faults=Faults(faults),
    )


def _one(
    request: Request,
    visitor: Visitor,
    slug: str,
    form: Typed | None = None,
    faults: dict[str, str] | None = None,
    tried: Tried | None = None,
) -> Response:
    language = visitor.caller.language
    with db.reading() as session:
        row = session.exec(select(Group).where(Group.slug == slug)).first()
        if row is None or not network.steers(session, row, visitor.caller):
            raise network.NoSuchGroup
        known = network.directory(session)
        stays = network.stays(session, row)
    told = network.known_to(known, visitor.caller)
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
        stays=[one for one in stays if one[0].key in told],
        tried=tried,
        typed=Typed(kept | (dict(form.one) if form else {}), boxes),
        faults=Faults(faults or {}),
        parties=_parties(known, visitor),
        kinds=administering.kinds(language),
        countries=[(one.code, places.name(one.code, language)) for one in places.countries()],
        today=clock.now().date().isoformat(),
    )


def _parties(known: network.Directory, visitor: Visitor) -> list[network.Party]:
    """Whom the visitor may let in: of those it knows of; an owner does not let itself in."""
    told = network.known_to(known, visitor.caller)
    members = [one for one in known.parties.values() if one.id in told and one.state in ("active", "suspended")]
    own = None if visitor.may("network:admin") else visitor.caller.organisation_id
    return sorted((one for one in members if one.id != own), key=lambda one: one.slug)
