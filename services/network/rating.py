"""How reliable an organisation is held to be: one letter for the whole network, with who changed it when and why."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from services.kernel import audit, clock
from services.network import changes, people
from services.network.models import Organisation, ReliabilityChange
from services.network.policy import Caller


def rate(
    session: Session,
    slug: str,
    letter: str,
    *,
    why: str,
    by: Caller | None,
    proposed: Mapping[str, Any] | None = None,
) -> ReliabilityChange:
    """Decide the letter of an organisation; that it stays the same is a decision too. `proposed`: what was proposed to
    whoever decided, kept beside it."""
    changes.begin(session)
    row = changes.organisation_of(session, slug)
    people.refuse_left(row)
    changed = note(session, row, letter, why=why, by=by, proposed=proposed)
    audit.record(session, by, "organisation.rated", row.slug, before=changed.before, after=letter)
    return changed


def note(
    session: Session,
    row: Organisation,
    letter: str,
    *,
    why: str = "",
    by: Caller | None,
    proposed: Mapping[str, Any] | None = None,
) -> ReliabilityChange:
    """Give an organisation, of the locked network, its letter, and keep what it was."""
    changed = ReliabilityChange(
        organisation_id=row.key,
        before=row.reliability,
        after=letter,
        why=why,
        proposed=dict(proposed) if proposed is not None else None,
        decided_by=by.organisation_id if by is not None else None,
        member_id=by.member_id if by is not None else None,
        key_id=by.key_id if by is not None else None,
        at=clock.now(),
    )
    row.reliability = letter
    session.add(row)
    session.add(changed)
    session.flush()
    return changed


def ratings(session: Session, organisation_id: int) -> list[ReliabilityChange]:
    """The decisions on an organisation's letter, oldest first."""
    statement = select(ReliabilityChange).where(ReliabilityChange.organisation_id == organisation_id)
    return list(session.exec(statement.order_by(col(ReliabilityChange.id))).all())
