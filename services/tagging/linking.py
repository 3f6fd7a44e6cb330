"""Which reports tell the same: near duplicates whose facts do not contradict each other, linked sparingly. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge

from services import vocabulary
from services.texts import Sketch, likeness

NEAR = timedelta(days=7)
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Telling:
    """What a report tells, and to whom."""

    audience_id: int
    status: str
    occurred_from: date
    occurred_to: date
    place: str | None
    sketch: Sketch


class Groups:
    """Reports of one audience that links inside it join are a *group*: they are seen together or not at all.

    Two reports that share a band and are alike stand in one group, or a link joins their groups. So whoever sees both
    finds them in one incident, through reports that this viewer sees, whatever else there is; and a viewer's incidents
    are the same as if each such pair were linked. A thousand that are alike would have half a million links.

    Of all pairs that could join two groups the latest alike is the link, whoever else is looked at: what is kept of a
    part of an incident (an edition's items, what was emptied) must not tell of others.
    """

    def __init__(
        self, tellings: Mapping[int, Telling], links: Iterable[Pair], apart: Collection[Pair] = frozenset()
    ) -> None:
        """`links`: those that stand between these reports. Not to know one makes a link too many, never one too few.
        `apart`: pairs that are not alike whatever they say."""
        self._tellings = tellings
        self._apart = apart
        self._above = {key: key for key in tellings}
        self._near: dict[int, set[int]] = defaultdict(set)  # groups that a link joins, by their first report
        self._merged = 0
        for pair in links:
            self._link(pair)

    def join(self, fresh: Collection[int], holders: Mapping[int, set[int]]) -> dict[Pair, float]:
        """The links that are missing between `fresh` reports and all that share a band with them, with their scores."""
        shared = {frozenset(keys): None for keys in holders.values()}  # equal texts share all their bands
        bands = [_Band(sorted(there & self._tellings.keys())) for there in shared]
        of: dict[int, list[_Band]] = defaultdict(list)
        for band in bands:
            for key in band.keys:
                if key in fresh:
                    of[key].append(band)
        links: dict[Pair, float] = {}
        tried: set[Pair] = set()
        for inside in (True, False):  # first those of one audience: what is joined to one of a group needs no other
            for key in sorted(of, reverse=True):
                links |= self._missing(key, of[key], tried, inside=inside)
        return links

    def _missing(self, key: int, bands: list["_Band"], tried: set[Pair], *, inside: bool) -> dict[Pair, float]:
        """The links of one report to groups of its own audience, or of others, that it is not joined to."""
        links: dict[Pair, float] = {}
        own = self._tellings[key].audience_id
        for band in bands:
            band.gather(self._group, self._merged)
        for first in sorted({first for band in bands for first in band.groups}):
            if (self._tellings[first].audience_id == own) == inside and not self._joined(key, first):
                for mate in merge(*(band.groups.get(first, ()) for band in bands), reverse=True):
                    pair = min(key, mate), max(key, mate)
                    if pair not in tried:
                        tried.add(pair)
                        if score := self._score(pair):
                            links[pair] = score
                            self._link(pair)
                            break
        return links

    def _score(self, pair: Pair) -> float:
        if pair in self._apart:
            return 0.0
        one, other = (self._tellings[key] for key in pair)
        return likeness(one.sketch, other.sketch) if agree(one, other) else 0.0

    def _group(self, key: int) -> int:
        """The report that stands for the key's group."""
        while (above := self._above[key]) != key:
            self._above[key] = self._above[above]
            key = above
        return key

    def _joined(self, one: int, other: int) -> bool:
        mine, theirs = self._group(one), self._group(other)
        return mine == theirs or theirs in self._near[mine]

    def _link(self, pair: Pair) -> None:
        kept, gone = sorted(map(self._group, pair))
        if kept == gone:
            return
        if self._tellings[kept].audience_id != self._tellings[gone].audience_id:
            self._near[kept].add(gone)
            self._near[gone].add(kept)
            return
        self._above[gone] = kept
        self._merged += 1
        for other in self._near.pop(gone, set()):
            self._near[other] = self._near[other] - {gone} | {kept}
            self._near[kept].add(other)


class _Band:
    """The reports of a band by their groups, gathered anew when groups have become one since."""

    def __init__(self, keys: list[int]) -> None:
        self.keys = keys
        self.groups: dict[int, list[int]] = {key: [key] for key in keys}
        self._at = -1

    def gather(self, group: Callable[[int], int], merged: int) -> None:
        if self._at == merged:
            return
        self._at = merged
        found: dict[int, list[int]] = {}
        for first, mates in self.groups.items():
            found.setdefault(group(first), []).extend(mates)
        self.groups = {first: sorted(mates, reverse=True) for first, mates in found.items()}


def agree(one: Telling, other: Telling) -> bool:
    """Whether two reports may tell one incident: same status, near in time, places that do not exclude each other."""
    if one.status != other.status:
        return False
    apart = max(one.occurred_from - other.occurred_to, other.occurred_from - one.occurred_to)
    if apart > NEAR:
        return False
    if one.place is None or other.place is None:
        return True
    places = vocabulary.places()
    return places.within(one.place, other.place) or places.within(other.place, one.place)
