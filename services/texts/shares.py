"""How sure a share is that was counted on a few: Wilson's score interval (1927). Pure."""

from math import sqrt

Interval = tuple[float, float]
_Z = 1.96  # of 95 %


def wilson(right: int, of: int) -> Interval | None:
    """Wilson's score interval of a proportion at 95 %; None of nothing."""
    if not of:
        return None
    share, square = right / of, _Z * _Z
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return round(max(0.0, centre - half), 4), round(min(1.0, centre + half), 4)
