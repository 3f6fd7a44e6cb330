"""Who looks at a page, and in which language."""

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request

from services import delivery, network
from services.kernel import db
from services.kernel.errors import Unauthenticated
from services.kernel.i18n import LANGUAGES, best

LANGUAGE_COOKIE = "ewn_language"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member at a browser. The caller speaks the language of the page."""

    caller: network.Caller
    name: str
    organisation: str
    unread: int
    """Notices that were not read yet."""

    def may(self, scope: str) -> bool:
        """Whether the member's roles include this act: what they do not is left out of the pages."""
        return scope in self.caller.scopes


def language_of(request: Request, own: str | None = None) -> str:
    """The page's language: chosen on this browser, else the member's own, else the browser's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return own if own in LANGUAGES else best(request.headers.get("accept-language", ""))


def visitor_of(request: Request) -> Visitor:
    """The member behind the request.

    Raises:
        Unauthenticated: nobody is signed in; the answer to a browser then leads to the sign-in page.
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
    language = language_of(request, member.language)
    return Visitor(replace(caller, language=language), member.name, party.name(language), unread)


def known_visitor(request: Request) -> Visitor | None:
    """The visitor, or None: for pages that anybody may see."""
    try:
        return visitor_of(request)
    except Unauthenticated:
        return None


VisitorIn = Annotated[Visitor, Depends(visitor_of)]


def local(path: str | None) -> str:
    """An address of our own to go on to; anything else becomes the overview (no open redirects)."""
    given = path or "/"
    plain = given.isascii() and given.isprintable() and "\\" not in given
    ours = given.startswith("/") and not given.startswith("//")
    return given if plain and ours and not given.startswith(("/v1", "/sign-", "/language")) else "/"


def sign_in_address(onward: str) -> str:
    """The sign-in page that leads on to an address of our own."""
    return f"/sign-in?{urlencode({'next': onward})}" if onward != "/" else "/sign-in"
