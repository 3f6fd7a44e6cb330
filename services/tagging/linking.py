"""Which reports tell the same: near duplicates whose facts do not contradict each other, linked sparingly. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from services import vocabulary
from services.tagging.duplicates import SIMILAR, Wording, likeness

MOST_CANDIDATES = 200
NEAR = timedelta(days=7)
EQUAL = 100.0  # the score of equal words
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Telling:
    """What a report tells, and to whom. Those that tell the same are linked alike, and seen together or not at all."""

    audience_id: int
    status: str
    occurred_from: date
    occurred_to: date
    place: str | None
    wording: Wording


class Groups:
    """Reports by what they tell. Three things hold of the links, so that two near duplicates that a viewer sees are
    always joined through reports that this viewer sees: each link is between two that are alike; reports of one
    telling are joined among themselves; of two tellings that are alike, some two reports are linked. All pairs would
    do as well, but a thousand equal reports would have half a million links.
    """

    def __init__(self, tellings: dict[int, Telling], new: frozenset[int]) -> None:
        self._tellings = tellings
        self._roots: dict[Telling, int] = {}
        for key in sorted(tellings, key=lambda key: (key in new, key)):  # one that has its links already comes first
            self._roots.setdefault(tellings[key], key)
        self._scores: dict[Pair, float] = {}

    def join(self, bands: dict[int, tuple[int, ...]], holders: dict[int, set[int]]) -> dict[Pair, float]:
        """The links of new reports: to one that tells the same, else to one of each telling that is alike."""
        links: dict[Pair, float] = {}
        for key in sorted(bands):
            root = self._roots[self._tellings[key]]
            if not bands[key]:
                continue  # too short to tell
            if root != key:
                links[_pair(root, key)] = EQUAL
            else:
                links |= self._alike(key, self._candidates(key, bands[key], holders))
        return links

    def mend(self, torn: dict[int, float]) -> dict[Pair, float]:
        """The links that stand in for those of reports that go, among the reports these were linked to.

        One that told the same as a report that goes takes over its links: it is alike to all that this was alike to.
        """
        firsts: dict[Telling, int] = {}
        heirs: dict[Telling, int] = {}
        links: dict[Pair, float] = {}
        for key in sorted(torn):
            telling = self._tellings[key]
            first = firsts.setdefault(telling, key)
            if first != key:
                links[_pair(first, key)] = EQUAL
            if torn[key] == EQUAL:
                heirs[telling] = first
        for heir in heirs.values():
            links |= self._alike(heir, [key for key in firsts.values() if key != heir])
        return links

    def _candidates(self, key: int, bands: Iterable[int], holders: dict[int, set[int]]) -> list[int]:
        """One report of each other telling that shares a band, those with most bands in common first."""
        shared = Counter(mate for band in bands for mate in holders[band] if mate in self._tellings)
        common: dict[int, int] = {}
        for mate, count in shared.items():
            root = self._roots[self._tellings[mate]]
            common[root] = max(count, common.get(root, 0))
        common.pop(key, None)
        return sorted(common, key=lambda mate: (-common[mate], mate))

    def _alike(self, key: int, mates: Iterable[int]) -> dict[Pair, float]:
        """Verified links from a report to the first of these whose facts do not contradict it."""
        own = self._tellings[key]
        agreeing = [mate for mate in mates if agree(own, self._tellings[mate])][:MOST_CANDIDATES]
        scores = {_pair(key, mate): self._score(_pair(key, mate)) for mate in agreeing}
        return {pair: score for pair, score in scores.items() if score >= SIMILAR}

    def _score(self, pair: Pair) -> float:
        if pair not in self._scores:
            self._scores[pair] = likeness(*(self._tellings[key].wording for key in pair))
        return self._scores[pair]


def _pair(one: int, other: int) -> Pair:
    return min(one, other), max(one, other)


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
