"""What tests of the kernel share: commits that really fail, and a reaction whose effect can be counted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, select, text
from sqlmodel import Session

from services.kernel import bulk, db, events

EFFECT = Table("effect", MetaData(), Column("subject", Integer, primary_key=True), Column("value", Integer))
HOT = Table(
    "hot", MetaData(), Column("name", String, primary_key=True), Column("number", Integer, primary_key=True),
    Column("value", Integer),
)  # fmt: skip


@dataclass(frozen=True)
class Poked(events.Event):
    name = "test.poked"


@dataclass
class Poking:
    """A reaction of our own: its effect is one more in `effect` for each subject it is applied to."""

    name: str = "poke"
    poison: set[int] = field(default_factory=set)
    prepared: list[int] = field(default_factory=list)
    before_apply: Callable[[Session], None] | None = None
    after_prepare: Callable[[Sequence[int]], None] | None = None

    def prepare(self, _session: Session, subjects: Sequence[int]) -> list[int]:
        self.prepared += subjects
        if self.after_prepare is not None:
            self.after_prepare(subjects)
        return list(subjects)

    def apply(self, session: Session, plan: list[int]) -> None:
        if self.before_apply is not None:
            self.before_apply(session)
        for subject in plan:
            if subject in self.poison:
                raise ValueError(f"subject {subject} is poison")
        bulk.add_to(session, EFFECT, [(subject, 1) for subject in plan])

    @staticmethod
    def effects() -> dict[int, int]:
        """How often each subject was applied."""
        with db.reading() as session:
            return {row.subject: row.value for row in session.execute(select(EFFECT)).all()}

    @staticmethod
    def publish(*subjects: int) -> list[int]:
        """Publish an event for each subject; returns all outbox keys that wait for this reaction."""
        with db.transaction() as session:
            events.publish(session, *(Poked(one) for one in subjects))
        return [row.key for row in waiting("poke")]


def waiting(reaction: str) -> list[events.Outbox]:
    """The outbox rows of a reaction."""
    with db.reading() as session:
        rows = session.execute(
            select(events.Outbox).where(events.Outbox.reaction == reaction).order_by(events.Outbox.id)
        )
        return list(rows.scalars())


@pytest.fixture
def poking(database: str) -> Iterator[Poking]:
    """The reaction, wired for one test."""
    EFFECT.create(db.engine())
    made = Poking()
    events.on(Poked)(name=made.name, prepare=made.prepare, apply=made.apply)
    yield made
    events._reactions.pop(made.name)
    events._wired.pop(Poked.name)


@pytest.fixture
def hot(database: str) -> Table:
    """An empty table of cells."""
    HOT.create(db.engine())
    return HOT


@pytest.fixture
def doom(database: str) -> Callable[[str, str], None]:
    """Lay a trap: `doom(table, column)` makes the COMMIT fail that follows a write of the word `doomed` there.

    Both are failures of the commit itself: a deferred trigger on PostgreSQL, a deferred foreign key on SQLite.
    """

    def lay(table: str, column: str) -> None:
        with db.transaction() as session:
            for statement in (_lite if db.is_sqlite(session) else _full)(table, column):
                session.execute(text(statement))

    return lay


def _lite(table: str, column: str) -> Iterator[str]:
    yield "create table if not exists trap (id integer primary key references ground deferrable initially deferred)"
    yield "create table if not exists ground (id integer primary key)"
    for act in ("insert", "update"):
        yield (
            f"create trigger trap_{table}_{act} after {act} on {table} when new.{column} = 'doomed' "
            "begin insert into trap values (null); end"
        )


def _full(table: str, column: str) -> Iterator[str]:
    yield (
        f"create function trap_{table}() returns trigger language plpgsql as $$ begin "
        f"if new.{column} = 'doomed' then raise exception 'the commit fails'; end if; return null; end $$"
    )
    yield (
        f"create constraint trigger trap_{table} after insert or update on {table} deferrable initially deferred "
        f"for each row execute function trap_{table}()"
    )
