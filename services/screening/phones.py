"""Telephone numbers of the region's countries, with or without the country's code."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from services.screening.digits import Group, joined
from services.screening.rules import countries, words

MOST = 15  # digits (ITU-T E.164)
LEAST = 7
_AT_HOME = 11  # digits of a number without its country's code, at most
_BEFORE = 40  # characters in which a word announces a number
_YEAR = re.compile(r"(?:19|20)\d\d")
_ABROAD = "00"


class Phones:
    """Tells telephone numbers in one text; `left` bounds how often the numbering plans are asked."""

    def __init__(self, text: str, near: tuple[str, ...], *, left: int) -> None:
        self._text = text
        self._near = words(near)
        self._countries = countries()
        self._left = left

    def begins(self, run: Sequence[Group]) -> int | None:
        """Where the number begins that these groups are, with its plus; None if they are none."""
        digits = joined(run)
        if not LEAST <= len(digits) <= MOST + 2:
            return None
        start = self._plus(run[0].start)
        if start is not None:
            return start if self._possible(f"+{digits}") else None
        bracket = run[0].start - 1
        start = bracket if bracket >= 0 and self._text[bracket] == "(" else run[0].start
        if digits.startswith(_ABROAD):
            return start if self._valid(f"+{digits[2:]}", None) else None
        return start if self._within(run, digits) else None

    def _plus(self, start: int) -> int | None:
        before = self._text[max(0, start - 3) : start]
        stripped = before.rstrip(" (")
        return start - len(before) + len(stripped) - 1 if stripped.endswith(("+", "＋")) else None

    def _within(self, run: Sequence[Group], digits: str) -> bool:
        """Whether it is a number of one of the countries, written with its code, or as it is dialled there."""
        if _is_date(run):
            return False
        if digits.startswith(_codes(self._countries)) and self._valid(f"+{digits}", None, ours=True):
            return True
        if len(digits) > _AT_HOME:
            return False
        dialled = _as_dialled(run, digits, _prefixes(self._countries)) and not _is_amount(run)
        if not dialled and not self._announced(run[0].start):
            return False
        return any(self._valid(digits, country) for country in _likely(digits, self._countries))

    def _valid(self, number: str, country: str | None, *, ours: bool = False) -> bool:
        """Whether it is a number by the plans, of this country, or with its code, of any or of ours."""
        import phonenumbers

        parsed = self._parsed(number, country)
        if parsed is None:
            return self._left < 0
        if ours:
            return phonenumbers.region_code_for_number(parsed) in self._countries
        if country is not None:
            return bool(phonenumbers.is_valid_number_for_region(parsed, country))
        return bool(phonenumbers.is_valid_number(parsed))

    def _possible(self, number: str) -> bool:
        """Whether it has a country's code and the length of a number there: a plus says that it is meant for one."""
        import phonenumbers

        parsed = self._parsed(number, None)
        return self._left < 0 if parsed is None else bool(phonenumbers.is_possible_number(parsed))

    def _parsed(self, number: str, country: str | None) -> Any:
        """The number as its parts; None where it is none, or where nothing can be looked at any more. Then `left` is
        below zero, and it is taken for a number: rather too much than too little."""
        import phonenumbers

        self._left -= 1
        if self._left < 0:
            return None
        try:
            return phonenumbers.parse(number, country)
        except phonenumbers.NumberParseException:
            return None

    def _announced(self, start: int) -> bool:
        before = self._text[max(0, start - _BEFORE) : start]
        return self._near.search(before) is not None


@cache
def _codes(among: tuple[str, ...]) -> tuple[str, ...]:
    import phonenumbers

    return tuple({str(phonenumbers.country_code_for_region(country)) for country in among})


@cache
def _prefixes(among: tuple[str, ...]) -> tuple[str, ...]:
    """What is dialled before a number within these countries."""
    import phonenumbers

    found = (phonenumbers.ndd_prefix_for_region(country, True) for country in among)
    return tuple({one for one in found if one})


@cache
def _plans(among: tuple[str, ...]) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Of each country what is dialled before a number, and how its numbers look at all: to ask the plans less often."""
    import phonenumbers

    found = []
    for country in among:
        plan = phonenumbers.PhoneMetadata.metadata_for_region(country)
        looks = plan.general_desc.national_number_pattern if plan and plan.general_desc else None
        if plan and looks:
            found.append((country, plan.national_prefix or "", re.compile(looks)))
    return tuple(found)


def _likely(digits: str, among: tuple[str, ...]) -> Iterator[str]:
    """The countries of which this may be a number, with its prefix or without."""
    for country, prefix, looks in _plans(among):
        if looks.fullmatch(digits) or (prefix and looks.fullmatch(digits.removeprefix(prefix))):
            yield country


def _as_dialled(run: Sequence[Group], digits: str, prefixes: tuple[str, ...]) -> bool:
    """Whether it looks like a number and nothing else: with the prefix, or in three groups or more with no point."""
    if digits.startswith(prefixes) and len(digits) > 8:
        return True
    between = "".join(one.joined or "" for one in run[1:])
    return len(run) > 2 and not any(sign in between for sign in "./–") and len(run[-1].digits) > 1


def _is_amount(run: Sequence[Group]) -> bool:
    """Whether the groups are thousands."""
    if len(run) < 2 or any((one.joined or "").strip("\u00a0\u202f .") for one in run[1:]):
        return False
    return len(run[0].digits) <= 3 and all(len(one.digits) == 3 for one in run[1:])


def _is_date(run: Sequence[Group]) -> bool:
    lengths = [len(one.digits) for one in run]
    for at, one in enumerate(run):
        near = lengths[at + 1 : at + 3] if at + 2 < len(run) else lengths[max(0, at - 2) : at]
        if _YEAR.fullmatch(one.digits) and len(near) == 2 and all(length <= 2 for length in near):
            return True
    return False
