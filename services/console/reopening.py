"""A report as its form holds it again, to be revised; and what it says that the form has no place for."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services import vocabulary
from services.console import filling, questions, sharing
from services.console import form as fields
from services.console.form import Typed
from services.console.words import FIGURES
from services.forms import Form, stored
from services.network import Caller, Directory, TermsView, organisation_named
from services.reports import NewReport, Report, ReportView
from services.screening import MASK

_SAID = (
    "title", "text", "kind", "status", "occurred_from", "occurred_to", "place", "themes", "language", "selection",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reopened:
    """What stands in the form, and the fields of the report that it cannot hold: to send it would lose them."""

    typed: Typed
    lost: list[str]


def opened(row: Report, view: ReportView) -> str:
    """A mark of all that the form would write over. A marking and a tear-line change without a new revision, by hand or
    by date: what a colleague has narrowed or taken away must not come back with an older form."""
    marking, line = (one and one.model_dump(mode="json") for one in (view.marking, view.tear_line))
    told = json.dumps([marking, row.terms, line], sort_keys=True)
    return f"{row.revision}-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def reopened(form: Form, row: Report, view: ReportView, known: Directory, caller: Caller) -> Reopened:
    """A report of the caller's own, given as it is stored and as its owner sees it, in its form.

    What is lost is found by reading the form back: whatever then differs from what is stored has no place in it.
    """
    if view.marking is None:
        return Reopened(Typed(), ["marking"])
    marked = fields.marked(view.marking, TermsView(**row.terms))
    source = _source(row.source, known, caller)
    one = dict(marked.one) | _core(row, source) | _answers(form, row.answers)
    one["corrects"] = view.corrects or ""
    if view.tear_line is not None:
        sight = view.tear_line.marking
        one |= {"line": view.tear_line.text, "line_tlp": sight.tlp, "line_attribution": sight.attribution}
    for translation in view.translations:
        if translation.mine:
            words = {"language": translation.language, "title": translation.title, "summary": translation.summary}
            one |= {f"translation_{name}": value for name, value in words.items()}
            break
    typed = Typed(one, {**marked.many, "themes": tuple(row.themes)})
    back, faults = filling.held(form, typed, caller.language)
    lost = list(faults) if back is None else _lost(back, row, view, source)
    if MASK in typed["line"]:  # for its owner too: bars would take the place of the words
        lost.append("tear_line")
    return Reopened(typed, list(dict.fromkeys([*lost, *_not_offered(typed, known, caller)])))


def _not_offered(typed: Typed, known: Directory, caller: Caller) -> list[str]:
    """The fields that hold what is not among the choices of the page: it would come back without it."""
    bodies = {one.value for some in sharing.bodies(known, caller) for one in some}
    groups = {one.value for one in sharing.groups(known, caller)}
    tongues = {one.code for one in vocabulary.languages() if one.scripts}
    ticked = bodies.issuperset(typed.many["organisations"]) and groups.issuperset(typed.many["groups"])
    there = {
        "marking": ticked,
        "source": typed["source_organisation"] in {"", *bodies},
        "language": typed["language"] in {"", *tongues},
    }
    return [name for name, is_there in there.items() if not is_there]


def _core(row: Report, source: Mapping[str, Any]) -> dict[str, str]:
    one = {
        "title": row.title,
        "text": row.text,
        "status": row.status,
        "occurred_from": row.occurred_from.isoformat(),
        "occurred_to": row.occurred_to.isoformat(),
        "place": row.place or "",
        "language": row.language or "",
        "selection": "yes" if row.selection else "",
        "source": source.get("kind") or "own",
    }
    one |= {f"source_{name}": source.get(name) or "" for name in ("organisation", "document", "name")}
    one |= {f"figure_{name}": _number(row.figures[name]) for name in FIGURES if name in row.figures}
    if row.evaluation is not None:
        one["europol_source"] = str(row.evaluation["source"])
        one["europol_information"] = str(row.evaluation["information"])
    elif row.credibility is not None:
        one["credibility"] = str(row.credibility)
    if row.judgement is not None:
        said = row.judgement
        one |= {f"judgement_{name}": str(said[name]) for name in ("statement", "confidence")}
        one["judgement_word"] = f"{said['scale']}:{said['word']}"
    return one


def _answers(form: Form, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    one: dict[str, str] = {}
    for asked in form.questions:
        answer = answers.get(asked.code)
        if answer is None:
            continue
        one |= {questions.name(asked.code, part): answer.get(part) or "" for part in ("trend", "evidence")}
        state = next((sign for sign, code in questions.STATES.items() if code == answer.get("state")), "")
        if state:
            one[questions.name(asked.code, "" if asked.scale in questions.PICKED else "state")] = state
        else:
            one[questions.name(asked.code)] = _written(answer.get("value"))
    return one


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _number(value) if isinstance(value, int | float) else str(value)


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def _source(held: Mapping[str, Any], known: Directory, caller: Caller) -> dict[str, Any]:
    """Where it comes from, its organisation by the name that the form offers."""
    source = {name: value for name, value in held.items() if value}
    key = organisation_named(known, caller, source.get("organisation", ""), forgiving=True)
    return source | ({"organisation": known.parties[key].slug} if key is not None else {})


def _lost(back: NewReport, row: Report, view: ReportView, source: Mapping[str, Any]) -> list[str]:
    kept = {name: getattr(row, name) for name in _SAID} | {
        "figures": row.figures,
        "credibility": row.credibility,
        "evaluation": row.evaluation,
        "judgement": row.judgement,
        "answers": row.answers,
        "source": source or {"kind": "own"},
        "corrects": row.corrects_id is not None,
        "marking": view.marking,
        "tear_line": view.tear_line and (view.tear_line.text, _sight(view.tear_line.marking)),
    }
    said = {name: getattr(back, name) for name in _SAID} | {
        "figures": back.figures,
        "credibility": back.graded,
        "evaluation": back.evaluation.stored() if back.evaluation is not None else None,
        "judgement": back.judgement.stored() if back.judgement is not None else None,
        "answers": stored(back.answers) if back.answers else {},
        "source": {name: value for name, value in back.source.model_dump().items() if value},
        "corrects": back.corrects is not None,
        "tear_line": back.tear_line and (back.tear_line.text, _sight(back.tear_line.marking)),
    }
    lost = [name for name, value in said.items() if value != kept[name]]
    marks = view.marking is not None and _sight(back.marking) == _sight(view.marking) and _reviewed(back, view)
    return lost if marks else [*lost, "marking"]


def _sight(marking: Any) -> tuple[Any, ...]:
    many = (sorted(marking.organisations), sorted(marking.groups), sorted(marking.persons))
    return str(marking.tlp), str(marking.attribution), *many


def _reviewed(back: NewReport, view: ReportView) -> bool:
    there, now = view.marking and view.marking.review_to, back.marking.review_to
    return there is None if now is None else there is not None and _sight(there) == _sight(now)
