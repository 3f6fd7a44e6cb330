"""A form as its submitter meets it: a list of fields in one language, for pages, sheets and the preview alike."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.forms.definition import Form, Question, said
from services.forms.kinds import ALWAYS, CHOSEN, CORRECTS
from services.forms.packed import core


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field. `scale` of a core field says what it takes: text, long_text, date, place, themes, figures, source,
    credibility, language, yes_no or reference; of a question it is the question's. `language` is that of the words."""

    code: str
    core: bool
    label: str
    guidance: str
    scale: str
    required: bool
    language: str
    section: str = ""
    unit: str = ""
    decimals: int = 0
    choices: tuple[tuple[str, str], ...] = ()


def fields(form: Form, language: str) -> list[FieldView]:
    """The fields of a form in the order in which they are filled in: the core, then the questions."""
    return [*_core(form, language), *(_question(one, language) for one in form.questions)]


def _core(form: Form, language: str) -> Iterator[FieldView]:
    words = core()
    before, after = [*ALWAYS, "place", "themes"], [one for one in CHOSEN if one not in ("place", "themes")]
    for name in ([CORRECTS] if form.kind == "correction" else []) + before + after:
        need = form.need(name)
        if need != "absent":
            about = words[name]
            yield FieldView(
                code=name,
                core=True,
                label=said(about["text"], language),
                guidance=said(about.get("guidance"), language),
                scale=about["scale"],
                required=need == "required",
                language=language if language in about["text"] else "en",
            )


def _question(one: Question, language: str) -> FieldView:
    return FieldView(
        code=one.code,
        core=False,
        label=said(one.text, language),
        guidance=said(one.guidance, language),
        scale=one.scale,
        required=one.required,
        language=language if language in one.text else "en",
        section=said(one.section, language),
        unit=said(one.unit, language),
        decimals=one.decimals,
        choices=tuple((choice.code, said(choice.text, language)) for choice in one.choices),
    )
