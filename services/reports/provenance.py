"""Where a report comes from, as one text key: equal keys are one independent origin.

A rumour told by three bodies that heard it from one is one origin; what a body saw itself is its own origin.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

Node = TypeVar("Node", int, str)
FEWEST = 3  # originators that are not named, told together only
ROUND = "round"  # the origin of what its own teller is said to have begun: it has come back, and observed nothing
Told = Mapping[str, set[str]]
"""Of each teller the origins that it names: itself where it observed."""


def origin(kind: str, *, originator: int, organisation: int | None, document: str | None, name: str | None) -> str:
    """The origin of a report: of whoever observed, not of whoever relayed.

    A relayed report names an organisation (key), a document or a source; the first of these that is given decides.
    """
    if kind == "own":
        return f"organisation:{originator}"
    if organisation is not None:
        return f"organisation:{organisation}" if organisation != originator else f"{ROUND}:{originator}"
    if document:
        return f"document:{_folded(document)}"
    if name:
        return f"name:{_folded(name)}"
    return f"unnamed:{originator}"


def telling(key: str, *, originator: int, attributed: bool) -> tuple[str, str]:
    """A report as `independent` takes it. All whose attribution the reader may not know are one: else a near copy
    "relayed from" a suspect would tell whether the suspect wrote it, and one body could corroborate itself unseen."""
    return (key, f"organisation:{originator}") if attributed else ("withheld", "withheld")


def distinct(tellings: Iterable[tuple[str, str]]) -> int:
    """How many independent origins stand behind reports of many incidents, given (origin, originator) of each.

    What an organisation relays does not count beside what it observed itself, and there are never more origins than
    originators. Who heard one thing from another may have told it another: nothing is followed here.
    """
    told = set(tellings)
    observers = {originator for key, originator in told if key == originator}
    origins = {key for key, originator in told if key == originator or originator not in observers}
    return min(len(origins), len({originator for _, originator in told}))


def independent(tellings: Iterable[tuple[str, str]]) -> int:
    """How many independent origins stand behind one incident, given (origin, originator) of each (docs/adr/0021).

    What is relayed from another that tells of it leads to where that one had it, and no organisation stands for more
    than one origin: none can corroborate itself. Tellers who cite only each other are one origin, whoever began.
    """
    told = _told(tellings)
    return _paired(told) + len(_circles(told))


def corroborated(tellings: Iterable[tuple[str, str]]) -> bool:
    """Whether two origins that are no circle stand behind one incident: what makes its information credible beyond
    what anybody may say of it (Admiralty 1). A circle may have begun with any of the others."""
    return _paired(_told(tellings)) > 1


def circular(paths: Iterable[tuple[str, tuple[str, ...]]], *, whole: bool) -> bool:
    """Whether reports of one incident go round: each is given as its teller and those it was heard from, the nearest
    first, none where it was observed.

    They do where the tellings cite each other, or where all of several tellers lead back to one of them. `whole`: these
    are all the reports of the incident that the reader sees; of some nothing is said about all.
    """
    heard: dict[str, set[str]] = defaultdict(set)
    observers, tellers = set(), set()
    for teller, path in paths:
        tellers.add(teller)
        if not path:
            observers.add(teller)
        for one, nearer in pairwise((teller, *path)):
            heard[one].add(nearer)
    if any(one in reached(one, heard.__getitem__) for one in list(heard)):
        return True

    def onward(one: str) -> set[str]:
        return set() if one in observers else heard[one]

    ends = {end for one in tellers for end in (one, *reached(one, onward)) if not onward(end)}
    return whole and len(tellers) > 1 and len(ends) == 1 and ends <= tellers


def reached(start: Node, onward: Callable[[Node], Iterable[Node]]) -> set[Node]:
    """All that is reached from here by one step or more."""
    found: set[Node] = set()
    edge = list(onward(start))
    while edge:
        one = edge.pop()
        if one not in found:
            found.add(one)
            edge += onward(one)
    return found


def _told(tellings: Iterable[tuple[str, str]]) -> Told:
    heard: dict[str, set[str]] = defaultdict(set)
    for key, teller in tellings:
        heard[teller].add(key)
    return {teller: {teller} if teller in keys else keys for teller, keys in heard.items()}


def _own_ends(told: Told) -> dict[str, set[str]]:
    """Of each teller the origins that it leads to itself, not through others that tell of it too."""
    return {
        teller: {one for one in keys if one == teller or not (one in told or one.startswith(f"{ROUND}:"))}
        for teller, keys in told.items()
    }


def _paired(told: Told) -> int:
    """The most origins of which each can stand on another teller (a maximum matching)."""
    ends = _own_ends(told)
    of: dict[str, str] = {}

    def place(teller: str, tried: set[str]) -> bool:
        for end in sorted(ends[teller] - tried):
            tried.add(end)
            if end not in of or place(of[end], tried):
                of[end] = teller
                return True
        return False

    return sum(place(teller, set()) for teller in sorted(told))


def _circles(told: Told) -> set[frozenset[str]]:
    """The groups of tellers that lead to each other and to nothing else."""
    ends = _own_ends(told)
    onward = {teller: {one for one in keys if one in told and one != teller} for teller, keys in told.items()}
    near = {teller: reached(teller, onward.__getitem__) | {teller} for teller in told}
    closed = (teller for teller in told if not any(ends[one] for one in near[teller]))
    return {frozenset(near[one]) for one in closed if all(one in near[other] for other in near[one])}


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Reports by originator. `rest`: how many others there are; None where that would tell whose, or there are none."""

    named: dict[int, int]
    rest: int | None


def breakdown(rows: Iterable[tuple[int, bool, int]], *, filtered: bool) -> Breakdown:
    """Count reports by originator, given (originator, whether the reader may know it, reports) (docs/adr/0013).

    `filtered`: these are not all that the reader sees. Then nothing is said of the rest: filters that overlap would
    tell by one's answer and another's which unnamed reports are of one originator.
    """
    named: dict[int, int] = {}
    hidden: dict[int, int] = {}
    for originator, known, reports in rows:
        into = named if known else hidden
        into[originator] = into.get(originator, 0) + reports
    return Breakdown(named, sum(hidden.values()) if not filtered and len(hidden) >= FEWEST else None)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", plain))[:200]
