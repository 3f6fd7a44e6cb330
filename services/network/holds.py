"""Legal holds: while one stands on a report, a person or an organisation, nothing of that is emptied or erased."""

from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session, col, select

from services.kernel import audit, clock, db, ids
from services.kernel.errors import Conflict, NotFound
from services.network.models import Hold
from services.network.policy import Caller

REPORT, PERSON, ORGANISATION = "report", "person", "organisation"


class NoSuchHold(NotFound):
    title = "No such hold"


class Held(Conflict):
    title = "A legal hold stands"


class Kept(Protocol):
    """A report, as far as holds look at it."""

    @property
    def key(self) -> int: ...
    @property
    def member_id(self) -> int | None: ...
    @property
    def organisation_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Holds:
    """What is held now, by key."""

    reports: frozenset[int]
    persons: frozenset[int]
    organisations: frozenset[int]

    def stops(self, report: Kept) -> bool:
        """Whether a hold stands on a report, on who handed it in, or on the organisation whose it is."""
        mine = report.member_id is not None and report.member_id in self.persons
        return mine or report.key in self.reports or report.organisation_id in self.organisations


def alone(session: Session) -> None:
    """Hold off other changes of holds, and other emptying, until this transaction ends."""
    db.alone(session, "holds")


def held(session: Session) -> Holds:
    """What is held now. Whoever empties or erases by it calls `alone` before."""
    rows = session.exec(select(Hold.what, Hold.subject_id).where(col(Hold.lifted_at).is_(None))).all()
    of = {name: frozenset(key for what, key in rows if what == name) for name in (REPORT, PERSON, ORGANISATION)}
    return Holds(of[REPORT], of[PERSON], of[ORGANISATION])


def set_hold(session: Session, what: str, key: int, *, reason: str, by: Caller, named: str = "") -> Hold:
    """Set a hold; one may stand beside another on the same."""
    alone(session)
    row = Hold(
        reference=ids.reference("HLD"),
        what=what,
        subject_id=key,
        named=named,
        reason=reason,
        set_by=by.member_id,
        set_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "hold.set", row.reference, what=what)
    return row


def lift_hold(session: Session, reference: str, *, by: Caller) -> Hold:
    """Lift a hold; who and when stays on it."""
    alone(session)
    row = session.exec(select(Hold).where(Hold.reference == reference).with_for_update()).first()
    if row is None or row.lifted_at is not None:
        raise NoSuchHold("There is no such hold, or it is lifted.", field="reference")
    row.lifted_by, row.lifted_at = by.member_id, clock.now()
    session.add(row)
    audit.record(session, by, "hold.lifted", row.reference)
    return row


def standing(session: Session) -> list[Hold]:
    """The holds that stand, the latest first."""
    rows = select(Hold).where(col(Hold.lifted_at).is_(None)).order_by(col(Hold.set_at).desc(), col(Hold.id).desc())
    return list(session.exec(rows).all())
