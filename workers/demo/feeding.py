"""Hands the demo's real and invented input to the service, through its API, and waits until all of it is worked on."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import func, select

from services import indicators, reports, tagging
from services.kernel import db
from services.kernel.events import Outbox, Quarantined
from workers.demo import exercise, ucdp
from workers.demo.stage import FEED, Refused, Stage

BATCH = 200
PATIENCE = 240.0


@dataclass(frozen=True, slots=True)
class State:
    """How far the service is: rows in its tables, whoever may see them."""

    accepted: int
    tagged: int
    counted: int
    waiting: int
    quarantined: int

    @property
    def settled(self) -> bool:
        """Whether all that was accepted has been worked on."""
        return self.waiting == 0


def state() -> State:
    """The service's state, read from its database."""
    with db.reading() as session:
        tables = (reports.Report, tagging.Tagging, indicators.Tally, Outbox, Quarantined)
        return State(*(session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables))


def settle(progress: Callable[[State], None] = lambda _: None) -> State:
    """Wait until nothing waits any more."""
    until = time.monotonic() + PATIENCE
    while not (now := state()).settled:
        progress(now)
        if time.monotonic() > until:
            raise Refused(f"the work does not settle: {now}")
        time.sleep(0.1)
    progress(now)
    return now


def observations(stage: Stage) -> int:
    """Store the external series; the same values again change nothing."""
    by_indicator: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in ucdp.observations():
        row = {
            "place": one["place"],
            "start": f"{one['period']}-01",
            "value": one["value"],
            "released_at": one["released_at"],
        }
        by_indicator[str(one["indicator"])].append(row)
    stored = 0
    for code, rows in by_indicator.items():
        body = {"marking": {"tlp": "CLEAR", "attribution": "named"}, "observations": rows}
        stored += stage.post(stage.kept.admin, f"/v1/indicators/{code}/observations", body)["stored"]
    return stored


def past(stage: Stage) -> list[tuple[str, dict[str, Any]]]:
    """All reports of the past, the replayed events and the exercise, mixed by the day of receipt.

    In no stricter order: `feed` hands them in party by party, and nothing may depend on it.
    """
    replayed = [(FEED, body) for body in ucdp.reports()]
    played = list(exercise.reports(stage.kept.today))
    return sorted([*replayed, *played], key=lambda pair: str(pair[1]["as_of"])[:10])


def feed(stage: Stage, told: list[tuple[str, dict[str, Any]]], progress: Callable[[int], None]) -> dict[str, int]:
    """Hand reports in by bulk upload, each under its own organisation's key; how many were new, and how many known."""
    answers: dict[str, int] = defaultdict(int)
    by_party: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for slug, body in told:
        by_party[slug].append(body)
    for slug, bodies in by_party.items():
        for some in db.batches(bodies, BATCH):
            for line in _send(stage, slug, some):
                if line["status"] != httpx.codes.ACCEPTED:
                    raise Refused(f"{slug}, line {line['line']}: {line}")
                answers["known" if line["replayed"] else "new"] += 1
            progress(len(some))
    return dict(answers)


def _send(stage: Stage, slug: str, bodies: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    content = "\n".join(json.dumps(body, ensure_ascii=False, default=str) for body in bodies).encode()
    headers = {"Authorization": f"Bearer {stage.kept.keys[slug]}", "Content-Type": "application/x-ndjson"}
    answer = stage.client.post("/v1/reports/bulk", content=content, headers=headers)
    if answer.is_error:
        raise Refused(f"{slug}: {answer.status_code} {answer.text[:500]}")
    for line in answer.text.splitlines():
        yield json.loads(line)
