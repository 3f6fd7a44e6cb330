"""The page of a form of reports: its fields in the language of the reader, what was typed, and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import HTMLResponse

from services import forms, network, vocabulary
from services.console import form as fields
from services.console import keeping, questions, sharing, translated
from services.console.doubts import Doubts
from services.console.form import Typed
from services.console.judging import Advice
from services.console.places import place_choices
from services.console.rendering import page
from services.console.sharing import Panel
from services.console.visitors import Visitor
from services.console.words import FIGURES
from services.forms import Form
from services.kernel import clock, db
from services.reports import JUDGED, STATUSES


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form with what was typed into it, and the token under which it is recognised when it is sent again."""

    form: Form
    typed: Typed
    key: str
    notice: tuple[str, str] | None = None
    """Why it is not stored, and what to do."""
    again: tuple[str, str] | None = None
    """That it is what was typed before."""
    fresh: bool = False
    """Whether nothing was typed yet."""
    preview: bool = False
    """Whether it is only looked at, and cannot be sent."""
    revises: str = ""
    """The reference of the report of which this is to be a new revision; empty: it is to be a report of its own."""
    since: str = ""
    """What it was opened with, as `reopening.opened` says it."""

    def told(self, notice: tuple[str, str]) -> "Sheet":
        """The same with a notice."""
        return replace(self, notice=notice)


def shown(
    request: Request,
    visitor: Visitor,
    sheet: Sheet,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    faults: dict[str, str] | None = None,
    checked: Panel | None = None,
    stored: str = "",
    doubts: Doubts | None = None,
    advice: Sequence[Advice] = (),
) -> HTMLResponse:
    """The form with what was typed, its faults, and who would read it; `stored`: the same, sent before; `doubts`: the
    personal data that was looked for in it; `advice`: about the words of its judgement."""
    caller = visitor.caller
    with db.reading() as session:
        known = network.directory(session)
    asked = asked_of(sheet.form, caller.language)
    return page(
        request,
        visitor,
        "submit.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else status,
        form=sheet.form,
        asked=asked,
        asked_names=names(asked),
        trending=questions.TRENDING,
        typed=sheet.typed,
        key=sheet.key,
        faults=fields.Faults(faults or {}),
        notice=sheet.notice,
        again=sheet.again,
        fresh=sheet.fresh,
        preview=sheet.preview,
        revises=sheet.revises,
        since=sheet.since,
        draft=keeping.draft(caller),
        whose=keeping.writer(caller),
        checked=checked,
        stored=stored,
        doubts=doubts,
        judged=JUDGED,
        advice=advice,
        statuses=STATUSES,
        themes=list(vocabulary.themes()),
        places=place_choices(caller.language, sheet.typed["place"], region=False),
        languages=[one for one in vocabulary.languages() if one.scripts],
        translates=translated.offered(visitor),
        translation_open=translated.begun(sheet.typed),
        translation_language=translated.chosen(sheet.typed, caller.language),
        tongues=translated.tongues(caller.language),
        **sharing.choices(known, caller),
        figures=FIGURES,
        today=clock.now().date().isoformat(),
    )


def asked_of(form: Form, language: str) -> list[forms.FieldView]:
    """The form's own questions."""
    return [one for one in forms.fields(form, language) if not one.core]


def names(asked: list[forms.FieldView]) -> dict[str, str]:
    """What each question's fields are called where their faults are listed."""
    parts = ("", "state", "trend", "evidence")
    return {questions.name(one.code, part): one.label for one in asked for part in parts}
