"""A form's definition: what it asks, in which words and on which scales, and what it must say of itself."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from services import vocabulary
from services.forms.kinds import ALWAYS, CHOSEN, CORRECTS, Kind, Need, Period, Scale
from services.forms.refusing import refused_in
from services.kernel.text import Text

Code = Annotated[str, Field(pattern="^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
FormCode = Annotated[str, Field(pattern="^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Short = Annotated[dict[str, Annotated[Text, Field(min_length=1, max_length=300)]], Field(max_length=20)]
Long = Annotated[dict[str, Annotated[Text, Field(min_length=1, max_length=2_000)]], Field(max_length=20)]
COUNTED: tuple[Scale, ...] = ("count", "yes_no", "0-4")  # what can be added up
WRITTEN = ("en", "ru")  # in these a form is complete


class Definable(BaseModel):
    """A part of a definition: nothing unknown in it, and never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _complete(value: dict[str, str]) -> dict[str, str]:
    if missing := [one for one in WRITTEN if one not in value]:
        raise ValueError(f"is missing in {', '.join(missing)}")
    if strange := [one for one in value if one not in vocabulary.languages()]:
        raise ValueError(f"{strange[0][:20]} is not a language of the pack")
    return value


class Choice(Definable):
    """One answer to choose."""

    code: Code
    text: Short

    _words = field_validator("text")(_complete)


class Question(Definable):
    """One question. `feeds`: the indicators to which a number given here is added."""

    code: Code
    section: Short | None = Field(default=None, description="The heading it stands under.")
    text: Short
    guidance: Long | None = None
    scale: Scale
    required: bool = False
    choices: tuple[Choice, ...] = Field(default=(), max_length=50)
    unit: Short | None = Field(default=None, description="What is counted, as it stands behind the number.")
    decimals: int = Field(default=0, ge=0, le=3, description="Of a count.")
    feeds: tuple[str, ...] = Field(default=(), max_length=10)

    @field_validator("section", "text", "guidance", "unit")
    @classmethod
    def _words(cls, value: dict[str, str] | None) -> dict[str, str] | None:
        return None if value is None else _complete(value)

    @field_validator("feeds")
    @classmethod
    def _known_indicators(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        scale = info.data.get("scale")
        if value and scale not in COUNTED:
            raise ValueError("only a count, a yes or no, or 0-4 can feed an indicator")
        for code in value:
            takes = vocabulary.indicator_scales().get(code)
            if takes is None:
                raise ValueError(f"{code[:60]} is not an indicator of the pack that counts reports")
            if scale not in takes:
                raise ValueError(f"{code[:60]} does not say in the pack what an answer on this scale is worth")
        return value

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if (self.scale == "choice") != (len(self.choices) >= 2):
            raise ValueError("a choice has two or more choices, and nothing else has any")
        if len({one.code for one in self.choices}) < len(self.choices):
            raise ValueError("two choices have one code")
        if self.scale != "count" and (self.unit is not None or self.decimals):
            raise ValueError("only a count has a unit or decimals")
        return self


class Definition(Definable):
    """A form without its version: what is written by hand, in YAML or on the page."""

    code: FormCode
    kind: Kind
    title: Short
    help: Long
    purpose: Long = Field(description="What it is asked for.")
    cannot_tell: Long = Field(description="What its answers do not show.")
    harm: Long = Field(description="What could go wrong if it were misused.")
    review_on: date = Field(description="The day by which it is looked at again.")
    period: Period = "none"
    core: dict[str, Need] = Field(default_factory=dict, max_length=20)
    questions: tuple[Question, ...] = Field(default=(), max_length=100)

    _words = field_validator("title", "help", "purpose", "cannot_tell", "harm")(_complete)

    @field_validator("core")
    @classmethod
    def _known_fields(cls, value: dict[str, Need]) -> dict[str, Need]:
        for name in value:
            if name not in CHOSEN:
                raise ValueError(f"{name[:40]} is not a field that a form may require or leave out")
        return value

    @field_validator("questions")
    @classmethod
    def _once(cls, value: tuple[Question, ...]) -> tuple[Question, ...]:
        if len({one.code for one in value}) < len(value):
            raise ValueError("two questions have one code")
        return value

    @model_validator(mode="after")
    def _within_bounds(self) -> Self:
        for where, text, asking in self._texts():
            if subject := refused_in(text, asking=asking):
                raise ValueError(f"{where} asks about {subject}, which no form may: take it out")
        return self

    def _texts(self) -> list[tuple[str, str, bool]]:
        """Everything it says, with where, and whether it asks or only explains."""
        found = [("title", text, True) for text in self.title.values()]
        found += [("help", text, False) for text in self.help.values()]
        for one in self.questions:
            asking = (*one.text.values(), *(one.section or {}).values())
            found += [(f"question {one.code}", text, True) for text in asking]
            found.append((f"question {one.code}", one.code, True))
            found += [(f"question {one.code}", text, False) for text in (one.guidance or {}).values()]
            for choice in one.choices:
                found += [(f"question {one.code}", text, True) for text in (*choice.text.values(), choice.code)]
        return found

    def need(self, field: str) -> Need:
        """Whether a field of the core is required, optional or absent in this form."""
        if field == CORRECTS:
            return "required" if self.kind == "correction" else "absent"
        return "required" if field in ALWAYS else self.core.get(field, "optional")


class Form(Definition):
    """A version of a form. It never changes once reports may be written with it."""

    version: int = Field(ge=1)
    state: str = Field(default="published", description="draft, published or retired")

    def question(self, code: str) -> Question | None:
        """One of its questions."""
        return next((one for one in self.questions if one.code == code), None)


def kept(body: Mapping[str, Any]) -> Form:
    """A form from data that was judged before, when it was published: nothing of it is judged again."""
    questions = tuple(
        Question.model_construct(
            **{**one, "choices": tuple(Choice.model_construct(**choice) for choice in one.get("choices", ()))}
            | {"feeds": tuple(one.get("feeds", ()))}
        )
        for one in body.get("questions", ())
    )
    review_on = date.fromisoformat(body["review_on"])
    return Form.model_construct(**{**body, "questions": questions, "review_on": review_on})


def said(words: Mapping[str, str] | None, language: str) -> str:
    """Words in a language; English where they are missing, and nothing where there are none."""
    return (words or {}).get(language) or (words or {}).get("en", "")


def plain(definition: Definition) -> dict[str, Any]:
    """A definition as plain data that YAML and JSON hold, without what is left at its default."""
    made: dict[str, Any] = definition.model_dump(
        mode="json", exclude={"version", "state"}, exclude_defaults=True, exclude_none=True
    )
    return made
