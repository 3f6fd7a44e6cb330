"""The submission form: what was typed becomes a report, or faults beside their fields in the reader's language."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.console.words import FIGURES
from services.kernel.errors import Problem
from services.kernel.i18n import translator
from services.network import Caller, Directory, MarkingIn, MarkingView, TermsView, organisation_named, person_named
from services.reports import Asked, NewReport

TERMS = ("actions", "pap", "handling", "handling_note", "embargo_until", "review_at", "review_to")
MARKED = ("tlp", "organisations", "groups", "persons", "attribution", *TERMS)
ORDER = (
    "title", "text", "kind", "status", "occurred_from", "occurred_to", "place", "themes",
    *(f"figure_{name}" for name in FIGURES), "language", "own_reference", "source", "source_organisation",
    "source_document", "source_name", "credibility", *MARKED, "line", "line_tlp", "line_attribution",
)  # fmt: skip
MANY = ("themes", "organisations", "groups")
FIELDS = tuple(name for name in ORDER if name not in MANY)
_WHERE = {
    "source.organisation": "source_organisation",
    "source.document": "source_document",
    "source.name": "source_name",
    "marking.tlp": "tlp",
    "marking.attribution": "attribution",
    "marking.organisations": "organisations",
    "marking.groups": "groups",
    "marking.persons": "persons",
    **{f"marking.{name}": name for name in TERMS},
    "marking": "tlp",
    "tear_line.text": "line",
    "tear_line.marking": "line_tlp",
}
FOLDED = ("language", "own_reference", *(f"figure_{name}" for name in FIGURES))
TICKED = ("AMBER", "AMBER+STRICT")
# A mark with three digits behind it parts thousands for some readers and decimals for others: it is asked about.
NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?")
SPACES = str.maketrans(dict.fromkeys(" \u00a0\u202f\t"))


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: single values, and the boxes that are ticked."""

    one: Mapping[str, str] = field(default_factory=dict)
    many: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """A single value; empty where nothing was typed."""
        return self.one.get(name, "")

    @property
    def more(self) -> bool:
        """Whether anything stands in the part that is folded away at first."""
        return any(self[name].strip() for name in FOLDED) or bool(self.many.get("themes"))

    @property
    def dated(self) -> bool:
        """Whether anything stands in the part on terms and dates."""
        return any(self[name].strip() for name in TERMS)

    @property
    def named_persons(self) -> list[str]:
        """The sign-in names that were typed."""
        return self["persons"].replace(",", " ").split()

    def ticked(self, name: str, value: str) -> bool:
        """Whether a box is ticked."""
        return value in self.many.get(name, ())


class Faults(dict[str, str]):
    """What is wrong, by field; nothing is wrong with a field that is not in it."""

    def __missing__(self, name: str) -> str:
        return ""

    @property
    def more(self) -> bool:
        """Whether a field that is folded away at first has one."""
        return any(self[name] for name in (*FOLDED, "themes"))

    @property
    def dated(self) -> bool:
        """Whether a field on terms or dates has one."""
        return any(self[name] for name in TERMS)


def blank(secretariat: Sequence[str]) -> Typed:
    """The form as it opens: the strictest label that others can read, the secretariat ticked, attribution to choose."""
    return Typed(
        {"tlp": "AMBER+STRICT", "status": "actual", "source": "own"}, _boxes({"organisations": tuple(secretariat)})
    )


def _boxes(ticked: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {name: ticked.get(name, ()) for name in MANY}


def typed(items: Sequence[tuple[str, Any]]) -> Typed:
    """The fields of a posted form; files and fields that it does not have are dropped."""
    texts = [(name, value) for name, value in items if isinstance(value, str)]
    one = {name: value.replace("\r\n", "\n") for name, value in texts if name in FIELDS}
    many = {name: tuple(dict.fromkeys(value for n, value in texts if n == name)) for name in MANY}
    return Typed(one, many)


def read(form: Typed, language: str) -> tuple[NewReport | None, dict[str, str]]:
    """The report that the form holds, or what is wrong with it by field. Ticks that the label does not take are left
    out, as the form opens with some; names that it does not take were typed on purpose, and are a fault."""
    faults = _unreadable(form, language) | _stray(form, language)
    source: dict[str, str] = {"kind": form["source"] or "own"}
    if form["source"] == "relayed":
        names = {"organisation": "source_organisation", "document": "source_document", "name": "source_name"}
        source |= {key: form[name].strip() for key, name in names.items() if form[name].strip()}
    body: dict[str, Any] = {
        "title": form["title"],
        "text": form["text"],
        "kind": form["kind"],
        "status": form["status"] or "actual",
        "occurred_from": form["occurred_from"],
        "occurred_to": form["occurred_to"] or form["occurred_from"],
        "themes": list(form.many.get("themes", ())),
        "figures": {name: number for name in FIGURES if (number := _number(form[f"figure_{name}"])) is not None},
        "source": source,
        "marking": _marking(form),
    }
    body |= {
        name: form[name].strip() for name in ("place", "language", "credibility", "own_reference") if form[name].strip()
    }
    if form["line"].strip():
        told = {"tlp": form["line_tlp"] or "GREEN", "attribution": form["line_attribution"] or "chatham"}
        body["tear_line"] = {"text": form["line"], "marking": told}
    try:
        report = NewReport.model_validate(body)
    except ValidationError as error:
        faults |= _faults(error, language)
        if not form["occurred_to"]:  # it was taken to be the first day: one fault, said once
            faults.pop("occurred_to" if "occurred_from" in faults else "", None)
        return None, {name: faults[name] for name in ORDER if name in faults}
    return (None, faults) if faults else (report, {})


def read_marking(form: Typed, language: str) -> tuple[MarkingIn | None, dict[str, str]]:
    """The marking that the form holds, or what is wrong with it by field."""
    faults = _stray(form, language)
    try:
        asked = Asked.model_validate({"marking": _marking(form)})
    except ValidationError as error:
        faults |= _faults(error, language)
        return None, {name: faults[name] for name in ORDER if name in faults}
    return (None, faults) if faults else (asked.marking, {})


def marked(marking: MarkingView, terms: TermsView) -> Typed:
    """The form of a report's marking as it is."""
    instants = {"embargo_until": marking.embargo_until, "review_at": marking.review_at}
    one = {name: at.strftime("%Y-%m-%dT%H:%M") for name, at in instants.items() if at is not None}
    one |= {name: value for name, value in terms.model_dump().items() if value is not None}
    one |= {"tlp": marking.tlp, "attribution": marking.attribution, "persons": " ".join(marking.persons)}
    if marking.review_to is not None:
        one["review_to"] = marking.review_to.tlp
    return Typed(one, _boxes({"organisations": marking.organisations, "groups": marking.groups}))


def _stray(form: Typed, language: str) -> dict[str, str]:
    """Persons that were typed for a label that takes none."""
    if not form.named_persons or form["tlp"] == "RED":
        return {}
    _ = translator(language).gettext
    return {"persons": _("Persons are named with TLP:RED only: choose that label, or empty this field.")}


def _marking(form: Typed) -> dict[str, Any]:
    body = _sight(form, form["tlp"])
    body |= {name: form[name].strip() for name in ("actions", "pap", "handling", "handling_note") if form[name].strip()}
    body |= {name: f"{form[name].strip()}Z" for name in ("embargo_until", "review_at") if form[name].strip()}
    return body | ({"review_to": _sight(form, form["review_to"])} if form["review_to"] else {})


def _sight(form: Typed, tlp: str) -> dict[str, Any]:
    """A label with those of the recipients that it can have."""
    return {
        "tlp": tlp,
        "attribution": form["attribution"],
        "organisations": list(form.many.get("organisations", ())) if tlp in TICKED else [],
        "groups": list(form.many.get("groups", ())) if tlp in TICKED else [],
        "persons": form.named_persons if tlp == "RED" else [],
    }


def refused(problem: Problem, form: Typed, known: Directory, caller: Caller) -> dict[str, str]:
    """A refusal of the intake beside the field that it names, with the values that are to blame: what is not known to
    this caller, whether or not it is there."""
    _ = translator(caller.language).gettext
    path = problem.field.split(".")
    name = _WHERE.get(".".join(path[:2]), problem.field)
    if name in ("embargo_until", "review_at"):
        return {name: _("Choose a moment that is to come, within ten years.")}
    if name == "line_tlp":
        return {name: _("It must reach somebody whom the report does not reach.")}
    found: dict[str, tuple[Sequence[str], Callable[[str], int | None]]] = {
        "organisations": (form.many.get("organisations", ()), partial(organisation_named, known, caller)),
        "groups": (form.many.get("groups", ()), known.groups.get),
        "persons": (form.named_persons, partial(person_named, known, caller)),
        "source_organisation": (
            [form["source_organisation"]],
            partial(organisation_named, known, caller, forgiving=True),
        ),
    }
    values, find = found.get(name, ((), known.groups.get))
    strange = [one[:80] for one in values if find(one) is None]
    if strange:
        return {name: _("Not known here: %(values)s") % {"values": ", ".join(strange)}}
    if name == "own_reference" and "reference" in problem.extra:
        said = _("You have sent another report under this number: %(reference)s. Revise that one, or use a new number.")
        return {name: said % problem.extra}
    return {name if name in ORDER else "title": _("This value cannot be taken: check it.")}


def _number(text: str) -> float | None:
    plain = text.translate(SPACES)
    return float(plain.replace(",", ".")) if NUMBER.fullmatch(plain) else None


def _unreadable(form: Typed, language: str) -> dict[str, str]:
    """Numbers that are none: they would otherwise silently be left out."""
    _ = translator(language).gettext
    names = [f"figure_{name}" for name in FIGURES if form[f"figure_{name}"].strip()]
    return {name: _("Write a number, such as 1200 or 2.5.") for name in names if _number(form[name]) is None}


def _faults(error: ValidationError, language: str) -> dict[str, str]:
    """The first fault of each field, in words."""
    _ = translator(language).gettext
    found: dict[str, str] = {}
    for one in error.errors(include_url=False, include_input=False):
        path = [str(part) for part in one["loc"]]
        name = _WHERE.get(".".join(path[:2]), _WHERE.get(path[0], path[0])) if path else "occurred_to"
        if path[:1] == ["figures"]:
            name = next((f"figure_{key}" for key in FIGURES if key in one["msg"]), "figure_killed")
        name = "source_document" if name == "source" else name
        found.setdefault(name if name in ORDER else "title", said(one, _))
    return found


def said(one: ErrorDetails, _: Callable[[str], str]) -> str:
    """A rule that was broken, as a sentence of what to do."""
    limits = {name: value for name, value in (one.get("ctx") or {}).items() if isinstance(value, int | str)}
    by_type = {
        "missing": _("This is needed."),
        "string_too_short": _("Write at least %(min_length)s characters."),
        "string_too_long": _("Write at most %(max_length)s characters."),
        "string_pattern_mismatch": _("This is not written as it should be."),
        "literal_error": _("Choose one of these."),
        "too_short": _("Choose at least %(min_length)s."),
        "too_long": _("Choose at most %(max_length)s."),
        "date_from_datetime_parsing": _("Write the date as year-month-day, such as 2026-10-31."),
        "date_parsing": _("Write the date as year-month-day, such as 2026-10-31."),
        "int_parsing": _("Choose one of these."),
        "datetime_parsing": _("Write day and time, such as 2026-10-31T09:00."),
        "datetime_from_date_parsing": _("Write day and time, such as 2026-10-31T09:00."),
    }
    rules = {
        "lies in the future": _("This date lies in the future."),
        "lies before 1900": _("This date lies before 1900."),
        "is not a place of the pack": _("This is not a place of the network."),
        "is not a theme of the pack": _("This is not a theme of the network."),
        "occurred_to lies before occurred_from": _("The last day lies before the first."),
        "spans more than a year": _("The report spans more than a year: split it."),
        "a relayed report says from whom": _(
            "Say from whom you have it: an organisation, a document or another source."
        ),
        "control character": _("The text holds a control character that cannot be stored: remove it."),
        "must be between 0": _("Write a number of 0 or more."),
        "H2 (not without permission)": _("H2 contradicts TLP:CLEAR: choose another code, or a stricter label."),
        "a note belongs": _("A note belongs to a handling code: choose one."),
        "handling H3 says": _("H3 needs a note: write what the restriction is."),
        "is not a network such as": _("Write networks such as 192.0.2.0/24, one on each line."),
        "lies before embargo_until": _("The review must come after the embargo ends."),
        "lies before starts_on": _("The last day lies before the first."),
        "lies outside the years": _("Choose a year from 2000 to 2099."),
        "needs review_at": _("Say when: fill in the date of the review."),
    }
    if one["type"] == "string_too_short" and limits.get("min_length") == 1:
        return by_type["missing"]
    text = next((said for rule, said in rules.items() if rule in one["msg"]), by_type.get(one["type"]))
    return text % limits if text else _("This value cannot be taken: check it.")
