"""What a marking becomes by date, pure: under embargo now, as given later, and what a review makes of it then."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.kernel.errors import Invalid
from services.network import Attribution, Marking, MarkingIn, Tlp

FURTHEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Dated:
    """One re-marking that waits for its instant; `marking` is None where the owner is only asked to look."""

    due_at: datetime
    why: str
    marking: Marking | None
    set_at: datetime

    def row(self, report_id: int) -> dict[str, Any]:
        """As the table keeps it."""
        body = None if self.marking is None else stored(self.marking)
        row = {"report_id": report_id, "due_at": self.due_at, "why": self.why, "marking": body}
        return row | {"set_at": self.set_at, "held_at": None, "done_at": None}


def dates_of(
    given: MarkingIn, whole: Marking, later: Marking | None, *, now: datetime, submitter: int | None
) -> tuple[Marking, tuple[Dated, ...]]:
    """The marking for now, and the re-markings to come. `whole`: as given; `later`: what a review makes of it."""
    for name, at in (("embargo_until", given.embargo_until), ("review_at", given.review_at)):
        if at is not None and not now < at <= now + FURTHEST:
            raise Invalid("It must lie in the future, within ten years.", field=f"marking.{name}")
    waiting = []
    present = whole
    if given.embargo_until is not None:
        waiting.append(Dated(given.embargo_until, "embargo", whole, now))
        present = whole.closed()
        if whole.tlp is Tlp.RED and submitter is not None:
            present = replace(present, persons=frozenset({submitter}))
    if given.review_at is not None:
        waiting.append(Dated(given.review_at, "review", later, now))
    return present, tuple(waiting)


def stored(marking: Marking) -> dict[str, Any]:
    """A marking as JSON, recipients by key."""
    return {
        "tlp": str(marking.tlp),
        "attribution": str(marking.attribution),
        "organisations": sorted(marking.organisations),
        "groups": sorted(marking.groups),
        "persons": sorted(marking.persons),
    }


def read(body: dict[str, Any], originator: int) -> Marking:
    """The marking that `stored` made."""
    named = {what: frozenset(body[what]) for what in ("organisations", "groups", "persons")}
    return Marking(Tlp(body["tlp"]), originator, **named, attribution=Attribution(body["attribution"]))
