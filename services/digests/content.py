"""What an edition tells one reader, before any language: the facts that composition puts into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from services.assignments import Tally
from services.network import Terms

ByLanguage: TypeAlias = Mapping[str, str]
"""A text in several languages: language code to text. English is there always."""


@dataclass(frozen=True, slots=True)
class Item:
    """One incident as this reader sees it: everything here comes from reports that the reader may see."""

    reference: str
    title: str
    language: str | None
    """Language of the title and the sentences, which are the reports' own words; None where it is not known."""
    sentences: tuple[str, ...]
    themes: tuple[str, ...]
    """Theme codes, the leading one first."""
    places: tuple[str, ...]
    """Place codes, the most exact of each place only."""
    occurred_from: date
    occurred_to: date
    figures: Mapping[str, float]
    reliability: str | None
    """Letter A to F of the source; None and F both mean that it cannot be judged."""
    credibility: int | None
    """Digit 1 to 6 of the information; None and 6 both mean that it cannot be judged."""
    originator: str | None
    """None where attribution is withheld from this reader."""
    reports: tuple[str, ...]
    origins: int
    status: str
    tlp: str
    terms: Terms = field(default_factory=Terms)
    """What may be done with it: the strictest of what its reports say."""
    circular: bool = False
    """Whether its reports cite each other, as far as the reader may know where they come from."""
    titles: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """The title in other languages, by their codes, and whether the sender gave it; else another member did."""


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One indicator at one place over time, up to the end of the edition's period. None is "no data"."""

    indicator: str
    name: ByLanguage
    place: str
    buckets: tuple[date, ...]
    """The first day of each bucket, oldest first, as many as there are values."""
    values: tuple[float | None, ...]
    unit: ByLanguage
    """What is counted, as it stands after a number: "deaths"."""
    total: float | None = None
    """Of the whole period, where that is longer than a bucket and was counted: no sum of the buckets."""
    external: bool = False
    """True for a series taken over from elsewhere: it is judged for standing out, and needs its attribution."""
    attribution: ByLanguage | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much lies behind a part of the edition, for this reader."""

    reports: int = 0
    incidents: int = 0
    origins: int = 0
    nothing_to_report: int = 0
    """Reports that said there was nothing to report."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A tear-line as this reader is told it."""

    text: str
    day: date
    originator: str | None
    """None where attribution is withheld from this reader."""
    tlp: str


@dataclass(frozen=True, slots=True)
class Reporting:
    """How complete and how timely one organisation's reports of one form were, of those expected in the period."""

    organisation: str
    form: ByLanguage
    tally: Tally


@dataclass(frozen=True, slots=True)
class Part:
    """All of one status (actual, exercise or test): parts are never summed with one another."""

    status: str
    counts: Counts = Counts()
    items: tuple[Item, ...] = ()
    selections: tuple[Item, ...] = ()
    selected: int = 0
    """How many reports the selection holds in all, of which `selections` lists some."""
    series: tuple[SeriesRow, ...] = ()
    places: Mapping[str, int | None] = field(default_factory=dict)
    """Incidents by unit; a unit that is missing or None has no data."""
    unplaced: Mapping[str, int] = field(default_factory=dict)
    """Of countries and the region, how much more they count than all within them together: incidents known to have
    been there and no nearer."""
    lines: tuple[Brief, ...] = ()
    """Tear-lines of reports that the reader may not read; counted nowhere."""
    reporting: tuple[Reporting, ...] = ()
    """Who was expected to report and did, as far as the reader may know it."""


@dataclass(frozen=True, slots=True)
class Digest:
    """One edition as one reader may see it."""

    reference: str
    network: ByLanguage
    name: ByLanguage
    status: str
    region: str
    grain: str
    """"week", "month", "quarter" or "year"."""
    start: date
    end: date
    """Last day of the period."""
    cut_off: datetime
    parts: tuple[Part, ...]
    tlp: str = "CLEAR"
    """The label of what its counts are made from; the document takes the strictest of it and of its items."""
    draft: bool = False
    """Whether nobody has released it yet."""
    solo: bool = False
    """Whether it was frozen in solo mode, in which nobody else need have looked at it."""


def said(text: ByLanguage, language: str) -> str:
    """A text in the reader's language, else in English."""
    return text.get(language) or text["en"]
