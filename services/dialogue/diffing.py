"""What changed between two texts, word by word, in bounded time on any text. Pure.

Texts are compared by lines, what differs by sentences, and what still differs by words. What is long is first cut at
pieces that are in both texts once each, in one order. The comparisons that are left look at a bounded number of pairs
of pieces; what is beyond that is told as replaced whole.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new"]
LEVELS = (
    re.compile(r"[^\n]*\n|[^\n]+"),
    re.compile(r"[^.!?…]+[.!?…]*\s*|[.!?…]+\s*"),
    re.compile(r"\s+|\w+|[^\w\s]"),
)
ONE = 90_000  # pairs of pieces that one comparison may look at
ALL = 400_000  # all comparisons of two texts
CUTS = 500_000  # pieces among which all cuts of two texts are looked for


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is in both, only in the earlier, or only in the later."""

    kind: Kind
    text: str


class _Budget:
    """How many pairs of pieces may still be looked at, and how many pieces for places to cut at."""

    def __init__(self) -> None:
        self.left = ALL
        self.cuts = CUTS

    def spend(self, pairs: int) -> bool:
        if pairs > min(ONE, self.left):
            return False
        self.left -= pairs
        return True

    def cut(self, pieces: int) -> bool:
        self.cuts -= pieces
        return self.cuts >= 0


def difference(before: str, after: str) -> list[Piece]:
    """The pieces from which the earlier text (same and gone) and the later (same and new) can be put together."""
    return _joined(_compared(before, after, 0, _Budget()))


def _compared(before: str, after: str, level: int, budget: _Budget) -> list[Piece]:
    if before == after:
        return [Piece("same", before)]
    if not before or not after or level == len(LEVELS):
        return [Piece("gone", before), Piece("new", after)]
    one, other = LEVELS[level].findall(before), LEVELS[level].findall(after)
    head = _common(one, other)
    tail = _common(one[head:][::-1], other[head:][::-1])
    gone, new = one[head : len(one) - tail], other[head : len(other) - tail]
    middle = _middle(gone, new, level, budget)
    return [Piece("same", "".join(one[:head])), *middle, Piece("same", "".join(one[len(one) - tail :]))]


def _middle(gone: Sequence[str], new: Sequence[str], level: int, budget: _Budget) -> list[Piece]:
    if not gone or not new:
        return [Piece("gone", "".join(gone)), Piece("new", "".join(new))]
    if len(gone) == len(new) == 1:
        return _compared(gone[0], new[0], level + 1, budget)
    if len(gone) * len(new) > ONE and budget.cut(len(gone) + len(new)) and (anchors := _anchors(gone, new)):
        return _cut(gone, new, anchors, level, budget)
    if not budget.spend(len(gone) * len(new)):
        return [Piece("gone", "".join(gone)), Piece("new", "".join(new))]
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, gone, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(gone[a:b])))
        else:
            found += _compared("".join(gone[a:b]), "".join(new[c:d]), level + 1, budget)
    return found


def _cut(
    gone: Sequence[str], new: Sequence[str], anchors: Sequence[tuple[int, int]], level: int, budget: _Budget
) -> list[Piece]:
    """What lies between the anchors, each compared for itself."""
    found: list[Piece] = []
    a, c = 0, 0
    for b, d in [*anchors, (len(gone), len(new))]:
        found += _middle(gone[a:b], new[c:d], level, budget)
        found += [Piece("same", gone[b])] if b < len(gone) else []
        a, c = b + 1, d + 1
    return found


def _anchors(gone: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of pieces that are in both once each: the most of them that stand in one order (patience diff)."""
    once = [{piece: n for n, piece in enumerate(some)} for some in (gone, new)]
    count = [Counter(some) for some in (gone, new)]
    pairs = [(n, once[1][piece]) for piece, n in once[0].items() if count[0][piece] == count[1][piece] == 1]
    pairs.sort()
    ends: list[int] = []  # of the chain of each length the pair that ends lowest
    before: list[int] = []
    for n, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place, key=lambda one: pairs[one][1])
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [n]
    chain: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pieces both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Without empty ones, and neighbours of one kind made one; of what was replaced the earlier comes first."""
    found: list[Piece] = []
    same, gone, new = "", "", ""
    for one in pieces:
        if one.kind == "same" and one.text:
            found += _run(gone, new)
            same, gone, new = same + one.text, "", ""
        elif one.text:
            found += [Piece("same", same)] if same else []
            same = ""
            gone, new = (gone + one.text, new) if one.kind == "gone" else (gone, new + one.text)
    return [*found, *([Piece("same", same)] if same else []), *_run(gone, new)]


def _run(gone: str, new: str) -> list[Piece]:
    return [one for one in (Piece("gone", gone), Piece("new", new)) if one.text]
