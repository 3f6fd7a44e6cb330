"""What an edition tells one reader: a pure function of its blocks and of what that reader may see."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from services import indicators, reports, screening, texts, vocabulary
from services.digests import reporting
from services.digests.content import Brief, ByLanguage, Counts, Digest, Item, Part, SeriesRow
from services.digests.schedule import series_grain
from services.indicators import Indicator, Seen, Told
from services.network import Terms, Tlp, combined, strictest

STATUSES = ("actual", "exercise", "test")
SENTENCES = 2
BEGINNING = 2_000  # characters of a text in which its first sentences are looked for, at each rendering


@dataclass(frozen=True, slots=True)
class Facts:
    """An edition's blocks, by kind, as they were frozen."""

    reference: str
    name: ByLanguage
    overview: str
    """The indicator that counts what the edition is about."""
    grain: str
    """The period's: week, month, quarter or year."""
    start: date
    end: date
    cut_off: datetime
    frozen_at: datetime
    buckets: tuple[date, ...]
    counts: indicators.Frozen
    """By the buckets of the series."""
    whole: indicators.Frozen
    """The counts of the whole period; the same where a bucket is as long."""
    received: Sequence[Sequence[Any]]
    reports: Sequence[Mapping[str, Any]]
    links: Sequence[Sequence[int]]
    lines: Sequence[Mapping[str, Any]] = ()
    expected: Mapping[str, Any] = field(default_factory=dict)
    """Who was expected to report, and how it stood; empty in editions older than that."""
    solo: bool = False
    """Whether it was frozen in solo mode."""

    def told_by(self, visible: Collection[int]) -> set[int]:
        """Those of the visible audiences by which whoever sees them is told anything that is counted here."""
        received = {row[0] for row in self.received}
        counted = {
            id(one): one for one in (self.counts, self.whole)
        }.values()  # one and the same where a bucket is as long
        return received.intersection(visible).union(*(one.told_by(visible) for one in counted))


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader's rights, resolved: visible audiences, the reports still readable, and who may be named to them."""

    audiences: Collection[int]
    anonymous: Collection[int]
    """Those of the audiences that withhold attribution from this reader."""
    readable: Collection[int]
    tlp: Mapping[int, str]
    """The label of each readable report, by its id."""
    labels: Mapping[int, str]
    """The labels of the audiences that anything here was told by, when frozen and now."""
    terms: Mapping[int, Terms]
    """The terms of each readable report now, by its id."""
    name_of: Callable[[Mapping[str, Any]], str | None]
    """The originator's name in the document's language; None where attribution is withheld from this reader."""
    moved: Sequence[tuple[int | None, int]] = ()
    """Of each report withdrawn or marked otherwise since the freeze: its audience now, none if lost; its row."""
    lost: Collection[int] = ()
    """Reports that the reader was told when frozen, and may no longer see."""
    told: Mapping[int, Told] = field(default_factory=dict)
    links: Sequence[tuple[int, int]] = ()
    """The incidents of those, as they were frozen."""
    lines: Mapping[int, tuple[str | None, str]] = field(default_factory=dict)
    """Of each tear-line told, by its report: the originator's name or none, and the label."""
    expected: Mapping[int, str] = field(default_factory=dict)
    """Of each assignment that the reader may know of, the name of its organisation."""
    draft: bool = False
    """Whether nobody has released the edition yet."""
    sourced: Collection[int] = ()
    """Reports of which the reader may know from whom their originators have them."""


def view(facts: Facts, reader: Reader, network: ByLanguage) -> Digest:
    """The edition as this reader may see it."""
    counts = counted(facts, reader)
    whole = counts if facts.whole is facts.counts else counted(facts, reader, whole=True)
    received = _received(facts, reader)
    return Digest(
        reference=facts.reference,
        network=network,
        name=facts.name,
        status="actual",
        region=vocabulary.places().root.code,
        grain=facts.grain,
        start=facts.start,
        end=facts.end,
        cut_off=facts.cut_off,
        parts=tuple(_part(status, facts, reader, counts, whole, received) for status in STATUSES),
        # Of counts as of items: the strictest of whatever this reader was told any of it by.
        tlp=str(strictest([Tlp.CLEAR, *reader.labels.values()])),
        draft=reader.draft,
        solo=facts.solo,
    )


def counted(facts: Facts, reader: Reader, *, whole: bool = False) -> Seen:
    """What the edition counted of what this reader may see still, by the buckets of its series or of all its period."""
    return indicators.without(
        indicators.seen(facts.whole if whole else facts.counts, reader.audiences),
        reader.told,
        reader.links,
        reader.lost,
        grain=facts.grain if whole else series_grain(facts.grain),
        first=facts.start if whole else facts.buckets[0],
        last=facts.end,
    )


def _received(facts: Facts, reader: Reader) -> list[Sequence[Any]]:
    """The rows of what was received, as this reader may know them: a report that was lost is in none, and one that is
    marked otherwise now withholds its originator if either marking does."""
    gone = Counter(row for _, row in reader.moved)
    left: list[Sequence[Any]] = [
        [*row[:5], row[5] - gone[n], row[6]]
        for n, row in enumerate(facts.received)
        if row[0] in reader.audiences and row[5] > gone[n]
    ]
    for now, n in reader.moved:
        if now is not None:
            row = facts.received[n]
            left.append([now if now in reader.anonymous else row[0], *row[1:5], 1, row[6]])
    return left


def _part(
    status: str, facts: Facts, reader: Reader, counts: Seen, whole: Seen, received: Sequence[Sequence[Any]]
) -> Part:
    came = [row for row in received if row[1] == status]
    places = vocabulary.places()
    now = facts.start.isoformat()
    by_place = {
        place.code: whole.sums.get((facts.overview, status, place.code, now), 0)
        for place in places
        if place.level != vocabulary.TOWN
    }
    kept = [one for one in facts.reports if one["status"] == status and one["id"] in reader.readable]
    items = _items([one for one in kept if not one["selection"]], facts.links, reader)
    return Part(
        status=status,
        counts=Counts(
            reports=sum(row[5] for row in came if not row[2]),
            incidents=by_place[places.root.code],
            origins=reports.distinct(
                reports.telling(row[4], originator=row[6], attributed=row[0] not in reader.anonymous)
                for row in came
                if not row[2]
            ),
            nothing_to_report=sum(row[5] for row in came if row[3]),
        ),
        items=tuple(items),
        selections=tuple(_items([one for one in kept if one["selection"]], (), reader)),
        selected=sum(row[5] for row in came if row[2]),
        series=tuple(_series(status, facts, counts, whole)),
        places={code: n for code, n in by_place.items() if places[code].level == vocabulary.UNIT},
        unplaced=_unplaced(by_place),
        lines=tuple(
            Brief(one["text"], date.fromisoformat(one["day"]), *reader.lines[one["id"]])
            for one in facts.lines
            if one["status"] == status and one["id"] in reader.lines
        ),
        reporting=reporting.counted(facts.expected, reader.expected, status),
    )


def _unplaced(by_place: Mapping[str, int]) -> dict[str, int]:
    """What countries and the region count beyond all that lies right within them, where that is anything."""
    within: Counter[str] = Counter()
    for code, n in by_place.items():
        for one in vocabulary.places().path(code)[1:2]:
            within[one.code] += n
    return {code: by_place[code] - n for code, n in within.items() if by_place[code] > n}


def _series(status: str, facts: Facts, counts: Seen, whole: Seen) -> list[SeriesRow]:
    found = []
    root, now = vocabulary.places().root.code, facts.start.isoformat()
    for one in indicators.catalogue():
        if one.source == "external":
            if status == "actual":
                found += _external(one, facts, counts)
            continue
        values = [counts.sums.get((one.code, status, root, start.isoformat()), 0) for start in facts.buckets]
        total = whole.sums.get((one.code, status, root, now), 0)
        if any(values) or total:
            row = _row(one, root, facts.buckets, values)
            found.append(replace(row, total=_whole(total / one.scale)) if whole is not counts else row)
    return found


def _external(one: Indicator, facts: Facts, counts: Seen) -> list[SeriesRow]:
    rows = []
    for place in vocabulary.places().countries():
        values = [counts.observed.get((one.code, place.code, start.isoformat())) for start in facts.buckets]
        if any(value is not None for value in values):
            rows.append(_row(one, place.code, facts.buckets, values))
    return rows


def _row(one: Indicator, place: str, buckets: Sequence[date], values: Sequence[int | None]) -> SeriesRow:
    return SeriesRow(
        indicator=one.code,
        name=one.name,
        place=place,
        buckets=tuple(buckets),
        values=tuple(None if value is None else _whole(value / one.scale) for value in values),
        unit=one.unit,
        external=one.source == "external",
        attribution=_attribution(one),
    )


def _attribution(one: Indicator) -> ByLanguage | None:
    if one.attribution is None:
        return None
    return {"en": one.attribution} | {code: said.attribution or "" for code, said in one.translated.items()}


def _items(told: Sequence[Mapping[str, Any]], links: Sequence[Sequence[int]], reader: Reader) -> list[Item]:
    by_id = {one["id"]: one for one in told}
    groups = indicators.components(by_id.keys(), [(a, b) for a, b in links])
    return [_item([by_id[key] for key in group], reader) for group in groups]


def _item(told: Sequence[Mapping[str, Any]], reader: Reader) -> Item:
    """One incident: told first by the earliest report; its other facts come from all that the reader sees. Words are
    masked once more here: older editions were frozen before that was done."""
    first = min(told, key=lambda one: (one["occurred_from"], one["reference"]))
    figures: dict[str, float] = defaultdict(float)
    for one in told:
        for name, value in one["figures"].items():
            figures[name] = max(figures[name], _whole(value))
    named = [one for one in told if reader.name_of(one) is not None]
    confirmed = reports.corroborated(_tellings(named, reader))  # by organisations that this reader may know to be two
    letter, digit = min(
        ((one["reliability"] if reader.name_of(one) is not None else None, one["credibility"]) for one in told),
        key=lambda grade: (grade[0] or "F", grade[1] or 6),
    )
    return Item(
        reference=first["reference"],
        title=screening.told(first["title"]),
        language=first["language"],
        sentences=tuple(texts.sentences(_beginning(screening.told(first["text"])))[:SENTENCES]),
        themes=tuple(dict.fromkeys(theme for one in (first, *told) for theme in one["themes"])),
        places=tuple(dict.fromkeys(place for one in (first, *told) for place in one["places"])),
        occurred_from=min(date.fromisoformat(one["occurred_from"]) for one in told),
        occurred_to=max(date.fromisoformat(one["occurred_to"]) for one in told),
        figures=dict(figures),
        reliability=letter,
        credibility=1 if confirmed else digit,
        originator=reader.name_of(first),
        reports=tuple(sorted(one["reference"] for one in told)),
        origins=reports.independent(_tellings(told, reader)),
        status=first["status"],
        tlp=str(strictest(reader.tlp[one["id"]] for one in told)),
        terms=combined(
            one for report in told for one in (Terms(**reports.told_terms(report["terms"])), reader.terms[report["id"]])
        ),
        circular=_circular(told, reader),
        titles={code: (screening.told(title), own) for code, (title, own) in first.get("titles", {}).items()},
    )


def _tellings(told: Sequence[Mapping[str, Any]], reader: Reader) -> list[tuple[str, str]]:
    return [
        reports.telling(one["origin"], originator=one["organisation"], attributed=reader.name_of(one) is not None)
        for one in told
    ]


def _circular(told: Sequence[Mapping[str, Any]], reader: Reader) -> bool:
    """Whether it goes round, as far as this reader may know where it comes from; editions frozen before chains were
    kept in them know the origin alone."""
    known = [one for one in told if one["id"] in reader.sourced]
    return reports.circular(
        ((teller := f"organisation:{one['organisation']}", _path(one, teller)) for one in known),
        whole=len(known) == len(told),
    )


def _path(one: Mapping[str, Any], teller: str) -> tuple[str, ...]:
    path = one.get("path")
    if path is not None:
        return tuple(path)
    return () if one["origin"] == teller else (one["origin"],)


def _beginning(text: str) -> str:
    return text if len(text) <= BEGINNING else text[:BEGINNING] + "…"


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
