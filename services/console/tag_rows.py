"""The tags of a report on an analyst's desk: each once, with its evidence, and what stands said of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services import vocabulary
from services.console.evidence import Piece, Told
from services.search import ThemeHint
from services.tagging import TagDecisionView

JUDGED = {"theme": "theme", "country": "place", "unit": "place", "town": "place", "actor": "actor"}
STYLES = JUDGED | {"listed_person": "actor"}  # how the words behind a tag are drawn; of all others as facts
FACT = "fact"
_ORDER = ("theme", "place", "actor", FACT)


@dataclass(frozen=True, slots=True)
class Row:
    """One tag. `kind`: as what it is judged, empty where it is not; `found`: tagging itself found it, so that it can be
    confirmed or rejected; `said`: what an analyst said last, unless that was taken back."""

    told: Told
    kind: str
    style: str
    found: bool
    said: TagDecisionView | None


def rows(tags: Sequence[Told], decisions: Sequence[TagDecisionView]) -> list[Row]:
    """The tags, themes first, numbered from 1; with them what was rejected or added and is not in the tags, or not yet:
    the number of a tag stays the same when it is judged."""
    standing: dict[tuple[str, str], TagDecisionView] = {}
    standing |= {(one.scheme, one.value): one for one in decisions if one.stands and one.decided != "undecided"}
    made = []
    for tag in tags:
        kind = JUDGED.get(tag.scheme, "")
        found = bool(kind) and any(method not in ("sender", "analyst") for method in tag.methods)
        said = standing.pop((kind, tag.value), None)
        made.append(Row(tag, kind, STYLES.get(tag.scheme, FACT), found, said))
    held = [one for one in standing.values() if one.holds]
    made += [Row(_gone(one), one.scheme, one.scheme, found=False, said=one) for one in held]
    made.sort(key=lambda row: (_ORDER.index(row.style), row.told.scheme == "language", row.told.scheme, row.told.value))
    return [replace(row, told=replace(row.told, number=number)) for number, row in enumerate(made, 1)]


def hinted(hints: Sequence[ThemeHint], tags: Sequence[Row]) -> list[ThemeHint]:
    """What a model suggests and nobody has said anything of: neither the tags nor an analyst."""
    there = {row.told.value for row in tags if row.kind == "theme"}
    return [one for one in hints if not one.told and one.theme not in there]


def drawn(piece: Piece, tags: Sequence[Row]) -> str:
    """How words behind a tag are drawn: as its style says, and otherwise where they led to several. That a town lies in
    a province and a country says nothing more."""
    styles = [tags[number - 1].style for number in piece.tags]
    several = len(styles) - max(0, styles.count("place") - 1) > 1
    return f"{styles[0]} many" if several else styles[0]


def _gone(one: TagDecisionView) -> Told:
    """A tag that is not there, by what was said of it."""
    place = vocabulary.places().get(one.value) if one.scheme == "place" else None
    level = vocabulary.COUNTRY if vocabulary.is_abroad(one.value) else one.scheme
    scheme = place.level if place is not None else level
    return Told(0, scheme, one.value, (), 0.0, (), (), (), (), "", None, (one.version,) if one.version else ())
