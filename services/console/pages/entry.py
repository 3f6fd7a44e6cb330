"""Signing in and out, and the language of the pages."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from services import network
from services.console.rendering import page
from services.console.visitors import LANGUAGE_COOKIE, known_visitor, local, sign_in_address
from services.kernel import db
from services.kernel.config import settings
from services.kernel.errors import Unauthenticated
from services.kernel.i18n import LANGUAGES

router = APIRouter()
YEAR = 31_536_000


@router.get("/sign-in")
def sign_in_page(request: Request, onward: Annotated[str, Query(alias="next")] = "/") -> Response:
    """The form; whoever is signed in goes on."""
    if known_visitor(request) is not None:
        return RedirectResponse(local(onward), HTTPStatus.SEE_OTHER)
    return page(request, None, "sign_in.html", next=local(onward), login="", failed=False)


@router.post("/sign-in")
def sign_in(
    request: Request,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=500)] = "",
    onward: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Open a session; the same words for a wrong name and a wrong password. A language chosen before stays chosen."""
    network.same_site(request)
    try:
        caller, _member = network.by_password(login, password)
        with db.transaction() as session:
            token = network.sign_in(session, caller)
    except Unauthenticated:
        status = HTTPStatus.UNAUTHORIZED
        onward = local(onward)
        here = sign_in_address(onward)
        return page(request, None, "sign_in.html", status=status, here=here, next=onward, login=login, failed=True)
    answer = RedirectResponse(local(onward), HTTPStatus.SEE_OTHER)
    secure, hours = settings().secure_cookies, settings().session_hours
    answer.set_cookie(
        network.COOKIE, token, max_age=hours * 3600, httponly=True, samesite="lax", secure=secure, path="/"
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Close the session, here and in the database."""
    network.same_site(request)
    token = request.cookies.get(network.COOKIE)
    if token:
        with db.transaction() as session:
            network.sign_out(session, token)
    answer = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(network.COOKIE, path="/")
    return answer


@router.post("/language")
def choose_language(
    request: Request,
    language: Annotated[str, Form(max_length=10)] = "",
    onward: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Remember the language of the pages on this browser."""
    network.same_site(request)
    address = urlsplit(onward)
    entering = address.path == "/sign-in"
    back = sign_in_address(local(dict(parse_qsl(address.query)).get("next"))) if entering else local(onward)
    answer = RedirectResponse(back, HTTPStatus.SEE_OTHER)
    if language in LANGUAGES:
        secure = settings().secure_cookies
        answer.set_cookie(
            LANGUAGE_COOKIE, language, max_age=YEAR, httponly=True, samesite="lax", secure=secure, path="/"
        )
    return answer
