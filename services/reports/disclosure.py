"""Who had a report: on record before its words leave, and shown to its owner alone (docs/adr/0012)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

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


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Of some reports: their labels, and those that the caller is not known to have had."""

    labels: frozenset[str]
    new: Sequence[Given]


def looked_up(session: Session, caller: Caller, references: Collection[str]) -> LookedUp:
    """Their labels, and those that are not the caller's own and that the caller is not known to have had."""
    had = exists().where(DISCLOSURE.c.report_id == REPORT.c.id, DISCLOSURE.c.viewer == caller.viewer)
    new = owned(caller).is_not(true()) & REPORT.c.emptied_at.is_(None) & ~had
    labels: set[str] = set()
    found: list[Given] = []
    for some in db.batches(sorted(references), 500):
        statement = (
            select(REPORT.c.id, REPORT.c.version, AUDIENCE.c.tlp, new.label("new"))
            .join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
            .where(REPORT.c.reference.in_(some))
        )
        for row in session.execute(statement).all():
            labels.add(row.tlp)
            if row.new:
                found.append(Given(row.id, row.version))
    return LookedUp(frozenset(labels), found)


def not_had(session: Session, caller: Caller, references: Collection[str]) -> Sequence[Given]:
    """Those of these reports that are not the caller's own, and that the caller is not known to have had."""
    return looked_up(session, caller, references).new


def disclose(session: Session, caller: Caller, given: Sequence[Given]) -> None:
    """Put on record that the caller has these reports."""
    disclose_all(session, [(caller, one) for one in given])


def disclose_all(session: Session, given: Sequence[tuple[Caller, Given]]) -> None:
    """Put on record that callers have reports; of two answers at once the earlier version counts.

    A report that changed since it was read is looked at again, for who had it was not complete then.
    """
    if not given:
        return
    # In the order of their keys: with each row PostgreSQL locks the report, as those do who change it.
    ordered = sorted(given, key=lambda one: (one[1].report_id, one[0].viewer))
    at = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "report_id": one.report_id,
            "viewer": caller.viewer,
            "organisation_id": caller.organisation_id,
            "member_id": caller.member_id,
            "key_id": caller.key_id,
            "version": one.version,
            "first_at": at,
        }
        for caller, one in ordered
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
    publish_all(session, ReportGivenLate, _changed(session, [one for _, one in ordered]))


def _changed(session: Session, given: Sequence[Given]) -> list[int]:
    """Those that were withdrawn, revised or marked anew since they were read. Locked by now, so nothing is missed."""
    since: dict[int, int] = {}
    for one in given:
        since[one.report_id] = min(one.version, since.get(one.report_id, one.version))
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
