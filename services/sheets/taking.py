"""Taking a file in: read whole and refused whole if it is no sheet of the form, else each row answered on its own."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic_core import to_json

from services import forms, reports
from services.forms import Form
from services.kernel import db
from services.kernel.errors import Malformed, Problem, TooLarge
from services.network import Caller
from services.reports import Accepted, Checked, NewReport, NotValid, Submission, commit
from services.sheets import csv_file, xlsx_file
from services.sheets.bodies import body, column_of, header
from services.sheets.columns import Column
from services.sheets.grid import MOST_ROWS, Row
from services.sheets.refusals import SheetNotReadable

AT_ONCE = 500
_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a row: the receipt or the refusal; of a check, what was found and what was sent before."""

    row: int
    outcome: Accepted | Problem | Checked
    encoding: str = ""
    """The one that the file was read in, where that had to be told from its text."""

    def line(self) -> bytes:
        """The answer as one line of JSON, like that of a bulk upload."""
        read = {"encoding": self.encoding} if self.encoding else {}
        return to_json({"row": self.row, **self._told(), **read}) + b"\n"

    def _told(self) -> dict[str, Any]:
        if isinstance(self.outcome, Problem):
            return self.outcome.document()
        if isinstance(self.outcome, Checked):
            return {"status": 200, **self.outcome.model_dump(mode="json")}
        return {"status": 202, **self.outcome.receipt.model_dump(mode="json"), "replayed": self.outcome.replayed}


def form_for(code: str, version: int | None) -> Form:
    """The form that a file is for.

    Raises:
        NoSuchForm: there is none.
    """
    with db.reading() as session:
        return forms.get(session, code, version)


def take(raw: bytes, form: Form, caller: Caller, *, dry: bool = False) -> Iterator[Answer]:
    """Store the rows of a file, or with `dry` only check them; a row that was sent before under its own reference has
    no second effect.

    Raises:
        SheetNotReadable, HeaderNotValid, TooLarge: before anything was stored, the file is refused whole.
    """
    every, encoding = _rows(raw)
    given, rows = _read(every, form)
    for some in db.batches(rows, AT_ONCE):
        for one in _answers(form, given, some, caller, dry=dry):
            yield replace(one, encoding=encoding)


def _rows(raw: bytes) -> tuple[Iterator[Row], str]:
    """All rows of a file, and its encoding where that had to be told from its text."""
    if not raw.strip():
        raise SheetNotReadable("The file is empty.")
    if raw.startswith((_ZIP, _OLE)):
        return xlsx_file.read(raw), ""
    text, encoding = csv_file.decoded(raw)
    return csv_file.rows(text), encoding


def _read(every: Iterable[Row], form: Form) -> tuple[list[Column | None], list[Row]]:
    rows = (one for one in every if not one.empty())
    first = next(rows, None)
    if first is None:
        raise SheetNotReadable("The sheet is empty.")
    given = header(form, first)
    found = [one for one in rows if not one.remark()]
    if len(found) > MOST_ROWS:
        raise TooLarge(f"A file may have {MOST_ROWS} rows: send the rest apart.")
    return given, found


def _answers(form: Form, given: list[Column | None], rows: list[Row], caller: Caller, *, dry: bool) -> list[Answer]:
    outcomes: dict[int, Accepted | Problem | Checked] = {}
    ready: dict[int, Submission] = {}
    for row in rows:
        try:
            ready[row.number] = Submission(caller, _report(form, given, row))
        except Problem as problem:
            outcomes[row.number] = problem
    handed_in = list(ready.values())
    settled = (_checked(handed_in) if dry else commit(handed_in)) if handed_in else []
    for number, outcome in zip(ready, settled, strict=True):
        outcomes[number] = _by_column(outcome) if isinstance(outcome, Problem) else outcome
    return [Answer(row.number, outcomes[row.number]) for row in rows]


def _report(form: Form, given: list[Column | None], row: Row) -> NewReport:
    made, faults = body(form, given, row)
    if faults:
        errors = [{"field": column, "rule": rule} for column, rule in faults[:50]]
        raise NotValid(f"{faults[0][0]}: {faults[0][1]}.", field=faults[0][0], errors=errors)
    try:
        return reports.parse(NewReport, json.dumps(made).encode())
    except Malformed:
        raise NotValid("A cell holds characters that are no text: type it anew.", errors=[]) from None
    except Problem as problem:
        raise _by_column(problem) from None


def _by_column(problem: Problem) -> Problem:
    """The same refusal with the names of columns in the place of those of fields."""
    if not problem.field:
        return problem
    column = column_of(problem.field)
    extra: dict[str, Any] = dict(problem.extra)
    if "errors" in extra:
        extra["errors"] = [{**one, "field": column_of(one["field"])} for one in extra["errors"]]
    detail = problem.detail.replace(f"{problem.field}:", f"{column}:", 1)
    return type(problem)(detail, field=column, headers=problem.headers, **extra)


def _checked(given: list[Submission]) -> list[Problem | Checked]:
    with db.reading() as session:
        outcomes = reports.check(session, given)
    return [
        before if isinstance(before, Problem) else _told(reports.checked(before, one))
        for one, before in zip(given, outcomes, strict=True)
    ]


def _told(checked: Checked) -> Checked:
    """What was found, by columns."""
    found = [one.model_copy(update={"field": column_of(one.field)}) for one in checked.personal]
    return checked.model_copy(update={"personal": found})
