"""A text and what it was made from: edits that keep, for every character, its exact place in the original."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `new` in the place of `text[start:end]`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text made readable. `starts` and `ends`: of each of its characters, where the original ones begin and end;
    None where nothing was changed. `done` says what was done, in the order of `STEPS`."""

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None
    done: tuple[str, ...] = ()

    def back(self, start: int, end: int) -> Span:
        """The span of the original that `text[start:end]` (not empty) stands for."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def forth(self, start: int, end: int) -> Span:
        """The span of this text that holds all that is left of `original[start:end]`; empty where nothing is."""
        if self.starts is None or self.ends is None:
            return start, end
        low = bisect_right(self.ends, start)
        return low, max(low, bisect_left(self.starts, end))


Step = Callable[[str], Sequence[Edit]]


def untouched(text: str) -> Cleaned:
    """A text as it came."""
    return Cleaned(text)


def edited(before: Cleaned, edits: Sequence[Edit], name: str) -> Cleaned:
    """The text with these edits made, which stand in order and do not overlap."""
    if not edits:
        return before
    starts: list[int] = []
    ends: list[int] = []
    pieces: list[str] = []
    old_starts = before.starts if before.starts is not None else range(len(before.text))
    old_ends = before.ends if before.ends is not None else range(1, len(before.text) + 1)
    at = 0
    for edit in edits:
        pieces += (before.text[at : edit.start], edit.new)
        starts += old_starts[at : edit.start]
        ends += old_ends[at : edit.start]
        if len(edit.new) == edit.end - edit.start:
            starts += old_starts[edit.start : edit.end]
            ends += old_ends[edit.start : edit.end]
        elif edit.new:
            starts += [old_starts[edit.start]] * len(edit.new)
            ends += [old_ends[edit.end - 1]] * len(edit.new)
        at = edit.end
    pieces.append(before.text[at:])
    starts += old_starts[at:]
    ends += old_ends[at:]
    return Cleaned("".join(pieces), starts, ends, (*before.done, name))
