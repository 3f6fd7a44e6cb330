"""Answers to a form: their shape, whether they keep the form's rules, and what they add to indicators."""

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field, StrictBool, StrictFloat, StrictInt, model_validator

from services.forms.definition import Code, Form, Question
from services.forms.kinds import CHOSEN, CORRECTS, Scale
from services.kernel.text import Text
from services.network import Closed

TRENDS = ("up", "same", "down")
_MISSING = "is required: answer it, or say no_change or not_observable"
MOST = 1e9  # summed in 63 bits


class Answer(Closed):
    """The answer to one question. A question not answered is left out; what cannot be told is said by its state."""

    state: Literal["answered", "no_change", "not_observable"] = "answered"
    value: StrictBool | StrictInt | StrictFloat | Annotated[Text, Field(max_length=5_000)] | None = Field(
        default=None, description="By the question's scale; only where the state is answered."
    )
    trend: Literal["up", "same", "down"] | None = None
    evidence: Text | None = Field(default=None, min_length=1, max_length=2_000, description="What it rests on.")

    @model_validator(mode="after")
    def _as_stated(self) -> Self:
        if (self.state == "answered") != (self.value is not None):
            raise ValueError("an answered question has a value, and no_change and not_observable have none")
        if self.state == "not_observable" and self.trend is not None:
            raise ValueError("what is not observable has no trend")
        if self.state == "no_change" and self.trend not in (None, "same"):
            raise ValueError("no_change has the trend same, or none")
        return self


Answers = Annotated[dict[Code, Answer], Field(max_length=100)]


class Fault(NamedTuple):
    """A field that breaks a rule of the form."""

    field: str
    rule: str


class Given(NamedTuple):
    """A number that an answer gives to an indicator; None where the answer says no_change or not_observable."""

    scale: Scale
    value: float | None


def faults(form: Form, report: Any) -> list[Fault]:
    """Where a report breaks the rules of its form; `report` has the fields of the core and `answers`."""
    found = []
    if report.kind != form.kind:
        found.append(Fault("kind", f"is another than the form's: this form is for {form.kind}"))
    for name in (*CHOSEN, CORRECTS):
        given = name in report.model_fields_set and getattr(report, name) not in (None, [], {}, False)
        need = form.need(name)
        if need == "required" and not given:
            found.append(Fault(name, "is required by this form"))
        if need == "absent" and given:
            found.append(Fault(name, "has no place in this form: leave it out"))
    known = {one.code: one for one in form.questions}
    for code, answer in report.answers.items():
        question = known.get(code)
        if question is None:
            found.append(Fault(f"answers.{code}", "is not a question of this form"))
        elif answer.state == "answered" and (rule := _broken(question, answer.value)):
            found.append(Fault(f"answers.{code}.value", rule))
    missing = (one.code for one in form.questions if one.required and one.code not in report.answers)
    return [*found, *(Fault(f"answers.{code}", _MISSING) for code in missing)]


def _broken(question: Question, value: Any) -> str | None:  # noqa: PLR0911 -- one scale after another
    """The rule of its scale that a value breaks."""
    match question.scale:
        case "yes_no":
            return None if isinstance(value, bool) else "is true or false"
        case "0-4":
            return None if type(value) is int and 0 <= value <= 4 else "is a whole number from 0 to 4"
        case "count":
            return None if _counts(value, question.decimals) else _count_rule(question.decimals)
        case "trend":
            return None if value in TRENDS else f"is one of: {', '.join(TRENDS)}"
        case "choice":
            codes = [one.code for one in question.choices]
            return None if value in codes else f"is one of: {', '.join(codes)}"
        case "date":
            return None if isinstance(value, str) and _is_day(value) else "is a day, written 2026-10-31"
        case "text":
            return None if isinstance(value, str) and value.strip() else "is a text"


def _counts(value: Any, decimals: int) -> bool:
    if type(value) not in (int, float) or not math.isfinite(value) or not 0 <= value <= MOST:
        return False
    return bool(round(value, decimals) == value)


def _count_rule(decimals: int) -> str:
    whole = "a whole number" if not decimals else f"a number with at most {decimals} decimals"
    return f"is {whole} from 0 to 10^9"


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def given(form: Form, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Given]]:
    """What stored answers say to each indicator that the form feeds, of those that were answered in any way."""
    found: dict[str, list[Given]] = {}
    for question in form.questions:
        answer = answers.get(question.code)
        if answer is not None:
            value = answer.get("value")
            for code in question.feeds:
                found.setdefault(code, []).append(Given(question.scale, None if value is None else float(value)))
    return found


def stored(answers: Mapping[str, Answer]) -> dict[str, dict[str, Any]]:
    """Answers as a report's row keeps them."""
    return {code: one.model_dump(exclude_none=True) for code, one in answers.items()}


def free_texts(form: Form, answers: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """What was written in stored answers in one's own words, in the order of the form, each under its name: the
    question's code and `value` or `evidence`. What was chosen from codes is not."""
    for question in form.questions:
        answer = answers.get(question.code, {})
        for part in ("value", "evidence") if question.scale == "text" else ("evidence",):
            if answer.get(part):
                yield f"{question.code}.{part}", answer[part]


def texts(answers: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Every free text in stored answers, with the question's code and the part it stands in: `value` or `evidence`."""
    for code, answer in answers.items():
        for part in ("value", "evidence"):
            if isinstance(answer.get(part), str):
                yield code, part, answer[part]
