"""Numerals: what digits and number words come to, or nothing where they can be read in two ways."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_GROUPED = re.compile(r"\d{1,3}(?: \d{3})+")
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d+")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_HUNDRED, _THOUSAND = 100, 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One word or figure of a number; a `scale` multiplies what stands before it, and alone may follow a `figure`."""

    value: Decimal
    scale: bool = False
    figure: bool = False


def read_digits(written: str, *, comma_is_decimal: bool) -> Decimal | None:
    """The number that figures write. None where a comma or point may stand for thousands or for a fraction."""
    if _GROUPED.fullmatch(written) or _PLAIN.fullmatch(written):
        return Decimal(written.replace(" ", ""))
    if not comma_is_decimal and _COMMAS.fullmatch(written):
        return Decimal(written.replace(",", ""))
    if _DECIMAL.fullmatch(written):
        whole, mark, rest = written.partition("," if "," in written else ".")
        thousands = len(rest) == 3 and (mark == ",") == comma_is_decimal and whole != "0"
        if thousands or (mark == "," and not comma_is_decimal):
            return None
        return Decimal(f"{whole}.{rest}")
    return None


def compose(parts: Sequence[Part]) -> Decimal | None:
    """A run of figures, number words and scales as one number: "two hundred", "twenty-five", "2 million". None where
    they do not make one."""
    if not parts or parts[0].scale:
        return None  # "thousands" is no number
    total, current, least = Decimal(0), Decimal(0), Decimal(10) ** 12
    for part in parts:
        if part.scale:
            if part.value == _HUNDRED:
                current = (current or 1) * part.value
            else:
                total, current = total + (current or 1) * part.value, Decimal(0)
            least = part.value
        else:
            if part.value >= _room(least) or (part.figure and current):
                return None
            current += part.value
            least = Decimal(1) if part.figure else part.value
    return total + current


def _room(least: Decimal) -> Decimal:
    """What may still follow a number whose last part was this: after a hundred less than a hundred, after thirty less
    than ten, after five nothing."""
    if least >= _HUNDRED:
        return Decimal(10) ** (len(str(int(least))) - 1)
    return Decimal(10) if least >= 20 and least % 10 == 0 else Decimal(0)
