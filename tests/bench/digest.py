"""The row of digests: ten times the reports of a month must not make its edition ten times as long in the making."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from services import digests
from services.kernel import clock, db
from tests.bench.counting import PARTIES, _count
from tests.bench.rows import Row, in_turn, median, seconds
from tests.bench.stage import ENGINES, Servers, Stage, stage
from tests.bench.tagged import ids_of, tagged

FEW, MANY = date(2026, 6, 15), date(2026, 9, 15)


def rows(
    servers: Servers, *, full: bool, engine: str = "sqlite", reports: int = 1_000, rounds: int = 5
) -> Iterator[Row]:
    """Build and render the editions of a month and of one with 10 times its reports, of the same parties, in turn."""
    reports = 10_000 if full else reports
    with stage(engine, servers, parties=8, EWN_CLOCK="2026-11-01T12:00:00+00:00") as laid:
        caller = laid.caller("one")
        for day, number in ((FEW, reports), (MANY, reports * 10)):
            with clock.at(datetime.combine(day, time(12), UTC)):  # received in the period that they tell of
                _told(laid, number, day)

        def edition(day: date) -> None:
            with db.transaction() as session:
                reference = digests.build(session, caller, "monthly-bulletin", day).reference
            with db.reading() as session:
                digests.page(digests.render(session, caller, reference, "en"))

        edition(FEW)
        once, tenfold = in_turn(
            lambda: seconds(lambda: edition(FEW)), lambda: seconds(lambda: edition(MANY)), rounds=rounds
        )
    yield Row(
        "a monthly digest, built and rendered, at 10 times the reports / at 1", median(tenfold) / median(once), "ratio",
        1.5, "lower", f"{ENGINES[engine]}, {reports:,} and {reports * 10:,} reports; {median(tenfold) * 1000:.0f} ms",
    )  # fmt: skip


def _told(laid: Stage, number: int, day: date) -> None:
    tagged(laid, number, *PARTIES, occurred_from=day.isoformat(), occurred_to=day.isoformat())
    _count(ids_of("count"))
