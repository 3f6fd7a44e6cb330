"""What comes next in the change feed: first what other rights have given and taken, then what has happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlmodel import Session

from services import attachments, network, reports
from services.exchange import rights
from services.exchange.models import FeedGiven
from services.exchange.place import Mark, Place, unseal
from services.kernel.bulk import among
from services.kernel.events import EventRow
from services.kernel.model import table
from services.network import Caller
from services.reports import Report

REPORT = table(Report)
EVENT = table(EventRow)
GIVEN = table(FeedGiven)
CHANGES = (
    reports.ReportSubmitted, reports.ReportRevised, reports.ReportRemarked, reports.ReportWithdrawn,
    reports.ReportRecalled, reports.ReportEmptied, attachments.AttachmentsGiven,
)  # fmt: skip
TURNS = 20  # so often a page looks further where what it found happened to reports that it has already
_NAMES = [one.name for one in CHANGES]
Change = Literal["given", "withdrawn", "lost"]


@dataclass(frozen=True, slots=True)
class Found:
    """A report of which the reader is to be told. `noted`: that it has it, or has lost it, is on record already;
    `lost`: up to which position it is lost, if it is."""

    report_id: int
    reference: str
    change: Change
    noted: bool
    lost: int


class Feed:
    """One page on its way, in one read transaction."""

    def __init__(self, session: Session, caller: Caller, cursor: str | None) -> None:
        self._session = session
        self._caller = caller
        self.rights = rights.rights_of(session, caller)
        self._seen = frozenset(network.visible(session, caller))
        self._head = session.execute(select(func.max(EVENT.c.position))).scalar() or 0
        begun = Place(self._head, rights.NONE.digest) if cursor is None else unseal(cursor, caller.viewer)
        self.place = begun.by(self.rights.digest)
        self.more = False

    def take(self, size: int) -> list[Found]:
        """The next changes, in the order in which to apply them."""
        found: list[Found] = []
        while self.place.older and not self.more:
            found += self._swept(size - len(found))
        return found if self.more else found + self._happened(size - len(found))

    def _swept(self, room: int) -> list[Found]:
        """The next reports whose sight differs between the rights of now and those of the part of the list at hand."""
        part = self.place.older[0]
        before = rights.recalled(self._session, part.sight)
        held = frozenset(network.seen_by(self._session, before.claims))
        told_more = before != self.rights and (before.told or self.rights.told)
        anew = self._seen if told_more else self._seen - held
        lost = and_(among(REPORT.c.audience_id, "gone"), GIVEN.c.viewer.is_not(None))
        statement = (
            self._reports(REPORT.c.received_at)
            .where(REPORT.c.withdrawn_at.is_(None), or_(among(REPORT.c.audience_id, "anew"), lost))
            .where(*_between(self.place.swept, part.upto))
            .order_by(REPORT.c.received_at, REPORT.c.reference)
            .limit(room + 1)
        )
        rows = self._session.execute(statement, {"anew": anew, "gone": held - self._seen}).all()
        self.more = len(rows) > room
        if not self.more:
            self.place = self.place.swept_part()
        elif room:
            last = rows[room - 1]
            self.place = self.place.sweeping((last.received_at.isoformat(), last.reference))
        return [self._found(one, self.place.position) for one in rows[:room]]

    def _happened(self, room: int) -> list[Found]:
        """What happened to reports that are in sight, or that the reader had; each once, however often it happened."""
        found: dict[int, Found] = {}
        for _ in range(TURNS):
            rows = self._events(room + 1)
            for row in rows:
                self.more = row.id not in found and len(found) == room
                if self.more:
                    return list(found.values())
                found[row.id] = self._found(row, self._head)
                self.place = self.place.knowing(row.position)
            if len(rows) <= room:
                self.place = self.place.knowing(self._head)
                return list(found.values())
        self.more = True
        return list(found.values())

    def _events(self, most: int) -> Sequence[Any]:
        """The next so many events of reports that are in sight, or that the reader had."""
        here = and_(among(REPORT.c.audience_id, "seen"), REPORT.c.withdrawn_at.is_(None))
        had = and_(GIVEN.c.viewer.is_not(None), or_(GIVEN.c.lost.is_(None), EVENT.c.position <= GIVEN.c.lost))
        statement = (
            self._reports(EVENT.c.position)
            .join(EVENT, EVENT.c.subject_id == REPORT.c.id)
            .where(EVENT.c.position > self.place.position, EVENT.c.position <= self._head, EVENT.c.name.in_(_NAMES))
            .where(or_(here, had))
            .order_by(EVENT.c.position)
            .limit(most)
        )
        return self._session.execute(statement, {"seen": self._seen}).all()

    def _reports(self, *more: Any) -> Select[Any]:
        mine = and_(GIVEN.c.report_id == REPORT.c.id, GIVEN.c.viewer == self._caller.viewer)
        said = (REPORT.c[name] for name in ("id", "reference", "audience_id", "withdrawn_at"))
        statement = select(*said, GIVEN.c.viewer, GIVEN.c.lost, *more).select_from(REPORT)
        return statement.outerjoin(GIVEN, mine).where(reports.there_for(self._caller))

    def _found(self, row: Any, lost: int) -> Found:
        change: Change = "lost"
        if row.audience_id in self._seen:
            change = "given" if row.withdrawn_at is None else "withdrawn"
        noted = row.viewer is not None and (row.lost is None) == (change == "given")
        return Found(row.id, row.reference, change, noted, lost)


def _between(after: Mark | None, upto: Mark | None) -> list[Any]:
    place = tuple_(REPORT.c.received_at, REPORT.c.reference)
    bounds = [] if after is None else [place > _at(after)]
    return bounds if upto is None else [*bounds, place <= _at(upto)]


def _at(mark: Mark) -> tuple[datetime, str]:
    return datetime.fromisoformat(mark[0]).astimezone(UTC), mark[1]
