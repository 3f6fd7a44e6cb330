"""Who is let in after failed tries, told by the whole history of one name (ADR 0014).

A try is (minute, right). Nothing is kept but the list, and each answer is found by walking it from its beginning:
slow, and plain enough to be the rule. The service keeps four numbers instead and must give the same answers.
"""

from collections.abc import Sequence
from typing import NamedTuple

MOST, WITHIN, FIRST, LONGEST, QUIET = 5, 15, 1, 60, 24 * 60  # tries, then minutes


class Try(NamedTuple):
    """One try at a minute; whether what was typed is right."""

    at: float
    right: bool


def answers(tries: Sequence[Try]) -> list[bool]:
    """For each try in order of time: whether it is let in."""
    said: list[bool] = []
    judged: list[float] = []  # failed since the last wait or success
    waits, until = 0, float("-inf")
    for one in tries:
        if one.at < until:
            said.append(False)  # the very answer of a wrong password, whatever was typed; and the wait grows no longer
            continue
        if one.right:
            said.append(True)
            judged, waits, until = [], 0, float("-inf")
            continue
        said.append(False)
        judged.append(one.at)
        if sum(one.at - each < WITHIN for each in judged) >= MOST:
            if one.at - until >= QUIET:
                waits = 0
            judged, until = [], one.at + min(FIRST * 2**waits, LONGEST)
            waits += 1
    return said
