"""Runs of digits in a text, and what their digits say: dates of birth, check digits, groups as people write them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.screening.rules import Check, Date, National

_OTHERS = re.compile("[٠-٩۰-۹０-９]")
_PLAIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９", "0123456789" * 3)
_GROUP = re.compile(r"(?<![^\W\d_])[0-9]+(?![^\W\d_])")
_SIGNS = r"[ \t\u00a0\u202f\-‐‑–.()/№#]"
_BETWEEN = re.compile(_SIGNS + "{1,3}")
_CLUSTER = re.compile(f"[0-9](?:{_SIGNS}{{0,3}}[0-9]){{5,}}")
_DATE = r"(?:[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2})"
_DATES = re.compile(rf"{_DATE}(?:[ –-]{{1,3}}{_DATE})?(?:[ .-]{{1,2}}[0-9]{{1,2}})?")
LEAST_DIGITS, MOST_DIGITS, MOST_GROUPS = 6, 20, 6


@dataclass(frozen=True, slots=True)
class Group:
    """Digits in a row; `joined`: what stands between them and the group before, None at the beginning."""

    start: int
    end: int
    digits: str
    joined: str | None


def plain(text: str) -> str:
    """The text with Arabic, Persian and wide digits as plain ones, character for character."""
    return text.translate(_PLAIN) if _OTHERS.search(text) else text


def clusters(text: str) -> Iterator[list[Group]]:
    """Groups of plain digits that stand together and hold digits enough for anything, but for dates. A group that is
    part of a word is none."""
    for found in _CLUSTER.finditer(text):
        if not _DATES.fullmatch(text, found.start(), found.end()):
            yield from _groups(text, found)


def _groups(text: str, within: re.Match[str]) -> Iterator[list[Group]]:
    cluster: list[Group] = []
    for one in _GROUP.finditer(text, within.start(), min(len(text), within.end() + 1)):
        joined = None
        if cluster:
            joined = text[cluster[-1].end : one.start()]
            if not _BETWEEN.fullmatch(joined):  # digits of a word stand between
                yield cluster
                cluster, joined = [], None
        cluster.append(Group(one.start(), one.end(), one.group(), joined))
    if cluster:
        yield cluster


def runs(cluster: Sequence[Group], first: int) -> Iterator[Sequence[Group]]:
    """The runs that begin with a group of a cluster, the longest first; none of too many digits or groups."""
    digits, last = 0, first
    while last < len(cluster) and last < first + MOST_GROUPS:
        digits += len(cluster[last].digits)
        if digits > MOST_DIGITS:
            break
        last += 1
    for end in range(last, first, -1):
        if digits < LEAST_DIGITS:
            return
        yield cluster[first:end]
        digits -= len(cluster[end - 1].digits)


def joined(run: Sequence[Group]) -> str:
    """All digits of a run."""
    return "".join(one.digits for one in run)


def is_national(number: str, rule: National) -> bool:
    """Whether the digits can be a number by this rule: length, beginning, date of birth, check digit."""
    return could_be(number, rule) and (rule.check is None or number[-1] == check_digit(number[:-1], rule.check))


def could_be(number: str, rule: National) -> bool:
    """The same but for the check digit."""
    if len(number) != rule.digits or (rule.begin and not number.startswith(rule.begin)):
        return False
    return rule.date is None or _born(number, rule.date)


def check_digit(number: str, check: Check) -> str | None:
    """The last digit of a number that begins so; None where there is no such number."""
    for weights in check.weights:
        found = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % check.modulus
        if found < 10:
            return str(found)
    return None


def _born(number: str, rule: Date) -> bool:
    part = number[rule.at : rule.at + len(rule.form)]
    try:
        if rule.form == "yymmdd":
            date(2000, int(part[2:4]), int(part[4:6]))
        elif rule.form == "ddmmyy":
            date(2000, int(part[2:4]), int(part[:2]))
        else:
            return 1900 <= date(int(part[4:]), int(part[2:4]), int(part[:2])).year < 2100
    except ValueError:
        return False
    return True


def luhn(number: str) -> bool:
    """Whether the digits satisfy the check of payment cards (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * 2 for digit in number[-2::-2]]
    return (sum(int(digit) for digit in number[::-2]) + sum(one - 9 if one > 9 else one for one in doubled)) % 10 == 0
