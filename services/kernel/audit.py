"""Who did what, in the transaction in which it was done: subjects and actions, never content (docs/adr/0015)."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import JSON
from sqlmodel import Field, Session

from services.kernel import clock, daykeys, db, log
from services.kernel.model import BigKey, Record, Utc, table

# All that an entry's detail may hold: names of things, days, counts, hashes. No words, and no person by a name.
DETAILS = frozenset(
    {
        *("after", "as_of", "before", "begins_on", "blocks", "count", "counted_from", "digest", "draft", "due_at"),
        *("ends_on", "event", "fields", "goes_on", "hash", "invitation", "kind", "label", "made_by", "members"),
        *(
            "months",
            "office",
            "organisation",
            "parent",
            "past",
            "person",
            "personal",
            "problem",
            "query",
            "references",
            "report",
        ),
        *("revision", "rights", "roles", "rule", "scopes", "second_factor", "solo", "state", "status", "successor"),
        *("tlp", "under_hold", "until", "values", "what", "why"),
    }
)
origin: ContextVar[str] = ContextVar("origin", default="")  # the network address of this request; never stored


class Actor(Protocol):
    """Whoever acts: a member, or a key, of an organisation."""

    @property
    def member_id(self) -> int | None: ...
    @property
    def key_id(self) -> int | None: ...
    @property
    def organisation_id(self) -> int | None: ...


class AuditEntry(Record, table=True):
    """One act. `at` is the true time, also in a replay; `position` is given after commit by the sequencer; `address` is
    the network address under the key of its day."""

    __tablename__ = "audit"
    at: datetime = Field(sa_type=Utc)
    member_id: int | None = None
    key_id: int | None = None
    organisation_id: int | None = None
    action: str
    subject: str = ""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    trace: str = ""
    address: str = ""
    position: int | None = Field(default=None, sa_type=BigKey, unique=True)


def person(key: int) -> str:
    """A person as the subject of an entry: by key, looked up when shown."""
    return f"person:{key}"


def entry(actor: Actor | None, action: str, subject: str = "", **detail: Any) -> dict[str, Any]:
    """One entry as a row for `record_all`, with the bare address of the request that it belongs to.

    Raises:
        ValueError: its detail has a name that is not in DETAILS: a bug, for what it holds was not thought about.
    """
    strange = detail.keys() - DETAILS
    if strange:
        raise ValueError(f"an audit entry holds no {', '.join(sorted(strange))}")
    return {
        "at": clock.now(),
        "member_id": actor.member_id if actor else None,
        "key_id": actor.key_id if actor else None,
        "organisation_id": actor.organisation_id if actor else None,
        "action": action,
        "subject": subject,
        "detail": detail,
        "trace": log.trace.get(),
        "address": origin.get(),
    }


def record(session: Session, actor: Actor | None, action: str, subject: str = "", **detail: Any) -> None:
    """Record one act; `actor` is None for the service itself."""
    record_all(session, [entry(actor, action, subject, **detail)])


def record_all(session: Session, entries: Sequence[dict[str, Any]]) -> None:
    """Record many acts in one statement. Their addresses are hashed here: none is stored as it is."""
    hashed: dict[tuple[str, date], str] = {}  # a batch comes from few addresses
    for one in entries:
        if (whence := (one["address"], one["at"].date())) not in hashed:
            hashed[whence] = daykeys.masked(session, one["address"], one["at"])
    rows = [one | {"address": hashed[one["address"], one["at"].date()]} for one in entries]
    db.insert_all(session, table(AuditEntry), rows)
