"""Tear-lines and requests as sets and steps: who is told what instead of a report, and who decides when (ADR 0012)."""

from dataclasses import dataclass, replace

SILENCE = 14


@dataclass(frozen=True)
class Line:
    """A tear-line with the readers that its marking and its report's reach."""

    told: frozenset[str]
    report: frozenset[str]
    there: bool = True
    """Its report is neither withdrawn nor under embargo."""


def refused(line: Line, *, red: bool) -> bool:
    return red or line.told <= line.report


def reads(line: Line, reader: str) -> bool:
    return line.there and reader in line.told and reader not in line.report


def renders(then: Line, now: Line, reader: str) -> tuple[bool, bool]:
    """What an edition frozen then gives this reader now: the report, the line. Each by the stricter of then and now."""
    report = then.there and now.there and reader in then.report & now.report
    return report, reads(now, reader) and then.there and reader in then.told


@dataclass(frozen=True)
class Request:
    made: int
    state: str = "open"


def at(request: Request, day: int, *, withdrawn: bool = False, left: bool = False) -> Request:
    """What it is on a day, whether or not anybody has looked since."""
    if request.state != "open":
        return request
    if withdrawn or left:
        return replace(request, state="lapsed")
    return replace(request, state="refused") if day >= request.made + SILENCE else request


def decide(request: Request, day: int, *, granted: bool) -> Request | None:
    """The decided request; None where there is nothing left to decide."""
    if at(request, day).state != "open":
        return None
    return replace(request, state="granted" if granted else "refused")
