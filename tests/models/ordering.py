"""Ordering: who reads a tail reads positions given after commit, because ids become visible out of order (ADR 0007)."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Row:
    """One row of a log: its id from a sequence, the number of the transaction that wrote it, its position if given."""

    id: int
    transaction: int
    position: int | None = None


@dataclass
class Log:
    """A PostgreSQL table with concurrent writers, and the sequencers that number what they see committed."""

    ids: int = 0
    transactions: int = 0
    open: dict[int, list[Row]] = field(default_factory=dict)
    committed: list[Row] = field(default_factory=list)
    lock: str | None = None
    given: dict[str, list[Row]] = field(default_factory=dict)

    def begin(self) -> int:
        self.transactions += 1
        self.open[self.transactions] = []
        return self.transactions

    def insert(self, transaction: int) -> None:
        self.ids += 1  # a sequence hands out numbers at once and never takes one back
        self.open[transaction].append(Row(self.ids, transaction))

    def commit(self, transaction: int) -> None:
        self.committed += self.open.pop(transaction)

    def roll_back(self, transaction: int) -> None:
        self.open.pop(transaction)

    def sequence(self, who: str) -> bool:
        """Begin numbering, under the lock on the one counter row; a rival has to wait for the end of it."""
        if self.lock is not None:
            return False
        self.lock = who
        self.given[who] = [row for row in sorted(self.committed, key=lambda row: row.id) if row.position is None]
        return True

    def publish(self, who: str) -> None:
        """Commit the numbering: all its positions become visible together, then the lock falls."""
        start = max((row.position for row in self.committed if row.position), default=0)
        for step, row in enumerate(self.given.pop(who), start=1):
            row.position = start + step
        self.lock = None

    def die(self, who: str) -> None:
        """A sequencer killed in its transaction: rolled back, the lock falls, nothing was numbered."""
        self.given.pop(who)
        self.lock = None

    @property
    def horizon(self) -> int:
        """`pg_snapshot_xmin`: the oldest transaction still open, or the next one to come."""
        return min(self.open, default=self.transactions + 1)


def by_id(log: Log, after: int) -> tuple[list[Row], int]:
    """The trap: everything beyond the largest id seen so far."""
    rows = sorted((row for row in log.committed if row.id > after), key=lambda row: row.id)
    return rows, rows[-1].id if rows else after


def by_position(log: Log, after: int) -> tuple[list[Row], int]:
    """Everything beyond the last position seen."""
    rows = sorted((row for row in log.committed if (row.position or 0) > after), key=lambda row: row.position or 0)
    return rows, rows[-1].position or 0 if rows else after


def below_horizon(log: Log, after: int) -> tuple[list[Row], int]:
    """Everything of the transactions from the last horizon to this one: complete, but held up by any old one."""
    return [row for row in log.committed if after <= row.transaction < log.horizon], log.horizon


Reader = Callable[[Log, int], tuple[list[Row], int]]
