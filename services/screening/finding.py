"""Personal data in a text: addresses, phones, accounts, cards, passports and national numbers, each with its span."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from services.screening.digits import Group, clusters, could_be, is_national, joined, luhn, plain, runs
from services.screening.phones import Phones
from services.screening.rules import National, rules, words

Kind = Literal["email", "iban", "card", "national_number", "passport", "phone"]
KINDS: tuple[Kind, ...] = ("email", "iban", "card", "national_number", "passport", "phone")
MASK = "█"
ROUNDS = 4
LOOKS = 300  # how often one text's numbers are looked at closely: a text of nothing else must not cost more
MOST_GROUPS = 3_000  # looked at; in a text of more what follows is covered unseen: rather too much than too little
_ANYTHING = re.compile("[@0-9٠-٩۰-۹０-９]")
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]")
_LONGEST_LOCAL, _NO_BEGINNING = 64, ".'`-/={|}"
_DOMAIN = re.compile(r"@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_ALONE = r"(?<![A-Za-z0-9])[A-Za-z]{2}"
_IBAN = re.compile(rf"[0-9]{{2}}(?:(?<={_ALONE}[0-9]{{2}})|(?<={_ALONE} [0-9]{{2}}))(?=[ \-]?[A-Za-z0-9])")
_CARD = re.compile(r"[0-9]{4}([ \-]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}|[0-9]{4}[ \-]?[0-9]{6}[ \-]?[0-9]{5}")
_BEFORE, _AFTER, _SERIES = 60, 20, 12  # characters: where a word announces a number, and where its letters stand
_TIGHT = "-‐‑–."
_NOTHING_ELSE = re.compile(
    r"\w*[\s:;,.№#NnºСс()\-/]*(?:(?:сери|номер|number|no|seri|raqam|рақам)\w*[\s:;,.№#()\-]*){0,3}"
)


class Found(NamedTuple):
    """One of these, at `text[start:end]`."""

    start: int
    end: int
    kind: Kind


@dataclass(slots=True)
class _Taken:
    """What is found so far, none over another."""

    marks: bytearray
    found: list[Found]

    def add(self, start: int, end: int, kind: Kind) -> bool:
        if 1 in self.marks[start:end]:
            return False
        self.marks[start:end] = b"\x01" * (end - start)
        self.found.append(Found(start, end, kind))
        return True


class Looked(NamedTuple):
    """What of these kinds was found in a text, in order, and how many groups of digits had to be looked at."""

    found: tuple[Found, ...]
    groups: int


def found_in(text: str) -> Looked:
    """Look for these kinds in a clean text. Time grows with its length alone, whatever it holds.

    What is found is covered and looked at again: what stood right beside it may only then show for what it is.
    """
    looked = first = _once(text)
    found = looked.found
    for _ in range(ROUNDS):
        if not looked.found:
            break
        looked = _once(masked(text, found))
        found = tuple(sorted((*found, *looked.found)))
    return Looked(found, first.groups)


def _once(text: str) -> Looked:
    if not _ANYTHING.search(text):
        return Looked((), 0)
    said = plain(text)
    taken = _Taken(bytearray(len(text)), [])
    if "@" in said:
        for start, end in _emails(said):
            taken.add(start, end, "email")
    for start, end in _ibans(said):
        taken.add(start, end, "iban")
    numbers = None
    for cluster in clusters(said):
        numbers = numbers or _Numbers(said)
        for start, end, kind in numbers.of(cluster):
            taken.add(start, end, kind)
    return Looked(tuple(sorted(taken.found)), numbers.looked if numbers else 0)


def _emails(text: str) -> Iterator[tuple[int, int]]:
    for at in re.finditer("@", text):
        domain = _DOMAIN.match(text, at.start())
        if domain is None:
            continue
        start = at.start()
        while start > 0 and at.start() - start < _LONGEST_LOCAL and _LOCAL.match(text, start - 1):
            start -= 1
        local = text[start : at.start()].lstrip(_NO_BEGINNING)
        if local:
            yield at.start() - len(local), domain.end()


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    from stdnum.iso7064 import mod_97_10

    looked = 0
    for begin in _IBAN.finditer(text):
        start = begin.start() - (3 if text[begin.start() - 1] == " " else 2)
        more = _iban_length(text[start : start + 2].upper()) - 4
        found = _further(more).match(text, begin.end()) if more > 0 else None
        if found is None:
            continue
        looked += 1
        kept = re.sub("[ -]", "", text[start : found.end()]).upper()
        if looked > LOOKS or mod_97_10.is_valid(kept[4:] + kept[:4]):
            yield start, found.end()


@cache
def _further(characters: int) -> re.Pattern[str]:
    return re.compile(rf"(?:[ \-]?[A-Za-z0-9]){{{characters}}}(?![A-Za-z0-9])")


@cache
def _iban_length(country: str) -> int:
    """How long the country's account numbers are (ISO 13616 registry); 0 where it has none."""
    from stdnum import numdb

    part, known = numdb.get("iban").info(country)[0]
    if part != country:
        return 0
    return 4 + sum(int(number) for number in re.findall(r"(\d+)!", known.get("bban", "")))


class _Numbers:
    """What numbers of a text are, the surest kind first."""

    def __init__(self, text: str) -> None:
        self.looked = 0
        self._text = text
        self._rules = rules()
        self._lengths = {rule.digits for rule in self._rules.national_numbers}
        self._forms = _compiled(tuple((one.form, one.adjacent) for one in self._rules.passports.forms))
        self._phones = Phones(text, self._rules.phones.near, left=LOOKS)

    def of(self, cluster: Sequence[Group]) -> Iterator[Found]:
        """What begins at each group of digits; what was taken is not looked at again."""
        at = 0
        while at < len(cluster):
            self.looked += 1
            taken = self._at(cluster, at)
            if taken is None:
                at += 1
                continue
            yield taken
            while at < len(cluster) and cluster[at].start < taken.end:
                at += 1

    def _at(self, cluster: Sequence[Group], at: int) -> Found | None:
        if self.looked > MOST_GROUPS:
            return Found(cluster[at].start, cluster[-1].end, "phone")
        found = list(runs(cluster, at))
        if not found:
            return None
        return self._card(cluster[at]) or self._national(found) or self._passport(found) or self._phone(found)

    def _card(self, first: Group) -> Found | None:
        found = _CARD.match(self._text, first.start) if len(first.digits) in (4, 15, 16) else None
        if found is None or self._text[found.end() : found.end() + 1].isdigit():
            return None
        digits = re.sub("[ -]", "", found.group())
        if not digits.startswith(self._rules.cards.begin) or not luhn(digits) or len(set(digits)) == 1:
            return None
        return Found(found.start(), found.end(), "card")

    def _national(self, found: Sequence[Sequence[Group]]) -> Found | None:
        for run in found:
            number = joined(run)
            if len(number) in self._lengths and any(self._is_of(number, one, run) for one in self._of_length(number)):
                return Found(run[0].start, run[-1].end, "national_number")
        return None

    def _of_length(self, number: str) -> Iterator[National]:
        return (rule for rule in self._rules.national_numbers if rule.digits == len(number))

    def _is_of(self, number: str, rule: National, run: Sequence[Group]) -> bool:
        if not could_be(number, rule):
            return False
        if len(run) == 1 and not rule.announced and is_national(number, rule):
            return True
        return self._near(rule.near, run[0].start, run[-1].end)

    def _passport(self, found: Sequence[Sequence[Group]]) -> Found | None:
        """A number of a passport's form with a word near it that says so."""
        run = next((one for one in found if len(one) < 4 and 6 <= len(one[-1].digits) < 10), None)
        if run is None or not self._near(self._rules.passports.near, run[0].start, run[-1].end):
            return None
        end = run[-1].end
        for form, adjacent in self._forms:
            for one in form.finditer(self._text, max(0, run[0].start - _SERIES), end):
                whole = one.start() <= run[0].start and one.end() == end
                if whole and self._near(self._rules.passports.near, one.start(), end, adjacent=adjacent):
                    return Found(one.start(), end, "passport")
        return None

    def _near(self, listed: tuple[str, ...], start: int, end: int, *, adjacent: bool = False) -> bool:
        """Whether one of these words stands near; `adjacent`: directly before, with nothing but signs between."""
        before = self._text[max(0, start - _BEFORE) : start]
        for word in words(listed).finditer(before):
            if not adjacent or _NOTHING_ELSE.fullmatch(before, word.end()):
                return True
        return not adjacent and words(listed).search(self._text[end : end + _AFTER]) is not None

    def _phone(self, found: Sequence[Sequence[Group]]) -> Found | None:
        if (found[0][0].joined or " ")[-1] in _TIGHT and not self._text.startswith("+", found[0][0].start - 1):
            return None  # in the middle of a number of something else
        for run in found:
            begins = self._phones.begins(run)
            if begins is not None:
                return Found(begins, run[-1].end, "phone")
        return None


@cache
def _compiled(forms: tuple[tuple[str, bool], ...]) -> list[tuple[re.Pattern[str], bool]]:
    return [(re.compile(rf"(?<!\w){form}(?!\w)"), adjacent) for form, adjacent in forms]


def masked(text: str, spans: Sequence[Sequence[int]] | Sequence[Found]) -> str:
    """The text with every character of these spans, which stand in order, covered: all offsets stay."""
    pieces: list[str] = []
    at = 0
    for start, end, *_ in spans:
        pieces += (text[at:start], MASK * (end - max(at, start)))
        at = max(at, end)
    return "".join((*pieces, text[at:]))
