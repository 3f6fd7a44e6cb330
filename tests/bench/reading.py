"""Rows of reading: a series and a map at 10 times the contributions, with 1,000 audiences, at 0, 5 and 30 % overlap.

The cells are written straight into their tables, as counting would have left them: by month, for both questions ask for
months. As many contributions fall on an indicator as at the stated size, where ten indicators share them: the cells
are as full as stated, and nothing is scaled down but the other indicators' rows. Ten times the contributions are more
rows until every audience has every cell that it can have; each row says how many rows its question reads.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import indicators, vocabulary
from services.indicators import Cell, Overlap, Pattern, PatternRow, catalogue
from services.indicators.catalogue import path_of
from services.indicators.counting import Node
from services.kernel import bulk, db
from services.kernel.model import table
from services.network import Caller
from tests.bench.audiences import audiences, settle_statistics
from tests.bench.rows import Row, median
from tests.bench.stage import ENGINES, Servers, stage

AUDIENCES = 1_000
FIRST, LAST = date(2024, 11, 1), date(2026, 10, 31)
OVERLAPS = (0, 5, 30)
MAP_MONTH = date(2026, 9, 1)


def rows(servers: Servers, *, full: bool, engine: str, contributions: int = 100_000, rounds: int = 11) -> Iterator[Row]:
    """Series and map on one engine."""
    contributions = 1_000_000 if full else contributions
    share = contributions // 10 if full else contributions  # at the stated size ten indicators share them
    codes = [one.code for one in catalogue() if one.source == "reports"]
    with stage(engine, servers, parties=3) as laid:
        own, everyone, half = (laid.caller(slug).organisation_id or 0 for slug in ("one", "p1", "p2"))
        stamped = tuple(audiences(own, AUDIENCES, lambda n: [everyone, half] if n % 2 else [everyone]))
        caller = laid.caller("p1")
        asked: list[tuple[int, str, str]] = []  # at each overlap: an indicator with so many, another with ten times
        read: dict[str, dict[str, int]] = {}
        for overlap in OVERLAPS:
            small, large = codes.pop(), codes.pop()
            for code, number in ((small, share), (large, share * 10)):
                counted = _incidents(stamped, number, overlap)
                _write(code, *counted)
                read[code] = _read(*counted)
            asked.append((overlap, small, large))
        settle_statistics()
        for overlap, small, large in asked:
            once, tenfold = _ask(caller, small, large, rounds)
            scale = (
                f"{ENGINES[engine]}, {share:,} and {share * 10:,} contributions, 1,000 audiences, {overlap} % overlap"
            )
            for what in ("series", "map"):
                few, many = median(once[what]), median(tenfold[what])
                yield Row(
                    f"a {what} at 10 times the contributions / at 1", many / few, "ratio", 1.2, "lower",
                    f"{scale}; {few * 1000:.1f} and {many * 1000:.1f} ms "
                    f"for {read[small][what]:,} and {read[large][what]:,} rows",
                )  # fmt: skip
            yield Row("a map at 10 times the contributions", median(tenfold["map"]) * 1000, "ms", 20, "lower", scale)


def _ask(caller: Caller, small: str, large: str, rounds: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Two years by month of one country, and all first-level units in one month: of both indicators in turn."""
    found: dict[str, dict[str, list[float]]] = {code: {"series": [], "map": []} for code in (small, large)}
    for n in range(rounds + 1):
        for code in (small, large) if n % 2 else (large, small):
            for what, act in (("series", _series), ("map", _map)):
                with db.reading() as session:
                    began = time.perf_counter()
                    total = act(session, caller, code)
                    if n:  # the first is for what is loaded at first use
                        found[code][what].append(time.perf_counter() - began)
                assert total > 0
    return found[small], found[large]


def _series(session: Session, caller: Caller, code: str) -> int:
    where = vocabulary.places().countries()[0].code
    asked = {"place": where, "grain": "month", "first": FIRST, "last": LAST}
    return sum(value or 0 for _, value in indicators.series(session, caller, indicators.get(code), **asked).points)


def _map(session: Session, caller: Caller, code: str) -> int:
    asked = {"level": "unit", "grain": "month", "start": MAP_MONTH}
    return sum(value or 0 for value in indicators.over_places(session, caller, indicators.get(code), **asked).values())


Counts = Counter[tuple[date, str, Any]]


@cache
def _incidents(stamped: tuple[int, ...], number: int, overlap: int) -> tuple[Counts, Counts]:
    """Incidents of weighted audiences, each in the units of its own country; a share told under a second audience too.

    What counting would add, by month and place: to the cells of an audience, and to the patterns of two.
    """
    dice = random.Random(overlap)
    units = [place.code for place in vocabulary.places() if place.level == vocabulary.UNIT]
    countries = [place.code for place in vocabulary.places().countries()]
    paths = {unit: path_of(unit) for unit in units}
    weights = list(accumulate(1 / (20 + n) for n in range(len(stamped))))
    months = indicators.buckets(FIRST, LAST, "month")
    told: Counter[tuple[date, str, int, int]] = Counter()
    inside = [[unit for unit in units if paths[unit][1] == countries[n % len(countries)]] for n in range(len(stamped))]
    for teller in dice.choices(range(len(stamped)), cum_weights=weights, k=number):
        other = (teller + dice.randint(1, 3)) % len(stamped) if dice.random() * 100 < overlap else -1
        told[(dice.choice(months), dice.choice(inside[teller]), teller, other)] += 1
    cells: Counts = Counter()
    overlaps: Counts = Counter()
    for (month, unit, teller, other), times in told.items():
        for place in paths[unit]:
            if other < 0:
                cells[(month, place, stamped[teller])] += times
            else:
                low, high = sorted((stamped[teller], stamped[other]))
                overlaps[(month, place, Pattern((Node(low, 1), Node(high, 1)), ((0, 1),)).text())] += times
    return cells, overlaps


def _read(cells: Counts, overlaps: Counts) -> dict[str, int]:
    """How many rows each question reads."""
    keys = [*cells, *overlaps]
    where = vocabulary.places().countries()[0].code
    units = {place.code for place in vocabulary.places() if place.level == vocabulary.UNIT}
    return {
        "series": sum(place == where for _, place, _ in keys),
        "map": sum(month == MAP_MONTH and place in units for month, place, _ in keys),
    }


def _write(code: str, cells: Counts, overlaps: Counts) -> None:
    what = (code, "actual", "month")
    with db.transaction() as session:
        bulk.add_to(session, table(Cell), [(*what, place, at, one, n) for (at, place, one), n in cells.items()])
        texts = sorted({text for _, _, text in overlaps})
        db.insert_new(session, table(PatternRow), [{"text": text} for text in texts], returning=("id",))
        known = {row.text: row.id for row in session.execute(select(table(PatternRow))).all()}
        told = [(*what, place, at, known[text], n) for (at, place, text), n in overlaps.items()]
        bulk.add_to(session, table(Overlap), told)
