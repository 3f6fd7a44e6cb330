"""Runs the demo from an empty folder to a served network, with each figure measured on the way."""

import json
import os
import signal
import threading
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from datetime import time as hours
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services import vocabulary
from services.kernel import db
from services.kernel.config import Settings
from services.kernel.errors import Problem
from workers import schedule
from workers.demo import exercise, feeding, story
from workers.demo.stage import Refused, Stage
from workers.embedded import Embedded
from workers.terminal import say

READER = "analyst-1"
BEGINS = datetime(2021, 1, 1, 12, tzinfo=UTC)  # the first replayed day: editions are built from here on
ATTRIBUTION = (
    "Data: Uppsala Conflict Data Program (UCDP), ucdp.uu.se, CC BY 4.0; a selection of events and monthly figures "
    "for six countries. The exercise is invented."
)
SHOWN = (("2021-04-01", "en"), ("2021-04-01", "ru"), ("2022-09-01", "en"))


def run(conf: Settings, *, once: bool, as_json: bool = False) -> int:
    """Tell the demo; 0 if every step held. `once`: leave summary.json and end, instead of going on serving. `as_json`:
    the summary on standard output, all that is told on standard error."""
    screen = Console(soft_wrap=True, stderr=as_json)
    began = time.monotonic()
    # Its people share one printed password on this machine alone: a second factor would guard nothing here.
    given = {"network_name": "Exercise network", "second_factor": "optional", **({"port": 0} if once else {})}
    with Embedded(conf.model_copy(update=given)) as service:
        os.environ.update(service.environment)
        from services.kernel.config import settings

        settings.cache_clear()
        db.connect(settings().database)
        try:
            with closing(Stage(service.url, settings().data_dir)) as stage:
                summary = _tell(stage, service, screen, began, served=not once)
        except (Refused, Problem) as refusal:
            screen.print(f"[red]The demo stops:[/red] {refusal}")
            return 1
        path, document = settings().data_dir / "summary.json", json.dumps(summary, indent=1, ensure_ascii=False)
        path.write_text(document, encoding="utf-8")
        screen.print(f"All figures as JSON: {path}", markup=False, highlight=False)
        if as_json:
            say(document)
        if not once:
            _serve(stage, service, screen)
    return 0 if summary["held"] else 1


def _tell(stage: Stage, service: Embedded, screen: Console, began: float, *, served: bool) -> dict[str, Any]:

    with screen.status("Enrolling the exercise network"):
        parties = stage.enrol()
        series = feeding.observations(stage)
    screen.print(f"Enrolled {parties} organisations; stored {series} monthly values of an external series.")
    told = feeding.past(stage)
    fed = time.monotonic()
    answers = _feed(stage, told, screen)
    seconds = time.monotonic() - fed
    editions = _replay(stage, screen)
    steps = _story(stage, service, editions)
    digests = _keep(stage, editions, _folder())
    checks = _standing_out(stage, editions)
    now = feeding.settle()
    whole = now.accepted == now.tagged == now.counted and now.quarantined == 0
    summary = {
        "held": whole and all(step.held for step in steps) and all(checks.values()),
        "accepted": now.accepted,
        "processed": min(now.counted, now.tagged),
        "counted": now.counted,
        "tagged": now.tagged,
        "quarantined": now.quarantined,
        "new": answers.get("new", 0),
        "known": answers.get("known", 0),
        "editions": len(editions),
        "stand_out": checks,
        "story": {f"step_{n}": {"name": s.name, "held": s.held, **s.figures} for n, s in enumerate(steps, 1)},
        "digests": [str(path) for path in digests],
        "reports_per_second": round(len(told) / seconds, 1) if answers.get("new") else None,
        "seconds": round(time.monotonic() - began, 1),
        "attribution": ATTRIBUTION,
    }
    _show(screen, steps, summary, stage, served=served)
    return summary


def _feed(stage: Stage, told: list[tuple[str, dict[str, Any]]], screen: Console) -> dict[str, int]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen) as progress:
        sent = progress.add_task("Handing in reports", total=len(told))
        answers = feeding.feed(stage, told, lambda n: progress.advance(sent, n))
        worked = progress.add_task("Tagged and counted", total=feeding.state().accepted)
        feeding.settle(lambda now: progress.update(worked, completed=min(now.counted, now.tagged)))
    return answers


def _replay(stage: Stage, screen: Console) -> dict[str, str]:
    """Run the due jobs once per replayed day; the editions by the first day of their month."""
    last = datetime.combine(stage.kept.today, hours(12), UTC)
    with screen.status("Replaying the days since January 2021, one by one: what was due is built"):
        days = schedule.replay(BEGINS, last)
    listed = stage.read(READER, "/v1/digests").json()
    editions = {one["start"]: one["reference"] for one in listed if not one["on_demand"]}
    screen.print(f"Replayed {days} days: {len(editions)} editions.")
    return editions


def _story(stage: Stage, service: Embedded, editions: dict[str, str]) -> list[story.Step]:
    def kill() -> int:
        return service.kill("worker")

    return [
        story.one_edition_three_readers(stage, editions[_last_month(stage.kept.today)]),
        story.a_report_moves_some_series(stage),
        story.a_rumour_is_one_origin(stage),
        story.a_killed_worker_loses_nothing(stage, kill),
    ]


def _last_month(today: date) -> str:
    """The first day of the last month whose edition is due: on the fifth of the month after."""
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    if today.day <= 5:
        month = (month - timedelta(days=1)).replace(day=1)
    return month.isoformat()


def _keep(stage: Stage, editions: dict[str, str], folder: Path) -> list[Path]:
    """Save some editions as one reader gets them: page, data and paper."""
    folder.mkdir(parents=True, exist_ok=True)
    last = _last_month(stage.kept.today)
    kept = []
    for start, language in (*SHOWN, (last, "en"), (last, "ru")):
        for kind in ("html", "json", "pdf"):
            more = {"standalone": True} if kind == "html" else {}
            answer = stage.read(READER, f"/v1/digests/{editions[start]}/document.{kind}", language=language, **more)
            path = folder / f"{start[:7]}-{language}.{kind}"
            path.write_bytes(answer.content)
            kept.append(path)
    return kept


def _standing_out(stage: Stage, editions: dict[str, str]) -> dict[str, bool]:
    """Whether the months that must stand out do, in those months' editions, through the external series."""
    wanted = exercise.story(stage.kept.today).stand_out
    checks = {}
    for start in wanted.months:
        document = stage.read(READER, f"/v1/digests/{editions[start]}/document.json").json()
        section = next(one for one in document["sections"] if one["key"] == "standouts")
        said = json.dumps(section, ensure_ascii=False)
        for place in wanted.places:
            name = vocabulary.places().name(place, "en")
            checks[f"{start[:7]} {name}"] = name in said
    return checks


def _folder() -> Path:
    from services.kernel.config import settings

    return settings().data_dir / "digests"


def _show(screen: Console, steps: list[story.Step], summary: dict[str, Any], stage: Stage, *, served: bool) -> None:
    screen.rule("The story")
    for number, step in enumerate(steps, 1):
        sign = "[green]held[/green]" if step.held else "[red]DID NOT HOLD[/red]"
        if step.figures.get("told_before") or step.figures.get("new") == 0:
            sign += " (told in an earlier run: nothing new was sent, the figures were read again)"
        screen.print(f"({number}) {step.name}: {sign}")
        for line in step.told:
            screen.print(f"    {line}", markup=False, highlight=False)
        for link in step.links if served else ():
            screen.print(f"    {stage.url}{link}", markup=False)
    table = Table(title="What it comes to")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name in (
        "accepted",
        "processed",
        "tagged",
        "counted",
        "quarantined",
        "editions",
        "reports_per_second",
        "seconds",
    ):
        table.add_row(name.replace("_", " "), "-" if summary[name] is None else str(summary[name]))
    for name, held in summary["stand_out"].items():
        table.add_row(f"stands out: {name}", "yes" if held else "NO")
    screen.print(table)
    for path in summary["digests"]:
        screen.print(f"  {path}", markup=False)
    screen.print(ATTRIBUTION)


def _serve(stage: Stage, service: Embedded, screen: Console) -> None:
    screen.rule("Serving")
    screen.print(f"{service.url}   (this machine only; Ctrl-C stops)", markup=False)
    table = Table(title=f"Sign-ins, all with the password {stage.kept.password}")
    for column in ("name", "who"):
        table.add_column(column)
    for one in exercise.network().members:
        table.add_row(one.login, f"{one.name.en} ({', '.join(one.roles)})")
    screen.print(table)
    screen.print("The demo asks for no second factor (EWN_SECOND_FACTOR=optional); a network of your own does.")
    screen.print(
        f"Open {service.url} as {READER} and then as another: the same pages tell each what that one may know."
    )
    screen.print(f"The exercise stands under the tab Exercise. Password of all: {stage.kept.password}", markup=False)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    service.wait(stop)
