"""Prepare and apply: any order, repetition, crash or rival worker ends in the same cells (ADR 0006)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from .incidents import Link, Report, Tally


class Poisoned(Exception):
    """A report that no reaction can digest."""


class Plan(NamedTuple):
    """What `prepare` read and found: the invitations it answers, what must still hold, what to write."""

    rows: frozenset[int]
    keys: frozenset[int]  # every report whose incident changes, not only the reports invited
    stamps: dict[int, tuple[int, int]]  # (version, tally number) of each as it was read
    reports: dict[int, Report]
    links: frozenset[Link]


@dataclass
class Database:
    """What is committed. Each method is one transaction."""

    reports: dict[int, Report] = field(default_factory=dict)
    links: set[Link] = field(default_factory=set)
    version: Counter[int] = field(default_factory=Counter)
    tallied: Counter[int] = field(default_factory=Counter)
    tally: Tally = field(default_factory=Tally)
    outbox: dict[int, int] = field(default_factory=dict)
    quarantine: dict[int, int] = field(default_factory=dict)
    poison: set[int] = field(default_factory=set)
    published: int = 0
    consumed: int = 0

    def change(self, *keys: int, **changes: object) -> None:
        """Any change of a report or of a link: new version of each report it touches, one invitation for each."""
        if "report" in changes:
            report = changes["report"]
            (key,) = keys
            self.reports.pop(key, None)
            self.reports |= {key: report} if isinstance(report, Report) else {}
        if "link" in changes:
            self.links ^= {frozenset(keys)}
        for key in keys:
            self.version[key] += 1
            self.outbox[self.published] = key
            self.published += 1

    def prepare(self, rows: Collection[int]) -> Plan:
        """Read and think, no lock held. The outbox is read first: later news has a later row."""
        asked = {row: self.outbox[row] for row in rows if row in self.outbox}
        if self.poison & set(asked.values()):
            raise Poisoned
        keys = self.tally.touched(asked.values(), self.reports, self.links)
        seen = {key: self.reports[key] for key in keys if key in self.reports}
        return Plan(frozenset(asked), keys, self._stamps(keys), seen, frozenset(x for x in self.links if x <= keys))

    def apply(self, plan: Plan) -> bool:
        """One short write: take the rows still there, check, write. False is a stale plan: nothing happened."""
        taken = plan.rows & self.outbox.keys()  # delete ... returning
        if not taken:
            return True
        if self._stamps(plan.keys) != plan.stamps:
            return False  # rolled back: the rows stay in the outbox
        self.tally.settle(plan.keys, plan.reports, plan.links)
        self.tallied.update(plan.keys)
        for row in taken:
            del self.outbox[row]
        self.consumed += len(taken)
        return True

    def set_aside(self, row: int) -> None:
        """The one bad event, after its tries; the report keeps what was last counted for it."""
        if row in self.outbox:
            self.quarantine[row] = self.outbox.pop(row)

    def retry(self) -> None:
        """The operator's `quarantine retry`."""
        self.outbox |= self.quarantine
        self.quarantine.clear()

    def _stamps(self, keys: Collection[int]) -> dict[int, tuple[int, int]]:
        return {key: (self.version[key], self.tallied[key]) for key in keys}


def react(database: Database, rows: Collection[int]) -> None:
    """A whole reaction with nobody in between; halves a failing batch until the bad event stands alone."""
    try:
        while not database.apply(database.prepare(rows)):
            pass
    except Poisoned:
        order = sorted(rows)
        if len(order) == 1:
            database.set_aside(order[0])
            return
        react(database, order[: len(order) // 2])
        react(database, order[len(order) // 2 :])
