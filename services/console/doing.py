"""Who does what: measures, requests and tasks by country, theme and organisation, as far as one reader may see them."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from sqlmodel import Session

from services import assignments, dialogue, network, reports, tagging, vocabulary
from services.assignments import State
from services.console.words import Words
from services.dialogue import InquiryView
from services.kernel import db
from services.kernel.model import table
from services.network import Caller
from services.reports import Report
from services.tagging import TaggedReport, Topic, Wanted

REPORT = table(Report)
MEASURES = "measures"
What: TypeAlias = Literal["measure", "request", "task"]
MOST = 200  # rows of each sort


@dataclass(frozen=True, slots=True)
class View:
    """What a visitor looks at; it stands in the address."""

    first: date
    last: date
    country: str = ""
    theme: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that somebody does, or is to do. `organisation` is empty where this reader is not told whose it is."""

    what: What
    reference: str
    title: str
    language: str | None
    """Of the title; None where it is of the page's language."""
    organisation: str
    countries: tuple[str, ...]
    themes: tuple[str, ...]
    first: date
    last: date
    state: str
    tlp: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many measures there are of each theme in each country; None of them is a gap."""

    countries: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    """Theme, and the number for each country in the same order."""
    labels: frozenset[str]
    """The labels of the measures that were counted."""

    @property
    def empty(self) -> int:
        """How many of them are gaps."""
        return sum(not number for _, numbers in self.rows for number in numbers)


def measures(session: Session, caller: Caller, view: View) -> tuple[list[Doing], bool]:
    """The measures that the reader sees and asks for, the latest first, and whether there are more of them. Where the
    originator is withheld from the reader, no filter by organisation finds them."""
    wanted = Wanted(
        themes=(view.theme,) if view.theme else (),
        place=view.country or None,
        status="actual",
        kinds=(MEASURES,),
        originator=view.organisation or None,
        first=view.first,
        last=view.last,
    )
    page = tagging.search(session, caller, wanted, size=MOST)
    return [_measure(one) for one in page.reports], page.next is not None


def _measure(one: TaggedReport) -> Doing:
    places = vocabulary.places()
    given = [one.place] if one.place else [tag.value for tag in one.tags if tag.value in places]
    countries = {found.code for code in given if (found := places.country_of(code)) is not None}
    themes = {tag.value for tag in one.tags if tag.scheme == "theme"} | set(one.themes)
    return Doing(
        "measure", one.reference, one.title, one.language or "", one.originator_name or "", tuple(sorted(countries)),
        tuple(sorted(themes)), one.occurred_from, one.occurred_to, "done", one.tlp,
    )  # fmt: skip


def requests(session: Session, caller: Caller, view: View) -> tuple[list[Doing], list[InquiryView]]:
    """The requests for information that the reader sees and asks for, and the same as their slice tells them."""
    page = dialogue.inquiries(session, caller, "all", size=MOST)
    found = [one for one in page.inquiries if one.status == "actual" and _wanted(one, view)]
    rows = [
        Doing(
            "request", one.reference, one.question, "", one.asked_by_name or "", tuple(one.countries),
            tuple(one.themes), one.made_at.date(), one.due_on, one.state, one.tlp,
        )
        for one in found
    ]  # fmt: skip
    return rows, found


def _wanted(one: InquiryView, view: View) -> bool:
    within = one.made_at.date() <= view.last and one.due_on >= view.first
    country = view.country in ("", *one.countries)
    theme = view.theme in ("", *one.themes)
    return within and country and theme and view.organisation in ("", one.asked_by)


def tasks(session: Session, caller: Caller, view: View, words: Words) -> list[Doing]:
    """What is expected of whom and has not come, as far as the reader may know it; of no theme."""
    if view.theme:
        return []
    states: tuple[State, ...] = ("open", "missing")
    found = assignments.listed(session, caller, first=view.first, last=view.last, states=states, size=MOST).expected
    parties = network.directory(session)
    rows = []
    for one in found:
        countries = assignments.countries_of(parties, one)
        if view.country and view.country not in countries:
            continue
        if view.organisation and view.organisation != one.organisation:
            continue
        title = f"{one.form_name}, {words.span(one.start, one.end)}"
        rows.append(
            Doing(
                "task", one.assignment, title, None, one.organisation_name, countries, (), one.start, one.end,
                one.state, one.tlp,
            )
        )  # fmt: skip
    return rows


def gaps(session: Session, caller: Caller, view: View) -> Gaps:
    """Where there is no measure of a theme in a country, among all measures of these days that the reader sees."""
    statement = reports.visible_reports(session, caller).where(
        REPORT.c.kind == MEASURES,
        REPORT.c.status == "actual",
        REPORT.c.occurred_to >= view.first,
        REPORT.c.occurred_from <= view.last,
    )
    rows = session.execute(statement.with_only_columns(REPORT.c.id, REPORT.c.audience_id)).all()
    topics: dict[int, Topic] = {}
    for some in db.batches([row.id for row in rows], 500):
        topics |= tagging.topics(session, some)
    labels = network.labels(session, [row.audience_id for row in rows])
    return counted(
        topics.values(),
        [one.code for one in vocabulary.places().countries()],
        [one.code for one in vocabulary.themes()],
        {str(one) for one in labels.values()},
    )


def counted(topics: Iterable[Topic], countries: Sequence[str], themes: Sequence[str], labels: Collection[str]) -> Gaps:
    """The table of themes by countries. A measure of several counts in each; within a country, wherever it is."""
    places, found = vocabulary.places(), Counter[tuple[str, str]]()
    for topic in topics:
        inside = {one.code for code in topic.places if (one := places.country_of(code)) is not None}
        found.update((theme, country) for theme in topic.themes for country in inside)
    rows = tuple((theme, tuple(found[theme, country] for country in countries)) for theme in themes)
    return Gaps(tuple(countries), rows, frozenset(labels))
