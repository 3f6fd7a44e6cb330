"""The columns of a form's sheet: the core, who may see it, for each question its value, trend and evidence; at the end
what is seldom filled in."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from services.forms import FieldView, Form, fields
from services.sheets import further
from services.sheets.words import STATES, TRENDS, YES_NO, labels, words

LISTED: dict[str, tuple[str, ...]] = {
    "status": ("actual", "exercise", "test"),
    "tlp": further.TLP,
    "attribution": further.ATTRIBUTIONS,
    "source_kind": ("own", "relayed"),
    "personal": ("needed", "mask"),
    "credibility": ("2", "3", "4", "5", "6"),
}
SOURCE = ("source_kind", "source_organisation", "source_document", "source_name")
MARKING = ("tlp", "attribution", "organisations", "groups", "persons")
NEEDED = ("own_reference", "title", "text", "occurred_from", "tlp", "attribution")
MANY = ("organisations", "groups", "persons")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `code` is its header, `choices` what a drop-down offers (in the reader's words)."""

    code: str
    scale: str
    label: str
    guidance: str
    required: bool = False
    choices: tuple[str, ...] = ()
    question: str = ""
    part: str = ""
    decimals: int = 0


def columns(form: Form, language: str) -> list[Column]:
    """All columns of a form's sheet, in order."""
    first = [_own(code, language, required=code == "own_reference") for code in ("own_reference", "status")]
    core = [one for field in fields(form, language) if field.core for one in _core(field, language)]
    marking = [_own(code, language, required=code in NEEDED) for code in MARKING]
    marking.append(_own("personal", language))
    asked = [one for field in fields(form, language) if not field.core for one in _question(field, language)]
    return [*first, *core, *marking, *asked, *(_further(code, language) for code in further.codes(form))]


def replayed(language: str) -> Column:
    """The column of replays, which no template has: others than an administrator's key may not fill it in."""
    return _further(further.AS_OF, language)


def _own(code: str, language: str, *, required: bool = False) -> Column:
    label, guidance = labels(language)[code]
    scale = "several" if code in MANY else "choice" if code in LISTED else "text"
    return Column(code, scale, label, guidance, required, LISTED.get(code, ()))


def _further(code: str, language: str) -> Column:
    label, guidance = labels(language)[code]
    said = f"{guidance} {further.explained(code, language)}".strip()
    return Column(code, further.scale(code), label, said, choices=further.choices(code, language))


def _core(field: FieldView, language: str) -> Iterator[Column]:
    if field.code == "source":
        yield from (_own(code, language, required=field.required and code == "source_kind") for code in SOURCE)
        return
    more = {"themes": labels(language)["several"][1], "figures": labels(language)["pairs"][1]}.get(field.code, "")
    choices = LISTED.get(field.code, ())
    if field.scale == "yes_no":
        choices = tuple(words(language)[one] for one in YES_NO)
    # The last day may be left out: it is the first.
    required = field.required and field.code != "occurred_to"
    yield Column(field.code, field.scale, field.label, f"{field.guidance} {more}".strip(), required, choices)


def _question(field: FieldView, language: str) -> Iterator[Column]:
    known, about = words(language), labels(language)
    states = tuple(known[one] for one in STATES)
    offered: tuple[str, ...] = ()
    match field.scale:
        case "yes_no":
            offered = tuple(known[one] for one in YES_NO)
        case "0-4":
            offered = ("0", "1", "2", "3", "4")
        case "trend":
            offered = tuple(known[one] for one in TRENDS)
        case "choice":
            offered = tuple(label for _, label in field.choices)
    unit = f" ({field.unit})" if field.unit else ""
    guidance = f"{field.guidance} {about['states'][1]}".strip()
    yield Column(
        field.code, field.scale, field.label + unit, guidance, field.required, (*offered, *states) if offered else (),
        question=field.code, part="value", decimals=field.decimals,
    )  # fmt: skip
    if field.scale != "trend":
        label, said = about["trend"]
        offered = tuple(known[one] for one in TRENDS)
        yield Column(
            f"{field.code}.trend",
            "trend",
            f"{field.label}: {label}",
            said,
            choices=offered,
            question=field.code,
            part="trend",
        )
    label, said = about["evidence"]
    yield Column(
        f"{field.code}.evidence", "text", f"{field.label}: {label}", said, question=field.code, part="evidence"
    )


@lru_cache(maxsize=256)
def _labelled(choices: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {label.casefold(): code for code, label in choices} | {code: code for code, _ in choices}


def chosen(form: Form, question: str, text: str) -> str:
    """The code of a choice, by its code or its words in any language; the text itself where it is none of them."""
    asked = form.question(question)
    if asked is None:
        return text
    said = [(one.code, words_) for one in asked.choices for words_ in one.text.values()]
    return _labelled(tuple(said)).get(text.casefold(), text)
