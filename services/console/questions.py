"""The questions of a form: what was typed into them becomes answers, or faults beside the question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from services import forms
from services.console.form import Typed
from services.console.numbers import number
from services.forms import Answer, FieldView, Form, Question, fields
from services.kernel.i18n import translator
from services.reports import ReportView

PICKED = ("yes_no", "0-4", "trend", "choice")  # answered by choosing, the states among the choices
TRENDING = ("yes_no", "0-4", "count", "choice")
STATES = {"~no_change": "no_change", "~not_observable": "not_observable"}  # no code of a choice begins so
_YES = {"yes": True, "no": False}


def name(code: str, part: str = "") -> str:
    """What a question's field is called in the form; `part`: state, trend or evidence."""
    return f"q.{code}.{part}" if part else f"q.{code}"


def read(form: Form, typed: Typed, language: str) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The answers that the form holds, and what is wrong with them by field."""
    _ = translator(language).gettext
    answers: dict[str, dict[str, Any]] = {}
    faults: dict[str, str] = {}
    for one in form.questions:
        answer, fault = _answer(one, typed, _)
        if fault:
            faults[name(one.code)] = fault
        elif answer:
            answers[one.code] = answer
    return answers, faults


def _answer(one: Question, typed: Typed, _: Callable[[str], str]) -> tuple[dict[str, Any], str]:
    """The answer to one question, empty where it was left out; or what is wrong with it."""
    written = typed[name(one.code)].strip()
    state = STATES.get(written) or STATES.get(typed[name(one.code, "state")], "")
    beside = {part: typed[name(one.code, part)].strip() for part in ("trend", "evidence")}
    beside = {part: text for part, text in beside.items() if text}
    if state:
        if written and written not in STATES:
            return {}, _("There is an answer, and also that there is none: take one of the two away.")
        return {"state": state} | beside, ""
    if not written:
        if one.required:
            return {}, _("Answer this, or say that nothing changed or that it cannot be observed.")
        return {}, _("There is a trend or evidence, and no answer: give one.") if beside else ""
    value = _value(one, written)
    if value is None:
        return {}, _("Write a whole number, such as 12.") if not one.decimals else _(
            "Write a number, such as 1200 or 2.5."
        )
    return {"value": value} | beside, ""


def _value(one: Question, written: str) -> Any:
    """What was chosen or written, on the question's scale; None for a number that is none. All else the form judges."""
    if one.scale == "count":
        read = number(written)
        return int(read) if read is not None and read.is_integer() else read if one.decimals else None
    if one.scale == "yes_no":
        return _YES.get(written, written)
    return int(written) if one.scale == "0-4" and written in "01234" else written


@dataclass(frozen=True, slots=True)
class Told:
    """A question with the answer that a report gave to it."""

    asked: FieldView
    answer: Answer

    @property
    def chosen(self) -> str:
        """The words of the choice that was made."""
        return dict(self.asked.choices).get(str(self.answer.value), "")


def told(form: Form, answers: Mapping[str, Answer], language: str) -> list[Told]:
    """The answers of a report under their questions, in the order of the form."""
    asked = [one for one in fields(form, language) if not one.core and one.code in answers]
    return [Told(one, answers[one.code]) for one in asked]


def answered(session: Session, report: ReportView, language: str) -> list[Told]:
    """The answers of a report that was written with a form; none where that form is no longer known."""
    form = forms.shelf(session).find(report.form, report.form_version) if report.form and report.answers else None
    return told(form, report.answers, language) if form is not None else []
