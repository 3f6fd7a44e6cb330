"""What the overview shows of the indicators: the latest month with data, the series that changed most, one map."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt
from statistics import fmean
from urllib.parse import urlencode

from sqlmodel import Session

from services import figures, indicators, network, vocabulary
from services.console.words import Words
from services.indicators import Indicator
from services.kernel import clock
from services.network import Caller, Tlp

COURSE = 24  # months in a row's small chart
BEFORE = 12  # months that the latest is compared with
MOST = 10  # rows
LOOK_BACK = 40  # years in which the latest value of an external series is looked for


@dataclass(frozen=True, slots=True)
class View:
    """What a visitor looks at; it stands in the address."""

    month: date
    status: str
    place: str


@dataclass(frozen=True, slots=True)
class Row:
    """One series: its latest month against those before. `code` is its place's. `link` leads to the reports behind the
    number, if any; an attribution stands with its language."""

    indicator: Indicator
    name: str
    unit: str
    code: str
    place: str
    value: float | None
    previous: float | None
    mean: float | None
    picture: str
    link: str | None
    attribution: tuple[str, str]
    surprise: float
    tlp: Tlp | None = None
    """The strictest label of what was told to the visitor of all that the row shows."""
    moves: bool = False
    """Whether it moves when reports are tagged by another definition."""


@dataclass(frozen=True, slots=True)
class Shading:
    """A map with the table of what it shows."""

    svg: str
    title: str
    unit: str
    rows: tuple[tuple[str, float | None, str | None], ...]
    attribution: tuple[str, str]
    indicator: Indicator
    tlp: Tlp | None
    alone: str
    """What is known of countries alone, in words; empty where nothing is."""


def shifted(month: date, by: int) -> date:
    """The first day of the month that lies `by` months later."""
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def latest(session: Session, caller: Caller, status: str) -> date | None:
    """The latest month in which the caller sees anything counted, or any value of an external series."""
    found = [indicators.latest(session, caller, status=status)]
    if status == "actual":
        last = clock.now().date().replace(day=1)
        first = last - timedelta(days=365 * LOOK_BACK)
        for one in _external():
            for country in vocabulary.places().countries():
                series = indicators.series(
                    session, caller, one, place=country.code, grain="month", first=first, last=last
                )
                found.append(max((start for start, value in series.points if value is not None), default=None))
    return max((month for month in found if month is not None), default=None)


def label(session: Session, caller: Caller, view: View) -> str | None:
    """The label of what is shown: of all series, for those shown are chosen among all."""
    first = shifted(view.month, 1 - COURSE)
    return indicators.strictest_told(session, caller, grain="month", first=first, last=view.month, status=view.status)


def leading(session: Session, caller: Caller, view: View, words: Words) -> list[Row]:
    """The series with anything to tell, those first whose month differs most from the year before it."""
    rows = []
    root = vocabulary.places().root.code
    countries = [one.code for one in vocabulary.places().countries()]
    for one in indicators.catalogue():
        external = one.source == "external"
        for place in countries if external and view.place == root else [view.place]:
            row = _row(session, caller, one, place, view, words)
            if row is not None:
                rows.append(row)
    rows.sort(key=lambda row: (-row.surprise, row.name, row.place))
    return [replace(row, tlp=_label(session, caller, row.indicator, [row.code], view, COURSE)) for row in rows[:MOST]]


def strictest(rows: Sequence[Row]) -> Tlp | None:
    """The label of the rows together; None where there is none of any."""
    told = [row.tlp for row in rows if row.tlp is not None]
    return network.strictest(told) if told else None


def _label(
    session: Session, caller: Caller, one: Indicator, places: Sequence[str], view: View, months: int
) -> Tlp | None:
    first = shifted(view.month, 1 - months)
    return indicators.label(
        session, caller, one, places=places, grain="month", first=first, last=view.month, status=view.status
    )


def _row(session: Session, caller: Caller, one: Indicator, place: str, view: View, words: Words) -> Row | None:
    series = indicators.series(
        session,
        caller,
        one,
        place=place,
        grain="month",
        first=shifted(view.month, 1 - COURSE),
        last=view.month,
        status=view.status,
    )
    values = [value for _, value in series.points]
    if not any(values):
        return None
    shown = [indicators.shown(one, value) for value in values]
    before = [value for value in shown[-BEFORE - 1 : -1] if value is not None]
    mean = fmean(before) if before else None
    now = shown[-1]
    surprise = abs(now - mean) / sqrt(max(mean, 1)) if now is not None and mean is not None else 0.0
    label = words._("%(name)s, %(n)d months up to %(value)s") % {
        "name": one.named(words.language),
        "n": len(values),
        "value": words.number(now),
    }
    return Row(
        indicator=one,
        name=one.named(words.language),
        unit=one.counted_in(words.language),
        code=place,
        place=words.place(place),
        value=now,
        previous=shown[-2],
        mean=None if mean is None else round(mean, 1),
        picture=figures.spark(values, label),
        link=behind(one, place, view) if now else None,
        attribution=one.said("attribution", words.language),
        surprise=surprise,
        moves=indicators.told_by_themes(one),
    )


def shading(
    session: Session, caller: Caller, view: View, words: Words, *, indicator: str, rows: Sequence[Row]
) -> Shading | None:
    """The map of the chosen indicator; without a choice, of an external series or the one that tells most."""
    chosen = indicators.catalogue().get(indicator)
    told = sorted(
        (row for row in rows if row.link), key=lambda row: (row.indicator.measure != "count", -(row.value or 0))
    )
    tried = [chosen] if chosen else [*_external(), *(row.indicator for row in told)]
    for one in tried:
        countries, units = (
            indicators.over_places(
                session, caller, one, level=level, grain="month", start=view.month, status=view.status
            )
            for level in ("country", "unit")
        )
        external = one.source == "external"
        values = countries if external else units | _beyond(countries, units)
        if any(value is not None if external else value for value in values.values()):
            tlp = _label(session, caller, one, [*countries, *(() if external else units)], view, 1)
            return _drawn(one, values, view, words, tlp)
    return None


def _beyond(countries: dict[str, int | None], units: dict[str, int | None]) -> dict[str, int | None]:
    """What countries count beyond all their units together, where that is anything: known of the country alone."""
    within: Counter[str] = Counter()
    for code, value in units.items():
        for one in vocabulary.places().path(code)[1:2]:
            within[one.code] += value or 0
    return {code: value - within[code] for code, value in countries.items() if value and value > within[code]}


def _drawn(one: Indicator, values: dict[str, int | None], view: View, words: Words, tlp: Tlp | None) -> Shading:
    shown = {code: indicators.shown(one, value) for code, value in values.items()}
    whole = {code: None if value is None else round(value) for code, value in shown.items()}
    title = f"{one.named(words.language)}, {words.month(view.month)}"
    places = vocabulary.places()
    inside = {code: value for code, value in shown.items() if places.within(code, view.place)}
    known = sorted(
        ((code, value) for code, value in inside.items() if value or one.source == "external"),
        key=lambda pair: (-(pair[1] or 0), pair[1] is None, words.place(pair[0])),
    )
    countries = {one.code for one in places.countries()}
    split = {place.code for code in values if values[code] for place in places.path(code)[1:2]}
    named = {code: words.place(code) for code, _ in known}
    for code in split & countries & named.keys():
        named[code] = words._("%(place)s, unit not known") % {"place": named[code]}
    said = "; ".join(f"{named[code]} {words.number(value)}" for code, value in known[:8])
    alone = "; ".join(
        f"{words.place(code)} {words.number(value)}" for code, value in known if value and code in countries
    )
    spec = figures.map_spec(
        whole,
        title=title,
        description=words._("Map. %(title)s: %(list)s.") % {"title": title, "list": said},
        measure=one.counted_in(words.language),
        words=figures.words(words.language),
    )
    rows = tuple(
        (named[code], value, behind(one, code, view) if value and code not in split & countries else None)
        for code, value in known
    )
    said_of = one.said("attribution", words.language)
    return Shading(figures.svg(spec), title, one.counted_in(words.language), rows, said_of, one, tlp, alone)


def behind(one: Indicator, place: str, view: View) -> str | None:
    """Where the reports that a number counts are listed, and no others. A number from outside has none here."""
    if one.source == "external":
        return None
    after = indicators.following(view.month, "month")
    wanted: list[tuple[str, str]] = [("status", view.status), ("from", view.month.isoformat())]
    wanted += [("to", (after - timedelta(days=1)).isoformat()), ("counted", "true")]
    if place != vocabulary.places().root.code:  # the whole region also counts what is reported of no known place
        wanted.append(("place", place))
    wanted += [("theme", theme) for theme in one.themes] + [("kind", kind) for kind in one.kinds]
    figure = one.requires_figure if one.measure == "count" else one.measure
    if figure is not None:
        wanted.append(("figure", figure))
    return f"/reports?{urlencode(wanted)}"


def _external() -> list[Indicator]:
    return [one for one in indicators.catalogue() if one.source == "external"]
