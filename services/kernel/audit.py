"""Who did what, in the transaction in which it was done: subjects and actions, never content."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import JSON
from sqlmodel import Field, Session

from services.kernel import clock, db, log
from services.kernel.model import BigKey, Record, Utc, table


class Actor(Protocol):
    """Whoever acts: a member, or a key, of an organisation."""

    @property
    def member_id(self) -> int | None: ...
    @property
    def key_id(self) -> int | None: ...
    @property
    def organisation_id(self) -> int | None: ...


class AuditEntry(Record, table=True):
    """One act. `at` is the true time, also in a replay; `position` is given after commit by the sequencer."""

    __tablename__ = "audit"
    at: datetime = Field(sa_type=Utc)
    member_id: int | None = None
    key_id: int | None = None
    organisation_id: int | None = None
    action: str
    subject: str = ""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    trace: str = ""
    position: int | None = Field(default=None, sa_type=BigKey, unique=True)


def entry(actor: Actor | None, action: str, subject: str = "", **detail: Any) -> dict[str, Any]:
    """One entry as a row, for callers that write many at once."""
    return {
        "at": clock.now(),
        "member_id": actor.member_id if actor else None,
        "key_id": actor.key_id if actor else None,
        "organisation_id": actor.organisation_id if actor else None,
        "action": action,
        "subject": subject,
        "detail": detail,
        "trace": log.trace.get(),
    }


def record(session: Session, actor: Actor | None, action: str, subject: str = "", **detail: Any) -> None:
    """Record one act; `actor` is None for the service itself."""
    record_all(session, [entry(actor, action, subject, **detail)])


def record_all(session: Session, entries: Sequence[dict[str, Any]]) -> None:
    """Record many acts in one statement."""
    db.insert_all(session, table(AuditEntry), entries)
