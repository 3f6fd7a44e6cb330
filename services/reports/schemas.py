"""Shapes that partners send and see: a report, its receipt, its view."""

import hashlib
import math
import re
from datetime import date, datetime, timedelta
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, Field, ValidationInfo, field_validator, model_validator

from services import vocabulary
from services.forms import Answer, Answers, Kind
from services.kernel import clock
from services.kernel.text import Text
from services.network import Called, Closed, MarkingIn, MarkingView, SightIn, SightView, TermsView
from services.reports.judging import JUDGED, ChainStep, Evaluation, FindingView, Judgement
from services.reports.translation_schemas import PersonalDecision, TranslationView

STATUSES = ("actual", "exercise", "test")

_REFERENCE = re.compile("EWN-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", re.IGNORECASE)


class Source(Closed):
    """Own observation, or relayed: then from which organisation, document or named source, or a chain."""

    kind: Literal["own", "relayed"]
    organisation: Called | None = Field(default=None, description="The organisation it was heard from, by any name.")
    document: Text | None = Field(default=None, max_length=300, description="The document it was read in.")
    name: Text | None = Field(default=None, max_length=200, description="Another source, never a private person.")
    chain: list[ChainStep] = Field(
        default_factory=list,
        max_length=5,
        description="Instead of the three: whom it was heard from, from whom that one had it, and so on to the first.",
    )

    @model_validator(mode="after")
    def _relayed_from(self) -> Self:
        named = [self.organisation, self.document, self.name, self.chain]
        if self.kind == "relayed" and not any(named):
            raise ValueError("a relayed report says from whom: organisation, document, name or chain")
        if self.chain and any(named[:3]):
            raise ValueError("a chain stands for organisation, document and name: give it alone")
        if self.kind == "own" and any(named):
            raise ValueError("an own observation names no other source: use kind relayed")
        return self


class ReportFields(Closed):
    """What a reporter fills in."""

    title: Text = Field(min_length=3, max_length=200)
    text: Text = Field(min_length=1, max_length=50_000, description="Plain text, any of the network's languages.")
    kind: Kind = Field(
        description="zero: nothing to report; concern: from a community; practice: a good practice; "
        "document: a reference document; correction: of another report."
    )
    status: Literal["actual", "exercise", "test"] = "actual"
    occurred_from: date = Field(description="Local date at the place of the event.")
    occurred_to: date = Field(description="Equal to occurred_from for a single day.")
    place: str | None = Field(
        default=None, max_length=80, description="Code of the pack: country, ISO 3166-2 unit or town."
    )
    themes: list[str] = Field(default_factory=list, max_length=10, description="Theme codes of the pack.")
    figures: dict[str, float] = Field(
        default_factory=dict, max_length=20, description="Such as killed, detained, seized_kg; each from 0 to 10^9."
    )
    language: str | None = Field(
        default=None,
        pattern="^[a-z]{2,3}$",
        description="Of the text, a code of the pack; it wins over our guess. und: not declared.",
    )
    source: Source = Field(default_factory=lambda: Source(kind="own"))
    credibility: int | None = Field(
        default=None, ge=2, le=6, description="Information credibility 2-6; 1 is derived only."
    )
    evaluation: Evaluation | None = Field(
        default=None, description="Europol 4x4 codes, kept as given; then credibility is what they are read as."
    )
    judgement: Judgement | None = Field(default=None, description="Of a situation report or research: how likely.")
    selection: bool = Field(default=False, description="One of a selection, not a census: listed, counted nowhere.")
    form: str | None = Field(default=None, max_length=40, description="Code of the form it is written with.")
    form_version: int | None = Field(default=None, ge=1, le=10_000, description="Left out: the one in force.")
    answers: Answers = Field(default_factory=dict, description="To the questions of the form, by their code.")
    corrects: str | None = Field(
        default=None, max_length=20, description="Of a correction: the reference of the report that it corrects."
    )

    @field_validator("occurred_from", "occurred_to")
    @classmethod
    def _not_in_future(cls, value: date) -> date:
        if value > (clock.now() + timedelta(hours=14)).date():  # the day may have begun further east
            raise ValueError("lies in the future")
        if value.year < 1900:
            raise ValueError("lies before 1900")
        return value

    @field_validator("place")
    @classmethod
    def _known_place(cls, value: str | None) -> str | None:
        if value is not None and value not in vocabulary.places():
            raise ValueError("is not a place of the pack: see GET /v1/places")
        if value == vocabulary.places().root.code:
            raise ValueError("is the whole region: give a country, unit or town, or leave it out")
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str | None) -> str | None:
        if value == "und":
            return None
        if value is not None and value not in vocabulary.languages() and value not in vocabulary.SAME_LANGUAGE:
            raise ValueError(f"is not a language of the pack: {', '.join(vocabulary.languages().codes())}")
        return value

    @field_validator("themes")
    @classmethod
    def _known_themes(cls, value: list[str]) -> list[str]:
        for place, code in enumerate(value, 1):
            if code not in vocabulary.themes():
                raise ValueError(f"number {place} is not a theme of the pack: see GET /v1/themes")
        return sorted(set(value))

    @field_validator("figures")
    @classmethod
    def _plain_figures(cls, value: dict[str, float]) -> dict[str, float]:
        for place, (name, number) in enumerate(value.items(), 1):
            if not (name.isascii() and name.replace("_", "").isalpha() and name.islower() and 2 <= len(name) <= 40):
                raise ValueError(f"number {place} needs a name of small letters and underscores")
            if not math.isfinite(number) or not 0 <= number <= 1e9:  # summed in 63 bits
                raise ValueError(f"the figure {name} must be between 0 and 10^9")
        return dict(sorted(value.items()))

    @field_validator("evaluation")
    @classmethod
    def _of_one_mind(cls, value: Evaluation | None, info: ValidationInfo) -> Evaluation | None:
        given = info.data.get("credibility")
        if value is not None and given is not None and given != value.credibility:
            raise ValueError(f"is read as credibility {value.credibility}: leave credibility out, or give that")
        return value

    @field_validator("judgement")
    @classmethod
    def _where_one_judges(cls, value: Judgement | None, info: ValidationInfo) -> Judgement | None:
        if value is not None and "kind" in info.data and info.data["kind"] not in JUDGED:
            raise ValueError("belongs to a situation report or research: leave it out")
        return value

    @property
    def graded(self) -> int | None:
        """The credibility that its sender gives, by digit or by Europol's."""
        return self.evaluation.credibility if self.evaluation is not None else self.credibility

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.occurred_to < self.occurred_from:
            raise ValueError("occurred_to lies before occurred_from")
        if (self.occurred_to - self.occurred_from).days > 366:
            raise ValueError("the report spans more than a year: split it")
        return self

    @model_validator(mode="after")
    def _by_form(self) -> Self:
        if self.form is None and (self.answers or self.form_version is not None):
            raise ValueError("answers and form_version need the form: give its code")
        if (self.kind == "correction") != (self.corrects is not None):
            raise ValueError("a correction names in corrects the report that it corrects, and no other kind does")
        return self


class TearLineIn(Closed):
    """What may be told to those who may not read the report."""

    text: Text = Field(min_length=3, max_length=500, description="Complete in itself: no reference, no source.")
    marking: SightIn = Field(description="Who may read it. Never RED; it reaches somebody whom the report does not.")

    @field_validator("text")
    @classmethod
    def _leads_nowhere(cls, value: str) -> str:
        if _REFERENCE.search(value):
            raise ValueError("holds a reference: a tear-line leads to no report")
        return value


class EditReport(ReportFields):
    """The body of a revision: the whole report again."""

    marking: MarkingIn
    tear_line: TearLineIn | None = Field(default=None, description="Left out of a revision, it is taken away.")
    personal: PersonalDecision | None = Field(
        default=None,
        description="What is to become of personal data in it. needed: your own organisation goes on reading it; mask: "
        "it reads it masked too. Others are given it masked in any case.",
    )


class NewReport(EditReport):
    """The body of a submission."""

    own_reference: Text | None = Field(
        default=None, min_length=1, max_length=100, description="Yours; unique for ever."
    )
    as_of: AwareDatetime | None = Field(default=None, description="Logical time of receipt; replay keys only.")

    @field_validator("as_of")
    @classmethod
    def _in_our_time(cls, value: datetime | None) -> datetime | None:
        if value is not None and not 1900 <= value.year < 9999:
            raise ValueError("lies outside the years 1900 to 9998")
        return value

    def fingerprint(self) -> str:
        """SHA-256 over the canonical body: what was meant, not how it was spaced or ordered.

        What is left open has no part in it, so a field that is new next year changes no fingerprint of today.
        """
        # What was not given is its default, which need not be made and compared.
        said = self.model_dump_json(exclude_unset=True, exclude_defaults=True)
        return hashlib.sha256(said.encode()).hexdigest()


class Receipt(BaseModel):
    """What a submitter keeps: the reference, and the hash of what was taken in."""

    reference: str
    revision: int
    received_at: datetime
    digest: str = Field(description="SHA-256 of the canonical body.")


class FoundView(BaseModel):
    """One piece of personal data, by its place in what was sent, in code points of that field; never its words."""

    field: str = Field(description="title, text, source.name, tear_line.text, answers.and the question ...")
    start: int
    end: int
    kind: str = Field(description="email, iban, card, national_number, passport, phone")


class ScreenedView(BaseModel):
    """What was found in a report at the door. That nothing was found does not say that there is nothing."""

    personal: list[FoundView] = Field(
        description="Personal data of the kinds looked for. Empty: nothing of these kinds was found. Names of persons "
        "are not looked for."
    )
    looked_for: list[str] = Field(description="The kinds.")
    cleaned: list[str] = Field(
        description="What is done to make title and text readable: encoding, markup, marks, scripts, addresses, "
        "symbols, cut. The original is kept as it came."
    )


class PersonalView(ScreenedView):
    """What was found in one of your own reports, and what was decided about it."""

    decision: PersonalDecision | None
    decided_at: datetime | None
    decided_by: str | None = Field(description="The person; null for a key, and for whoever was erased.")


class PersonalIn(Closed):
    """The owner's decision about what is personal in a report."""

    decision: PersonalDecision = Field(description="needed or mask")


class PersonalMark(BaseModel):
    """How much that is personal was found in title and text, and what was decided about it."""

    found: int
    decision: PersonalDecision | None


class OriginalView(BaseModel):
    """Title and text of a report exactly as they came, for its owner and for whom its owner let read them."""

    reference: str
    revision: int
    title: str
    text: str
    hash: str = Field(description="SHA-256 of title, one line break, text, in UTF-8.")
    digest: str = Field(description="SHA-256 of the canonical body: the one that its receipt bears.")
    cleaned: list[str] = Field(description="What is done to them where they are read otherwise.")
    personal: list[FoundView]


class Checked(ScreenedView):
    """The answer of ?validate=true: nothing was stored."""

    valid: bool = True
    stored: str | None = Field(
        description="The reference of the same report, where you have sent it before: sent again, it has no effect."
    )
    judgement: list[FindingView] = Field(
        description="What is to be looked at again in its judgement, by code points of the statement, with advice in "
        "your language. It warns, and refuses nothing."
    )


class Reason(Closed):
    """Why."""

    reason: Text = Field(min_length=3, max_length=500)


class TearLineView(BaseModel):
    """A report's tear-line, as its owner sees it."""

    text: str
    marking: SightView
    day: date


class ToldLine(BaseModel):
    """A tear-line as its readers get it: nothing leads from it to its report."""

    text: str
    tlp: str
    status: str = Field(description="actual, exercise or test")
    originator: str | None
    originator_name: str | None
    day: date = Field(description="The UTC day on which it could first be read.")


class TearLinePage(BaseModel):
    """One page of tear-lines, the latest day first, within a day in no order; `next` is the cursor to the following."""

    tear_lines: list[ToldLine]
    next: str | None


class ReportView(BaseModel):
    """A report as this caller may see it; the originator is null where attribution is withheld."""

    reference: str
    revision: int
    status: str
    kind: str
    title: str
    text: str
    language: str | None
    occurred_from: date
    occurred_to: date
    place: str | None
    themes: list[str]
    figures: dict[str, float]
    originator: str | None
    originator_name: str | None
    reliability: str | None
    source: dict[str, Any] | None
    credibility: int | None = Field(description="As its sender gave it: 2 to 6.")
    evaluation: dict[str, Any] | None = Field(description="The sender's Europol 4x4 codes, and what they are read as.")
    judgement: dict[str, Any] | None = Field(description="With the interval, in percent, of its word on its scale.")
    selection: bool
    form: str | None
    form_version: int | None
    answers: dict[str, Answer]
    corrects: str | None = Field(description="The report that it corrects, where you see that.")
    corrections: list[str] = Field(description="The corrections of it that you see.")
    tlp: str
    terms: TermsView
    marking: MarkingView | None = Field(description="The full marking: for its owner only.")
    received_at: datetime
    withdrawn_at: datetime | None
    withdrawn_why: str | None
    recalled_at: datetime | None = Field(description="From then on it has no words, for anybody.")
    emptied_at: datetime | None = Field(
        description="A retention rule took its words then: title and text are empty, what it counts for stays."
    )
    cleaned: list[str] = Field(description="What was done to make title and text readable; empty where nothing was.")
    masked: bool = Field(description="Whether personal data in title or text is covered by █, character for character.")
    personal: PersonalMark | None = Field(description="For its owner only.")
    mine: bool
    tear_line: TearLineView | None = Field(default=None, description="For its owner only.")
    translations: list[TranslationView] = Field(description="Of this revision, the sender's own before others'.")


class RecallIn(Closed):
    """The reference once more, since it cannot be undone, and why; the reason stays with the owner."""

    reference: str = Field(min_length=1, max_length=40)
    reason: Text = Field(min_length=3, max_length=500)


class RecallView(BaseModel):
    """What is left of a recalled report."""

    reference: str
    revision: int
    digest: str = Field(description="The one that its receipt bears.")
    recalled_at: datetime
