"""Signing in, in two steps, and out; and the language of the pages."""

from functools import partial
from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from services import network
from services.console import keeping, offering
from services.console.rendering import page
from services.console.visitors import known_visitor, local, remember_language, sign_in_address
from services.kernel import db
from services.kernel.config import settings
from services.kernel.errors import Unauthenticated
from services.kernel.i18n import LANGUAGES
from services.kernel.routing import Router
from services.network import Member

router = Router()
TICKET_COOKIE = "ewn_step"
STEPS = {"code": "/sign-in/code", "set-up": "/sign-in/set-up"}
Onward = Annotated[str, Form(alias="next", max_length=2000)]
Asked = Annotated[str, Query(alias="next", max_length=2000)]
Code = Annotated[str, Form(max_length=100)]
Kept = Annotated[str, Form(max_length=400_000)]  # a form of the largest body, sealed


@router.get("/sign-in")
def sign_in_page(request: Request, onward: Asked = "/") -> Response:
    """The form; whoever is signed in goes on."""
    if known_visitor(request) is not None:
        return RedirectResponse(local(onward), HTTPStatus.SEE_OTHER)
    return page(request, None, "sign_in.html", next=local(onward), login="", failed=False, kept="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=500)] = "",
    onward: Onward = "/",
    kept: Kept = "",
) -> Response:
    """The first step; the same words for a wrong name, a wrong password and a name that waits. A language chosen before
    stays chosen, and a form that was kept goes on to the end of the last step."""
    network.same_site(request)
    onward = local(onward)
    try:
        _caller, member = network.by_password(login, password, address=network.address_of(request))
    except Unauthenticated:
        status, here = HTTPStatus.UNAUTHORIZED, sign_in_address(onward)
        return page(
            request, None, "sign_in.html", status=status, here=here, next=onward, login=login, failed=True, kept=kept
        )
    return go_on(request, member, onward, kept)


def go_on(request: Request, member: Member, onward: str, kept: str = "") -> Response:
    """After a right password: a session, or the next step with a ticket for it."""
    with db.reading() as session:
        step = network.next_step(session, member)
    if step == "in":
        return _enter(request, member, _arrived(request, member, onward, kept), factor=False)
    address = STEPS[step] + (f"?{urlencode({'next': onward})}" if onward != "/" else "")
    answer: Response = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    if kept:  # a redirect would lose it
        step_page = _code if step == "code" else partial(_set_up, member=member, offered="")
        answer = step_page(request, onward=onward, kept=kept)
    answer.set_cookie(
        TICKET_COOKIE, network.tickets.make(step, member), httponly=True, samesite="strict",
        secure=settings().secure_cookies, path="/sign-in",
    )  # fmt: skip
    return answer


@router.get("/sign-in/code")
def code_page(request: Request, onward: Asked = "/") -> Response:
    """The second step: the code."""
    _ticket(request, "code")
    return _code(request, local(onward))


@router.post("/sign-in/code")
def give_code(request: Request, code: Code = "", onward: Onward = "/", kept: Kept = "") -> Response:
    """Open a session for a right code, or for a recovery code, which works this once."""
    network.same_site(request)
    member, onward = _ticket(request, "code"), local(onward)
    try:
        network.factors.by_code(member, code, address=network.address_of(request))
    except Unauthenticated:
        return _code(request, onward, kept, failed=True)
    return _enter(request, member, _arrived(request, member, onward, kept), factor=True)


@router.get("/sign-in/set-up")
def set_up_page(request: Request, onward: Asked = "/") -> Response:
    """The second step of whoever has no second factor yet: to set it up."""
    member = _ticket(request, "set-up")
    return _set_up(request, member, "", local(onward))


@router.post("/sign-in/set-up")
def set_up(
    request: Request,
    code: Code = "",
    offer: Annotated[str, Form(max_length=1000)] = "",
    onward: Onward = "/",
    kept: Kept = "",
) -> Response:
    """Take the second factor, open a session and show the recovery codes, this once."""
    network.same_site(request)
    member, onward = _ticket(request, "set-up"), local(onward)
    try:
        with db.transaction() as session:
            codes = network.factors.set_up(session, member, offer, code, anew=False)
    except Unauthenticated:
        return _set_up(request, member, offer, onward, kept, failed=True)
    held = keeping.kept(kept, member.key)
    answer = page(request, None, "recovery.html", codes=codes, next=onward, fresh=True, held=held, kept=kept)
    return _enter(request, member, answer, factor=True)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Close the session, here and in the database."""
    network.same_site(request)
    token = request.cookies.get(network.COOKIE)
    if token:
        with db.transaction() as session:
            network.sign_out(session, token)
    answer = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER, headers={"Clear-Site-Data": '"storage"'})
    answer.delete_cookie(network.COOKIE, path="/")
    return answer


@router.post("/language")
def choose_language(
    request: Request,
    language: Annotated[str, Form(max_length=10)] = "",
    onward: Onward = "/",
) -> Response:
    """Remember the language of the pages on this browser."""
    network.same_site(request)
    address = urlsplit(onward)
    known = address.path in ("/sign-in", *STEPS.values())
    back = local(dict(parse_qsl(address.query)).get("next"))
    if known:
        back = address.path + (f"?{urlencode({'next': back})}" if back != "/" else "")
    answer = RedirectResponse(back if known else local(onward), HTTPStatus.SEE_OTHER)
    if language in LANGUAGES:
        remember_language(answer, language)
    return answer


def _ticket(request: Request, use: str) -> Member:
    with db.reading() as session:
        return network.tickets.holder(session, use, request.cookies.get(TICKET_COOKIE, ""))


def _enter(request: Request, member: Member, answer: Response, *, factor: bool) -> Response:
    """Open a session and hand its token to the browser with this answer; the ticket is done with."""
    caller = network.sessions.caller_for(member)
    with db.transaction() as session:
        token = network.sign_in(session, caller, factor=factor, agent=request.headers.get("user-agent", ""))
    secure, hours = settings().secure_cookies, settings().session_hours
    answer.set_cookie(
        network.COOKIE, token, max_age=hours * 3600, httponly=True, samesite="lax", secure=secure, path="/"
    )
    answer.delete_cookie(TICKET_COOKIE, path="/sign-in")
    return answer


def _arrived(request: Request, member: Member, onward: str, kept: str) -> Response:
    """Where whoever has signed in goes on: to where it wanted to, or back to its form."""
    held = keeping.kept(kept, member.key)
    if held is None:
        return RedirectResponse(onward, HTTPStatus.SEE_OTHER)
    return page(request, None, "kept.html", own=member.language, held=held, kept=kept)


def _code(request: Request, onward: str, kept: str = "", *, failed: bool = False) -> Response:
    status = HTTPStatus.UNAUTHORIZED if failed else HTTPStatus.OK
    here = "/sign-in/code" + (f"?{urlencode({'next': onward})}" if onward != "/" else "")
    return page(request, None, "sign_in_code.html", status=status, here=here, next=onward, failed=failed, kept=kept)


def _set_up(
    request: Request, member: Member, offered: str, onward: str, kept: str = "", *, failed: bool = False
) -> Response:
    status = HTTPStatus.UNAUTHORIZED if failed else HTTPStatus.OK
    shown = offering.shown(member, offered, request)
    return page(
        request,
        None,
        "factor.html",
        status=status,
        next=onward,
        failed=failed,
        kept=kept,
        action="/sign-in/set-up",
        **shown,
    )
