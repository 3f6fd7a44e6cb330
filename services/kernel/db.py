"""One way to the database: write transactions that commit on success, and read transactions that cannot write."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Table, bindparam, create_engine, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from services.kernel.config import settings

T = TypeVar("T")
_Bind = Callable[[Any], Any]
_engine: Engine | None = None
# SQLite has one writer: queue for it here, not in its busy loop. No RLock: a request's transaction may end in another
# thread than it began in.
_writer = threading.Lock()
_after_commit: list[Callable[[], None]] = []


def engine() -> Engine:
    """The engine of this process, made at first use from the settings."""
    return _engine or connect(settings().database)


def connect(url: str) -> Engine:
    """Bind this process to a database; replaces what was bound before. Its errors do not tell what was written."""
    global _engine
    disconnect()
    if url.startswith("sqlite"):
        waits = {"timeout": 30, "check_same_thread": False}
        _engine = create_engine(url, connect_args=waits, pool_size=20, max_overflow=20, hide_parameters=True)
        event.listen(_engine, "connect", _sqlite_connect)
        event.listen(_engine, "begin", _sqlite_begin)
        event.listen(_engine, "reset", _sqlite_reset)
    else:
        _engine = create_engine(
            url, pool_pre_ping=True, pool_size=10, max_overflow=20, pool_timeout=10, hide_parameters=True
        )
    return _engine


def disconnect() -> None:
    """Close the connections of this process (also before and after a fork)."""
    global _engine
    if _engine is not None:
        _engine.dispose()
        _engine = None


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: IMMEDIATE for writers
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("ewn_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _sqlite_reset(connection: Any, _record: object, _state: object) -> None:
    # SQLite leaves a transaction open whose COMMIT failed, and SQLAlchemy takes it for ended: without this the
    # connection would go back to the pool with the write lock held.
    connection.rollback()


def is_sqlite(session: Session) -> bool:
    """Whether this session speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def after_commit(hook: Callable[[], None]) -> None:
    """Call `hook()` after each commit of this process that published something (the relay's nudge)."""
    _after_commit.append(hook)


def hooks() -> list[Callable[[], None]]:
    """What is called after commits that published something."""
    return list(_after_commit)


def heads() -> list[str]:
    """The migrations that the code expects."""
    from alembic.script import ScriptDirectory

    return list(ScriptDirectory(str(Path(__file__).parent.parent / "migrations")).get_heads())


@contextmanager
def transaction() -> Iterator[Session]:
    """A write transaction: commits if the block succeeds, rolls back if it raises.

    On SQLite it takes the write lock at once (BEGIN IMMEDIATE), so that reads inside it cannot go stale.
    """
    bound = engine()
    lite = bound.dialect.name == "sqlite"
    with _writer if lite else nullcontext():
        source = bound.execution_options(ewn_write=True) if lite else bound
        with Session(source, expire_on_commit=False) as session:
            yield session
            session.commit()
            published = session.info.get("published", False)
    if published:
        for hook in _after_commit:
            hook()


@contextmanager
def reading() -> Iterator[Session]:
    """A read transaction on one snapshot; whatever it is tricked into writing is rolled back."""
    bound = engine()
    if bound.dialect.name != "sqlite":
        bound = bound.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with Session(bound, expire_on_commit=False, autoflush=False) as session:
        yield session  # closing it rolls back, and leaves what was read usable


def insert_all(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that give the same columns, among them all that have a default in Python."""
    if not rows:
        return
    # Straight to the driver, as in `_add_to_sqlite`: binding by the ORM took twice as long as SQLite's own insert.
    statement, names, binds = _insertion(table, tuple(rows[0]), session.get_bind().dialect)
    columns = [_bound(bind, [row[name] for row in rows]) for name, bind in zip(names, binds, strict=True)]
    session.flush()  # what waits in the session goes first, as before any other statement
    session.connection().exec_driver_sql(statement, list(zip(*columns, strict=True)))


@lru_cache(maxsize=64)
def _insertion(table: Table, given: tuple[str, ...], dialect: Dialect) -> tuple[str, list[str], list[_Bind | None]]:
    compiled = table.insert().compile(dialect=dialect, column_keys=list(given))
    names = list(compiled.params)
    statement = str(compiled) if compiled.positional else str(compiled) % dict.fromkeys(names, "%s")
    return statement, names, [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]


def _bound(bind: _Bind | None, values: list[Any]) -> list[Any]:
    return [bind(value) for value in values] if bind else values


def insert_new(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, returning: Sequence[str]
) -> list[Any]:
    """Insert rows, leaving out those whose unique key is taken; return the named columns of those inserted."""
    if not rows:
        return []
    make = sqlite.insert if is_sqlite(session) else postgresql.insert
    statement = make(table).on_conflict_do_nothing().returning(*(table.c[name] for name in returning))
    return list(session.execute(statement, [dict(row) for row in rows]).all())


def add_to(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, value: str = "value") -> None:
    """Add `value` to each row's cell, making cells that are new, in the order of their key.

    Rows must be pre-summed: one per key. Always the same order, or concurrent writers deadlock.
    Cells that come to zero are deleted, so that what was reversed leaves no trace.
    """
    if not rows:
        return
    key = [column.name for column in table.primary_key.columns]
    ordered = sorted(rows, key=itemgetter(*key))
    if is_sqlite(session):
        _add_to_sqlite(session, table, key, ordered, value)
    else:
        _add_to_postgresql(session, table, key, ordered, value)
    lowered = [{f"k_{name}": row[name] for name in key} for row in ordered if row[value] < 0]
    if lowered:
        where = (table.c[name] == bindparam(f"k_{name}") for name in key)
        session.connection().execute(table.delete().where(table.c[value] == 0, *where), lowered)


def _add_to_sqlite(
    session: Session, table: Table, key: list[str], ordered: list[Mapping[str, Any]], value: str
) -> None:
    # Straight to the driver: the ORM's way of binding takes longer than SQLite does (measured: 11 against 5 µs a row).
    dialect = session.get_bind().dialect
    statement = sqlite.insert(table)
    total = table.c[value] + statement.excluded[value]
    text = str(statement.on_conflict_do_update(index_elements=key, set_={value: total}).compile(dialect=dialect))
    columns = [
        _bound(column.type.dialect_impl(dialect).bind_processor(dialect), [row[column.name] for row in ordered])
        for column in table.columns
    ]
    session.connection().exec_driver_sql(text, list(zip(*columns, strict=True)))


def _add_to_postgresql(
    session: Session, table: Table, key: list[str], ordered: list[Mapping[str, Any]], value: str
) -> None:
    # One statement with an array for each column: four times as fast as a statement for each row.
    names = [column.name for column in table.columns]
    arrays = (func.unnest(bindparam(f"a_{c.name}", type_=postgresql.ARRAY(c.type))) for c in table.columns)
    statement = postgresql.insert(table).from_select(names, select(*arrays))
    total = table.c[value] + statement.excluded[value]
    given = {f"a_{name}": [row[name] for row in ordered] for name in names}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_={value: total}), given)


def replace(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, replacing those whose primary key is taken."""
    key = [column.name for column in table.primary_key.columns]
    make = sqlite.insert if is_sqlite(session) else postgresql.insert
    statement = make(table)
    rest = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in key}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=rest), [dict(row) for row in rows])


def alone(session: Session, what: str) -> None:
    """Wait until no other transaction does this, and keep others waiting until this one ends."""
    if not is_sqlite(session):  # SQLite's writers are alone anyway
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))


def next_keys(session: Session, table: Table, count: int) -> list[int]:
    """Reserve integer keys for rows about to be inserted in bulk."""
    if is_sqlite(session):  # the one writer holds the lock, so nobody else can take them
        last = session.execute(select(func.max(table.c.id))).scalar() or 0
        return list(range(last + 1, last + 1 + count))
    sequence = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    return list(session.execute(select(sequence).select_from(func.generate_series(1, count))).scalars())


def batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Rows in lists of at most `size`."""
    held: list[T] = []
    for row in rows:
        held.append(row)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def create_all() -> None:
    """Make every table at once (tests and benches; the service migrates)."""
    SQLModel.metadata.create_all(engine())


def answers() -> bool:
    """Whether the database answers at all."""
    with engine().connect() as connection:
        return bool(connection.execute(text("select 1")).scalar() == 1)
