"""Where a reader of the change feed stands, pure: which changes it knows, and by which rights it holds what it holds.

docs/adr/0019; its model is tests/models/changes.py.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.kernel import seals
from services.kernel.paging import BadCursor

Mark = tuple[str, str]  # when a report was received, and its reference: a place in the list of reports
PAD = 512  # a cursor's length tells nothing of what it holds


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the list of reports up to `upto` (None: to its end), held by the rights `sight`."""

    sight: str
    upto: Mark | None


@dataclass(frozen=True, slots=True)
class Place:
    """All changes up to `position` are known. Of the list of reports, what comes up to `swept` (None: nothing) is held
    by the rights `sight`, the rest by those of `older`; without `older` all of it is held by `sight`."""

    position: int
    sight: str
    swept: Mark | None = None
    older: tuple[Part, ...] = ()

    def by(self, sight: str) -> "Place":
        """The same reader with the rights that it has now: if they are others, the list is gone through once more."""
        if sight == self.sight:
            return self
        if not self.older:
            return replace(self, sight=sight, swept=None, older=(Part(self.sight, None),))
        done = () if self.swept is None else (Part(self.sight, self.swept),)
        return replace(self, sight=sight, swept=None, older=done + self.older)

    def sweeping(self, upto: Mark) -> "Place":
        """Gone through up to this report."""
        return replace(self, swept=upto)

    def swept_part(self) -> "Place":
        """Gone through to the end of the next part."""
        first, *rest = self.older
        return replace(self, swept=first.upto if rest else None, older=tuple(rest))

    def knowing(self, position: int) -> "Place":
        """The changes up to here are known."""
        return replace(self, position=position)


def seal(place: Place, viewer: str) -> str:
    """A cursor that only this viewer can use, and nobody can read. Of one place there are many, so that nobody learns
    from an equal or another one whether anything happened."""
    older = [[one.sight, one.upto] for one in place.older]
    text = json.dumps([place.position, place.sight, place.swept, older], separators=(",", ":"))
    return seals.seal(f"changes {viewer}", text.ljust(-(-len(text) // PAD) * PAD))


def unseal(cursor: str, viewer: str) -> Place:
    """The place that a cursor stands for.

    Raises:
        BadCursor: it is not ours, or not this viewer's.
    """
    text = seals.unseal(f"changes {viewer}", cursor)
    if text is None:
        raise BadCursor("Start again without a cursor.", field="cursor")
    position, sight, swept, older = json.loads(text)
    return Place(position, sight, _mark(swept), tuple(Part(one, _mark(upto)) for one, upto in older))


def _mark(given: Sequence[Any] | None) -> Mark | None:
    return None if given is None else (str(given[0]), str(given[1]))
