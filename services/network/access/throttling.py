"""How long a name or an address waits after failed tries (ADR 0014). The model: `tests/models/throttling.py`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

QUIET = timedelta(days=1)  # after a wait, until the next one is short again


@dataclass(frozen=True, slots=True)
class Rule:
    """After `most` failed tries `within` a time one waits: `first`, then twice as long each time, at most `longest`."""

    most: int
    within: timedelta
    first: timedelta
    longest: timedelta


# A name waits at most an hour, and tries meanwhile make that no longer: nobody can lock another out for good.
NAME = Rule(5, timedelta(minutes=15), timedelta(minutes=1), timedelta(hours=1))
ADDRESS = Rule(50, timedelta(minutes=15), timedelta(minutes=15), timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Tries:
    """What is kept: instants of failed tries since the last wait, how many waits there were, until when the last is."""

    recent: tuple[datetime, ...] = ()
    waits: int = 0
    until: datetime | None = None


def waiting(tries: Tries, at: datetime) -> bool:
    """Whether no try is looked at now."""
    return tries.until is not None and at < tries.until


def failed(rule: Rule, tries: Tries, at: datetime) -> Tries:
    """After one more failed try; a try while waiting changes nothing."""
    if waiting(tries, at):
        return tries
    recent = (*(one for one in tries.recent if at - one < rule.within), at)
    if len(recent) < rule.most:
        return Tries(recent, tries.waits, tries.until)
    quiet = tries.until is not None and at - tries.until >= QUIET
    waits = 0 if quiet else min(tries.waits, 16)  # 2**16 times `first` is beyond every `longest`
    return Tries((), waits + 1, at + min(rule.first * 2**waits, rule.longest))
