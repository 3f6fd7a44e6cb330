"""Who had a report: on record before its words leave, and shown to its owner alone (docs/adr/0012)."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field
from sqlalchemy import exists, func, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from services import network
from services.kernel import clock, db
from services.kernel.events import publish_all
from services.kernel.model import table
from services.network import Caller, Member
from services.reports.events import ReportGivenLate
from services.reports.history import HELD
from services.reports.models import Disclosure
from services.reports.ownership import AUDIENCE, REPORT, owned

DISCLOSURE = table(Disclosure)
MEMBER = table(Member)


@dataclass(frozen=True, slots=True)
class Given:
    """A report that a reader is about to be given for the first time, as the reading transaction saw it."""

    report_id: int
    version: int


class Giving:
    """What one request gives of reports' words. A route notes it while it reads; what is new goes on record after that,
    and before the answer leaves: if it cannot, there is no answer."""

    def __init__(self) -> None:
        self.new: list[tuple[Caller, list[Given]]] = []

    def note(self, session: Session, caller: Caller, references: Collection[str]) -> None:
        """Note that the caller is given the words of these reports, one look-up for all."""
        found = not_had(session, caller, references)
        if found:
            self.new.append((caller, found))


async def _giving(request: Request) -> AsyncIterator[Giving]:
    giving = Giving()
    yield giving
    if giving.new:
        async with network.writing(request) as session:
            for caller, found in giving.new:
                await run_in_threadpool(disclose, session, caller, found)


# In a signature this stands before the reading transaction, which is then over when this one writes.
Gives = Annotated[Giving, Depends(_giving, scope="function")]


def not_had(session: Session, caller: Caller, references: Collection[str]) -> list[Given]:
    """Those of these reports that are not the caller's own, and that the caller is not known to have had."""
    had = exists().where(DISCLOSURE.c.report_id == REPORT.c.id, DISCLOSURE.c.viewer == caller.viewer)
    found: list[Given] = []
    for some in db.batches(sorted(references), 500):
        statement = (
            select(REPORT.c.id, REPORT.c.version)
            .join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
            .where(REPORT.c.reference.in_(some), REPORT.c.emptied_at.is_(None), owned(caller).is_not(true()), ~had)
        )
        found += [Given(row.id, row.version) for row in session.execute(statement).all()]
    return found


def disclose(session: Session, caller: Caller, given: Sequence[Given]) -> None:
    """Put on record that the caller has these reports; of two answers at once the earlier version counts.

    A report that changed since it was read is looked at again, for who had it was not complete then.
    """
    if not given:
        return
    # In the order of their keys: with each row PostgreSQL locks the report, as those do who change it.
    ordered = sorted(given, key=lambda one: one.report_id)
    who = {"organisation_id": caller.organisation_id, "member_id": caller.member_id, "key_id": caller.key_id}
    at = clock.now()
    rows: list[dict[str, Any]] = [
        {"report_id": one.report_id, "viewer": caller.viewer, **who, "version": one.version, "first_at": at}
        for one in ordered
    ]
    make = sqlite.insert if db.is_sqlite(session) else postgresql.insert
    statement = make(DISCLOSURE)
    earlier = statement.excluded.version
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["report_id", "viewer"],
            set_={"version": earlier},
            where=earlier < DISCLOSURE.c.version,
        ),
        rows,
    )
    publish_all(session, ReportGivenLate, _changed(session, ordered))


def _changed(session: Session, given: Sequence[Given]) -> list[int]:
    """Those that were withdrawn, revised or marked anew since they were read. Locked by now, so nothing is missed."""
    since = {one.report_id: one.version for one in given}
    ended = select(func.max(HELD.c.version)).where(HELD.c.report_id == REPORT.c.id).scalar_subquery()
    found = []
    for some in db.batches(since, 500):
        statement = select(REPORT.c.id, REPORT.c.withdrawn_at, ended.label("ended")).where(REPORT.c.id.in_(some))
        found += [
            row.id
            for row in session.execute(statement).all()
            if row.withdrawn_at is not None or (row.ended is not None and row.ended >= since[row.id])
        ]
    return found


class HolderView(BaseModel):
    """A person, or the keys, of an organisation that had the report's words."""

    by: Literal["person", "key", "erased"] = Field(description="erased: a person of whom nothing is held any more.")
    name: str | None = Field(description="The person's; others have none.")
    first_at: datetime


class HoldersView(BaseModel):
    """An organisation that had the report's words, and who of it."""

    organisation: str
    name: str
    first_at: datetime
    holders: list[HolderView]


class DisclosuresView(BaseModel):
    """Who had one of your own reports, as far as you may know them; by the first time."""

    organisations: list[HoldersView]
    unlisted: Literal[True] = Field(
        description="Always true: those members that do not show their membership are not listed, if any."
    )


def disclosures(session: Session, caller: Caller, reference: str) -> DisclosuresView:
    """Who had this report, which is the caller's own. Whom the caller may not know leaves no trace in it; whoever left
    or applies again has had it all the same."""
    known = network.directory(session)
    may_know = network.known_since(known, caller)
    statement = (
        select(
            *(DISCLOSURE.c[name] for name in ("organisation_id", "member_id", "first_at")),
            MEMBER.c.name,
            MEMBER.c.erased_at,
        )
        .join(REPORT, REPORT.c.id == DISCLOSURE.c.report_id)
        .outerjoin(MEMBER, MEMBER.c.id == DISCLOSURE.c.member_id)
        .where(REPORT.c.reference == reference, DISCLOSURE.c.organisation_id.in_(sorted(may_know)))
        .order_by(DISCLOSURE.c.first_at, DISCLOSURE.c.viewer)
    )
    held: dict[int, list[HolderView]] = {}
    for row in session.execute(statement).all():
        of = held.setdefault(row.organisation_id, [])
        if row.erased_at is not None:
            of.append(HolderView(by="erased", name=None, first_at=row.first_at))
        elif row.member_id is not None:
            of.append(HolderView(by="person", name=row.name, first_at=row.first_at))
        elif not any(one.by == "key" for one in of):  # its keys are one: which of them is its own affair
            of.append(HolderView(by="key", name=None, first_at=row.first_at))
    return DisclosuresView(
        unlisted=True,
        organisations=[
            HoldersView(
                organisation=known.parties[key].slug,
                name=known.parties[key].name(caller.language),
                first_at=holders[0].first_at,
                holders=holders,
            )
            for key, holders in held.items()
        ],
    )
