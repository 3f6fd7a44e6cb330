"""The arithmetic of counting, pure: from what a report says to cells, exact for every viewer.

A viewer's incident is a connected component of the links whose both ends that viewer sees; it counts once in a cell
(or with its greatest visible figure). What was told under one audience adds to that audience's cell. What was told
under several becomes a pattern: a small graph that is folded, when read, over what the viewer sees (docs/adr/0005).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

GRAINS = ("day", "week", "month")  # of the cells; "quarter" and "year" are counted only when they are asked for
MOST_SPELLED = 64  # nodes of a pattern


class Key(NamedTuple):
    """A cell's name without its audience: what, of which status, how long, where, from when; in the table's order."""

    indicator: str
    status: str
    grain: str
    place: str
    bucket: date


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one report adds to one indicator at one place. `path`: the place and all above it that have cells."""

    indicator: str
    path: tuple[str, ...]
    occurred_from: date
    occurred_to: date
    value: int


@dataclass(frozen=True, slots=True)
class Told:
    """One report as counting sees it."""

    report_id: int
    audience_id: int
    status: str
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """Reports of one audience that are linked inside it: they are seen together or not at all."""

    audience: int
    value: int | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """An incident told under several audiences, in one cell: nodes and the links between them."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]

    def text(self) -> str:
        """The pattern's canonical text; equal patterns of one cell are one row."""
        return json.dumps([[[n.audience, n.value] for n in self.nodes], self.edges], separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Pattern":
        """The pattern of a text that `text` made."""
        nodes, edges = json.loads(text)
        return cls(tuple(Node(a, v) for a, v in nodes), tuple((a, b) for a, b in edges))


@dataclass(slots=True)
class Spread:
    """What incidents add: to the cells of single audiences, and to patterns. Sums may be negative (deltas)."""

    cells: Counter[tuple[Key, int]]
    overlaps: Counter[tuple[Key, str]]

    @classmethod
    def nothing(cls) -> "Spread":
        return cls(Counter(), Counter())

    def add(self, key: Key, pattern: Pattern, times: int) -> None:
        """Add an incident's pattern in one cell, `times` over (-1 takes it out)."""
        if len(pattern.nodes) == 1:
            node = pattern.nodes[0]
            self.cells[(key, node.audience)] += times * (node.value or 0)
        else:
            self.overlaps[(key, pattern.text())] += times


def bucket(day: date, grain: str) -> date:
    """The first day of the bucket that holds a day; weeks are ISO weeks."""
    match grain:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
    raise ValueError(f"no grain {grain}")


def following(start: date, grain: str) -> date:
    """The first day of the next bucket."""
    match grain:
        case "day":
            return start + timedelta(days=1)
        case "week":
            return start + timedelta(days=7)
        case "quarter":
            return bucket(start + timedelta(days=93), grain)
        case "year":
            return date(start.year + 1, 1, 1)
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1)


@lru_cache(maxsize=4096)
def whole(first: date, last: date, grains: tuple[str, ...] = GRAINS) -> tuple[tuple[str, date], ...]:
    """The buckets that hold all of a span, by grain."""
    starts = ((grain, bucket(first, grain)) for grain in grains)
    return tuple((grain, start) for grain, start in starts if start == bucket(last, grain))


def keys(contribution: Contribution, status: str, grains: tuple[str, ...] = GRAINS) -> Iterable[Key]:
    """The cells that a contribution enters: no bucket finer than its own span, no place finer than its own."""
    for grain, start in whole(contribution.occurred_from, contribution.occurred_to, grains):
        for place in contribution.path:
            yield Key(contribution.indicator, status, grain, place, start)


def components(members: Collection[int], links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Connected components of a graph, each sorted, ordered by their first member."""
    parent = {one: one for one in members}

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for a, b in links:
        if a in parent and b in parent:
            low, high = sorted((root(a), root(b)))
            parent[high] = low
    found: dict[int, list[int]] = defaultdict(list)
    for one in sorted(members):
        found[root(one)].append(one)
    return list(found.values())


def spread(
    told: Mapping[int, Told],
    links: Sequence[tuple[int, int]],
    into: Spread,
    times: int = 1,
    grains: tuple[str, ...] = GRAINS,
) -> None:
    """Add all incidents among these reports to `into`, `times` over.

    `links` between reports of different statuses join nothing. All reports linked to one of `told` must be in it.
    """
    joined = [(a, b) for a, b in links if a in told and b in told and told[a].status == told[b].status]
    together = {one for pair in joined for one in pair}
    for report in told.values():
        if report.report_id not in together:  # most reports stand alone: no pattern to work out
            for at, worth in _said(report, grains).items():
                into.cells[(at, report.audience_id)] += times * worth
    for members in components(together, joined):
        inside = set(members)
        edges = [(a, b) for a, b in joined if a in inside]
        audiences = [(one, told[one].audience_id) for one in members]
        values: dict[Key, dict[int, int]] = defaultdict(dict)
        for one in members:
            for at, worth in _said(told[one], grains).items():
                values[at][one] = worth
        made: dict[tuple[tuple[int, int], ...], Pattern] = {}
        for at, said in values.items():
            same = tuple(said.items())
            if same not in made:
                made[same] = contract(audiences, edges, said)
            into.add(at, made[same], times)


def _said(told: Told, grains: tuple[str, ...]) -> dict[Key, int]:
    """What a report says by cell: its greatest value where several of its places lie in one."""
    said: dict[Key, int] = {}
    for contribution in told.contributions:
        for key in keys(contribution, told.status, grains):
            said[key] = max(said.get(key, 0), contribution.value)
    return said


def contract(members: Sequence[tuple[int, int]], edges: Sequence[tuple[int, int]], said: Mapping[int, int]) -> Pattern:
    """The pattern of an incident in one cell. `members`: (report, audience); `said`: the reports that count there.

    Reports of one audience linked inside it become one node; a node that counts nothing and joins nothing goes.
    """
    audience = dict(members)
    parts = components(audience.keys(), [(a, b) for a, b in edges if audience[a] == audience[b]])
    part_of = {one: number for number, part in enumerate(parts) for one in part}
    values = [max((said[one] for one in part if one in said), default=None) for part in parts]
    near: list[set[int]] = [set() for _ in parts]
    for a, b in edges:
        if part_of[a] != part_of[b]:
            near[part_of[a]].add(part_of[b])
            near[part_of[b]].add(part_of[a])
    left = _telling(values, near)
    nodes = {n: Node(audience[parts[n][0]], values[n]) for n in left}

    def look(n: int) -> tuple[int, int]:
        return nodes[n].audience, -1 if values[n] is None else values[n] or 0

    order = _spelled({n: look(n) for n in left}, {n: near[n] & left for n in left})
    place = {n: i for i, n in enumerate(order)}
    pairs = sorted({tuple(sorted((place[a], place[b]))) for a in left for b in near[a] & left})
    return Pattern(tuple(nodes[n] for n in order), tuple((a, b) for a, b in pairs))


def _telling(values: Sequence[int | None], near: Sequence[set[int]]) -> set[int]:
    """The nodes that count something or join others that are left. Each is looked at once: incidents may be large."""
    links = [len(some) for some in near]
    left = set(range(len(values)))
    idle = [n for n in left if values[n] is None and links[n] < 2]
    while idle:
        gone = idle.pop()
        left.discard(gone)
        for one in near[gone] & left:
            links[one] -= 1
            if values[one] is None and links[one] == 1:  # with fewer it waits already
                idle.append(one)
    return left


def _spelled(looks: Mapping[int, tuple[int, int]], near: Mapping[int, set[int]]) -> list[int]:
    """Nodes in the order of their pattern's one spelling: colours refined by neighbours, ties split one by one.

    Of two or three nodes, as most have, what ties after one round may be exchanged; of very many, a second spelling
    costs a row, and the first costs less than splitting all their ties.
    """
    order = sorted(looks, key=lambda n: (looks[n], sorted(looks[m] for m in near[n]), n))
    if not 3 < len(order) <= MOST_SPELLED:
        return order
    colour = _ranks(looks)
    while (kinds := len(set(colour.values()))) < len(order):
        finer = _ranks({n: (colour[n], *sorted(colour[m] for m in near[n])) for n in order})
        if len(set(finer.values())) == kinds:
            tied = min(rank for rank, times in Counter(colour.values()).items() if times > 1)
            first = min(n for n in order if colour[n] == tied)
            finer = _ranks({n: (rank, n != first) for n, rank in colour.items()})
        colour = finer
    return sorted(order, key=colour.__getitem__)


def _ranks(keys: Mapping[int, tuple[int, ...]]) -> dict[int, int]:
    rank = {key: place for place, key in enumerate(sorted(set(keys.values())))}
    return {n: rank[key] for n, key in keys.items()}


def fold(pattern: Pattern, seen: Collection[int]) -> int:
    """What a pattern is worth to a viewer who sees these audiences: the sum over what stays connected for them."""
    visible = [n for n, node in enumerate(pattern.nodes) if node.audience in seen]
    total = 0
    for part in components(visible, pattern.edges):
        total += max((pattern.nodes[n].value or 0 for n in part), default=0)
    return total


def told_by(pattern: Pattern, seen: Collection[int]) -> set[int]:
    """The audiences by which whoever sees these is told what a pattern is worth to them: those of the nodes that it
    would have had if nothing else had been told. What counts nothing and joins hidden reports only tells nothing, or
    the label of a number would show that they are there."""
    shown = [node.audience in seen for node in pattern.nodes]
    near: list[set[int]] = [set() for _ in shown]
    for a, b in pattern.edges:
        if shown[a] and shown[b]:
            near[a].add(b)
            near[b].add(a)
    values = [node.value if shown[n] else None for n, node in enumerate(pattern.nodes)]
    parts = components(_telling(values, near), pattern.edges)
    return {pattern.nodes[n].audience for part in parts if any(values[n] for n in part) for n in part}
