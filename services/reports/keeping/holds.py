"""Legal holds as auditors and administrators set, see and lift them: on a report, a person or an organisation."""

from sqlalchemy import select
from sqlmodel import Session

from services import network
from services.kernel.errors import Invalid
from services.kernel.model import table
from services.network import Caller, Member
from services.reports.keeping.schemas import HoldView, NewHold
from services.reports.ownership import REPORT

MEMBER = table(Member)


class NothingNamed(Invalid):
    title = "Nothing has this name"


def set_hold(session: Session, caller: Caller, new: NewHold) -> HoldView:
    """Set a hold on what is named.

    Raises:
        NothingNamed: nothing of that kind has this name.
    """
    name = new.name.strip()
    known, key = network.directory(session), None
    match new.what:
        case "report":
            name = name.upper()
            key = session.execute(select(REPORT.c.id).where(REPORT.c.reference == name)).scalar()
        case "person":
            key = session.execute(select(MEMBER.c.id).where(MEMBER.c.login == name)).scalar()
        case "organisation":
            key = known.slugs.get(name)
    if key is None:
        raise NothingNamed(f"There is no {new.what} {name[:80]}.", field="name")
    named = name if new.what == "report" else ""
    row = network.set_hold(session, new.what, key, reason=new.reason, by=caller, named=named)
    return next(one for one in standing_holds(session) if one.reference == row.reference)


def lift_hold(session: Session, caller: Caller, reference: str) -> None:
    """Lift a hold, or NoSuchHold."""
    network.lift_hold(session, reference, by=caller)


def standing_holds(session: Session) -> list[HoldView]:
    """The holds that stand, the latest first."""
    rows = network.standing_holds(session)
    known = network.directory(session)
    wanted = {row.subject_id for row in rows if row.what == "person"} | {row.set_by for row in rows}
    named = select(MEMBER.c.id, MEMBER.c.login).where(MEMBER.c.id.in_(wanted))
    logins = {row.id: row.login for row in session.execute(named).all()}
    slugs = {party.id: party.slug for party in known.parties.values()}
    return [
        HoldView(
            reference=row.reference,
            what=row.what,
            name=row.named or (logins if row.what == "person" else slugs)[row.subject_id],
            reason=row.reason,
            set_by=logins.get(row.set_by or 0),
            set_at=row.set_at,
        )
        for row in rows
    ]
