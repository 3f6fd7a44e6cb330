"""What is wrong with a form, beside the field and in the reader's language: rules that were broken, as what to do."""

from collections.abc import Callable, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.console.words import FIGURES
from services.kernel.i18n import translator

TERMS = ("actions", "pap", "handling", "handling_note", "embargo_until", "review_at", "review_to")
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
    "source": "source_document",
    "evaluation.source": "europol_source",
    "evaluation": "europol_information",
    "judgement.statement": "judgement_statement",
    "judgement.confidence": "judgement_confidence",
    "judgement": "judgement_word",
    "tear_line.text": "line",
    "tear_line.marking": "line_tlp",
}


def faults(error: ValidationError, language: str) -> dict[str, str]:
    """The first fault of each field, in words."""
    _ = translator(language).gettext
    found: dict[str, str] = {}
    for one in error.errors(include_url=False, include_input=False):
        path = [str(part) for part in one["loc"]]
        name = place(path) if path else "corrects" if "corrects" in one["msg"] else "occurred_to"
        if path[:1] == ["figures"]:
            name = next((f"figure_{key}" for key in FIGURES if key in one["msg"]), "figure_killed")
        found.setdefault(name, said(one, _))
    return found


def place(path: Sequence[str]) -> str:
    """The field of the form in which a field of the report is filled in."""
    if path[0] == "answers" and len(path) > 1:
        part = path[2] if len(path) > 2 and path[2] in ("trend", "evidence") else ""
        return f"q.{path[1]}.{part}" if part else f"q.{path[1]}"
    return _WHERE.get(".".join(path[:2]), _WHERE.get(path[0], path[0]))


def told(rule: str, _: Callable[[str], str]) -> str:
    """A rule of the intake or of a form, as a sentence of what to do; empty where it has none."""
    return next((text for known, text in _rules(_).items() if known in rule), "")


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
    if one["type"] == "string_too_short" and limits.get("min_length") == 1:
        return by_type["missing"]
    if one["type"] == "too_short" and isinstance(one.get("input"), str | bytes):
        return by_type["string_too_short"] % limits
    text = told(one["msg"], _) or by_type.get(one["type"])
    return text % limits if text else _("This value cannot be taken: check it.")


def said_of(rule: str, _: Callable[[str], str]) -> str:
    """A rule as the validator words it, without its limits at hand."""
    known = {
        "Field required": _("This is needed."),
        "Extra inputs are not permitted": _("There is no such part."),
        "Input should be a valid string": _("Write a text here."),
        "Input should be a valid dictionary": _("Write names and values here, such as en: and ru:."),
        "Input should be a valid": _("This is not the kind of value that belongs here."),
        "Input should be": _("Choose one of these: %(what)s."),
        "String should match pattern": _("Small letters, digits and the mark between words, nothing else."),
        "String should have at least": _("This text is too short."),
        "String should have at most": _("This text is too long."),
        "Tuple should have at most": _("There are too many of these."),
        "Dictionary should have at most": _("There are too many of these."),
    }
    text = next((words for start, words in known.items() if rule.startswith(start)), "") or told(rule, _)
    return (text or _("This value cannot be taken: check it.")) % {
        "what": rule.removeprefix("Input should be ").replace(" or ", ", ").replace("'", "")
    }


def _rules(_: Callable[[str], str]) -> dict[str, str]:
    return {
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
        "lies outside the years 2000": _("Choose a year from 2000 to 2099."),
        "needs review_at": _("Say when: fill in the date of the review."),
        "is read as credibility": _("The Europol code stands for another credibility: give one of the two."),
        "word is none of the scale": _("Choose one of these."),
        "is not a scale of the pack": _("Choose one of these."),
        # of forms
        "is required by this form": _("This is needed."),
        "is required: answer it": _("Answer this, or say that nothing changed or that it cannot be observed."),
        "is a whole number from 0 to 10": _("Write a whole number, such as 12."),
        "is a number with at most": _("Write a number, such as 1200 or 2.5."),
        "is a day, written": _("Write the date as year-month-day, such as 2026-10-31."),
        "is one of": _("Choose one of these."),
        "is true or false": _("Choose one of these."),
        "is a whole number from 0 to 4": _("Choose one of these."),
        "what is not observable has no trend": _("What cannot be observed has no trend: take one of the two away."),
        "no_change has the trend same": _("No change has no other trend: take one of the two away."),
        "is no report that you see": _("No report that you see has this reference."),
        "has another status": _("The report that is corrected has another status: choose the same."),
        "is the report itself": _("This is the report itself: name another."),
        "a correction names in corrects": _("Write the reference of the report that is corrected."),
    }
