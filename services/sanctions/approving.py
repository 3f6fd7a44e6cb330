"""Which lists feed the network: the Security Council's binds every member, any other needs the secretariat's word."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import network
from services.kernel import audit, clock, db
from services.kernel.errors import Conflict, NotFound
from services.kernel.model import table
from services.network import Caller, Member, ScopeMissing
from services.sanctions.models import ListDecision, SanctionsList
from services.sanctions.schemas import DecisionView, ListView, NewApproval
from services.sanctions.service import COUNCIL, last_of, lists

DECISION, MEMBER = table(ListDecision), table(Member)
ANALYSTS = "reports:grade"  # held by persons who weigh reports, and by no key


class NoSuchList(NotFound):
    title = "No such list"


class NotYoursToApprove(ScopeMissing):
    title = "Lists are approved by the secretariat's analysts"


class OfAnotherHand(Conflict):
    title = "The list is another's now"


class NeedsNoApproval(Conflict):
    title = "This list needs no approval"


def held(session: Session, caller: Caller) -> list[ListView]:
    """The lists that feed the network; for analysts of the secretariat all that are held, with what was decided."""
    caller.require("reports:read")
    decides = decides_on_lists(session, caller)
    shown = [one for one in lists(session) if decides or one.approved_at is not None]
    decided = _decisions(session) if decides else {}
    return [_view(one, decided.get(one.source, ())) for one in shown]


def decides_on_lists(session: Session, caller: Caller) -> bool:
    """Whether the caller is an analyst of the secretariat, in person."""
    return ANALYSTS in caller.scopes and caller.member_id is not None and network.in_secretariat(session, caller)


def decide(session: Session, caller: Caller, source: str, given: NewApproval) -> ListView:
    """Take a list as the network's own, or no longer: on record, for this list and all that follow from the same hand.

    Raises:
        NotYoursToApprove: the caller is no analyst of the secretariat.
        NoSuchList: none of this name is held.
        NeedsNoApproval: it is the Security Council's.
        OfAnotherHand: whoever decides has looked into another's list, which bore this name before.
    """
    if not decides_on_lists(session, caller):
        raise NotYoursToApprove("Its analysts decide for the whole network.", scope=ANALYSTS)
    db.alone(session, "sanctions")
    row = last_of(session, source)
    if row is None:
        raise NoSuchList("No list of this name is held. ewn lists import takes one over.")
    if (row.source, row.designated_by) == COUNCIL:
        raise NeedsNoApproval("The Security Council's list binds every member.")
    if given.designated_by not in (None, row.designated_by):
        raise OfAnotherHand("Look at whose it is now, then decide.", field="designated_by")
    now = clock.now()
    row.approved_at = now if given.approved else None
    assert caller.member_id is not None
    made = ListDecision(
        source=source,
        designated_by=row.designated_by,
        approved=given.approved,
        reason=given.reason,
        member_id=caller.member_id,
        made_at=now,
    )
    session.add_all([row, made])
    session.flush()
    audit.record(session, caller, "list.approved" if given.approved else "list.refused", source)
    return _view(row, _decisions(session).get(source, ()))


def _view(row: SanctionsList, decisions: Sequence[DecisionView]) -> ListView:
    return ListView(
        **row.model_dump(include={"source", "designated_by", "imported_at", "individuals", "entities"}),
        dated=row.dated.date(),
        approved=row.approved_at is not None,
        binding=(row.source, row.designated_by) == COUNCIL,
        decisions=list(decisions),
    )


def _decisions(session: Session) -> dict[str, list[DecisionView]]:
    rows: Any = session.execute(
        select(DECISION, MEMBER.c.name).join(MEMBER, MEMBER.c.id == DECISION.c.member_id).order_by(DECISION.c.id.desc())
    )
    found: dict[str, list[DecisionView]] = {}
    for row in rows:
        said = {name: getattr(row, name) for name in ("designated_by", "approved", "reason", "made_at")}
        view = DecisionView(**said, person=row.name)
        found.setdefault(row.source, []).append(view)
    return found
