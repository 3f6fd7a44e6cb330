"""The digest as an accessible web page: no script, no inline style, figures as SVG with their tables."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services import figures
from services.digests.document import Document

FOLDER = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["svg"] = _svg
    environment.filters["drawn"] = _drawn
    return environment


def _svg(spec: figures.Spec) -> Markup:
    return Markup(figures.svg(spec))  # noqa: S704 -- drawn by us: all text in it was escaped by the XML writer


def _drawn(picture: str) -> Markup:
    return Markup(picture)  # noqa: S704 -- drawn by figures.spark, which escapes its label


def stylesheet() -> str:
    """The digest's own rules, for screen and for print; to be served as /static/digest.css."""
    return (FOLDER / "digest.css").read_text(encoding="utf-8")


def policy(*, standalone: bool) -> str:
    """The content policy of a page: no script, and of styles our own file, or the one that stands inside."""
    inside = base64.b64encode(hashlib.sha256(stylesheet().encode()).digest()).decode()
    style = f"'sha256-{inside}'" if standalone else "'self'"
    return f"default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def article(document: Document, *, base: str = "") -> Markup:
    """The digest alone, as one <article> for a page that has its own frame. Its first heading is an h1."""
    made = _environment().get_template("article.html").render(d=document, base=base)
    return Markup(made)  # noqa: S704 -- escaped by the template


def page(document: Document, *, standalone: bool = False, base: str = "") -> str:
    """A whole page. `standalone` carries the rules inside, for a file that is opened from disk; served pages link to
    them. `base`: the service's address, for links in a file."""
    css = Markup(stylesheet()) if standalone else None  # noqa: S704 -- our own file
    return _environment().get_template("digest.html").render(d=document, css=css, base=base)
