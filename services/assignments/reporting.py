"""Completeness and timeliness of a span of time, by organisation, country, form and period, for one caller."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Session

from services import forms, network, vocabulary
from services.assignments.delays import delays
from services.assignments.expecting import Expected, expected
from services.assignments.rates import Tally, percent, tally
from services.assignments.schemas import ExpectedView, KeyedRate, RateView, ReportingView
from services.assignments.service import form_name
from services.kernel import clock
from services.network import Caller, Directory


def rate(found: Iterable[Expected], *, organisations: Iterable[int] | None = None) -> Tally:
    """How complete and how timely the reports were whose deadlines are past; of some organisations alone, if given."""
    among = None if organisations is None else set(organisations)
    return tally(one.state for one in found if one.over and (among is None or one.due.organisation in among))


def reporting(
    session: Session,
    caller: Caller,
    *,
    first: date,
    last: date,
    status: str = "actual",
    form: str | None = None,
    organisation: str | None = None,
    at: datetime | None = None,
) -> tuple[ReportingView, set[str]]:
    """Who reported of whom it was expected, for the periods that end between two days, as far as the caller may know
    it: recomputed from the assignments that the caller sees; and the labels of all that it is made from."""
    now = at or clock.now()
    parties, shelf = network.directory(session), forms.shelf(session)
    found = [
        one
        for one in expected(session, caller, first=first, last=last, status=status, at=now)
        if form in (None, one.due.form) and organisation in (None, parties.parties[one.due.organisation].slug)
    ]
    took, labels = delays(session, caller, first=first, last=last, status=status, form=form)
    view = ReportingView(
        first=first,
        last=last,
        status=status,
        at=now,
        total=RateView(**_rates(rate(found))),
        organisations=_by(found, lambda one: [_organisation(parties, caller, one)]),
        countries=_by(found, lambda one: _named(parties, caller, one)),
        forms=_by(found, lambda one: [(one.due.form, form_name(shelf, one.due.form, caller.language))]),
        periods=_by(found, lambda one: [_period(one)]),
        delays=took,
    )
    return view, labels | {one.known.tlp for one in found}


def countries_of(parties: Directory, one: ExpectedView) -> tuple[str, ...]:
    """The countries that a report is expected for: of the assignment's place, or else those of its organisation."""
    return _countries(parties, parties.slugs[one.organisation], one.place)


def _countries(parties: Directory, organisation: int, place: str | None) -> tuple[str, ...]:
    places = vocabulary.places()
    inside = places.country_of(place) if place is not None else None
    return (inside.code,) if inside is not None else tuple(parties.parties[organisation].countries)


def _named(parties: Directory, caller: Caller, one: Expected) -> list[tuple[str, str]]:
    places = vocabulary.places()
    codes = _countries(parties, one.due.organisation, one.known.row.place)
    return [(code, places.name(code, caller.language) if code in places else code) for code in codes]


def _organisation(parties: Directory, caller: Caller, one: Expected) -> tuple[str, str]:
    party = parties.parties[one.due.organisation]
    return party.slug, party.name(caller.language)


def _period(one: Expected) -> tuple[str, str]:
    return f"{one.period.grain}:{one.period.start}", f"{one.period.start}/{one.period.end}"


def _by(found: Sequence[Expected], keys: Callable[[Expected], Sequence[tuple[str, str]]]) -> list[KeyedRate]:
    groups: dict[tuple[str, str], list[Expected]] = defaultdict(list)
    for one in found:
        for key in keys(one):
            groups[key].append(one)
    return [KeyedRate(key=key, name=name, **_rates(rate(some))) for (key, name), some in sorted(groups.items())]


def _rates(counted: Tally) -> dict[str, float | None]:
    return {
        "expected": counted.expected,
        "received": counted.received,
        "on_time": counted.on_time,
        "completeness": percent(counted.completeness),
        "timeliness": percent(counted.timeliness),
        "timeliness_of_received": percent(counted.timeliness_of_received),
    }
