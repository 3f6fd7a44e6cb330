"""Two pairs of eyes: an edition that a person asked for is a draft until somebody else releases it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlmodel import Session

from services.digests.models import Edition
from services.kernel import audit, clock
from services.kernel.config import settings
from services.kernel.errors import Conflict, Forbidden
from services.kernel.model import table
from services.network import Caller, Member

EDITION = table(Edition)
MAKER = table(Member).alias("maker")
RELEASER = table(Member).alias("releaser")


class AlreadyReleased(Conflict):
    title = "The edition is released already"


class YourOwnDraft(Forbidden):
    title = "Somebody else has to release it"


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition in a list."""

    reference: str
    name: dict[str, str]
    schedule: str
    start: date
    end: date
    cut_off: datetime
    on_demand: bool
    draft: bool
    made_by: str | None
    released_by: str | None
    """The sign-in names of the persons who asked for it and who released it; None where no person did."""
    releasable: bool
    """Whether the caller may release it now."""


def sees_drafts(scopes: Collection[str]) -> bool:
    """Who sees the drafts of its organisation: whoever may make one or release one."""
    return "digests:build" in scopes or "digests:release" in scopes


def may_release(caller: Caller, made_by: int | None, *, solo: bool) -> bool:
    """Whether this caller may release a draft of that maker: a person, by role, and not its maker but in solo mode."""
    person = caller.member_id is not None and "digests:release" in caller.scopes
    return person and (solo or caller.member_id != made_by)


def listed(caller: Caller) -> Select[Any]:
    """Select the editions that exist for this caller, with their makers: those by the clock, and those made for its own
    organisation; of these the drafts only if it may see drafts."""
    own: ColumnElement[bool] = EDITION.c.owner_id == caller.organisation_id
    if not sees_drafts(caller.scopes):
        own = and_(own, EDITION.c.released_at.is_not(None))
    joined = EDITION.outerjoin(MAKER, MAKER.c.id == EDITION.c.made_by)
    joined = joined.outerjoin(RELEASER, RELEASER.c.id == EDITION.c.released_by)
    columns = (EDITION, MAKER.c.login.label("maker"), RELEASER.c.login.label("releaser"))
    return select(*columns).select_from(joined).where(or_(EDITION.c.owner_id.is_(None), own))


def summary(row: Any, caller: Caller) -> EditionView:
    """An edition as it stands in lists, from a row of `listed`."""
    draft = row.released_at is None
    return EditionView(
        row.reference,
        row.name,
        row.schedule,
        row.start,
        row.end,
        row.cut_off,
        row.owner_id is not None,
        draft,
        row.maker,
        row.releaser,
        draft and may_release(caller, row.made_by, solo=settings().solo),
    )


def release(session: Session, caller: Caller, row: Any) -> None:
    """Release a draft, from a row that the caller found: from now on the whole organisation may open it.

    Raises:
        ScopeMissing: the caller does not release editions.
        YourOwnDraft: the caller made it, or is a machine.
        AlreadyReleased: somebody was first.
    """
    caller.require("digests:release")
    if row.released_at is not None:
        raise AlreadyReleased("Somebody has released it before.")
    if not may_release(caller, row.made_by, solo=settings().solo):
        raise YourOwnDraft("A person who did not make it releases it.")
    # Two may release at once: the first is the one on record.
    first = (EDITION.c.id == row.id, EDITION.c.released_at.is_(None))
    given = {"released_at": clock.now(), "released_by": caller.member_id}
    done = session.execute(update(EDITION).where(*first).values(**given).returning(EDITION.c.id)).first()
    if done is None:
        raise AlreadyReleased("Somebody has released it before.")
    audit.record(session, caller, "edition.released", row.reference, made_by=row.made_by, solo=settings().solo)
