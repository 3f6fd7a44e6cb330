"""Sealing: blocks over a log, chained; checkpoints kept elsewhere show what a chain cannot (ADR 0015)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

ALIEN = "written by nobody"


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def tree(leaves: Sequence[str]) -> str:
    """The Merkle tree hash of RFC 9162, 2.1.1: the left half is the largest power of two below the whole."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return digest(1, tree(leaves[:half]), tree(leaves[half:]))


@dataclass(frozen=True)
class Block:
    """What is kept of some entries in a row: where they stand, a leaf of each, and the chain's hash up to here."""

    number: int
    first: int
    leaves: tuple[str, ...]
    hash: str

    @property
    def last(self) -> int:
        return self.first + len(self.leaves) - 1


@dataclass(frozen=True)
class Checkpoint:
    """What is signed and kept elsewhere."""

    number: int
    last: int
    hash: str


def leaf(position: int, entry: str | None) -> str:
    return digest(0, position, entry)


def chained(previous: str, number: int, first: int, leaves: Sequence[str]) -> str:
    return digest(previous, number, first, first + len(leaves) - 1, tree(leaves))


@dataclass
class Log:
    """Entries by position, 1 and up without gaps, and the blocks over them. `given`: the last position handed out."""

    entries: dict[int, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    given: int = 0

    def write(self, entry: str) -> None:
        self.given += 1
        self.entries[self.given] = entry

    def seal(self, most: int) -> None:
        """The next block. What was removed before it could be sealed is sealed as missing: it holds up nothing."""
        first = self.blocks[-1].last + 1 if self.blocks else 1
        last = min(self.given, first + most - 1)
        if last < first:
            return
        leaves = tuple(leaf(position, self.entries.get(position)) for position in range(first, last + 1))
        previous = self.blocks[-1].hash if self.blocks else ""
        number = len(self.blocks) + 1
        self.blocks.append(Block(number, first, leaves, chained(previous, number, first, leaves)))

    def checkpoint(self) -> Checkpoint:
        last = self.blocks[-1]
        return Checkpoint(last.number, last.last, last.hash)

    def rewritten(self, most: int) -> "Log":
        """The same entries sealed anew, by somebody who may write everything."""
        entries = {n: self.entries[key] for n, key in enumerate(sorted(self.entries), 1)}
        made = Log(entries, given=len(entries))
        while not made.blocks or made.blocks[-1].last < made.given:
            made.seal(most)
        return made


def verify(log: Log, checkpoint: Checkpoint | None = None) -> int | None:
    """The first position that is not what was sealed; None where all is."""
    first, previous = 1, ""
    for number, block in enumerate(log.blocks, 1):
        for position, sealed in enumerate(block.leaves, block.first):
            if position not in log.entries or leaf(position, log.entries[position]) != sealed:
                return position
        if (block.number, block.first) != (number, first):
            return first
        if block.hash != chained(previous, number, first, block.leaves):
            return first
        if checkpoint is not None and checkpoint.number == number and checkpoint.hash != block.hash:
            return first
        first, previous = block.last + 1, block.hash
    if checkpoint is not None and checkpoint.number > len(log.blocks):
        return first
    waiting = set(range(first, log.given + 1))
    strange = {position for position in log.entries if position >= first or position < 1} ^ waiting
    return min(strange, default=None)


def changed(log: Log, position: int) -> Log:
    return replace(log, entries=log.entries | {position: ALIEN})


def swapped(log: Log, one: int, other: int) -> Log:
    return replace(log, entries=log.entries | {one: log.entries[other], other: log.entries[one]})


def removed(log: Log, position: int, *, closed: bool) -> Log:
    """An entry taken out; `closed`: those after it move up, so that no gap shows."""
    left = {key: entry for key, entry in log.entries.items() if key != position}
    if closed:
        left = {key - (key > position): entry for key, entry in left.items()}
        return replace(log, entries=left, given=log.given - 1)
    return replace(log, entries=left)


def inserted(log: Log, position: int) -> Log:
    """An entry put in; those after it move down."""
    moved = {key + (key >= position): entry for key, entry in log.entries.items()}
    return replace(log, entries=moved | {position: ALIEN}, given=log.given + 1)


def cut(log: Log, blocks: int) -> Log:
    """The last blocks taken away with their entries, and the counter set back: as if they had never been."""
    left = log.blocks[: len(log.blocks) - blocks]
    last = left[-1].last if left else 0
    return Log({key: entry for key, entry in log.entries.items() if key <= last}, left, last)
