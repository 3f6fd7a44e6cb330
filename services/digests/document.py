"""The composed digest: one model in the reader's language, from which page, paper and JSON are made."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from services.digests.content import Item
from services.figures import Spec

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    tone: Literal["plain", "note", "warning"] = "plain"
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it says and, where it is a number, the number. `picture` is a small SVG that `text` describes."""

    text: str
    value: int | float | None = None
    picture: str | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption. The first cell of each row is its heading; `numeric` tells which columns hold numbers."""

    caption: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str | None = None
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with the table of what it shows."""

    spec: Spec
    caption: str
    table: Table
    alt: str
    note: str | None = None
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True, slots=True)
class Fact:
    """One part of an item's facts line: `key` is what, where, when, how_many, grade, origins or reports."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: its facts in the reader's language, its title and sentences in the reports' own."""

    item: Item
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of items."""

    entries: tuple[Entry, ...]
    kind: Literal["entries"] = "entries"


@dataclass(frozen=True, slots=True)
class Line:
    """A tear-line: text, day, label and who told it, and nothing that leads to its report."""

    text: str
    day: date
    day_text: str
    originator: str | None
    by: str
    tlp: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of tear-lines."""

    lines: tuple[Line, ...]
    kind: Literal["lines"] = "lines"


Block: TypeAlias = Text | Table | Figure | Entries | Lines


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `level` is that of the heading in the document, 2 to 4."""

    key: str
    title: str
    level: int
    status: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """The fixed words around the sections."""

    contents: str
    edition: str
    network: str
    period: str
    cut_off: str
    page: str
    """With {page} and {pages}."""
    as_table: str
    facts: str


@dataclass(frozen=True, slots=True)
class Document:
    """The whole digest for one reader, in one language."""

    language: str
    reference: str
    title: str
    network: str
    status: str
    banner: str | None
    """Said at the top and on every page where anything in it is not actual."""
    draft: bool
    solo: bool
    notes: tuple[str, ...]
    """Said there too: that it is a draft, that it was made in solo mode."""
    tlp: str
    grain: str
    start: date
    end: date
    period: str
    cut_off: datetime
    cut_off_text: str
    labels: Labels
    sections: tuple[Section, ...]

    @property
    def reports(self) -> frozenset[str]:
        """The reports whose words it holds."""
        blocks = (block for section in self.sections for block in section.blocks)
        return frozenset(
            one
            for block in blocks
            if isinstance(block, Entries)
            for entry in block.entries
            for one in entry.item.reports
        )

    @property
    def marking(self) -> str:
        """The label as TLP 2.0 wants it written."""
        return f"TLP:{self.tlp}"


def as_json(document: Document) -> dict[str, Json]:
    """The document as plain JSON values. The keys are stable: new ones may come, and `schema` changes
    when one goes or means something else. Figures come as tables."""
    return {
        "schema": "ewn.digest/1",
        "edition": document.reference,
        "title": document.title,
        "network": document.network,
        "language": document.language,
        "status": document.status,
        "banner": document.banner,
        "draft": document.draft,
        "solo": document.solo,
        "notes": list(document.notes),
        "marking": document.marking,
        "period": {"grain": document.grain, "from": document.start.isoformat(), "to": document.end.isoformat()},
        "period_text": document.period,
        "cut_off": document.cut_off.isoformat(),
        "cut_off_text": document.cut_off_text,
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "level": section.level,
                "status": section.status,
                "blocks": [_block(block) for block in section.blocks],
            }
            for section in document.sections
        ],
    }


def _block(block: Block) -> dict[str, Json]:
    match block:
        case Text():
            return {"kind": block.kind, "tone": block.tone, "text": block.text}
        case Table():
            return _table(block)
        case Figure():
            return {
                "kind": block.kind,
                "caption": block.caption,
                "alt": block.alt,
                "note": block.note,
                "table": _table(block.table),
            }
        case Entries():
            return {"kind": block.kind, "entries": [_entry(entry) for entry in block.entries]}
        case Lines():
            return {"kind": block.kind, "lines": [_line(line) for line in block.lines]}


def _line(line: Line) -> dict[str, Json]:
    return {
        "text": line.text,
        "day": line.day.isoformat(),
        "day_text": line.day_text,
        "originator": line.originator,
        "by": line.by,
        "marking": f"TLP:{line.tlp}",
    }


def _table(table: Table) -> dict[str, Json]:
    return {
        "kind": table.kind,
        "caption": table.caption,
        "columns": [
            {"text": text, "numeric": numeric} for text, numeric in zip(table.columns, table.numeric, strict=True)
        ],
        "rows": [
            [{"text": cell.text, "value": cell.value, "marked": cell.marked} for cell in row] for row in table.rows
        ],
        "note": table.note,
    }


def _entry(entry: Entry) -> dict[str, Json]:
    item = entry.item
    return {
        "reference": item.reference,
        "title": item.title,
        "language": item.language,
        "sentences": list(item.sentences),
        "facts": [{"key": fact.key, "label": fact.label, "text": fact.text} for fact in entry.facts],
        "themes": list(item.themes),
        "places": list(item.places),
        "occurred_from": item.occurred_from.isoformat(),
        "occurred_to": item.occurred_to.isoformat(),
        "figures": dict(item.figures),
        "reliability": item.reliability,
        "credibility": item.credibility,
        "originator": item.originator,
        "reports": list(item.reports),
        "origins": item.origins,
        "circular": item.circular,
        "status": item.status,
        "marking": f"TLP:{item.tlp}",
    }
