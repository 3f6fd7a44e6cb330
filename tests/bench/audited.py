"""Rows of the audit: a list of 50 AMBER reports that goes on record before it leaves, beside one that does not."""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from fastapi.testclient import TestClient
from sqlmodel import Session

from services.main import create_app
from services.network import Caller
from services.reports import giving
from tests.bench.rows import Row, in_turn, median, seconds
from tests.bench.stage import ENGINES, Servers, Stage, stage

PAGE = 50
AMBER = {"tlp": "AMBER", "attribution": "named", "organisations": ["p1"]}


class _Unrecorded(giving.Giving):
    """Notes nothing: neither looks up who had what, nor writes."""

    def note(self, session: Session, caller: Caller, references: Collection[str]) -> None:
        pass


def rows(servers: Servers, *, full: bool, engine: str, rounds: int = 40) -> Iterator[Row]:
    """One reader, and several at once, whose entries share commits. All have had the reports before."""
    with stage(engine, servers, parties=2) as laid, TestClient(create_app()) as client:
        laid.world.client = client
        laid.accept(1_000 if full else 200, marking=AMBER)
        for readers in (1, 8):
            with ThreadPoolExecutor(readers) as pool:
                _read(laid, pool, readers)
                audited, bare = in_turn(
                    lambda pool=pool, readers=readers: seconds(lambda: _read(laid, pool, readers)),
                    lambda pool=pool, readers=readers: _without(laid, pool, readers),
                    rounds=rounds,
                )
            at_once = "one reader" if readers == 1 else f"{readers} readers at once"
            yield Row(
                f"a list of {PAGE} with audit / without, {at_once}", median(audited) / median(bare), "ratio", 1.3,
                "lower", f"{ENGINES[engine]}, TLP:AMBER, over HTTP; {median(audited) * 1000:.3g} ms",
            )  # fmt: skip


def _without(laid: Stage, pool: ThreadPoolExecutor, readers: int) -> float:
    # In the module, not as the application's override: that costs more at each request than what is measured.
    with patch.object(giving, "Giving", _Unrecorded):
        return seconds(lambda: _read(laid, pool, readers))


def _read(laid: Stage, pool: ThreadPoolExecutor, readers: int) -> None:
    for answer in pool.map(lambda _: laid.world.raw("p1", "/v1/reports", size=PAGE), range(readers)):
        assert len(answer.json()["reports"]) == PAGE
