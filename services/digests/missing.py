"""Who would miss what retention rules take: numbers and references, for whoever keeps or audits the network."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlmodel import Session

from services import reports
from services.digests.erasing import BLOCK, EDITION
from services.kernel import clock, db
from services.kernel.errors import Invalid
from services.kernel.model import table
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read
from services.reports import Disclosure, NewRule, ReleaseRequest, Trial

DISCLOSURE = table(Disclosure)
REQUEST = table(ReleaseRequest)
AHEAD = timedelta(days=366)

missing = Router(prefix="/v1/retention", tags=["retention"])


class Missed(Trial):
    """What one rule takes by a day, and who would miss it."""

    organisations: int = Field(description="How many have had the words of one of them.")
    editions: list[str] = Field(description="References of the editions that hold one of them; of no draft.")
    requests: int = Field(description="How many open requests are about one of them.")


class DryRun(BaseModel):
    """What the rules would do until a day: numbers and references. Nothing was changed."""

    until: date
    rules: list[Missed]
    more: bool = Field(description="Whether there is more than a dry run looks at.")


def dry_run(session: Session, *, until: date | None = None, tried: NewRule | None = None) -> DryRun:
    """What the rules that stand, and one that is tried out, would take until a day: in a year, if none is given."""
    last = until or clock.now().date() + AHEAD
    found, keys = reports.dry_run(session, until=last, tried=tried)
    rules = [
        Missed(**one.model_dump(), **_missed(session, keys[one.rule.reference if one.rule else ""]))
        for one in found.trials
    ]
    return DryRun(until=last, rules=rules, more=found.more)


def _missed(session: Session, keys: Sequence[int]) -> dict[str, object]:
    had: set[int] = set()
    editions: set[str] = set()
    requests = 0
    for some in db.batches(keys, 500):
        had |= _organisations(session, some)
        cited = select(EDITION.c.reference).join(BLOCK, BLOCK.c.edition_id == EDITION.c.id)
        # Of drafts nobody outside their organisation is told (docs/adr/0014).
        held = cited.where(BLOCK.c.report_id.in_(some), EDITION.c.released_at.is_not(None))
        editions |= set(session.execute(held.distinct()).scalars())
        asked = select(func.count()).where(REQUEST.c.report_id.in_(some), REQUEST.c.state == "open")
        requests += session.execute(asked).scalar_one()
    return {"organisations": len(had), "editions": sorted(editions), "requests": requests}


def _organisations(session: Session, keys: Collection[int]) -> set[int]:
    statement = select(DISCLOSURE.c.organisation_id).where(DISCLOSURE.c.report_id.in_(keys)).distinct()
    return set(session.execute(statement).scalars())


def _keeper(caller: CallerIn) -> Caller:
    caller.require("retention:read")
    return caller


class Tried(NewRule):
    """A rule to try out beside those that stand, if it has months; and until when."""

    months: int | None = Field(default=None, ge=1, le=1200)  # type: ignore[assignment]  # left out, none is tried
    until: date | None = None


@missing.get("/dry-run")
def try_rules(_caller: Annotated[Caller, Depends(_keeper)], db: Read, query: Annotated[Tried, Query()]) -> DryRun:
    """What the retention rules would take, by when, and who would miss it: numbers and references only."""
    if query.months is None and (query.kind or query.tlp):
        raise Invalid("Say after how many months, to try a rule out.", field="months")
    tried = NewRule(**query.model_dump(exclude={"until"})) if query.months is not None else None
    return dry_run(db, until=query.until, tried=tried)
