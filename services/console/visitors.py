"""Who looks at a page, in which language, and what they sent with it."""

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from starlette.datastructures import FormData

from services import delivery, network
from services.kernel import db, rates
from services.kernel.config import settings
from services.kernel.errors import Unauthenticated
from services.kernel.i18n import LANGUAGES, best

MOST_FIELDS = 1_000  # of a form: a hundred questions with trend and evidence, and all that can be ticked
LANGUAGE_COOKIE = "ewn_language"
YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member at a browser. The caller speaks the language of the page."""

    caller: network.Caller
    name: str
    organisation: str
    unread: int
    """Notices that were not read yet."""
    steers: bool
    """Whether there is any sharing group that the member may change."""
    invites: bool
    """Whether the member may invite others."""
    makes_forms: bool
    """Whether the member may make forms for the whole network."""
    timezone: str

    def may(self, scope: str) -> bool:
        """Whether the member's roles include this act: what they do not is left out of the pages."""
        return scope in self.caller.scopes


def language_of(request: Request, own: str | None = None) -> str:
    """The page's language: chosen on this browser, else the member's own, else the browser's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return own if own in LANGUAGES else best(request.headers.get("accept-language", ""))


def remember_language(answer: Response, language: str) -> None:
    """Have the pages speak a language on this browser from this answer on."""
    secure = settings().secure_cookies
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, httponly=True, samesite="lax", secure=secure, path="/")


def visitor_of(request: Request) -> Visitor:
    """The member behind the request.

    Raises:
        Unauthenticated: nobody is signed in; the answer to a browser then leads to the sign-in page.
        TooMany: this person has asked too often.
    """
    if request.method not in ("GET", "HEAD"):
        network.same_site(request)
    token = request.cookies.get(network.COOKIE)
    if not token:
        raise Unauthenticated("Sign in first.")
    with db.reading() as session:
        caller, member = network.by_session(session, token)
        network.remember_caller(request, caller)
        party = network.directory(session).parties[member.organisation_id]
        unread = delivery.unread(session, caller)
        steers = "network:admin" in caller.scopes or bool(network.steered(session, caller))
    rates.spend(caller.viewer)
    network.sessions.note_use(session, token)
    language = language_of(request, member.language)
    return Visitor(
        replace(caller, language=language),
        member.name,
        party.name(language),
        unread,
        steers=steers,
        invites="network:admin" in caller.scopes or "focal_point" in member.roles,
        makes_forms="forms:write" in caller.scopes
        and ("network:admin" in caller.scopes or party.kind == "secretariat"),
        timezone=member.timezone,
    )


def speaking(visitor: Visitor, language: str) -> Visitor:
    """The same visitor, on a page in another language."""
    with db.reading() as session:
        party = network.directory(session).parties.get(visitor.caller.organisation_id or 0)
    named = party.name(language) if party is not None else visitor.organisation
    return replace(visitor, caller=replace(visitor.caller, language=language), organisation=named)


def known_visitor(request: Request) -> Visitor | None:
    """The visitor, or None: for pages that anybody may see."""
    try:
        return visitor_of(request)
    except Unauthenticated:
        return None


VisitorIn = Annotated[Visitor, Depends(visitor_of)]
Perhaps = Annotated[Visitor | None, Depends(known_visitor)]


async def _posted(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=MOST_FIELDS)


Posted = Annotated[FormData, Depends(_posted)]


def local(path: str | None) -> str:
    """An address of our own to go on to; anything else becomes the overview (no open redirects)."""
    given = path or "/"
    plain = given.isascii() and given.isprintable() and "\\" not in given
    ours = given.startswith("/") and not given.startswith("//")
    return given if plain and ours and not given.startswith(("/v1", "/sign-", "/language")) else "/"


def sign_in_address(onward: str) -> str:
    """The sign-in page that leads on to an address of our own."""
    return f"/sign-in?{urlencode({'next': onward})}" if onward != "/" else "/sign-in"
