"""The two axes of a grade, and how far what is unknown on either of them may lie (Admiralty code, FM 2-22.3). Pure."""

from typing import Final

LETTERS: Final = ("A", "B", "C", "D", "E")
UNKNOWN_SOURCE: Final = "F"
UNKNOWN_INFORMATION: Final = 6
SAID: Final = (2, 3, 4, 5)  # what may be said of information; 1 is derived from independent reports only


def between(letter: str | None) -> tuple[str, str]:
    """The best and the worst that a source may be. F is no middle: it may be anything."""
    if letter is None or letter == UNKNOWN_SOURCE:
        return LETTERS[0], LETTERS[-1]
    return letter, letter


def credible_between(digit: int | None) -> tuple[int, int]:
    """The best and the worst that a piece of information may be. 6 is no middle: it may be anything."""
    if digit is None or digit == UNKNOWN_INFORMATION:
        return SAID[0], SAID[-1]
    return digit, digit
