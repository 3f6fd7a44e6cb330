"""A form that was filled in becomes a report, or faults beside its fields in the reader's language."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from services import forms
from services.console import form as fields
from services.console import judging, mending, questions
from services.console.form import Typed
from services.console.numbers import number
from services.console.words import FIGURES
from services.forms import Form
from services.kernel.i18n import translator
from services.reports import JUDGED, NewReport

PLAIN = ("place", "language", "credibility", "own_reference", "corrects")


def read(form: Form, typed: Typed, language: str) -> tuple[NewReport | None, dict[str, str]]:
    """The report that the form holds, or what is wrong with it by field, in the order of the page. Ticks that the label
    does not take are left out, as the form opens with some; names that it does not take were typed on purpose, and are
    a fault."""
    _ = translator(language).gettext
    answers, faults = questions.read(form, typed, language)
    faults |= _unreadable(typed, _) | fields.stray(typed, language)
    body = _body(form, typed) | {"answers": answers}
    faults |= _needed(form, body, typed, _)
    try:
        report = NewReport.model_validate(body)
    except ValidationError as error:
        faults = mending.faults(error, language) | faults
        if not typed["occurred_to"]:  # it was taken to be the first day: one fault, said once
            faults.pop("occurred_to" if "occurred_from" in faults else "", None)
        return None, in_order(form, faults)
    for fault in forms.faults(form, report):
        faults.setdefault(mending.place(fault.field.split(".")), mending.told(fault.rule, _) or fault.rule)
    return (None, in_order(form, faults)) if faults else (report, {})


def held(form: Form, typed: Typed, language: str) -> tuple[NewReport | None, dict[str, str]]:
    """What the form holds of a report, whether or not that is all that the form asks; or what of it is no report."""
    answers, _faults = questions.read(form, typed, language)
    try:
        return NewReport.model_validate(_body(form, typed) | {"answers": answers}), {}
    except ValidationError as error:
        return None, mending.faults(error, language)


def in_order(form: Form, faults: dict[str, str]) -> dict[str, str]:
    """Faults in the order in which their fields stand on the page; what has no field stands with the title."""
    asked = [questions.name(one.code, part) for one in form.questions for part in ("", "state", "trend", "evidence")]
    at = fields.ORDER.index(judging.FIELDS[0])
    order = [*fields.ORDER[:at], *asked, *fields.ORDER[at:]]
    placed = {name if name in order else "title": text for name, text in faults.items()}
    return {name: placed[name] for name in order if name in placed}


def _body(form: Form, typed: Typed) -> dict[str, Any]:
    """What was typed as the body of a submission; fields that have no place in the form are left out."""
    body: dict[str, Any] = {
        "form": form.code,
        "form_version": form.version,
        "title": typed["title"],
        "text": typed["text"],
        "kind": form.kind,
        "status": typed["status"] or "actual",
        "occurred_from": typed["occurred_from"],
        "occurred_to": typed["occurred_to"] or typed["occurred_from"],
        "themes": list(typed.many.get("themes", ())),
        "figures": {name: found for name in FIGURES if (found := number(typed[f"figure_{name}"])) is not None},
        "selection": bool(typed["selection"]),
        "marking": fields.marking(typed),
    }
    if form.kind in JUDGED and (judged := judging.judgement(typed.__getitem__)):
        body["judgement"] = judged
    if typed["europol_source"] or typed["europol_information"]:
        body["evaluation"] = {"source": typed["europol_source"], "information": _digit(typed["europol_information"])}
    if typed["source"]:
        body["source"] = _source(typed)
    body |= {name: typed[name].strip() for name in PLAIN if typed[name].strip()}
    if typed["line"].strip():
        told = {"tlp": typed["line_tlp"] or "GREEN", "attribution": typed["line_attribution"] or "chatham"}
        body["tear_line"] = {"text": typed["line"], "marking": told}
    return {name: value for name, value in body.items() if form.need(name) != "absent"}


def _digit(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else text


def _source(typed: Typed) -> dict[str, str]:
    source = {"kind": typed["source"]}
    if typed["source"] == "relayed":
        names = {"organisation": "source_organisation", "document": "source_document", "name": "source_name"}
        source |= {key: typed[name].strip() for key, name in names.items() if typed[name].strip()}
    return source


def _needed(form: Form, body: dict[str, Any], typed: Typed, _: Callable[[str], str]) -> dict[str, str]:
    """Fields of the core that the form requires and that are empty; found with all other faults, not after them."""
    unread = {"figures"} if any(typed[f"figure_{name}"].strip() for name in FIGURES) else set()
    names = {"figures": f"figure_{FIGURES[0]}"}
    wanting = [
        name for name in form.core if form.need(name) == "required" and not body.get(name) and name not in unread
    ]
    return {names.get(name, name): _("This is needed.") for name in wanting}


def _unreadable(typed: Typed, _: Callable[[str], str]) -> dict[str, str]:
    """Numbers that are none: they would otherwise silently be left out."""
    names = [f"figure_{name}" for name in FIGURES if typed[f"figure_{name}"].strip()]
    return {name: _("Write a number, such as 1200 or 2.5.") for name in names if number(typed[name]) is None}
