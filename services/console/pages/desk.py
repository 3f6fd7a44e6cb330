"""The analysts' desk: what waits for a look and why; and whether keys work on it."""

import re
from http import HTTPStatus
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from services import desk, vocabulary
from services.console import desk_words
from services.console.filters import chosen
from services.console.rendering import page
from services.console.visitors import YEAR, Visitor, VisitorIn, local
from services.kernel.config import settings
from services.kernel.routing import Router
from services.network import Read
from services.reports import Gives

router = Router()
KEYS = "ewn_keys"
SIZE = 25
UNDETERMINED = "und"
FILTERS = ("state", "status", "country", "theme", "language", "reason")
STATES: tuple[desk.State, ...] = get_args(desk.State)
STATUSES: tuple[desk.Status, ...] = get_args(desk.Status)
REASONS: tuple[desk.Reason, ...] = get_args(desk.Reason)
Text = Annotated[str, Query(max_length=80)]
_REFERENCE = re.compile(r"EWN(-[0-9A-Z]{4}){3}")


def _analyst(visitor: VisitorIn) -> Visitor:
    visitor.caller.require("reports:read")
    visitor.caller.require("reports:grade")
    return visitor


Analyst = Annotated[Visitor, Depends(_analyst)]


def looked(
    state: Text = "",
    country: Text = "",
    theme: Text = "",
    language: Text = "",
    reason: Text = "",
    status: Text = "",
) -> desk.Wanted:
    """What is looked at, as the address says."""
    countries = countries_of(country)
    themes = [one.code for one in vocabulary.themes()]
    languages = [*(one.code for one in vocabulary.languages()), UNDETERMINED]
    return desk.Wanted(
        state=chosen("state", state, STATES, lambda one, w: desk_words.states(w.language)[one]) or "waiting",
        country=chosen("country", country, countries, lambda code, w: w.place(code)) or "",
        theme=chosen("theme", theme, themes, lambda code, w: w.theme(code)) or "",
        language=chosen("language", language, languages, lambda code, w: w.tongue(code)) or "",
        reason=chosen("reason", reason, REASONS, lambda one, w: desk_words.short_reasons(w.language)[one]),
        status=chosen("status", status, STATUSES, lambda one, w: w.statuses[one]),
    )


Looked = Annotated[desk.Wanted, Depends(looked)]


def countries_of(country: str) -> list[str]:
    """The countries that the desk is filtered by; one abroad where it is the one."""
    known = [one.code for one in vocabulary.places().countries()]
    return [*known, country] if vocabulary.is_abroad(country) else known


def left(was: Annotated[str, Query(max_length=40)] = "") -> str:
    """The report that one was done with just now."""
    return was if _REFERENCE.fullmatch(was) else ""


Was = Annotated[str, Depends(left)]


def query(wanted: desk.Wanted, **more: str | None) -> str:
    """The same as a query; empty values and the first of the states are left out."""
    left = kept(wanted, **more)
    return f"?{urlencode(left)}" if left else ""


def kept(wanted: desk.Wanted, **more: str | None) -> list[tuple[str, str]]:
    """The same as names and values."""
    given: dict[str, Any] = {name: getattr(wanted, name) for name in FILTERS}
    return [(name, value) for name, value in (given | more).items() if value and (name, value) != ("state", "waiting")]


@router.get("/desk")
def desk_page(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: Analyst,
    wanted: Looked,
    was: Was,
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """The reports that the visitor sees and may decide on, what happened first, each with why it needs a look."""
    found, label = desk.look(db, visitor.caller, wanted, cursor=cursor or None, size=SIZE)
    giving.note(db, visitor.caller, [one.report.reference for one in found.reports])
    giving.counted(db, visitor.caller, label)
    language = visitor.caller.language
    filtered = any((wanted.status, wanted.country, wanted.theme, wanted.language, wanted.reason))
    return page(
        request,
        visitor,
        "desk.html",
        found=found,
        wanted=wanted,
        query=lambda **more: query(wanted, **more),
        next=query(wanted, cursor=found.next) if found.next else None,
        begun=bool(cursor),
        filtered=filtered,
        was=was,
        names=desk_words.states(language),
        statuses=STATUSES,
        countries=countries_of(wanted.country),
        themes=list(vocabulary.themes()),
        languages=[(one.code, one.name(language)) for one in vocabulary.languages()],
        why=desk_words.because(language, desk.unsure(db, [one.report.reference for one in found.reports])),
        briefly=desk_words.short_reasons(language),
        keys=keys_on(request),
    )


def keys_on(request: Request) -> bool:
    """Whether single keys act on this browser: so until they are turned off (WCAG 2.2, 2.1.4)."""
    return request.cookies.get(KEYS) != "off"


@router.post("/desk-keys")
def turn_keys(
    _visitor: Analyst,
    keys: Annotated[str, Form()] = "on",
    next: Annotated[str, Form()] = "/desk",  # noqa: A002 -- as in other forms
) -> Response:
    """Turn the keys off on this browser, or on again; it stays so after signing out."""
    answer = RedirectResponse(local(next), HTTPStatus.SEE_OTHER)
    secure = settings().secure_cookies
    value = "off" if keys == "off" else "on"
    answer.set_cookie(KEYS, value, max_age=YEAR, httponly=True, samesite="lax", secure=secure, path="/")
    return answer
