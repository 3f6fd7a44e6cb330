"""Facts put into a language: dates, numbers, plural forms, grades and the facts line of an item."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from babel.numbers import format_decimal

from services import vocabulary
from services.digests.content import Item
from services.digests.document import Fact
from services.digests.schedule import series_grain
from services.kernel.dates import Dates
from services.kernel.i18n import translator
from services.network import terms_said


class Naming(Protocol):
    """Where the names of places and themes come from: the network's vocabulary."""

    def place(self, code: str, language: str) -> str:
        """The name of a place."""
        ...

    def theme(self, code: str, language: str) -> str:
        """The name of a theme."""
        ...

    def country(self, code: str) -> str | None:
        """The code of the country that a place lies in; None for a region."""
        ...


class Wording(Dates):
    """One language's way of saying things."""

    def __init__(self, language: str, naming: Naming) -> None:
        super().__init__(language)
        self.naming = naming
        catalogue = translator(language)
        self._, self.ngettext = catalogue.gettext, catalogue.ngettext

    def number(self, value: float) -> str:
        """A number with the language's marks; at most one decimal."""
        return format_decimal(value, format="#,##0.#", locale=self.locale)

    def value(self, value: float | None) -> str:
        """A count, or that there is no data."""
        return self._("no data") if value is None else self.number(value)

    def bucket(self, grain: str, start: date) -> str:
        """The name of a bucket of a series."""
        return self.short_month(start) if series_grain(grain) == "month" else self.day(start)

    def period(self, grain: str, start: date, end: date) -> str:
        """The name of an edition's period."""
        if grain == "month":
            return self.month(start)
        if grain == "quarter":
            return self.months(start, end)
        return str(start.year) if grain == "year" else self.span(start, end)

    def place(self, code: str) -> str:
        """A place with its country."""
        name, country = self.naming.place(code, self.language), self.naming.country(code)
        return name if country in (None, code) else f"{name}, {self.naming.place(country or code, self.language)}"

    def theme(self, code: str) -> str:
        """The name of a theme."""
        return self.naming.theme(code, self.language)

    def listed(self, parts: Sequence[str], most: int = 4) -> str:
        """Some parts, and how many more there are."""
        rest = len(parts) - most
        more = self.ngettext("and %(n)d more", "and %(n)d more", rest) % {"n": rest} if rest > 0 else ""
        return "; ".join([*parts[:most], *([more] if more else [])])

    def origins(self, count: int) -> str:
        """How many independent origins stand behind something."""
        words = self.ngettext("%(n)s independent origin", "%(n)s independent origins", count)
        return words % {"n": self.number(count)}

    def grade(self, reliability: str | None, credibility: int | None) -> str:
        """Both axes of the grade (Admiralty code, FM 2-22.3), never made into one number; unknown is F and 6."""
        _ = self._
        sources = {
            "A": _("completely reliable source"),
            "B": _("usually reliable source"),
            "C": _("fairly reliable source"),
            "D": _("not usually reliable source"),
            "E": _("unreliable source"),
            "F": _("source cannot be judged: A to E"),
        }
        contents = {
            1: _("confirmed by independent sources"),
            2: _("probably true"),
            3: _("possibly true"),
            4: _("doubtful"),
            5: _("improbable"),
            6: _("truth cannot be judged: 2 to 5"),
        }
        letter, digit = reliability or "F", credibility or 6
        return f"{letter}{digit} ({sources[letter]}, {contents[digit]})"

    def figures(self, figures: Mapping[str, float]) -> str:
        """How many of what, in the order given by the words below; other figures by their key."""
        ngettext = self.ngettext
        known = {
            "killed": ngettext("%(n)s killed", "%(n)s killed", _plural(figures, "killed")),
            "injured": ngettext("%(n)s injured", "%(n)s injured", _plural(figures, "injured")),
            "detained": ngettext("%(n)s detained", "%(n)s detained", _plural(figures, "detained")),
            "displaced": ngettext("%(n)s displaced", "%(n)s displaced", _plural(figures, "displaced")),
            "persons": ngettext("%(n)s person", "%(n)s persons", _plural(figures, "persons")),
            "seized_kg": ngettext("%(n)s kg seized", "%(n)s kg seized", _plural(figures, "seized_kg")),
        }
        keys = [key for key in known if key in figures] + sorted(key for key in figures if key not in known)
        said = [
            known.get(key, f"{vocabulary.figure(key, self.language)}: %(n)s").replace(
                "%(n)s", self.number(figures[key])
            )
            for key in keys
        ]
        return ", ".join(said)

    def facts(self, item: Item) -> tuple[Fact, ...]:
        """The line that every item opens with, made of its tags and never of its text; before it the title in the
        reader's language, where somebody has translated it."""
        _ = self._
        who = item.originator or _("originator withheld")
        return (
            *self._translated(item),
            Fact("what", _("What"), self.listed([self.theme(code) for code in item.themes]) or _("theme not known")),
            Fact("where", _("Where"), self.listed([self.place(code) for code in item.places]) or _("place not known")),
            Fact("when", _("When"), self.span(item.occurred_from, item.occurred_to)),
            Fact("how_many", _("How many"), self.figures(item.figures) or _("no figures given")),
            Fact("grade", _("Grade"), self.grade(item.reliability, item.credibility)),
            Fact("origins", _("Origins"), "; ".join([self.origins(item.origins), *self._round(item), who])),
            Fact("reports", _("Reports"), ", ".join(item.reports)),
            *((Fact("terms", _("Terms"), " ".join(said)),) if (said := terms_said(item.terms, self.language)) else ()),
        )

    def _round(self, item: Item) -> tuple[str, ...]:
        """That it goes round in a circle, if it does."""
        return (self._("circular: its reports cite each other"),) if item.circular else ()

    def _translated(self, item: Item) -> tuple[Fact, ...]:
        _ = self._
        if self.language not in item.titles or item.language == self.language:
            return ()
        title, own = item.titles[self.language]
        by = _("translated by the originator") if own else _("translated by another member of the network")
        return (
            Fact("title", _("Title in English") if self.language == "en" else _("Title in Russian"), f"{title} ({by})"),
        )


def _plural(figures: Mapping[str, float], key: str) -> int:
    """The number that chooses the plural form; what is not whole takes the form of many."""
    number = figures.get(key, 0)
    return int(number) if number == int(number) else 5
