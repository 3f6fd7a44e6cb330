"""Which reports may tell the same event though their words do not show it: suggestions for analysts, never links
(docs/adr/0026)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from services import reports, vocabulary
from services.network import Caller
from services.reports import Report
from services.tagging import showing
from services.tagging.accounts import accounts
from services.tagging.naming import ACTOR, LISTED_PERSON
from services.tagging.nearby import REPORT
from services.tagging.pairs import decided
from services.tagging.schemas import SuggestionsView, SuggestionView
from services.tagging.service import Topic, languages_of, tags_of, topics

NEAR = timedelta(days=1)
LOOKED_AT = 200  # of those near in time, the latest received: what one answer may cost
MOST = 20
LEAST = 5
SAME_PLACE, SAME_COUNTRY, SAME_DAYS, SAME_THEME, SAME_ACTOR, SAME_FIGURE, OTHER_LANGUAGE = 3, 1, 1, 2, 2, 2, 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What two reports are compared by."""

    first: date
    last: date
    topic: Topic
    figures: Mapping[str, float]
    language: str
    listed: frozenset[str] = frozenset()
    """Of those on a list that it names, whom its reader may be told of."""


def likeness(one: Facts, other: Facts) -> dict[str, int]:
    """What speaks for one event, each with its points; their sum ranks. Of figures those that are not 0 and equal.

    A country is no place where something happened. In two languages words cannot show what else is in common: nothing
    speaks for one event there, but in one unit, or in one country where they share a theme or somebody listed.
    """
    places, others = set(one.topic.places), set(other.topic.places)
    countries = _at("country", places).union(one.topic.abroad)
    theirs = _at("country", others).union(other.topic.abroad)
    equal = {name for name, value in one.figures.items() if value and other.figures.get(name) == value}
    points = {
        "place": SAME_PLACE if _at("unit", places & others) else SAME_COUNTRY if countries & theirs else 0,
        "days": SAME_DAYS if one.first <= other.last and other.first <= one.last else 0,
        "themes": SAME_THEME if one.topic.themes & other.topic.themes else 0,
        "actors": SAME_ACTOR if one.listed & other.listed else 0,
        "figures": SAME_FIGURE * min(len(equal), 2),
        "language": OTHER_LANGUAGE if one.language and other.language and one.language != other.language else 0,
    }
    shared = points["place"] and (points["themes"] or points["actors"])
    if points["language"] and not shared and not _at("unit", places) & _at("unit", others):
        return {}
    return {name: value for name, value in points.items() if value}


def _at(level: str, codes: set[str]) -> set[str]:
    return {above.code for code in codes if (above := vocabulary.places().at(code, level)) is not None}


def suggest(session: Session, caller: Caller, reference: str) -> SuggestionsView:
    """Reports in the caller's sight that may tell the same event as this one, likeliest first, with why: none that
    is in one incident with it already, or of which an analyst has decided."""
    report = reports.standing_report(session, caller, reference)
    statement = reports.visible_reports(session, caller).where(
        REPORT.c.status == report.status,
        REPORT.c.occurred_from <= report.occurred_to + NEAR,
        REPORT.c.occurred_to >= report.occurred_from - NEAR,
        REPORT.c.id != report.key,
    )
    latest = statement.order_by(REPORT.c.received_at.desc(), REPORT.c.reference).limit(LOOKED_AT)
    told = accounts(session, caller, [report.key])[report.key].received
    held = decided(session, [report.key])
    done = {key for pair in held.same | held.apart for key in pair}
    near = [one for one in session.execute(latest).scalars() if one.reference not in told and one.key not in done]
    facts = facts_of(session, caller, [report, *near])
    found = []
    for one in near:
        why = likeness(facts[report.key], facts[one.key])
        if sum(why.values()) >= LEAST:
            found.append(SuggestionView(report=one.reference, score=sum(why.values()), why=why))
    found.sort(key=lambda one: (-one.score, one.report))
    return SuggestionsView(reference=report.reference, suggestions=found[:MOST])


def facts_of(session: Session, caller: Caller, rows: list[Report]) -> dict[int, Facts]:
    keys = [one.key for one in rows]
    about, languages, listed = topics(session, keys), languages_of(session, keys), _listed(session, caller, keys)
    nothing = Topic(frozenset(), ())
    return {
        one.key: Facts(
            one.occurred_from,
            one.occurred_to,
            about.get(one.key, nothing),
            one.figures,
            languages.get(one.key, ""),
            listed.get(one.key, frozenset()),
        )
        for one in rows
    }


def _listed(session: Session, caller: Caller, keys: list[int]) -> dict[int, frozenset[str]]:
    """Who is on a list and named in each of these reports, of those that the caller may be told of."""
    known = showing.to(session, caller)
    found = tags_of(session, keys, (ACTOR, LISTED_PERSON))
    return {key: frozenset(one.value for one in known.view(tags) if one.designated) for key, tags in found.items()}
