"""Bytes under their hash and the rows that name them: naming and destroying happen one at a time (ADR 0020)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

Step = Iterator[None]


@dataclass
class World:
    """What is committed (`names`, each hash as often as it is named), what lies in the store, and who has the lock."""

    names: Counter[str] = field(default_factory=Counter)
    bytes: set[str] = field(default_factory=set)
    holder: int | None = None

    @property
    def lost(self) -> set[str]:
        """What somebody has by its name, and is not there."""
        return {digest for digest, count in self.names.items() if count} - self.bytes

    @property
    def left(self) -> set[str]:
        """What nothing names."""
        return self.bytes - {digest for digest, count in self.names.items() if count}


def attach(world: World, who: int, digest: str, *, fails: bool = False, locks: bool = True) -> Step:
    """Take the lock, put the bytes in their place, then commit the name; or fail before that."""
    yield from _wait(world, who, locks=locks)
    world.bytes.add(digest)
    yield
    if not fails:
        world.names[digest] += 1
    _free(world, who)


def destroy(world: World, who: int, digest: str, *, named: bool, locks: bool = True) -> Step:
    """Take the lock, look who still names the bytes, and destroy them if nobody does. `named`: a name goes first, in
    the same transaction; else it is the sweep of what nothing names."""
    yield from _wait(world, who, locks=locks)
    gone = 1 if named and world.names[digest] else 0
    unnamed = world.names[digest] == gone
    yield
    if unnamed:
        world.bytes.discard(digest)
    yield
    world.names[digest] -= gone
    _free(world, who)


def _wait(world: World, who: int, *, locks: bool) -> Step:
    while locks and world.holder is not None:
        yield
    if locks:
        world.holder = who


def _free(world: World, who: int) -> None:
    if world.holder == who:
        world.holder = None
