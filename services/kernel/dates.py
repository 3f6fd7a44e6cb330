"""Dates and instants put into the words of one language, for pages and editions alike."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval, format_skeleton

LOCALES = {"en": "en_GB"}  # day before month, as the United Nations writes dates


class Dates:
    """One language's way of writing dates, and instants as the clocks of a time zone show them."""

    def __init__(self, language: str, zone: str = "UTC") -> None:
        self.language = language
        self.zone = zone
        self.locale = Locale.parse(LOCALES.get(language, language))

    def day(self, day: date) -> str:
        """A date, the month in letters."""
        return format_date(day, format="long", locale=self.locale)

    def span(self, start: date, end: date) -> str:
        """One day or a range of days."""
        return self.day(start) if start == end else format_interval(start, end, skeleton="yMMMd", locale=self.locale)

    def month(self, day: date) -> str:
        """A month with its year."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def months(self, start: date, end: date) -> str:
        """A range of months."""
        return format_interval(start, end, skeleton="yMMMM", locale=self.locale)

    def short_month(self, day: date) -> str:
        """A short month with its year, for axes and tables."""
        return format_skeleton("yMMM", day, locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Date and time of an aware instant, with the zone."""
        local = at.astimezone(ZoneInfo(self.zone))
        return f"{format_datetime(local, format='d MMMM y, HH:mm', locale=self.locale)} {self.zone}"
