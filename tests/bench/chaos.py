"""The row of kill -9: a worker killed again and again in mid-run loses nothing and counts nothing twice."""

import time
from collections.abc import Iterator

from sqlalchemy import func, select

from services.indicators import Cell
from services.kernel import db
from services.kernel.events import Quarantined
from services.kernel.model import table
from tests.bench.freshness import _Line, _place
from tests.bench.intake import waiting
from tests.bench.rows import Row
from tests.bench.stage import Servers
from tests.bench.whole import LEASE, whole

CELL = table(Cell)


def rows(_servers: Servers, *, full: bool, reports: int = 600, kills: int = 2) -> Iterator[Row]:
    """Kill the worker while it has work; then compare the region's series with what was accepted."""
    reports, kills = (2_000, 6) if full else (reports, kills)
    with whole() as (service, world):
        line = _Line(service.url, world.keys["one"], _place())
        line.burst(reports)
        for n in range(kills):
            _until(lambda n=n: waiting() < reports * (1 - (n + 0.3) / (kills + 1)), 120)
            assert waiting() > 0, "all was done before the worker was killed"
            service.kill("worker")
            time.sleep(1)
        left = waiting()
        killed = time.monotonic()
        _until(lambda: waiting() == 0, 300)
        took = time.monotonic() - killed
        off = abs(_counted() - reports) + _quarantined()
    scale = f"SQLite, one machine; {reports:,} reports, {kills} kills of the worker, {left} rows left at the last"
    yield Row("kill -9 of the worker: reports lost and counted twice", off, "reports", 0, "lower", scale)
    yield Row("kill -9 of the worker: until all that was left is counted", took, "s", LEASE + 5, "lower",
              f"{scale}; lease {LEASE:g} s + 5 s")  # fmt: skip


def _counted() -> int:
    with db.reading() as session:
        statement = select(func.sum(CELL.c.value)).where(
            CELL.c.indicator == "incidents-reported", CELL.c.grain == "month", CELL.c.place == _place()
        )
        return int(session.execute(statement).scalar_one() or 0)


def _quarantined() -> int:
    with db.reading() as session:
        return int(session.execute(select(func.count()).select_from(table(Quarantined))).scalar_one())


def _until(holds, patience: float) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)
