"""Combining: who may see what was made from several sources, and under which label it travels (ADR 0004)."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from .policy import LABELS, Audience, Claim, Reach, normal, reach, sees


class Fact(NamedTuple):
    """An all-of fact: a sentence, an alert, an assessment. `owner` is the hand that wrote it."""

    sources: frozenset[Audience]
    organisation: str
    person: str
    written: bool = False


def label(sources: Iterable[Audience]) -> str:
    """The strictest label of the sources; RED where there is none, since nobody has agreed to anything wider."""
    return max((normal(source.marking).tlp for source in sources), key=LABELS.index, default="RED")


def owner(fact: Fact) -> Reach:
    """Whose the fact is: a person as soon as one source is RED, else the organisation."""
    if label(fact.sources) == "RED":
        return Reach("person", fact.person)
    return Reach("organisation", fact.organisation)


def visible(fact: Fact, held: Collection[Claim]) -> bool:
    """Sight of every source; the owner also keeps its own words. No source is nobody's agreement, not everybody's."""
    if fact.sources and all(sees(held, source) for source in fact.sources):
        return True
    mine = owner(fact)
    return (fact.written or not fact.sources) and any(
        (claim.kind, claim.target) == (mine.kind, mine.target) and not claim.through_parent for claim in held
    )


def common_rows(sources: Collection[Audience]) -> set[Reach]:
    """The rows that all sources share: good to *name* the recipients; too narrow to decide sight."""
    rows = [reach(source.marking) for source in sources]
    both = {(r.kind, r.target) for r in rows[0]} if rows else set()
    for other in rows[1:]:
        both &= {(r.kind, r.target) for r in other}
    return {Reach(kind, target, all(Reach(kind, target, True) in r for r in rows)) for kind, target in both}


def sees_rows(held: Iterable[Claim], rows: Collection[Reach], generation: int) -> bool:
    """Sight through common rows alone, under the oldest generation of the sources."""
    return any(
        (claim.kind, claim.target) == (row.kind, row.target)
        and claim.since <= generation
        and (row.inherited or not claim.through_parent)
        for claim in held
        for row in rows
    )
