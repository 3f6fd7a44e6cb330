"""From a row of cells to the body of a report, and from the faults of a body back to columns."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from services.forms import Form
from services.sheets import further
from services.sheets.columns import MARKING, NEEDED, SOURCE, Column, chosen, columns, replayed
from services.sheets.grid import TIMED, Cell, Faulty, Row
from services.sheets.refusals import HeaderNotValid
from services.sheets.words import STATES, codes

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MOMENT = re.compile(r"(\S{8,10}?)(?:[ T](\d{1,2}:\d{2})(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?")
_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,15})?")
_STEP = re.compile(r"(organisation|document|name)[ ]?=(.+)", re.DOTALL)
_FIGURE = re.compile(r"([a-z_]{2,40})\s*=\s*(-?\d{1,15}([.,]\d{1,15})?)")


class Misread(ValueError):
    """A cell that does not keep its column's scale."""


def header(form: Form, row: Row) -> list[Column | None]:
    """The columns that a file has, in its order; None for one without a name.

    Raises:
        HeaderNotValid: a name is not of the template, is there twice, or one that must be there is missing.
    """
    known = {one.code: one for one in (*columns(form, "en"), replayed("en"))}
    names = [str(one).strip().casefold() if one is not None else "" for one in row.cells]
    needed = [*NEEDED, *(["corrects"] if form.kind == "correction" else [])]
    faults = [(name[:60], "is not a column of this form's template") for name in names if name and name not in known]
    faults += [
        (name[:60], "is there twice") for name in sorted({name for name in names if names.count(name) > 1}) if name
    ]
    faults += [(name, "is missing") for name in needed if name not in names]
    if faults:
        detail = f"{faults[0][0]}: {faults[0][1]}. Download the template of this form and version."
        raise HeaderNotValid(detail, field=faults[0][0], errors=[{"field": a, "rule": b} for a, b in faults[:50]])
    return [known.get(name) for name in names]


def body(form: Form, given: Sequence[Column | None], row: Row) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The body that a row stands for, and the cells of it that cannot be read: column and rule."""
    read: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for at, cell in enumerate(row.cells):
        if cell is None or cell == "":
            continue
        column = given[at] if at < len(given) else None
        if column is None:
            faults.append((f"column {at + 1}", "has no header: give its name, or empty it"))
            continue
        try:
            read[column.code] = _read(form, column, cell)
        except Misread as rule:
            faults.append((column.code, str(rule)))
    faults += [(one, "is required in a file") for one in ("own_reference",) if one not in read and not faults]
    return _assembled(form, [one for one in given if one is not None], read), faults


def _assembled(form: Form, given: Iterable[Column], read: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"form": form.code, "form_version": form.version, "kind": form.kind}
    answers: dict[str, dict[str, Any]] = {}
    for column in given:
        if column.code not in read:
            continue
        value = read[column.code]
        if column.question:
            answer = answers.setdefault(column.question, {})
            answer.update({"state": value} if column.part == "value" and value in STATES else {column.part: value})
        elif column.code not in (*MARKING, *SOURCE) and "." not in column.code:
            made[column.code] = value
    if "occurred_from" in made:
        made.setdefault("occurred_to", made["occurred_from"])
    made |= further.assembled(read)
    made["marking"] = {name: read[name] for name in MARKING if name in read} | made.get("marking", {})
    source = {name.removeprefix("source_"): read[name] for name in SOURCE if name in read}
    if further.CHAIN in read:
        source = {"kind": "relayed", **source, "chain": read[further.CHAIN]}
    if source:
        made["source"] = {"kind": "own", **source}
    if further.AS_OF in read:
        made["as_of"] = read[further.AS_OF]
    if answers:
        made["answers"] = answers
    return made


def column_of(field: str) -> str:
    """The column in which a fault of a body's field stands."""
    parts = field.split(".")
    if parts[0] == "answers" and len(parts) > 1:
        return parts[1] if len(parts) == 2 or parts[2] in ("value", "state") else f"{parts[1]}.{parts[2]}"
    if parts[0] == "marking" and len(parts) > 1:
        name = parts[2] if parts[1] == "terms" and len(parts) > 2 else parts[1]
        return name if name in MARKING else f"marking.{name}"
    if parts[0] == "as_of":
        return further.AS_OF
    if parts[:2] == ["source", "chain"]:
        return further.CHAIN
    if parts[0] == "source":
        return f"source_{parts[1]}" if len(parts) > 1 else "source_kind"
    return further.column_of(parts) if parts[0] in ("judgement", "evaluation", "tear_line") else parts[0]


def _read(form: Form, column: Column, cell: Cell) -> Any:
    if isinstance(cell, Faulty):
        raise Misread(str(cell))
    if isinstance(cell, datetime) and column.scale != "moment":
        raise Misread(TIMED)
    if column.part == "value" and isinstance(cell, str) and codes().get(cell.casefold()) in STATES:
        return codes()[cell.casefold()]
    if column.scale == "choice" and column.question:
        return chosen(form, column.question, _text(cell))
    return _SCALES.get(column.scale, _text)(cell)


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _day(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, str):
        raise Misread("is a number: format the cell as a day, or write 2026-10-31")
    if _ISO.fullmatch(cell):
        return cell
    dotted = _DOTTED.fullmatch(cell)
    if dotted is None:
        raise Misread("is no day that can be told for certain: write 2026-10-31 or 31.10.2026")
    day, month, year = dotted.groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def _moment(cell: Cell) -> str:
    """An instant as the API takes it. Without a zone it is UTC, whose day begins at 00:00: a file tells no other."""
    if isinstance(cell, datetime):
        return f"{cell.isoformat()}Z"
    if not isinstance(cell, str):
        return f"{_day(cell)}T00:00Z"
    said = _MOMENT.fullmatch(cell)
    if said is None:
        raise Misread("is no moment that can be told for certain: write 2026-10-31 09:00, in UTC")
    day, time, seconds, zone = said.groups()
    return f"{_day(day)}T{(time or '00:00').zfill(5)}{seconds or ''}{zone or 'Z'}"


def _likelihood(cell: Cell) -> str:
    found = further.likelihood(_text(cell))
    if found is None:
        raise Misread("is a word with its scale: choose one of the drop-down, or write one such as phia:likely")
    return found


def _number(cell: Cell) -> int | float:
    if isinstance(cell, date):
        raise Misread("is a day: format the cell as a number")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return int(cell) if float(cell).is_integer() else cell
    if not isinstance(cell, str) or not _NUMBER.fullmatch(cell):
        raise Misread("is a number, written with digits and at most one point or comma")
    value = float(cell.replace(",", "."))
    return int(value) if value.is_integer() else value


def _yes(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    said = codes().get(cell.casefold()) if isinstance(cell, str) else None
    if said not in ("yes", "no"):
        raise Misread("is yes or no")
    return said == "yes"


def _trend(cell: Cell) -> str:
    text = _text(cell)
    return codes().get(text.casefold(), text)


def _several(cell: Cell) -> list[str]:
    return [one for part in re.split("[;,\n]", _text(cell)) if (one := part.strip())]


def _chain(cell: Cell) -> list[dict[str, str]]:
    steps = [one.strip() for one in re.split("[;\n]", _text(cell)) if one.strip()]
    found = [_STEP.fullmatch(one) for one in steps]
    if not found or None in found:
        raise Misread("is written as organisation=south; document=A letter; name=A driver, the nearest first")
    return [{one[1]: one[2].strip()} for one in found if one is not None]


def _figures(cell: Cell) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in (part.strip() for part in re.split("[;\n]", _text(cell))):
        pair = _FIGURE.fullmatch(one)
        if one and (pair is None or pair.group(1) in found):
            raise Misread("is written as killed=2; injured=5, each name once")
        if pair is not None:
            found[pair.group(1)] = float(pair.group(2).replace(",", "."))
    return found


def _choice(cell: Cell) -> str:
    return _text(cell)


_SCALES: dict[str, Callable[[Cell], Any]] = {
    "date": _day,
    "moment": _moment,
    "chain": _chain,
    "likelihood": _likelihood,
    "count": _number,
    "0-4": _number,
    "credibility": _number,
    "yes_no": _yes,
    "trend": _trend,
    "themes": _several,
    "several": _several,
    "figures": _figures,
    "choice": _choice,
}
