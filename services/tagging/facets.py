"""Breakdowns: how many of the reports that a caller sees have which theme, country, kind, status and originator."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlmodel import Session

from services import network, reports, vocabulary
from services.network import AudienceRow, Caller, Tlp
from services.tagging.accounts import AUDIENCE
from services.tagging.nearby import REPORT
from services.tagging.reading import Wanted, conditions
from services.tagging.schemas import Count, FacetsView, OriginatorCounts
from services.tagging.service import PLACES, TAG


def facets(session: Session, caller: Caller, wanted: Wanted) -> FacetsView:
    """Counts over all that `search` would list, in every page of it."""
    listed = reports.listed(session, caller, where=conditions(session, caller, wanted), mine=wanted.mine)
    inside = listed.with_only_columns(REPORT.c.id)
    themes = vocabulary.themes()
    return FacetsView(
        themes=_counts(_themes(session, inside), lambda one: themes[one].name(caller.language)),
        countries=_counts(_countries(session, inside), lambda one: vocabulary.place_name(one, caller.language)),
        kinds=_counts(_by(session, inside, REPORT.c.kind), str),
        statuses=_counts(_by(session, inside, REPORT.c.status), str),
        originators=_originators(session, caller, inside, filtered=wanted != Wanted()),
    )


def strictest(session: Session, caller: Caller, wanted: Wanted) -> Tlp | None:
    """The strictest label of what is counted; None where nothing is."""
    listed = reports.listed(session, caller, where=conditions(session, caller, wanted), mine=wanted.mine)
    found = session.execute(listed.with_only_columns(REPORT.c.audience_id).distinct()).scalars()
    labels = network.labels(session, found)
    return network.strictest(labels.values()) if labels else None


def _by(session: Session, inside: Select[Any], column: Any) -> dict[str, int]:
    statement = select(column, func.count()).where(REPORT.c.id.in_(inside)).group_by(column)
    return {row[0]: row[1] for row in session.execute(statement).all()}


def _themes(session: Session, inside: Select[Any]) -> dict[str, int]:
    statement = (
        select(TAG.c.value, func.count(TAG.c.report_id.distinct()))
        .where(TAG.c.scheme == "theme", TAG.c.report_id.in_(inside))
        .group_by(TAG.c.value)
    )
    return {row[0]: row[1] for row in session.execute(statement).all()}


def _countries(session: Session, inside: Select[Any]) -> dict[str, int]:
    """By country, of places of every level and of countries abroad: a report of two places in one country counts once.
    As in lists and counts, the sender's place wins over those in the text."""
    found: dict[str, set[int]] = {}
    statement = (
        select(TAG.c.report_id, TAG.c.value)
        .join(REPORT, REPORT.c.id == TAG.c.report_id)
        .where(TAG.c.scheme.in_(PLACES), TAG.c.report_id.in_(inside))
        .where(or_(REPORT.c.place.is_(None), TAG.c.method == "sender"))
    )
    for report, value in session.execute(statement.distinct()).all():
        country = _country(value)
        if country is not None:
            found.setdefault(country, set()).add(report)
    return {country: len(told) for country, told in found.items()}


def _country(place: str) -> str | None:
    """The code of the country of a place; None of what the pack has lost, and of the region."""
    places = vocabulary.places()
    if place not in places:
        return place if vocabulary.is_abroad(place) else None
    country = places.country_of(place)
    return country.code if country else None


def _originators(session: Session, caller: Caller, inside: Select[Any], *, filtered: bool) -> OriginatorCounts:
    by = (REPORT.c.audience_id, REPORT.c.organisation_id)
    rows = session.execute(select(*by, func.count()).where(REPORT.c.id.in_(inside)).group_by(*by)).all()
    audiences = select(AudienceRow).where(AUDIENCE.c.id.in_({audience for audience, *_ in rows}))
    shown = network.shown_to(session, caller, session.execute(audiences).scalars())
    counted = ((owner, shown[audience].originator, count) for audience, owner, count in rows)
    told = reports.breakdown(counted, filtered=filtered)
    parties = network.directory(session).parties
    named = {parties[key].slug: (parties[key].name(caller.language), count) for key, count in told.named.items()}
    return OriginatorCounts(
        named=_counts({slug: count for slug, (_, count) in named.items()}, lambda one: named[one][0]),
        not_named=told.rest,
    )


def _counts(found: Mapping[str, int], name: Callable[[str], str]) -> list[Count]:
    rows: Iterable[Count] = (Count(value=value, name=name(value), reports=count) for value, count in found.items())
    return sorted(rows, key=lambda one: (-one.reports, one.value))
