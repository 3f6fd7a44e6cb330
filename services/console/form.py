"""What was typed into a form, and the marking that it holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pydantic import ValidationError

from services.console import judging, mending
from services.console.mending import TERMS
from services.console.words import FIGURES
from services.kernel.errors import Problem
from services.kernel.i18n import translator
from services.network import Caller, Directory, MarkingIn, MarkingView, TermsView, organisation_named, person_named
from services.reports import Asked

MARKED = ("tlp", "organisations", "groups", "persons", "attribution", *TERMS)
ORDER = (
    "corrects", "title", "text", "kind", "status", "occurred_from", "occurred_to", "place",
    *judging.FIELDS, "themes", *(f"figure_{name}" for name in FIGURES), "language", "own_reference",
    "translation_language", "translation_title", "translation_summary", "source",
    "source_organisation", "source_document", "source_name", "credibility", "europol_source", "europol_information",
    "selection", *MARKED, "line", "line_tlp", "line_attribution", "personal", "personal_seen",
)  # fmt: skip
MANY = ("themes", "organisations", "groups")
FIELDS = tuple(name for name in ORDER if name not in MANY)
FOLDED = ("language", "own_reference", *(f"figure_{name}" for name in FIGURES))
TICKED = ("AMBER", "AMBER+STRICT")


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
    one = {name: value.replace("\r\n", "\n") for name, value in texts if name in FIELDS or name.startswith("q.")}
    many = {name: tuple(dict.fromkeys(value for n, value in texts if n == name)) for name in MANY}
    return Typed(one, many)


def read_marking(form: Typed, language: str) -> tuple[MarkingIn | None, dict[str, str]]:
    """The marking that the form holds, or what is wrong with it by field."""
    faults = stray(form, language)
    try:
        asked = Asked.model_validate({"marking": marking(form)})
    except ValidationError as error:
        faults |= mending.faults(error, language)
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


def stray(form: Typed, language: str) -> dict[str, str]:
    """Persons that were typed for a label that takes none."""
    if not form.named_persons or form["tlp"] == "RED":
        return {}
    _ = translator(language).gettext
    return {"persons": _("Persons are named with TLP:RED only: choose that label, or empty this field.")}


def marking(form: Typed) -> dict[str, Any]:
    """The marking that the form holds, as it is sent."""
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
    name = mending.place(path)
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
