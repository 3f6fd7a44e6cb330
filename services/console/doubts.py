"""Personal data in a form before it is sent: where it stands, in its context, and whether its writer has decided."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from services import reports
from services.console.form import Typed
from services.console.screened import kinds_in
from services.reports import FoundView, NewReport, TranslationIn

AROUND = 40  # characters on each side of what was found
DECISIONS = ("mask", "needed")


@dataclass(frozen=True, slots=True)
class Snippet:
    """One piece of personal data with the words around it."""

    kind: str
    field: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Doubts:
    """What was found in a form, and a mark of it: a decision is about what was shown, not about what came later.
    `reported`, `translated`: whether in the report itself, and in its title and summary in the other language."""

    snippets: list[Snippet]
    mark: str
    reported: bool
    translated: bool

    def decided(self, typed: Typed) -> bool:
        """Whether the writer has decided about exactly this."""
        return typed["personal"] in DECISIONS and typed["personal_seen"] == self.mark


def doubts(
    report: NewReport, asked: Mapping[str, str], language: str, *, translation: TranslationIn | None = None
) -> Doubts:
    """What is personal in a report that is about to be sent, and in what comes with it in another language; `asked`:
    its form's questions by their fields."""
    more = _translated(translation) if translation is not None else {}
    return _doubts(reports.fields_sent(report), more, asked, language)


def doubts_in(translation: TranslationIn, language: str) -> Doubts:
    """What is personal in a title and summary that are about to be given to a report that is there."""
    return _doubts({}, _translated(translation), {}, language)


def _translated(given: TranslationIn) -> dict[str, str]:
    return {f"translation.{name}": words for name, words in reports.translated_words(given).items()}


def _doubts(told: Mapping[str, str], more: Mapping[str, str], asked: Mapping[str, str], language: str) -> Doubts:
    fields = {**told, **more}
    found = reports.screened_words(fields).personal
    named = kinds_in(fields, found, language)
    snippets = [_snippet(one, fields[one.field], of.kind, _label(one.field, asked) or of.field)
                for one, of in zip(found, named, strict=True)]  # fmt: skip
    seen = "\n".join(f"{one.field} {of.kind} {of.words}" for one, of in zip(found, named, strict=True))
    return Doubts(
        snippets,
        hashlib.sha256(seen.encode()).hexdigest()[:16],
        reported=any(one.field in told for one in found),
        translated=any(one.field in more for one in found),
    )


def _snippet(found: FoundView, text: str, kind: str, field: str) -> Snippet:
    start, end = found.start, found.end
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Snippet(
        kind,
        field,
        f"…{before}" if start > AROUND else before,
        text[start:end],
        f"{after}…" if end + AROUND < len(text) else after,
    )


def _label(field: str, asked: Mapping[str, str]) -> str:
    """The question in whose answer it stands."""
    parts = field.split(".")
    return asked.get(f"q.{parts[1]}", "") if parts[0] == "answers" else ""
