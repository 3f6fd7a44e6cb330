"""Measures every goal, prints the table, and writes var/bench.json: `python -m tests.bench [--full] [--only WORD]`."""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import audited, bulk, chaos, counting, digest, freshness, intake, lists, reading, tagging
from tests.bench.rows import Row
from tests.bench.stage import Servers

OUT = Path("var/bench.json")
Family = Callable[..., Iterator[Row]]
FAMILIES: dict[str, Family] = {
    "submission on SQLite": partial(intake.rows, engine="sqlite"),
    "submission on PostgreSQL": partial(intake.rows, engine="postgresql"),
    "submission without Redis on SQLite": partial(intake.without_redis, engine="sqlite"),
    "submission without Redis on PostgreSQL": partial(intake.without_redis, engine="postgresql"),
    "bulk on SQLite": partial(bulk.rows, engine="sqlite"),
    "bulk on PostgreSQL": partial(bulk.rows, engine="postgresql"),
    "counting on SQLite": partial(counting.rows, engine="sqlite"),
    "counting on PostgreSQL": partial(counting.rows, engine="postgresql"),
    "freshness": freshness.rows,
    "series and map on SQLite": partial(reading.rows, engine="sqlite"),
    "series and map on PostgreSQL": partial(reading.rows, engine="postgresql"),
    "lists on SQLite": partial(lists.rows, engine="sqlite"),
    "lists on PostgreSQL": partial(lists.rows, engine="postgresql"),
    "audit on SQLite": partial(audited.rows, engine="sqlite"),
    "audit on PostgreSQL": partial(audited.rows, engine="postgresql"),
    "digest": digest.rows,
    "tagging": tagging.rows,
    "kill -9": chaos.rows,
}


def main() -> None:
    """Entry point of `make bench` and `make bench-full`."""
    words = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    words.add_argument("--full", action="store_true", help="stated sizes, about an hour")
    words.add_argument("--only", default="", help="only the families whose name holds this word")
    given = words.parse_args()
    console = Console(width=150)
    began = time.monotonic()
    found: list[Row] = []
    servers = Servers()
    try:
        for name, family in FAMILIES.items():
            if given.only.lower() not in name.lower():
                continue
            since = time.monotonic()
            with console.status(f"measuring {name} ..."):
                made = list(family(servers, full=given.full))
            for row in made:
                sign = "[green]holds[/]" if row.holds else "[red]does not hold[/]"
                passed = f"{time.monotonic() - began:5.0f} s"
                console.print(f"{passed}  {row.goal} [dim]({row.scale})[/]: {row.value:.3g} {sign}")
            console.print(f"         [dim]{name} took {time.monotonic() - since:.0f} s[/]")
            found += made
    finally:
        servers.close()
    console.print(table(found))
    failed = sum(not row.holds for row in found)
    console.print(f"{len(found) - failed} of {len(found)} goals hold, in {time.monotonic() - began:.0f} s.")
    if not given.only:
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps([row.document() for row in found], indent=1) + "\n", encoding="utf-8")
        console.print(f"Written to {OUT}")


def table(rows: list[Row]) -> Table:
    """All rows as they are printed."""
    made = Table(title="Goals, each measured beside its limit", expand=True)
    made.add_column("goal", ratio=5)
    made.add_column("value", justify="right")
    made.add_column("target", justify="right")
    made.add_column("", justify="left")
    made.add_column("scale", ratio=4, style="dim")
    for row in rows:
        sign = "[green]holds[/]" if row.holds else "[red]no[/]"
        bound = f"{'>=' if row.better == 'higher' else '<='} {row.target:g}"
        unit = "" if row.unit == "ratio" else f" {row.unit}"
        made.add_row(row.goal, f"{row.value:.3g}{unit}", bound + unit, sign, row.scale)
    return made


if __name__ == "__main__":
    main()
