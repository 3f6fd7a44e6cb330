"""The story, four steps, each a true result read back through the API with its link."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from services import vocabulary
from workers.demo import exercise, telling
from workers.demo.feeding import feed, settle, state
from workers.demo.stage import Refused, Stage


@dataclass(slots=True)
class Step:
    """One step of the story: what it claims, whether it held, the figures that show it, in words too, and links."""

    name: str
    held: bool
    figures: dict[str, Any]
    told: list[str]
    links: list[str] = field(default_factory=list)


def one_edition_three_readers(stage: Stage, edition: str) -> Step:
    """The same edition, opened by three members, holds three different numbers of items."""
    counts = {}
    for login in exercise.story(stage.kept.today).readers:
        document = stage.read(login, f"/v1/digests/{edition}/document.json").json()
        counts[login] = len(entries(document))
    held = len(set(counts.values())) == len(counts)
    figures = {"edition": edition, "items": counts}
    return Step("one edition, three readers", held, figures, telling.edition(figures), [f"/digests/{edition}"])


def entries(document: Any) -> list[dict[str, Any]]:
    """All items of an edition's document, wherever they stand in it."""
    found = []
    if isinstance(document, dict):
        if "reports" in document and "origins" in document and "facts" in document:
            found.append(document)
        for value in document.values():
            found += entries(value)
    elif isinstance(document, list):
        for value in document:
            found += entries(value)
    return found


def a_report_moves_some_series(stage: Stage) -> Step:
    """A Russian report, handed in live, moves the count of a reader who may see it, and of no one else."""
    told = exercise.story(stage.kept.today).report
    day = date.fromisoformat(str(told.body["occurred_from"]))
    known = stage.client.post("/v1/reports?validate=true", json=told.body, headers=_auth(stage, told.organisation))
    if known.is_error:
        raise Refused(f"the live report is refused: {known.text[:300]}")
    readers = {"may see it": told.sees, "may not": told.sees_not}
    before = {role: _count(stage, login, told.indicator, told.within, day) for role, login in readers.items()}
    began = time.monotonic()
    answer = stage.client.post("/v1/reports", json=told.body, headers=_auth(stage, told.organisation))
    if answer.status_code != httpx.codes.ACCEPTED:
        raise Refused(f"the live report is refused: {answer.text[:300]}")
    replayed = answer.headers.get("Idempotent-Replayed") == "true"
    more = 0 if replayed else 1
    while _count(stage, told.sees, told.indicator, told.within, day) < before["may see it"] + more:
        if time.monotonic() - began > 30:
            break
        time.sleep(0.02)
    seconds = round(time.monotonic() - began, 3)
    settle()
    after = {role: _count(stage, login, told.indicator, told.within, day) for role, login in readers.items()}
    held = after["may see it"] == before["may see it"] + more and after["may not"] == before["may not"]
    reference = answer.json()["reference"]
    figures = {"before": before, "after": after, "told_before": replayed, "seconds_to_be_seen": seconds}
    figures |= {"reference": reference}
    said = telling.moved(figures, readers, vocabulary.places().name(told.within, "en"))
    return Step("a report moves the count of those who may see it", held, figures, said, [f"/reports/{reference}"])


def _count(stage: Stage, login: str, indicator: str, place: str, day: date, status: str = "exercise") -> float:
    query = {"place": place, "from": day.isoformat(), "to": day.isoformat(), "grain": "month", "status": status}
    points = stage.read(login, f"/v1/indicators/{indicator}/series", **query).json()["points"]
    return float(points[0]["value"])


def a_rumour_is_one_origin(stage: Stage) -> Step:
    """A rumour handed in by three bodies that heard it from one is one incident of one origin."""
    reader = exercise.story(stage.kept.today).readers[0]
    references = []
    for slug, body in exercise.story(stage.kept.today).rumour:
        answer = stage.client.post("/v1/reports", json=body, headers=_auth(stage, slug))
        if answer.status_code != httpx.codes.ACCEPTED:
            raise Refused(f"the rumour is refused: {answer.text[:300]}")
        references.append(answer.json()["reference"])
    settle()
    answers = [stage.read(reader, f"/v1/reports/{one}/incident").json() for one in references]
    incidents = len({frozenset(one["reports"]) for one in answers})
    found = answers[0]
    held = incidents == 1 and set(found["reports"]) == set(references) and found["origins"] == 1
    figures = {
        "tellings": len(references),
        "incidents": incidents,
        "reports": found["reports"],
        "origins": found["origins"],
    }
    links = [f"/reports/{references[0]}"]
    return Step("a rumour told by three is one incident of one origin", held, figures, telling.rumour(figures), links)


def a_killed_worker_loses_nothing(stage: Stage, kill: Callable[[], int]) -> Step:
    """The worker is killed while it works on a drill; all of the drill is counted, once."""
    told = exercise.story(stage.kept.today)
    drill, reader = told.drill, told.readers[0]
    bodies = [_drill(drill.body, number) for number in range(1, drill.reports + 1)]
    day = date.fromisoformat(str(drill.body["occurred_from"]))
    was = state()
    new = feed(stage, [(drill.organisation, body) for body in bodies], lambda _: None).get("new", 0)
    kills: list[dict[str, int]] = []
    while new and not kills:
        now = state()
        if now.counted > was.counted or now.settled:
            kills.append({"pid": kill(), "counted": now.counted - was.counted, "waiting": now.waiting})
        time.sleep(0.01)
    now = settle()
    counted = int(_count(stage, reader, drill.indicator, drill.within, day, status=str(drill.body["status"])))
    figures = {
        "sent": drill.reports,
        "new": new,
        "counted_in_series": counted,
        "lost": max(0, drill.reports - counted),
        "not_kept": was.accepted + new - now.accepted,
        "doubled": max(0, counted - drill.reports),
        "kills": kills,
        "quarantined": now.quarantined,
    }
    in_the_middle = bool(kills) and kills[0]["waiting"] > 0
    held = figures["lost"] == figures["not_kept"] == figures["doubled"] == 0 and (in_the_middle or not new)
    return Step("a worker killed in mid-run loses and doubles nothing", held, figures, telling.drill(figures))


def _drill(body: dict[str, Any], number: int) -> dict[str, Any]:
    """A line of the drill: too short to be anybody's near duplicate."""
    own = {
        "title": f"Drill {number}",
        "text": f"Drill of the worker, line {number}.",
        "own_reference": f"drill-{number}",
    }
    return {**body, **own}


def _auth(stage: Stage, slug: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {stage.kept.keys[slug]}"}
