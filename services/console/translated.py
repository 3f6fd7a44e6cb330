"""The title and summary in another language that a report's form may bring along, and the languages to choose from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from services import reports, vocabulary
from services.console import administering
from services.console.form import Typed
from services.console.sharing import Choice
from services.console.visitors import Visitor
from services.kernel import db
from services.kernel.i18n import LANGUAGES, translator
from services.network import Caller
from services.reports import Accepted, AlreadyEmptied, NoSuchReport, Report, TranslationIn

_WORDS = ("translation_title", "translation_summary")
FIELDS = ("translation_language", *_WORDS)


@dataclass(frozen=True, slots=True)
class Translated:
    """A title and summary, and the code of their language."""

    language: str
    words: TranslationIn

    def deciding(self, decision: Mapping[str, str]) -> "Translated":
        """The same with what its writer decided about what is personal in it."""
        return replace(self, words=self.words.model_copy(update=decision))


def offered(visitor: Visitor) -> bool:
    """Whether the visitor may translate its own reports."""
    return visitor.may("translations:write") and visitor.may("reports:read")


def tongues(language: str, without: Collection[str | None] = ()) -> list[Choice]:
    """The languages of the pack to choose from, those of the screens first."""
    known = sorted(vocabulary.languages(), key=lambda one: (one.code not in LANGUAGES, one.code))
    return [Choice(one.code, one.name(language)) for one in known if one.code not in without]


def begun(typed: Typed) -> bool:
    """Whether anything stands in it."""
    return any(typed[name].strip() for name in _WORDS)


def chosen(typed: Typed, language: str) -> str:
    """The language that is chosen; until there are words, the one of the screens that the page does not speak."""
    other = next((one for one in LANGUAGES if one != language), language)
    return typed["translation_language"] if begun(typed) else other


def read(typed: Typed, language: str) -> tuple[Translated | None, dict[str, str]]:
    """What the form holds, or what is wrong with it by field; neither where nothing was written."""
    if not begun(typed):
        return None, {}
    _ = translator(language).gettext
    words, wrong = administering.read(
        TranslationIn, {"title": typed["translation_title"], "summary": typed["translation_summary"]}, language
    )
    faults = {f"translation_{name}": text for name, text in wrong.items()}
    code = typed["translation_language"]
    if code not in vocabulary.languages() or code == typed["language"]:
        faults["translation_language"] = _("Choose a language that is not the report's own.")
    return (Translated(code, words) if words is not None and not faults else None), faults


def put(caller: Caller, accepted: Accepted, given: Translated) -> None:
    """Give a report that was taken in what came with it. Of a form that is sent again nothing is written over, and
    nothing is given to what was withdrawn or emptied meanwhile."""
    try:
        with db.transaction() as session:
            report = reports.get(session, caller, accepted.receipt.reference)
            if not accepted.replayed or _wanting(session, caller, report, accepted, given.language):
                reports.put_translation(session, caller, report, given.language, given.words)
    except (NoSuchReport, AlreadyEmptied):
        if not accepted.replayed:
            raise


def _wanting(session: Session, caller: Caller, report: Report, accepted: Accepted, language: str) -> bool:
    """Whether it is still the revision that was sent, and nobody of its organisation has translated it since."""
    (view,) = reports.views(session, caller, [report])
    there = any(one.mine and one.language == language for one in view.translations)
    return report.revision == accepted.receipt.revision and not there
