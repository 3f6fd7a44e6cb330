"""What a step of the story found, in sentences and aligned lines for whoever reads the terminal. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from workers.demo import exercise


def edition(figures: Mapping[str, Any]) -> list[str]:
    """One edition and how many items each reader found in it."""
    rows = [(member(login), f"{count} items") for login, count in figures["items"].items()]
    return [
        f"Edition {figures['edition']} was opened by {len(rows)} members. Each found what that one may know:",
        *aligned(rows),
    ]


def moved(figures: Mapping[str, Any], readers: Mapping[str, str], place: str) -> list[str]:
    """A report, and the counts of a reader who may see it and of one who may not. `readers`: logins by role."""
    before, after = figures["before"], figures["after"]
    rows = [
        (f"{member(readers[role])}, who {role}", f"{before[role]:g} before, {after[role]:g} after") for role in after
    ]
    seen = "It was told in an earlier run." if figures["told_before"] else _seen(figures["seconds_to_be_seen"])
    return [
        f"Report {figures['reference']}, in Russian, was handed in. What each reader's count of {place} came to:",
        *aligned(rows),
        seen,
    ]


def rumour(figures: Mapping[str, Any]) -> list[str]:
    """Several tellings, and how many incidents and origins they came to."""
    counts = f"{_many(figures['incidents'], 'incident')} of {_many(figures['origins'], 'origin')}"
    return [
        f"{figures['tellings']} organisations handed in what they had heard; it counts as {counts}.",
        f"Its reports: {', '.join(figures['reports'])}",
    ]


def drill(figures: Mapping[str, Any]) -> list[str]:
    """Many reports, the worker killed among them, and what was lost or doubled."""
    lines = [f"{figures['sent']} short reports were handed in, {figures['new']} of them new."]
    lines += [
        f"The worker (process {one['pid']}) was killed when {one['counted']} were counted and {one['waiting']} waited."
        for one in figures["kills"]
    ]
    rows = [
        ("counted in the series", figures["counted_in_series"]),
        ("lost", figures["lost"] + figures["not_kept"]),
        ("doubled", figures["doubled"]),
        ("quarantined", figures["quarantined"]),
    ]
    return [*lines, *aligned([(name, str(number)) for name, number in rows])]


def aligned(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Names and values in two columns."""
    width = max((len(name) for name, _ in rows), default=0)
    return [f"  {name:<{width}}  {value}" for name, value in rows]


def member(login: str) -> str:
    """What a member of the exercise is called, with the sign-in name."""
    return f"{next(one.name.en for one in exercise.network().members if one.login == login)} ({login})"


def _seen(seconds: float) -> str:
    return f"It was counted {seconds:.1f} seconds after it had been handed in."


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
