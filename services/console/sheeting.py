"""What became of the rows of a file, in words: how many went in, and beside each other row what is to be mended."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services import sheets
from services.console import mending
from services.forms import Form
from services.kernel.errors import Problem
from services.kernel.i18n import translator
from services.reports import Accepted
from services.sheets import Answer

MOST_SHOWN = 500  # rows to mend on one page, and reports that went in; the rest is counted
MOST_FAULTS = 1_000  # of those rows: a hundred kilobytes, which a poor line still brings


@dataclass(frozen=True, slots=True)
class Mend:
    """What is wrong in one cell: the code of its column, what the column is called, and what to do."""

    column: str
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class RowToMend:
    """A row of the file that was not taken."""

    number: int
    faults: Sequence[Mend]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A file that was taken row by row. `wrong`: rows to mend; `stored`: the references of what was new, by row;
    `personal`: rows in which a check found personal data."""

    checked: bool
    new: int
    again: int
    refused: int
    wrong: Sequence[RowToMend]
    stored: Sequence[tuple[int, str]]
    personal: Sequence[int]
    encoding: str

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return self.new + self.again + self.refused


def outcome(form: Form, answers: Sequence[Answer], language: str, *, checked: bool) -> Outcome:
    """What the answers to a file's rows say."""
    named = {one.code: one.label for one in sheets.columns(form, language)}
    refused = [(one.row, one.outcome) for one in answers if isinstance(one.outcome, Problem)]
    taken = [(one.row, one.outcome) for one in answers if not isinstance(one.outcome, Problem)]
    replayed = [one.replayed if isinstance(one, Accepted) else one.stored is not None for _, one in taken]
    return Outcome(
        checked=checked,
        new=replayed.count(False),
        again=replayed.count(True),
        refused=len(refused),
        wrong=_to_mend(refused[:MOST_SHOWN], named, language),
        stored=[
            (row, one.receipt.reference)
            for row, one in taken
            if isinstance(one, Accepted) and not one.replayed
        ][:MOST_SHOWN],
        personal=[row for row, one in taken if not isinstance(one, Accepted) and one.personal][:MOST_SHOWN],
        encoding=next((one.encoding for one in answers if one.encoding), ""),
    )  # fmt: skip


def _to_mend(refused: Sequence[tuple[int, Problem]], named: Mapping[str, str], language: str) -> list[RowToMend]:
    """The first rows to mend, as many as one page can bear."""
    found: list[RowToMend] = []
    left = MOST_FAULTS
    for row, problem in refused:
        faults = faults_of(problem, named, language)
        left -= len(faults)
        if found and left < 0:
            break
        found.append(RowToMend(row, faults))
    return found


def faults_of(problem: Problem, named: Mapping[str, str], language: str) -> list[Mend]:
    """The faults of a row, or of the columns of a file; what has no column stands alone."""
    _ = translator(language).gettext
    errors = problem.extra.get("errors") or [{"field": problem.field or "", "rule": problem.detail}]
    return [Mend(one["field"], named.get(one["field"], ""), _said(one["rule"], _)) for one in errors]


def refusal(problem: Problem, language: str) -> str:
    """Why nothing of a file was read."""
    _ = translator(language).gettext
    known = {
        "sheet-not-readable": _("The file cannot be read as a sheet. Nothing of it is stored."),
        "header-not-valid": _("The columns are not those of the template. Nothing of it is stored."),
        "too-large": _("The file is too large: send it in parts. Nothing of it is stored."),
        "no-sheet": _("Choose a file."),
    }
    return known.get(problem.slug, _("The file was not taken. Nothing of it is stored."))


def _said(rule: str, _: Callable[[str], str]) -> str:
    known = {
        "is required in a file": _("This is needed."),
        "is not a column of this form": _("The template of this form has no such column: take it away."),
        "is there twice": _("This column is there twice: keep one."),
        "is missing": _("This column is missing: take the template as it is."),
        "has no header": _("This cell stands under no column: give it a name, or empty it."),
        "no day that can be told": _("Write the date as year-month-day, such as 2026-10-31."),
        "is a number: format the cell": _("Write the date as year-month-day, such as 2026-10-31."),
        "no moment that can be told": _("Write day and time in UTC, such as 2026-10-31 09:00."),
        "is a word with its scale": _("Choose one of the list, or write one such as phia:likely."),
        "is a day: format the cell": _("Write a number, such as 1200 or 2.5."),
        "is a number, written with digits": _("Write a number, such as 1200 or 2.5."),
        "is yes or no": _("Write yes or no."),
        "is written as killed": _("Write names and numbers, such as killed=2; injured=5."),
        "is written as organisation": _(
            "Write whom it was heard from, the nearest first: organisation=south; document=A letter; name=A driver."
        ),
        "is a formula": _("This is a formula: paste its value in its place."),
        "holds a time of day": _("Give the day alone, without the time."),
        "holds an error of the sheet": _("This is an error of the sheet, such as #REF!: mend it."),
        "characters that are no text": _("A cell holds characters that are no text: type it anew."),
        "send a revision": _("Another report was sent under this reference: give this one its own."),
        "has used it before": _("Another report was sent under this reference: give this one its own."),
        "use kind relayed": _("An own observation names no other source: write relayed."),
        "give it alone": _("Give either the chain, or organisation, document and other."),
    }
    return next((text for words, text in known.items() if words in rule), "") or mending.said_of(rule, _)
