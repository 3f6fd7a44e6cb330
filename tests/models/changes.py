"""The change feed: what a reader is told of what came into its sight, changed in it and left it (ADR 0019)."""

from dataclasses import dataclass, field

NOBODY = frozenset[str]()


@dataclass
class Report:
    """A report and the one audience that sees it now; `key` is its place in the list of reports."""

    key: int
    audience: str
    words: int = 0
    withdrawn: bool = False


@dataclass(frozen=True)
class Place:
    """A cursor: changes known up to `position`; of the list, what is up to `swept` is held by the audiences `sight`,
    the rest by those of `older`, each up to a key (the last to the end)."""

    position: int
    sight: frozenset[str]
    swept: int = -1
    older: tuple[tuple[frozenset[str], float], ...] = ()


@dataclass
class Network:
    """Reports, the log of what happened to them, one reader's rights, and what the feed has ever given it."""

    rights: frozenset[str] = NOBODY
    reports: list[Report] = field(default_factory=list)
    log: list[int] = field(default_factory=list)
    given: dict[int, int | None] = field(default_factory=dict)
    """Keys given; the value: the position up to which it was lost, None while it is held."""

    def submit(self, audience: str) -> int:
        self.reports.append(Report(len(self.reports), audience))
        self._happened(self.reports[-1])
        return self.reports[-1].key

    def change(self, key: int, *, audience: str | None = None, withdraw: bool = False) -> None:
        report = self.reports[key]
        report.audience = audience or report.audience
        report.words += 1
        report.withdrawn = report.withdrawn or withdraw
        self._happened(report)

    def visible(self) -> dict[int, int]:
        """What the list gives the reader: keys, and which words."""
        return {one.key: one.words for one in self.reports if self._sees(one)}

    def page(self, cursor: Place | None, size: int) -> tuple[list[tuple[str, int, int]], Place, bool]:
        """The next changes (what, key, words), where that leads, and whether there is more."""
        place = cursor or Place(len(self.log), NOBODY)
        place = _by(place, self.rights)
        told: list[tuple[str, int, int]] = []
        while place.older:
            (before, upto), *rest = place.older
            found = [one for one in self.reports if place.swept < one.key <= upto and self._differs(one, before)]
            room = size - len(told)
            told += [self._tell(one, place.position) for one in found[:room]]
            if len(found) > room:
                swept = found[room - 1].key if room else place.swept
                return told, Place(place.position, place.sight, swept, place.older), True
            place = Place(place.position, place.sight, int(upto) if rest else -1, tuple(rest))
        happened = [
            (position, self.reports[key])
            for position, key in enumerate(self.log, 1)
            if position > place.position and (self._sees(self.reports[key]) or self._had(key, position))
        ]
        room = size - len(told)
        told += [self._tell(one, len(self.log)) for one in {one.key: one for _, one in happened[:room]}.values()]
        if len(happened) > room:
            position = happened[room - 1][0] if room else place.position
            return told, Place(position, place.sight), True
        return told, Place(len(self.log), place.sight), False

    def _happened(self, report: Report) -> None:
        self.log.append(report.key)

    def _sees(self, report: Report) -> bool:
        return report.audience in self.rights and not report.withdrawn

    def _differs(self, report: Report, before: frozenset[str]) -> bool:
        if report.withdrawn:
            return False
        held, seen = report.audience in before, report.audience in self.rights
        return (seen and not held) or (held and not seen and report.key in self.given)

    def _had(self, key: int, position: int) -> bool:
        """Whether the reader had it, and has not lost it before this happened."""
        lost = self.given.get(key, 0)
        return lost is None or position <= lost

    def _tell(self, report: Report, position: int) -> tuple[str, int, int]:
        there = self._sees(report)
        if there:
            self.given[report.key] = None
        elif self.given[report.key] is None:
            self.given[report.key] = position
        return ("given" if there else "lost"), report.key, report.words if there else 0


def _by(place: Place, rights: frozenset[str]) -> Place:
    """The same reader with other rights: the list is gone through once more, part by part."""
    if rights == place.sight:
        return place
    whole = (place.sight, float("inf"))
    older = place.older or (whole,)
    if place.older and place.swept >= 0:
        older = ((place.sight, float(place.swept)), *place.older)
    return Place(place.position, rights, -1, older)
