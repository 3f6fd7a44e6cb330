"""The rules of belonging, pure: which step leads where, whom a group's rule matches, which day it is for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

APPLIED, ACTIVE, SUSPENDED, LEFT = "applied", "active", "suspended", "left"
STEPS: Mapping[str, tuple[frozenset[str], str]] = {
    "activate": (frozenset({APPLIED}), ACTIVE),
    "suspend": (frozenset({ACTIVE}), SUSPENDED),
    "resume": (frozenset({SUSPENDED}), ACTIVE),
    "depart": (frozenset({APPLIED, ACTIVE, SUSPENDED}), LEFT),
    "apply": (frozenset({LEFT}), APPLIED),
}


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a rule looks at."""

    kind: str
    countries: tuple[str, ...]
    state: str
    hidden: bool


def matches(rule: Mapping[str, Iterable[str]], one: Attributes) -> bool:
    """Any of the kinds and any of the countries. What is left out asks nothing; if all is, the rule matches nobody.

    Whoever hides its membership is let in by hand only: a rule would show it to all others in the group.
    """
    kinds, countries = set(rule.get("kinds", ())), set(rule.get("countries", ()))
    if one.hidden or not (kinds or countries) or one.state not in (ACTIVE, SUSPENDED):
        return False
    return (not kinds or one.kind in kinds) and (not countries or not countries.isdisjoint(one.countries))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule does to the members it holds: `lets_in` and `lets_go`, by key."""

    lets_in: frozenset[int]
    lets_go: frozenset[int]


def effect(rule: Mapping[str, Iterable[str]], bodies: Mapping[int, Attributes], ruled: Iterable[int]) -> Effect:
    """Whom the rule takes hold of and whom it lets go, where it holds `ruled` now.

    Who is suspended is neither let in nor put out for that: coming back with the past must find its groups.
    """
    fitting = {key for key, one in bodies.items() if matches(rule, one)}
    held = set(ruled)
    new = {key for key in fitting - held if bodies[key].state == ACTIVE}
    return Effect(frozenset(new), frozenset(held - fitting))


def day(zone: str, at: datetime) -> date:
    """The day that it is in a time zone."""
    return at.astimezone(ZoneInfo(zone)).date()
