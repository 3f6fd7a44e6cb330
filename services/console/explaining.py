"""The documentation that answers refer to, as part of a page: each section at an anchor of its own name."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# In a wheel the documents lie beside the pages (pyproject.toml puts them there), in a checkout at its root.
PACKED = Path(__file__).parent / "docs"
FOLDERS = (PACKED, Path(__file__).parents[2] / "docs")
_CAPTION = '<table>\n<caption class="hidden">{}</caption>\n'


class Document(NamedTuple):
    """A document: its title, its parts as (anchor, title), and all below the title as HTML."""

    title: str
    parts: tuple[tuple[str, str], ...]
    body: Markup


@cache
def document(name: str) -> Document:
    """A document of the documentation, rendered once."""
    text = next(path for folder in FOLDERS if (path := folder / f"{name}.md").exists()).read_text(encoding="utf-8")
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = [_bare(token) for token in reader.parse(text)]
    parts, title = [], tokens[1].content
    above = title
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            above = following.content
            token.attrSet("id", _anchor(above))
            parts += [(_anchor(above), above)] if token.tag == "h2" else []
        token.meta["above"] = above
    reader.add_render_rule("table_open", _table)
    body = Markup(reader.renderer.render(tokens[3:], reader.options, {}))  # noqa: S704  # our own file, its HTML escaped
    return Document(title, tuple(parts), body)


def _anchor(title: str) -> str:
    """What stands before a colon, as a name: of a problem its own, of a part the status."""
    return title.partition(":")[0].strip().lower().replace(" ", "-")


def _bare(token: Token) -> Token:
    """A part of a text without links to other documents, which the service does not hold: their words stay."""
    kept, dropped = [], False
    for child in token.children or ():
        if child.type == "link_open":
            dropped = not str(child.attrGet("href")).startswith("#")
        if not (dropped and child.type in {"link_open", "link_close"}):
            kept.append(child)
    if token.children is not None:
        token.children = kept
    return token


def _table(_renderer: Any, tokens: Sequence[Token], place: int, *_further: Any) -> str:
    """A table begins with what it is of: the title above it."""
    return _CAPTION.format(Markup.escape(tokens[place].meta["above"]))
