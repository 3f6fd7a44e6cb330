"""What pages say about things: names, dates, numbers, labels and their meanings in one language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.numbers import format_decimal

from services import vocabulary
from services.kernel.dates import Dates
from services.kernel.i18n import translator

FIGURES = ("killed", "injured", "detained", "displaced", "persons", "seized_kg")


class Words(Dates):
    """One language's words. Codes that the vocabulary does not know are shown as they are."""

    def __init__(self, language: str, zone: str = "UTC") -> None:
        super().__init__(language, zone)
        self._ = translator(language).gettext
        _ = self._
        self.kinds = {
            "incident": _("Incident"),
            "situation": _("Situation"),
            "measures": _("Measures taken"),
            "research": _("Research"),
            "questionnaire": _("Standing questionnaire"),
            "zero": _("Nothing to report"),
            "concern": _("Concern from a community"),
            "practice": _("Good practice"),
            "document": _("Reference document"),
            "correction": _("Correction"),
        }
        self.statuses = {"actual": _("Actual"), "exercise": _("Exercise"), "test": _("Test")}
        self.schemes = {
            "language": _("Language"),
            "theme": _("Theme"),
            "country": _("Country"),
            "unit": _("Region or province"),
            "town": _("Town"),
            "actor": _("Actor"),
            "listed_person": _("Name of a listed person"),
            "reference": _("UN document"),
            "quantity": _("Quantity in the text"),
        }
        self.amounts = {"seized": _("Seized"), "money": _("Money")}
        self.figures = {
            "killed": _("Killed"),
            "injured": _("Injured"),
            "detained": _("Detained"),
            "displaced": _("Displaced"),
            "persons": _("Persons"),
            "seized_kg": _("Seized, kg"),
        }
        self.credibilities = {
            1: _("confirmed by independent sources"),
            2: _("probably true"),
            3: _("possibly true"),
            4: _("doubtful"),
            5: _("improbable"),
            6: _("truth cannot be judged: 2 to 5"),
        }
        self.confidences = {"low": _("low"), "moderate": _("moderate"), "high": _("high")}
        self.doubts = {"low": _("low confidence"), "moderate": _("moderate confidence")}
        self.reliabilities = {
            "A": _("completely reliable source"),
            "B": _("usually reliable source"),
            "C": _("fairly reliable source"),
            "D": _("not usually reliable source"),
            "E": _("unreliable source"),
            "F": _("source cannot be judged: A to E"),
        }

        self.notices = {
            "withdrawn": _("Withdrawn by its originator. Destroy what you hold of it."),
            "narrowed": _("No longer shared with you. Do not use or pass on what you hold of it."),
            "recalled": _("Recalled by its originator. Destroy what you hold of it at once."),
            "review_due": _("The marking of your report is to be reviewed."),
            "emptying_due": _("A retention rule of the network takes the words of your report."),
            "outcome_told": _("An analyst told what came of your report."),
            "thread_message": _("Somebody wrote in the thread about the report."),
            "inquiry_asked": _("Your organisation is asked for information."),
            "inquiry_due": _("A request for information is due soon, and your organisation has not answered."),
            "inquiry_overdue": _("A request for information is overdue."),
            "inquiry_answered": _("Your request for information was answered."),
            "inquiry_extended": _("A request for information has another due date."),
            "inquiry_ended": _("A request for information was closed or withdrawn."),
            "report_due": _("A report is expected of your organisation and has not come yet."),
            "report_overdue": _("A report that was expected of your organisation is overdue."),
            "factor_reset": _(
                "An administrator made a link with which this person chooses a new password and second factor. "
                "If nobody asked for it, tell the secretariat at once."
            ),
            "reader_made": _(
                "An administrator lets this person read for your organisation, or made the link that opens its sign-in."
                " If you do not know of it, tell the secretariat and your own superiors at once."
            ),
        }
        self.grains = {
            "week": _("every week"),
            "month": _("every month"),
            "quarter": _("every quarter"),
            "year": _("every year"),
        }
        self.europol_sources = {
            "A": _("no doubt about the source"),
            "B": _("mostly reliable so far"),
            "C": _("mostly unreliable so far"),
            "X": _("cannot be assessed"),
        }
        self.europol_informations = {
            "1": _("accuracy not in doubt"),
            "2": _("known personally to the source, not to the officer"),
            "3": _("not known personally to the source, borne out by other information"),
            "4": _("not known personally to the source, not borne out"),
        }
        self.inquiry_states = {
            "open": _("Open"),
            "answered": _("Answered"),
            "overdue": _("Overdue"),
            "closed": _("Closed"),
            "withdrawn": _("Withdrawn"),
        }
        self.form_states = {"draft": _("draft"), "published": _("in force"), "retired": _("out of force")}
        self.definition_states = {
            "draft": _("draft"),
            "reviewed": _("reviewed"),
            "in_force": _("in force"),
            "replaced": _("replaced"),
        }
        self.trends = {"up": _("Rising"), "same": _("Steady"), "down": _("Falling")}
        self.fields = {
            "corrects": _("Report to correct"),
            "title": _("Title"),
            "text": _("Text"),
            "kind": _("Kind"),
            "status": _("Status"),
            "occurred_from": _("First day"),
            "occurred_to": _("Last day"),
            "place": _("Place"),
            "themes": _("Themes"),
            "language": _("Language"),
            "selection": _("One of a selection"),
            "tlp": _("Label"),
            "attribution": _("Attribution"),
            "organisations": _("Organisations"),
            "groups": _("Groups"),
            "persons": _("Persons"),
            "source": _("Source"),
            "source_organisation": _("Organisation"),
            "source_document": _("Document"),
            "source_name": _("Other source"),
            "credibility": _("Credibility"),
            "europol_source": _("Europol code of the source"),
            "europol_information": _("Europol code of the information"),
            "judgement_statement": _("What you judge"),
            "judgement_word": _("Likelihood"),
            "judgement_confidence": _("Analytic confidence"),
            "own_reference": _("Your own reference"),
            "translation_language": _("Language of the translation"),
            "translation_title": _("Title in another language"),
            "translation_summary": _("What it says in brief, in another language"),
            "personal": _("Personal data"),
            "line": _("Tear-line"),
            "line_tlp": _("Tear-line"),
            "line_attribution": _("Tear-line"),
            "actions": _("Permitted actions"),
            "pap": "PAP",
            "handling": _("Handling code"),
            "handling_note": _("Note to the handling code"),
            "embargo_until": _("Embargo until (UTC)"),
            "review_at": _("Review on (UTC)"),
            "review_to": _("At the review it becomes"),
        }
        self.standing = {
            "open": _("not due yet"),
            "on_time": _("on time"),
            "late": _("late"),
            "missing": _("overdue"),
        }
        self.steps = {
            "handed_in": _("From the last day of the event to handing in"),
            "tagged": _("From handing in to tagging"),
            "triaged": _("From handing in to the first act of an analyst"),
            "digest": _("From handing in to a digest"),
        }
        self.roles = {
            "focal_point": _("Focal point"),
            "analyst": _("Analyst"),
            "editor": _("Editor"),
            "approver": _("Approver"),
            "administrator": _("Administrator"),
            "auditor": _("Auditor"),
            "integrator": _("Integrator"),
        }

    def number(self, value: float | None, decimals: int = 2) -> str:
        """A number with the language's marks, or that there is no data."""
        pattern = f"#,##0.{'#' * decimals}"
        return self._("no data") if value is None else str(format_decimal(value, format=pattern, locale=self.locale))

    def written_day(self, text: str) -> str:
        """A day that was written as 2026-10-31; anything else as it stands."""
        try:
            return self.day(date.fromisoformat(text))
        except ValueError:
            return text

    def place(self, code: str) -> str:
        """A place with its country."""
        places = vocabulary.places()
        name, country = vocabulary.place_name(code, self.language), places.country_of(code) if code in places else None
        if country is None or country.code == code:
            return name
        return f"{name}, {places.name(country.code, self.language)}"

    def theme(self, code: str) -> str:
        """The name of a theme."""
        theme = vocabulary.themes().get(code)
        return theme.name(self.language) if theme else code

    def tongue(self, code: str) -> str:
        """The name of a language."""
        known = vocabulary.languages().get(code)
        return known.name(self.language) if known else code

    def tag(self, scheme: str, value: str) -> str:
        """The name of what a tag says."""
        if scheme == "theme":
            return self.theme(value)
        if scheme == "quantity":
            return self.quantity(value)
        if scheme in {"actor", "listed_person", "reference"}:
            return value
        return self.tongue(value) if scheme == "language" else self.place(value)

    def quantity(self, value: str) -> str:
        """What a quantity that was found says: what, how much, in which unit or currency."""
        what, _, amount = value.partition(":")
        number, _, unit = amount.partition(" ")
        much, name = float(number), self.amounts.get(what) or self.figure(what)
        if unit != "g":
            return f"{name}: {self.number(much)} {unit}".rstrip()
        in_unit = self._("%(n)s kg") if much >= 1000 else self._("%(n)s g")
        return f"{name}: {in_unit % {'n': self.number(much / 1000 if much >= 1000 else much)}}"

    def field(self, name: str, asked: Mapping[str, str]) -> str:
        """The label of a field of a report's form; `asked`: the form's own questions by the names of their fields."""
        return asked.get(name) or self.fields.get(name) or self.figure(name.removeprefix("figure_"))

    def figure(self, name: str) -> str:
        """The label of a figure: of one that the form asks for, else its name in the pack."""
        named = self.figures.get(name) or vocabulary.figure(name, self.language)
        return named[:1].upper() + named[1:]

    def grade(self, reliability: str | None, credibility: int | None) -> str:
        """Both axes of the grade, never made into one number; unknown is F and 6."""
        letter, digit = reliability or "F", credibility or 6
        return f"{letter}{digit} ({self.reliabilities[letter]}, {self.credibilities[digit]})"

    def likelihood(self, judgement: Mapping[str, Any]) -> str:
        """The word of a judgement with the interval that was kept with it, and its scale; a word that the pack has no
        more by its code."""
        scale = vocabulary.likelihood_scales().get(judgement["scale"])
        word = scale.word(judgement["word"]) if scale is not None else None
        named = word.name(self.language) if word is not None else judgement["word"]
        said = self.percent(judgement["low"], judgement["high"])
        return f"{named} ({said}; {scale.name(self.language) if scale is not None else judgement['scale']})"

    @property
    def likelihoods(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The scales, each with its words as scale:word and what they stand for."""
        return [
            (
                scale.name(self.language),
                [
                    (f"{scale.code}:{word.code}", f"{word.name(self.language)} ({self.percent(word.low, word.high)})")
                    for word in scale.words
                ],
            )
            for scale in vocabulary.likelihood_scales()
        ]

    def percent(self, low: float, high: float) -> str:
        """An interval in percent."""
        return f"{self.number(low)}–{self.number(high)} %"

    def direction(self, code: str | None) -> str:
        """The direction in which a language is written; `auto` where it is not known."""
        known = vocabulary.languages().get(code or "")
        return known.direction if known else "auto"
