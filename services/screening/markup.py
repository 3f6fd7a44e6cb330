"""Stray markup: tags, footnote marks, entities and what is left of them where a text was cut."""

import html
import re

from services.screening.offsets import Edit

_BLOCKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr"})
_NAMES = """a abbr b big body center cite code col dd del dl dt em font footer head header html i img input ins label
    link main meta nav ol option pre q s section small span strike strong style script sub sup svg table tbody td tfoot
    th thead title tt u ul var"""
_INLINE = frozenset(_NAMES.split())
_PIECE = re.compile(
    r"<sup(?:\s[^<>]{0,100})?>(?P<note>[^<>]{0,12})</sup\s?>"
    r"|<!--[^<>]{0,500}-->"
    r"|<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9]{0,10})(?:\s[^<>]{0,300})?\s?/?>"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,8});"
)
_NOTE = re.compile(r"[\s\d,;*†‡()\[\]a-z]+")
_POWER = re.compile(r"(?:\d|(?<![^\W\d_])[cкkсdд]?[mм])\s?\Z")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HALF = re.compile(
    r"(?:</?(?P<tag>[A-Za-z][A-Za-z0-9]{0,10})?(?:\s[^<>]{0,300})?|&(?P<entity>#?\w{0,7})|\ufffd{1,8})\Z"
)
_ENTITIES = ("amp;", "nbsp;", "quot;", "apos;", "laquo;", "raquo;", "mdash;", "ndash;", "shy;", "hellip;", "rsquo;")
_REMAINS = 320  # characters in which a cut piece of markup may stand


def stripped(text: str) -> list[Edit]:
    """Tags taken out, entities written out, footnote marks taken out; what only looks like markup stays."""
    if "<" not in text and "&" not in text:
        return []
    edits = []
    for found in _PIECE.finditer(text):
        new = _instead(found, text)
        if new is not None and new != found.group():
            edits.append(Edit(found.start(), found.end(), new))
    return edits


def _instead(found: re.Match[str], text: str) -> str | None:
    if found["note"] is not None:
        return _note(found["note"], text[max(0, found.start() - 6) : found.start()])
    if found["tag"] is not None:
        tag = found["tag"].lower()
        if tag in _BLOCKS:
            return "\n" if tag in ("br", "hr") or found["close"] else ""
        return "" if tag in _INLINE else None
    if found.group().startswith("<!--"):
        return ""
    said = html.unescape(found.group())
    return said if said.isprintable() or said == "\u00a0" else ""


def _note(said: str, before: str) -> str:
    """A power stays a power; a mark that leads to a footnote goes; anything else is words."""
    if said.isdecimal() and _POWER.search(before):
        return said.translate(_RAISED)
    return "" if not said or _NOTE.fullmatch(said) else said


def tail(text: str) -> list[Edit]:
    """What is left of a tag, an entity or a character where a text was cut, with dots in its place."""
    begins = max(0, len(text) - _REMAINS)
    if not any(sign in text[begins:] for sign in "<&\ufffd"):
        return []
    found = _HALF.search(text, begins)
    if found is None or (found.group().startswith("<") and not _begun(found["tag"], found.group())):
        return []
    if found["entity"] is not None and not _of_entity(found["entity"]):
        return []
    return [Edit(found.start(), found.end(), "…")]


def _begun(tag: str | None, whole: str) -> bool:
    """Whether this is, or may be the beginning of, a tag."""
    known = _BLOCKS | _INLINE
    if tag is None:
        return whole == "</"
    low = tag.lower()
    return low in known or (whole.endswith(tag) and any(one.startswith(low) for one in known))


def _of_entity(said: str) -> bool:
    if said.startswith("#"):
        return said[1:].isdecimal() or said == "#"
    return len(said) > 1 and any(one.startswith(said) for one in _ENTITIES)
