"""One's own profile: language, time zone, password, second factor, sessions."""

from http import HTTPStatus
from typing import Annotated, Any
from zoneinfo import available_timezones

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from services import network
from services.console import administering, offering
from services.console.form import Faults
from services.console.rendering import page
from services.console.visitors import LANGUAGE_COOKIE, Visitor, VisitorIn
from services.kernel import db
from services.kernel.config import settings
from services.kernel.errors import Problem, Unauthenticated
from services.kernel.i18n import translator
from services.kernel.routing import Router

router = Router()
Password = Annotated[str, Form(max_length=500)]
Short = Annotated[str, Form(max_length=100)]


@router.get("/profile")
def profile_page(request: Request, visitor: VisitorIn) -> Response:
    """The profile with all its forms."""
    return _profile(request, visitor, {})


@router.post("/profile")
def edit(request: Request, visitor: VisitorIn, language: Short = "", timezone: Short = "") -> Response:
    """Change language and time zone. The language chosen here is that of the pages, on this browser too."""
    change, faults = administering.read(
        network.EditProfile, {"language": language, "timezone": timezone}, visitor.caller.language
    )
    if change is not None:
        try:
            with db.transaction() as session:
                network.profile.edit(session, change, by=visitor.caller)
        except Problem as problem:
            faults = administering.refused(problem, visitor.caller.language)
    if faults:
        return _profile(request, visitor, faults)
    answer = RedirectResponse("/profile", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(LANGUAGE_COOKIE, path="/")
    return answer


@router.post("/profile/password")
def change_password(
    request: Request, visitor: VisitorIn, current: Password = "", password: Password = "", again: Password = ""
) -> Response:
    """Choose another password; all other sessions end."""
    chosen, faults = administering.chosen_password(password, again, request, visitor.caller.language)
    if chosen is not None:
        try:
            network.profile.change_password(
                visitor.caller, current, chosen, token=_token(request), address=network.address_of(request)
            )
            return RedirectResponse("/sessions", HTTPStatus.SEE_OTHER)
        except network.profile.WrongPassword as problem:
            faults = administering.refused(problem, visitor.caller.language)
    return _profile(request, visitor, faults)


@router.post("/profile/second-factor")
def offer(request: Request, visitor: VisitorIn, confirmed: Password = "") -> Response:
    """After the password, offer a second factor in the place of the one there is."""
    faults = _confirmed(request, visitor, confirmed, "confirmed")
    return _profile(request, visitor, faults) if faults else _offer(request, visitor, "", failed=False)


@router.post("/profile/second-factor/set-up")
def set_up(
    request: Request, visitor: VisitorIn, code: Short = "", offer: Annotated[str, Form(max_length=1000)] = ""
) -> Response:
    """Take what was offered, and show the recovery codes, this once. All other sessions end."""
    try:
        with db.transaction() as session:
            codes = network.profile.set_up_factor(session, visitor.caller, offer, code, token=_token(request))
    except Unauthenticated:
        return _offer(request, visitor, offer, failed=True)
    return page(request, visitor, "recovery.html", codes=codes, next="/profile", fresh=True)


@router.post("/profile/recovery-codes")
def recovery_codes(request: Request, visitor: VisitorIn, known: Password = "") -> Response:
    """After the password, make new recovery codes, shown this once."""
    faults = _confirmed(request, visitor, known, "known")
    if faults:
        return _profile(request, visitor, faults)
    with db.transaction() as session:
        member = network.profile.person(session, visitor.caller)
        codes = network.factors.recovery_codes(session, member)
    return page(request, visitor, "recovery.html", codes=codes, next="/profile", fresh=False)


@router.get("/sessions")
def sessions_page(request: Request, visitor: VisitorIn) -> Response:
    """Where one is signed in."""
    with db.reading() as session:
        rows = network.sessions.sessions(session, visitor.caller)
        here = network.sessions.current(session, _token(request))
    return page(request, visitor, "sessions.html", rows=rows, current=here.reference if here else "")


@router.post("/sessions")
def end_session(request: Request, visitor: VisitorIn, reference: Short = "") -> Response:
    """End one session, or all but this one."""
    with db.transaction() as session:
        if reference == "others":
            network.sessions.end_others(session, visitor.caller, _token(request))
        else:
            network.sessions.end(session, visitor.caller, reference)
    return RedirectResponse("/sessions", HTTPStatus.SEE_OTHER)


def _confirmed(request: Request, visitor: Visitor, password: str, field: str) -> dict[str, str]:
    """What is wrong with a password that was asked for once more, under its field of the form."""
    try:
        network.profile.confirm(visitor.caller, password, address=network.address_of(request))
    except network.profile.WrongPassword:
        return {field: translator(visitor.caller.language).gettext("The password is not right.")}
    return {}


def _token(request: Request) -> str:
    return request.cookies.get(network.COOKIE, "")


def _profile(request: Request, visitor: Visitor, faults: dict[str, str]) -> Response:
    with db.reading() as session:
        member = network.profile.person(session, visitor.caller)
        more: dict[str, Any] = {
            "factor": network.factors.has(session, member),
            "codes_left": network.factors.left(session, member),
            "failed": network.profile.failed_tries(session, member, _token(request)),
        }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(
        request, visitor, "profile.html", status=status, member=member, faults=Faults(faults),
        required=settings().second_factor == "required", zones=sorted(available_timezones()), **more,
    )  # fmt: skip


def _offer(request: Request, visitor: Visitor, offered: str, *, failed: bool) -> Response:
    with db.reading() as session:
        member = network.profile.person(session, visitor.caller)
    status = HTTPStatus.UNAUTHORIZED if failed else HTTPStatus.OK
    shown = offering.shown(member, offered, request, visitor.caller.language)
    return page(
        request, visitor, "factor.html", status=status, failed=failed, action="/profile/second-factor/set-up", **shown
    )
