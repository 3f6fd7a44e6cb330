"""What is kept of a refused line: field and rule, never the value; and the file that its sender takes away."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pydantic_core import to_json

from services.kernel.errors import Problem

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the beginning of one (CWE-1236)


class Fault(NamedTuple):
    """One line of the file."""

    line: int
    status: int
    problem: str
    field: str
    rule: str


def faults_of(line: int, problem: Problem) -> list[Fault]:
    """A refusal, one for each field at fault. Its own words may repeat what was sent, so only a rule is taken over."""
    status, slug = int(problem.status), problem.slug
    told = problem.extra.get("errors") or ()
    found = [Fault(line, status, slug, str(one["field"]), str(one["rule"])) for one in told]
    return found or [Fault(line, status, slug, problem.field, problem.title)]


def as_ndjson(faults: Iterable[Fault]) -> Iterator[bytes]:
    """One JSON object a line."""
    for one in faults:
        yield to_json(one._asdict()) + b"\n"


def as_csv(faults: Iterable[Fault]) -> Iterator[bytes]:
    """Comma-separated (RFC 4180), with a header; no cell is a formula."""
    yield _row(Fault._fields)
    for one in faults:
        yield _row([_harmless(cell) for cell in one])


def _row(cells: Iterable[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
