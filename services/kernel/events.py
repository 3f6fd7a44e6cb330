"""What happened, written in the transaction in which it happened, with one outbox row for each reaction to it.

Events are invitations, not deltas: a row says "look at this subject again", so any order and any repetition is safe.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel

from services.kernel import clock, db, log
from services.kernel.model import BigKey, Record, Utc, table


@dataclass(frozen=True)
class Event:
    """Something that happened to a subject; subclasses name it in the past participle."""

    name: ClassVar[str] = ""
    subject_id: int


class EventRow(Record, table=True):
    """The log of events; `position` is given after commit by the sequencer, so tails read it without gaps."""

    __tablename__ = "event"
    name: str
    subject_id: int = Field(sa_type=BigKey)
    at: datetime = Field(sa_type=Utc)
    position: int | None = Field(default=None, sa_type=BigKey, unique=True)


class Outbox(Record, table=True):
    """Work waiting for a reaction. A worker deletes the row in the transaction that holds the effect."""

    __table_args__ = (UniqueConstraint("event_id", "reaction"), Index("outbox_due", "reaction", "due_at", "id"))
    event_id: int = Field(sa_type=BigKey)
    reaction: str
    subject_id: int = Field(sa_type=BigKey)
    due_at: datetime = Field(sa_type=Utc)
    sends: int = 0
    tries: int = 0
    error: str = ""
    trace: str = ""


class Quarantined(Record, table=True):
    """Work that failed all its tries; kept with its error until someone retries it."""

    event_id: int = Field(sa_type=BigKey)
    reaction: str
    subject_id: int = Field(sa_type=BigKey)
    at: datetime = Field(sa_type=Utc)
    tries: int
    error: str
    trace: str = ""


class Heartbeat(SQLModel, table=True):
    """When a named process last did real work: the age of an executed task, not a ping."""

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Reaction:
    """What is done about events: `prepare` reads and thinks, `apply` writes in one short transaction. `behind`: it is
    sent only while nothing else is to be done."""

    name: str
    prepare: Callable[[Session, Sequence[int]], Any]
    apply: Callable[[Session, Any], None]
    behind: bool = False


_reactions: dict[str, Reaction] = {}
_wired: dict[str, list[str]] = {}


def on(*events: type[Event]) -> Callable[..., Reaction]:
    """Wire a reaction to events: `on(ReportSubmitted)(name="tag", prepare=..., apply=...)`."""

    def wire(
        *,
        name: str,
        prepare: Callable[[Session, Sequence[int]], Any],
        apply: Callable[[Session, Any], None],
        behind: bool = False,
    ) -> Reaction:
        reaction = Reaction(name, prepare, apply, behind)
        _reactions[name] = reaction
        for event in events:
            names = _wired.setdefault(event.name, [])
            if name not in names:
                names.append(name)
        return reaction

    return wire


def reactions() -> dict[str, Reaction]:
    """All reactions wired in this process, by name."""
    return _reactions


def publish(session: Session, *events: Event) -> None:
    """Write events and the outbox rows of their reactions; the relay sends them once this transaction commits."""
    if not events:
        return
    if not _wired:
        raise RuntimeError(
            "no reaction is wired: start the service through the ewn command, which imports workers.reactions"
        )
    at = clock.now()
    keys = db.next_keys(session, table(EventRow), len(events))
    db.insert_all(
        session,
        table(EventRow),
        [
            {"id": key, "name": event.name, "subject_id": event.subject_id, "at": at}
            for key, event in zip(keys, events, strict=True)
        ],
    )
    due = clock.machine()
    rows = [
        {
            "event_id": key,
            "reaction": reaction,
            "subject_id": event.subject_id,
            "due_at": due,
            "trace": log.trace_of(event.subject_id),
            **_FRESH,
        }
        for key, event in zip(keys, events, strict=True)
        for reaction in _wired.get(event.name, ())
    ]
    db.insert_all(session, table(Outbox), rows)
    session.info.setdefault("published", []).extend(keys)


_FRESH = {"sends": 0, "tries": 0, "error": ""}


def publish_all(session: Session, event: type[Event], subjects: Iterable[int]) -> None:
    """Publish the same event for many subjects."""
    publish(session, *(event(subject) for subject in subjects))
