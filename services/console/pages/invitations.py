"""Invitations: the page on which one chooses a password, and the one on which others are invited."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Form, Request, Response
from sqlmodel import Session, col, select

from services import network
from services.console import administering
from services.console.administering import typed
from services.console.form import Faults, Typed
from services.console.pages.entry import go_on
from services.console.rendering import page
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import db
from services.kernel.errors import Problem
from services.kernel.routing import Router
from services.network import Member, Organisation

router = Router()
# Not the policy of other pages: the address holds the token, and goes nowhere. Not `no-referrer` either: with it
# browsers send `Origin: null` with our own form, and over plain http nothing else tells it from another site's.
REFERRER = {"Referrer-Policy": "strict-origin"}
FIELDS = ("login", "name", "organisation", "language", "timezone")


@router.get("/invitation/{token}")
def invitation_page(request: Request, token: str) -> Response:
    """The form to choose a password. To look at it uses nothing up: programs look at links before people do."""
    with db.reading() as session:
        member = network.invitations.find(session, token)
    return _invitation(request, member, token, {})


@router.post("/invitation/{token}")
def accept(
    request: Request,
    token: str,
    password: Annotated[str, Form(max_length=500)] = "",
    again: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Choose the password and go on to the second step."""
    network.same_site(request)
    with db.reading() as session:
        member = network.invitations.find(session, token)
    chosen, faults = administering.chosen_password(password, again, request)
    if chosen is None:
        return _invitation(request, member, token, faults)
    hashed = network.hash_password(chosen)
    with db.transaction() as session:
        member = network.invitations.accept(session, token, password_hash=hashed)
    return go_on(request, member, "/")


@router.get("/people")
def people_page(request: Request, visitor: VisitorIn) -> Response:
    """Links that were not used yet, and forms to make one."""
    return _people(request, visitor, Typed({"language": "en", "timezone": "UTC"}, {}), {})


@router.post("/people")
def invite(request: Request, visitor: VisitorIn, posted: Posted) -> Response:
    """Invite a person, and show the link this once."""
    form = typed(posted)
    roles = list(dict.fromkeys(one for one in posted.getlist("roles") if isinstance(one, str)))
    body: dict[str, Any] = {name: form[name] for name in FIELDS} | {"roles": roles}
    new, faults = administering.read(network.NewMember, body, visitor.caller.language)
    form = Typed(form.one, {"roles": roles})
    if new is not None:
        try:
            with db.transaction() as session:
                made = network.invitations.invite(session, new, by=visitor.caller)
            return _link(request, visitor, made)
        except Problem as problem:
            faults = administering.refused(problem, visitor.caller.language)
    return _people(request, visitor, form, faults)


@router.post("/people/reset")
def reset(request: Request, visitor: VisitorIn, posted: Posted) -> Response:
    """Make a new link for a person who is there."""
    form = typed(posted)
    try:
        with db.transaction() as session:
            made = network.invitations.reset(
                session, form["who"], by=visitor.caller, second_factor=form["second_factor"] == "yes"
            )
        return _link(request, visitor, made)
    except Problem as problem:
        faults = administering.refused(problem, visitor.caller.language)
        faults = {"who" if name == "login" else name: said for name, said in faults.items()}
    return _people(request, visitor, form, faults)


@router.post("/people/withdrawal")
def withdraw(request: Request, visitor: VisitorIn, reference: Annotated[str, Form(max_length=60)] = "") -> Response:
    """End a link before it is used."""
    with db.transaction() as session:
        network.invitations.withdraw(session, reference, by=visitor.caller)
    return _people(request, visitor, Typed({"language": "en", "timezone": "UTC"}, {}), {})


def _invitation(request: Request, member: Member, token: str, faults: dict[str, str]) -> Response:
    answer = page(
        request, None, "invitation.html", status=_status(faults), here=f"/invitation/{token}", member=member,
        token=token, faults=Faults(faults),
    )  # fmt: skip
    answer.headers.update(REFERRER)
    return answer


def _link(request: Request, visitor: Visitor, made: network.invitations.Invited) -> Response:
    return page(request, visitor, "invited.html", made=made, status=HTTPStatus.CREATED)


def _people(request: Request, visitor: Visitor, form: Typed, faults: dict[str, str]) -> Response:
    caller = visitor.caller
    administers = "network:admin" in caller.scopes
    with db.reading() as session:
        waiting = network.invitations.waiting(session, caller)
        parties = _parties(session, caller, administers=administers)
        inside = col(Member.organisation_id).in_([one.key for one in parties])
        known = session.exec(select(Member).where(Member.active, inside).order_by(Member.login)).all()
    return page(
        request,
        visitor,
        "people.html",
        status=_status(faults),
        waiting=waiting,
        parties=parties,
        people=[one for one in known if one.key != caller.member_id],
        roles=list(network.ROLES) if administers else sorted(network.invitations.OWN),
        administers=administers,
        typed=form,
        faults=Faults(faults),
    )


def _parties(session: Session, caller: network.Caller, *, administers: bool) -> list[Organisation]:
    statement = select(Organisation).where(Organisation.state != "left").order_by(Organisation.slug)
    if not administers:
        statement = statement.where(Organisation.id == caller.organisation_id)
    return list(session.exec(statement).all())


def _status(faults: dict[str, str]) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
