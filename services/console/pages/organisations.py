"""Organisations for administrators: who belongs, and each step of a membership with what it does."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session, select

from services import network, reports, vocabulary
from services.console import administering
from services.console.administering import Administrator, typed
from services.console.form import Faults, Typed
from services.console.rendering import page
from services.console.visitors import Posted, Visitor
from services.kernel import clock, db
from services.kernel.errors import NotFound
from services.kernel.routing import Router
from services.network import Caller, Organisation

router = Router()
NAMED = ("name_en", "name_ru", "kind", "timezone", "reliability")


@router.get("/organisations")
def list_page(request: Request, visitor: Administrator) -> Response:
    """All organisations, and a form to enrol one."""
    return _list(request, visitor, Typed({"timezone": "UTC", "state": "active"}, {}), {})


@router.post("/organisations")
def enrol(request: Request, visitor: Administrator, posted: Posted) -> Response:
    """Enrol an organisation and go to its page."""
    form, caller = typed(posted), visitor.caller
    body: dict[str, Any] = {name: form[name] for name in ("slug", *NAMED[:4], "state")}
    body |= _listed(form) | {"past": form["past"] == "yes", "hidden": form["hidden"] == "yes"}
    faults = administering.tried(
        lambda: administering.done(
            caller, network.NewOrganisation, body, lambda session, new: network.enrol(session, new, by=caller)
        ),
        caller.language,
    )
    return _list(request, visitor, form, faults) if faults else _to(form["slug"])


@router.get("/organisations/{slug}")
def one_page(request: Request, visitor: Administrator, slug: str) -> Response:
    """One organisation with all that can be changed of it."""
    return _one(request, visitor, slug)


@router.post("/organisations/{slug}/{what}")
def change(request: Request, visitor: Administrator, slug: str, what: str, posted: Posted) -> Response:
    """Make one change and show the organisation; where it is refused, the form again with why."""
    form = typed(posted)
    if what not in CHANGES:
        raise NotFound
    faults = administering.tried(lambda: CHANGES[what](visitor.caller, slug, form), visitor.caller.language)
    return _one(request, visitor, slug, form, faults) if faults else _to(slug)


def _step(caller: Caller, slug: str, form: Typed) -> dict[str, str]:
    past = form["past"] == "yes"
    with db.transaction() as session:
        match form["step"]:
            case "activate":
                network.activate(session, slug, past=past, by=caller)
            case "suspend":
                network.suspend(session, slug, by=caller)
            case "resume":
                network.resume(session, slug, past=past, by=caller)
            case "depart":
                network.depart(session, slug, by=caller)
            case "apply":
                network.apply(session, slug, by=caller)
    return {}


def _edit(caller: Caller, slug: str, form: Typed) -> dict[str, str]:
    body = {name: form[name] for name in NAMED} | _listed(form) | {"hidden": form["hidden"] == "yes"}
    body["why"] = form["why"]
    return administering.done(
        caller, network.EditOrganisation, body, lambda session, given: network.edit(session, slug, given, by=caller)
    )


def _parent(caller: Caller, slug: str, form: Typed) -> dict[str, str]:
    with db.transaction() as session:
        if form["parent"]:
            network.link(session, slug, form["parent"], past=form["past"] == "yes", by=caller)
        else:
            network.unlink(session, slug, by=caller)
    return {}


def _office(caller: Caller, _slug: str, form: Typed) -> dict[str, str]:
    body = {name: form[name] for name in ("title_en", "title_ru", "held_from")}
    return administering.done(
        caller,
        network.NewOffice,
        body,
        lambda session, given: network.begin_office(session, form["login"], given, by=caller),
    )


def _end_office(caller: Caller, _slug: str, form: Typed) -> dict[str, str]:
    with db.transaction() as session:
        network.end_office(session, form["login"], form["reference"], on=None, by=caller)
    return {}


def _deactivate(caller: Caller, _slug: str, form: Typed) -> dict[str, str]:
    with db.transaction() as session:
        network.deactivate(session, form["login"], by=caller)
    return {}


def _erase(caller: Caller, _slug: str, form: Typed) -> dict[str, str]:
    with db.transaction() as session:
        reports.erase(session, caller, form["login"], typed=form["typed"])
    return {}


CHANGES: dict[str, Callable[[Caller, str, Typed], dict[str, str]]] = {
    "step": _step,
    "edit": _edit,
    "parent": _parent,
    "office": _office,
    "end-office": _end_office,
    "deactivate": _deactivate,
    "erase": _erase,
}


def _to(slug: str) -> Response:
    return RedirectResponse(f"/organisations/{slug}", HTTPStatus.SEE_OTHER)


def _listed(form: Typed) -> dict[str, list[str]]:
    aliases = [one.strip() for one in form["aliases"].splitlines() if one.strip()]
    return {"aliases": aliases, "countries": list(form.many.get("countries", ()))}


def _list(request: Request, visitor: Visitor, form: Typed, faults: dict[str, str]) -> Response:
    with db.reading() as session:
        rows = session.exec(select(Organisation).order_by(Organisation.slug)).all()
    return page(
        request,
        visitor,
        "organisations.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        rows=rows,
        typed=form,
        faults=Faults(faults),
        **_words(visitor),
    )


def _one(
    request: Request, visitor: Visitor, slug: str, form: Typed | None = None, faults: dict[str, str] | None = None
) -> Response:
    with db.reading() as session:
        row = session.exec(select(Organisation).where(Organisation.slug == slug)).first()
        if row is None:
            raise network.NoSuchOrganisation
        known = network.directory(session)
        people = session.exec(select(network.Member).where(network.Member.organisation_id == row.key)).all()
        keys = session.exec(select(network.ApiKey).where(network.ApiKey.organisation_id == row.key)).all()
        kept = _kept(session, row)
        offices = network.offices(session)
    one = dict(kept.one) | (dict(form.one) if form else {})
    return page(
        request,
        visitor,
        "organisation.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        row=row,
        typed=Typed(one, form.many if form and "name_en" in form.one else kept.many),
        faults=Faults(faults or {}),
        steps=administering.steps(row.state, visitor.caller.language),
        parties=sorted((p for p in known.parties.values() if p.id != row.key and p.state != "left"), key=_by_slug),
        children=[p for p in known.parties.values() if p.parent_id == row.key],
        groups=[known.group_names[key] for key in known.memberships.get(row.key, {})],
        people=[(person, offices.get(person.key, [])) for person in people],
        keys=keys,
        today=clock.now().date().isoformat(),
        **_words(visitor),
    )


def _by_slug(party: network.Party) -> str:
    return party.slug


def _kept(session: Session, row: Organisation) -> Typed:
    """The edit form as it opens."""
    one = {name: str(getattr(row, name)) for name in NAMED}
    parent = session.get(Organisation, row.parent_id) if row.parent_id is not None else None
    one |= {"aliases": "\n".join(network.aliases_of(session, row)), "hidden": "yes" if row.hidden else ""}
    return Typed(one | {"parent": parent.slug if parent else ""}, {"countries": tuple(row.countries)})


def _words(visitor: Visitor) -> dict[str, object]:
    language = visitor.caller.language
    places = vocabulary.places()
    return {
        "kinds": administering.kinds(language),
        "states": administering.states(language),
        "roles": {one.value: one.name for one in administering.roles(language)},
        "countries": [(one.code, places.name(one.code, language)) for one in places.countries()],
    }
