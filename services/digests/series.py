"""What a digest says about its series: which stand out, and the table of all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from statistics import fmean

from services.digests.content import Digest, SeriesRow, said
from services.digests.document import Block, Cell, Figure, Table, Text
from services.digests.schedule import series_grain
from services.digests.standout import StandOut, judgeable, standout
from services.digests.wording import Wording
from services.figures import Point, map_spec, series_spec, spark, words

SHOWN = 36  # buckets in the figure of a series
SPARK = 24  # buckets in the picture in a cell
YEAR = 12


def judged(rows: Sequence[SeriesRow], start: date) -> list[tuple[SeriesRow, StandOut]]:
    """The external series that stand out, as they stood at that bucket of the period; the most striking first."""
    found = [(row, standout(row.values)) for row in stages(rows, start)]
    return sorted(((row, out) for row, out in found if out), key=lambda pair: (-pair[1].score, pair[0].place))


def stages(rows: Sequence[SeriesRow], start: date) -> list[SeriesRow]:
    """The external series up to each bucket of the period that begins at `start`: a quarter has three."""
    return [
        replace(row, buckets=row.buckets[: n + 1], values=row.values[: n + 1])
        for row in rows
        if row.external
        for n, bucket in enumerate(row.buckets)
        if bucket >= start
    ]


def _when(bucket: date, digest: Digest, wording: Wording) -> str:
    """The name of the bucket that a number is of."""
    every = series_grain(digest.grain)
    return wording.period(every, bucket, digest.end)


def _expected(out: StandOut, wording: Wording) -> str:
    return wording._("%(low)s to %(high)s") % {"low": wording.number(out.low), "high": wording.number(out.high)}


def sentence(row: SeriesRow, out: StandOut, digest: Digest, wording: Wording) -> str:
    """What stands out, with its number, the range expected and how that was measured."""
    months = wording.ngettext(
        "from the %(n)d earlier month with data", "from the %(n)d latest earlier months with data", out.months
    ) % {"n": out.months}
    return wording._(
        "%(name)s. %(place)s, %(period)s: %(value)s %(unit)s. Expected %(months)s: %(range)s (mean %(mean)s)."
    ) % {
        "name": said(row.name, wording.language),
        "place": wording.place(row.place),
        "period": _when(row.buckets[-1], digest, wording),
        "value": wording.number(out.value),
        "unit": said(row.unit, wording.language),
        "months": months,
        "range": _expected(out, wording),
        "mean": wording.number(out.mean),
    }


def standouts(digest: Digest, rows: Sequence[SeriesRow], wording: Wording) -> list[Block]:
    """A sentence and a figure for each series that stands out; that none does is said too."""
    _ = wording._
    watched = [row for row in rows if row.external]
    if not watched:
        return [Text(_("No external series was available to this edition."))]
    found = judged(rows, digest.start)
    blocks: list[Block] = []
    if not found:
        known = sum(1 for row in watched if row.values and row.values[-1] is not None)
        able = any(judgeable(row.values) for row in stages(watched, digest.start))
        none = _("None of the external series stands out in this period.")
        unable = _("No external series could be judged: there is no data for this period, or too little before it.")
        blocks.append(Text(none if able else unable))
        blocks.append(
            Text(
                _("Series looked at: %(n)s; with data for this period: %(known)s.")
                % {"n": len(watched), "known": known}
            )
        )
    for row, out in found:
        blocks.append(Text(sentence(row, out, digest, wording)))
        blocks.append(_picture(row, out, digest, wording))
    if found:
        caution = _(
            "The series tell that a number is unusual, not why. They are counts of events that meet the definition of "
            "their source."
        )
        blocks.append(Text(caution, "note"))
    return [*blocks, *sources(rows, wording)]


def attributions(rows: Sequence[SeriesRow], language: str) -> list[str]:
    """Every attribution that the rows ask for, once each, in its own words: they say that it is one."""
    return list(dict.fromkeys(said(row.attribution, language) for row in rows if row.attribution))


def sources(rows: Sequence[SeriesRow], wording: Wording) -> list[Text]:
    """The attributions as notes."""
    return [Text(text, "note") for text in attributions(rows, wording.language)]


def _drawn(values: Sequence[float | None]) -> list[int | None]:
    """Values as pictures take them: whole."""
    return [None if value is None else round(value) for value in values]


def _picture(row: SeriesRow, out: StandOut, digest: Digest, wording: Wording) -> Figure:
    _ = wording._
    buckets, values = row.buckets[-SHOWN:], row.values[-SHOWN:]
    names = [wording.bucket(digest.grain, start) for start in buckets]
    drawn = _drawn(values)
    points = [Point(name, value) for name, value in zip(names, drawn, strict=True)]
    points[-1] = Point(names[-1], drawn[-1], stands_out=True, expected=out.high)
    title = f"{said(row.name, wording.language)}: {wording.place(row.place)}"
    alt = _("%(title)s, %(first)s to %(last)s. The last bar, %(value)s, stands out against the expected %(range)s.") % {
        "title": title,
        "first": names[0],
        "last": names[-1],
        "value": wording.number(out.value),
        "range": _expected(out, wording),
    }
    unit = said(row.unit, wording.language)
    table = Table(
        caption=title,
        columns=(_("Period"), unit),
        numeric=(False, True),
        rows=tuple((Cell(name), Cell(wording.value(value), value)) for name, value in zip(names, values, strict=True)),
    )
    note = _("The line across the last bar is the upper end of the expected range. Hatched: no data.")
    spec = series_spec(points, title=title, description=alt, measure=unit, words=words(wording.language))
    return Figure(spec, title, table, alt, note)


def overview_tables(rows: Sequence[SeriesRow], digest: Digest, wording: Wording, prefix: str = "") -> list[Table]:
    """This period, the one before, the mean of the twelve before, the shape of two years: one table of what is counted
    for the whole region, an indicator a line, and one for each indicator that is known by place. Of a quarter or a year
    the course is told by months, and what was counted of all of it stands before them."""
    _ = wording._
    long, region = digest.grain != series_grain(digest.grain), digest.region
    columns = (_("Last month") if long else _("This period"), _("Previous"), _("Mean of the 12 before"), _("Course"))
    numeric = (False, True, True, True, False)
    striking = {(row.indicator, row.place, row.buckets[-1]) for row, _out in judged(rows, digest.start)}
    whole: list[tuple[Cell, ...]] = []
    lines: dict[str, list[tuple[Cell, ...]]] = {}
    captions: dict[str, str] = {}
    for row in rows:
        named = f"{said(row.name, wording.language)} ({said(row.unit, wording.language)})"
        marked = (row.indicator, row.place, row.buckets[-1]) in striking
        if row.place == region:
            total = (Cell(wording.value(row.total), row.total),) if long else ()
            whole.append((Cell(named), *total, *_line(row, marked, wording)))
            continue
        captions[row.indicator] = f"{prefix}{named}"
        lines.setdefault(row.indicator, []).append((Cell(wording.place(row.place)), *_line(row, marked, wording)))
    tables = [Table(captions[code], (_("Place"), *columns), numeric, tuple(some)) for code, some in lines.items()]
    if whole:
        caption = prefix + _("Counted from reports: %(place)s") % {"place": wording.place(region)}
        more = (_("Whole period"),) if long else ()
        numbers = (False, *(True for _one in more), *numeric[1:])
        tables.insert(0, Table(caption, (_("Indicator"), *more, *columns), numbers, tuple(whole)))
    return tables


def _line(row: SeriesRow, marked: bool, wording: Wording) -> tuple[Cell, ...]:
    """What the row of one series says after its name."""
    _ = wording._
    last = row.values[-1] if row.values else None
    previous = row.values[-2] if len(row.values) > 1 else None
    flag = _("%(value)s (stands out)") % {"value": wording.value(last)} if marked else wording.value(last)
    mean, text = _mean(row, wording)
    label = _("%(n)d values up to %(last)s") % {"n": len(row.values[-SPARK:]), "last": wording.value(last)}
    return (
        Cell(flag, last, marked=marked),
        Cell(wording.value(previous), previous),
        Cell(text, mean),
        Cell(label, picture=spark(_drawn(row.values[-SPARK:]), label, stands_out=marked)),
    )


def _mean(row: SeriesRow, wording: Wording) -> tuple[float | None, str]:
    """The mean of the values before the last, and how many of the twelve there were where some are missing."""
    known = [value for value in row.values[:-1][-YEAR:] if value is not None]
    if not known:
        return None, wording._("no data")
    mean = fmean(known)
    missing = "" if len(known) == YEAR else f" (n = {len(known)})"
    return mean, f"{wording.number(mean)}{missing}"


def maps(digest: Digest, rows: Sequence[SeriesRow], wording: Wording) -> list[Block]:
    """A map of each external count that is known for several places."""
    by_indicator: dict[str, list[SeriesRow]] = {}
    for row in rows:
        if row.external and row.values:
            by_indicator.setdefault(row.indicator, []).append(row)
    blocks: list[Block] = []
    for same in by_indicator.values():
        if len(same) > 1 and any(row.values[-1] is not None for row in same):
            values = {row.place: row.values[-1] for row in same}
            title = said(same[0].name, wording.language)
            unit, when = said(same[0].unit, wording.language), _when(same[0].buckets[-1], digest, wording)
            blocks.append(chart_of_places(values, f"{title}, {when}", unit, digest, wording))
            blocks += sources(same, wording)
    return blocks


def chart_of_places(
    values: Mapping[str, float | None],
    caption: str,
    unit: str,
    digest: Digest,
    wording: Wording,
    *,
    nearer: Mapping[str, int] | None = None,
) -> Figure:
    """A map with the table of what it shows, but for zeros. `nearer`: what is known of whole countries only, or of no
    country, in no colour of the map; None where countries are all that is known."""
    _ = wording._
    told = [(wording.place(code), value) for code, value in values.items() if value != 0]
    told.sort(key=lambda one: (-(one[1] or 0), one[1] is None, one[0]))
    apart = [(_unplaced(code, digest, wording), value) for code, value in (nearer or {}).items()]
    told += apart
    within = {code: n for code, n in (nearer or {}).items() if code != digest.region}
    rows = tuple((Cell(name), Cell(wording.value(value), value)) for name, value in told)
    listed = wording.listed([f"{name} {wording.value(value)}" for name, value in told], 8)
    alt = _("Map. %(title)s: %(list)s.") % {"title": caption, "list": listed or _("zero everywhere")}
    spec = map_spec(
        {place: None if value is None else round(value) for place, value in {**values, **within}.items()},
        title=caption,
        description=alt,
        measure=unit,
        words=words(wording.language),
    )
    legend = _("Hatched: no data. Blank: zero.")
    if of_countries := {code: value for code, value in (values if nearer is None else within).items() if value}:
        beside = wording.listed([f"{wording.place(code)} {wording.value(n)}" for code, n in of_countries.items()], 8)
        legend += " " + _("Dotted: known of the country, not of its provinces: %(list)s.") % {"list": beside}
    if digest.region in (nearer or {}):
        beside = f"{_unplaced(digest.region, digest, wording)} {wording.value((nearer or {})[digest.region])}"
        legend += " " + _("Not on the map: %(list)s.") % {"list": beside}
    note = None if nearer is None else _("An incident in several units counts in each.")
    table = Table(caption, (_("Place"), unit), (False, True), rows, note)
    return Figure(spec, caption, table, alt, legend)


def _unplaced(code: str, digest: Digest, wording: Wording) -> str:
    _ = wording._
    text = _("%(place)s, country not known") if code == digest.region else _("%(place)s, unit not known")
    return text % {"place": wording.naming.place(code, wording.language)}
