"""What stands above a list of reports: how many are of which theme, country, kind, status and originator, as links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from services import vocabulary
from services.console.words import Words
from services.tagging import Count, FacetsView

Filters = Mapping[str, str | tuple[str, ...]]
FIRST = 6  # lines of a group that are always shown
UNCOUNTED = ("q", "figure", "counted")  # filters that the counts of the API do not take either


@dataclass(frozen=True, slots=True)
class Line:
    """How many have a value. The address lists exactly these; None where they are listed already, or by no address."""

    name: str
    reports: int
    address: str | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one property, those of most reports first; `note` says what the numbers leave out."""

    title: str
    lines: Sequence[Line]
    note: str = ""

    @property
    def first(self) -> Sequence[Line]:
        """The lines that are always shown."""
        return self.lines[:FIRST]

    @property
    def rest(self) -> Sequence[Line]:
        """The lines that are shown when asked for."""
        return self.lines[FIRST:]


def countable(filters: Filters) -> bool:
    """Whether what these filters leave may be counted."""
    return not any(filters.get(name) for name in UNCOUNTED)


def groups(found: FacetsView, filters: Filters, words: Words) -> list[Group]:
    """The groups that have anything to tell; originators always."""
    _ = words._
    unnamed = found.originators.not_named
    note = _("Counted are only originators whom you may know: the list may hold more reports.")
    if unnamed is not None:
        note = _("Of originators who are not named to you: %(n)d.") % {"n": unnamed}
    made = [
        Group(_("Themes"), _lines(found.themes, "theme", filters)),
        Group(_("Countries"), _lines(found.countries, "place", filters)),
        Group(_("Kinds"), _lines(found.kinds, "kind", filters, words.kinds)),
        Group(_("Statuses"), _lines(found.statuses, "status", filters, words.statuses)),
    ]
    return [*(one for one in made if one.lines), Group(_("Originators"), _lines_named(found, filters), note)]


def _lines_named(found: FacetsView, filters: Filters) -> list[Line]:
    return _lines(found.originators.named, "originator", filters)


def _lines(counts: Sequence[Count], name: str, filters: Filters, called: Mapping[str, str] | None = None) -> list[Line]:
    given = filters.get(name) or ()
    chosen = (given,) if isinstance(given, str) else given
    if name == "place" and given == vocabulary.places().root.code:
        chosen = ()
    rest = {key: value for key, value in filters.items() if value}
    found = []
    for one in counts:
        # What is filtered for one value may have another too: no address says both.
        narrows = not chosen or (one.value in chosen and len(chosen) > 1)
        address = f"/reports?{urlencode(rest | {name: one.value}, doseq=True)}" if narrows else None
        found.append(Line((called or {}).get(one.value, one.name), one.reports, address, chosen == (one.value,)))
    return found
