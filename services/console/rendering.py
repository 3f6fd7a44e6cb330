"""A page from a template: escaped, in one language, with the headers that keep foreign content out."""

from collections.abc import Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services import forms
from services.console import evidence, files
from services.console.visitors import Visitor, language_of
from services.console.words import Words
from services.kernel.config import settings
from services.kernel.i18n import translator

FOLDER = Path(__file__).parent / "templates"
# Referrer-Policy: with the API's no-referrer, browsers would send `Origin: null` with our own forms, and be refused.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
}


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translator(language), newstyle=True)  # type: ignore[attr-defined]  # by i18n
    environment.globals |= {"file": files.address, "language": language, "file_limit": _file_limit}
    environment.globals |= {"spoken": evidence.spoken, "place_of": evidence.place_of, "themes_of": evidence.themes_of}
    environment.globals |= {"sure_of": evidence.sure_of}
    environment.globals |= {"said": partial(_said, language), "spoken_in": partial(_spoken_in, language)}
    return environment


def _file_limit() -> int:
    return settings().attachment_limit


def _said(language: str, words: Mapping[str, str] | None) -> str:
    return forms.said(words, language)


def _spoken_in(language: str, words: Mapping[str, str]) -> Markup:
    """The attribute that says in which language words stand, where it is not the page's."""
    return Markup("") if language in words else Markup(' lang="en"')


@lru_cache(maxsize=100)
def _words(language: str, zone: str) -> Words:
    return Words(language, zone)


def page(
    request: Request, visitor: Visitor | None, template: str, *, status: int = 200, **context: Any
) -> HTMLResponse:
    """An answer made of a template. `here` is where the language switch leads back to; `own`: the language of whoever
    signs in with this answer."""
    language = visitor.caller.language if visitor else language_of(request, context.get("own"))
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    known: dict[str, Any] = {
        "visitor": visitor,
        "w": _words(language, visitor.timezone if visitor else "UTC"),
        "network_name": settings().network_name,
        "here": here if request.method == "GET" and status == 200 else "/",
        "area": request.url.path,
        "kept": "",
    }
    text = _environment(language).get_template(template).render(known | context)
    return HTMLResponse(text, status, headers=HEADERS | {"Content-Language": language})
