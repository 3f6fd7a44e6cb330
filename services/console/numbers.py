"""Numbers as people write them, in either language."""

import re

# A mark with three digits behind it parts thousands for some readers and decimals for others: it is asked about.
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?|0[.,][0-9]{3}")
_SPACES = str.maketrans(dict.fromkeys(" \u00a0\u202f\t"))


def number(text: str) -> float | None:
    """The number that is written; None where there is none, or where two people would read two."""
    plain = text.translate(_SPACES)
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None
