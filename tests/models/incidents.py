"""Incidents and counting: cells, patterns and their fold equal a recount for every viewer (ADR 0005)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import NamedTuple, TypeVar

Audience = frozenset[int]  # readable by whoever sees all of these; usually one (more: an edition read by two markings)
Link = frozenset[int]
Cell = tuple[str, str, str, str, str]  # indicator, status, grain, bucket, place
Node = tuple[tuple[int, ...], int | None]  # audience, the largest contribution of its reports or none
Pattern = tuple[tuple[Node, ...], tuple[tuple[int, int], ...]]

Key = TypeVar("Key")


class Fact(NamedTuple):
    """What a report contributes to one indicator. A count contributes 1; nothing contributes less."""

    indicator: str
    place: str  # a path from the root: "R/C1/U1"
    start: date
    end: date
    value: int = 1


class Report(NamedTuple):
    """A report as the counting sees it. Withdrawn ones are not there."""

    audience: Audience
    status: str
    facts: tuple[Fact, ...]


def buckets(start: date, end: date) -> list[tuple[str, str]]:
    """The buckets that hold the whole span: what is known to the month enters no week and no day."""
    found = [("day", start.isoformat())] if start == end else []
    if start.isocalendar()[:2] == end.isocalendar()[:2]:
        found.append(("week", "{}-W{:02}".format(*start.isocalendar()[:2])))
    if (start.year, start.month) == (end.year, end.month):
        found.append(("month", f"{start:%Y-%m}"))
    return found


def contributions(report: Report) -> dict[Cell, int]:
    """One value for each cell: a report that names two towns of a province counts once in the province."""
    found: dict[Cell, int] = {}
    for fact in report.facts:
        names = fact.place.split("/")
        for grain, bucket in buckets(fact.start, fact.end):
            for depth in range(1, len(names) + 1):
                cell = (fact.indicator, report.status, grain, bucket, "/".join(names[:depth]))
                found[cell] = max(found.get(cell, fact.value), fact.value)
    return found


def components(nodes: Collection[int], links: Collection[Link]) -> Iterator[frozenset[int]]:
    """Connected components of the subgraph on `nodes`: a link counts only if both its ends are there."""
    inside, left = set(nodes), set(nodes)
    near: dict[int, set[int]] = {node: set() for node in inside}
    for a, b in map(tuple, links):
        if a in inside and b in inside:
            near[a].add(b)
            near[b].add(a)
    while left:
        found, front = set[int](), {left.pop()}
        while front:
            found |= front
            front = {there for here in front for there in near[here]} - found
        left -= found
        yield frozenset(found)


def same_status(reports: Mapping[int, Report], links: Iterable[Link]) -> set[Link]:
    """The links that make incidents: an exercise never joins two real reports."""
    return {x for x in links if x <= reports.keys() and len({reports[end].status for end in x}) == 1}


def recount(reports: Mapping[int, Report], links: Iterable[Link], seen: Collection[int]) -> Counter[Cell]:
    """The definition. What a viewer who sees `seen` must read, told without any table."""
    shown = {key: report for key, report in reports.items() if report.audience <= set(seen)}
    total: Counter[Cell] = Counter()
    for incident in components(shown, same_status(shown, links)):
        best: dict[Cell, int] = {}
        for key in incident:
            for cell, value in contributions(shown[key]).items():
                best[cell] = max(best.get(cell, value), value)
        total.update(best)
    return total


def fold(pattern: Pattern, seen: Collection[int]) -> int:
    """What one incident is worth to a viewer: each piece that stays connected counts its largest visible value."""
    nodes, edges = pattern
    shown = [index for index, (audience, _) in enumerate(nodes) if set(audience) <= set(seen)]
    pieces = components(shown, [frozenset(edge) for edge in edges])
    return sum(max((v for i in piece if (v := nodes[i][1]) is not None), default=0) for piece in pieces)


def contract(cell: Cell, incident: Collection[int], reports: Mapping[int, Report], links: Iterable[Link]) -> Pattern:
    """Merge the reports of one audience that are connected inside it: nobody can see one without the other."""
    inside = [link for link in links if link <= set(incident)]
    merged = [link for link in inside if len({reports[end].audience for end in link}) == 1]
    groups = sorted(components(incident, merged), key=min)
    place = {key: index for index, group in enumerate(groups) for key in group}
    nodes: dict[int, Node] = {}
    for index, group in enumerate(groups):
        values = [v for key in group if (v := contributions(reports[key]).get(cell)) is not None]
        nodes[index] = (tuple(sorted(reports[min(group)].audience)), max(values, default=None))
    edges = {frozenset(place[end] for end in link) for link in inside}
    return canonical(*prune(nodes, {edge for edge in edges if len(edge) == 2}))


def prune(nodes: dict[int, Node], edges: set[Link]) -> tuple[dict[int, Node], set[Link]]:
    """Drop nodes that neither count nor connect (no value, at most one neighbour), until none is left."""
    while True:
        degree = Counter(end for edge in edges for end in edge)
        idle = {index for index, (_, value) in nodes.items() if value is None and degree[index] < 2}
        if not idle:
            return nodes, edges
        nodes = {index: node for index, node in nodes.items() if index not in idle}
        edges = {edge for edge in edges if not edge & idle}


def canonical(nodes: Mapping[int, Node], edges: Collection[Link]) -> Pattern:
    """One spelling: colours refined by neighbours, ties split one at a time. Deterministic for equal input, always."""
    near = {index: [next(iter(edge - {index})) for edge in edges if index in edge] for index in nodes}
    colour = _ranks({index: (audience, -1 if value is None else value) for index, (audience, value) in nodes.items()})
    while True:
        finer = _ranks({i: (colour[i], sorted(colour[j] for j in near[i])) for i in nodes})
        if len(set(finer.values())) > len(set(colour.values())):
            colour = finer
            continue
        ties = [rank for rank, n in Counter(colour.values()).items() if n > 1]
        if not ties:
            break
        first = min(index for index in nodes if colour[index] == min(ties))
        colour = _ranks({index: (rank, index != first) for index, rank in colour.items()})
    order = sorted(nodes, key=colour.__getitem__)
    spot = {index: position for position, index in enumerate(order)}
    return tuple(nodes[i] for i in order), tuple(sorted(tuple(sorted(spot[i] for i in e)) for e in edges))  # type: ignore[misc]  # pairs


def _ranks(keys: Mapping[int, object]) -> dict[int, int]:
    order = sorted(set(map(repr, keys.values())))
    return {index: order.index(repr(key)) for index, key in keys.items()}


Rows = tuple[Counter[tuple[Cell, Audience]], Counter[tuple[Cell, Pattern]]]


def rows(incident: Collection[int], reports: Mapping[int, Report], links: Collection[Link]) -> Rows:
    """What one incident (over all reports, hidden or not) adds to the two tables."""
    cells: Counter[tuple[Cell, Audience]] = Counter()
    overlaps: Counter[tuple[Cell, Pattern]] = Counter()
    for cell in {cell for key in incident for cell in contributions(reports[key])}:
        pattern = contract(cell, incident, reports, links)
        told_under = {audience for audience, _ in pattern[0]}
        if len(told_under) == 1:
            audience = frozenset(told_under.pop())
            cells[cell, audience] += fold(pattern, audience)
        else:
            overlaps[cell, pattern] += 1
    return cells, overlaps


@dataclass
class Tally:
    """The two tables, and what was counted into them: enough to take any of it out again exactly."""

    reports: dict[int, Report] = field(default_factory=dict)
    links: set[Link] = field(default_factory=set)
    cells: Counter[tuple[Cell, Audience]] = field(default_factory=Counter)
    overlaps: Counter[tuple[Cell, Pattern]] = field(default_factory=Counter)

    def touched(self, keys: Iterable[int], reports: Mapping[int, Report], links: Collection[Link]) -> frozenset[int]:
        """All that was, or is now, in one incident with these: closed under the counted and the current links."""
        now, everything = same_status(reports, links), self.reports.keys() | reports.keys()
        joined = list(components(everything, self.links | now))
        return frozenset[int]().union(*(group for group in joined if group & set(keys)))

    def settle(self, keys: Iterable[int], reports: Mapping[int, Report], links: Collection[Link]) -> None:
        """Subtract what was counted for these, add what is true now. Events say only *which* reports to look at."""
        area = self.touched(keys, reports, links)
        self._book(area & self.reports.keys(), -1)
        for key in area:
            self.reports.pop(key, None)
        self.reports |= {key: reports[key] for key in area if key in reports}
        self.links = {x for x in self.links if not x & area} | {x for x in same_status(reports, links) if x <= area}
        self._book(area & self.reports.keys(), +1)

    def read(self, seen: Collection[int]) -> Counter[Cell]:
        """A viewer's values: visible cells, plus the fold of each pattern over what this viewer sees."""
        total: Counter[Cell] = Counter()
        for (cell, audience), value in self.cells.items():
            total[cell] += value if audience <= set(seen) else 0
        for (cell, pattern), n in self.overlaps.items():
            total[cell] += n * fold(pattern, seen)
        return +total

    def _book(self, area: Collection[int], sign: int) -> None:
        for incident in components(area, self.links):
            cells, overlaps = rows(incident, self.reports, self.links)
            _add(self.cells, cells, sign)
            _add(self.overlaps, overlaps, sign)


def _add(table: Counter[Key], change: Counter[Key], sign: int) -> None:
    for key, value in change.items():
        table[key] += sign * value
        if not table[key]:
            del table[key]  # nothing stays behind of what was taken out


def terms(pattern: Pattern) -> dict[frozenset[int], int]:
    """The same fold as a plain sum: term(T) counts for whoever sees all of T. 2^k terms at worst for k audiences."""
    names = sorted({name for audience, _ in pattern[0] for name in audience})
    found: dict[frozenset[int], int] = {}
    for size in range(1, len(names) + 1):
        for chosen in map(frozenset, combinations(names, size)):
            term = fold(pattern, chosen) - sum(v for t, v in found.items() if t < chosen)
            found |= {chosen: term} if term else {}
    return found
