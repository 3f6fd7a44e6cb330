"""One way to the database: write transactions that commit on success, and read transactions that cannot write."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, SQLModel

from services.kernel import binding
from services.kernel.config import settings

logger = logging.getLogger(__name__)
T = TypeVar("T")
_engine: Engine | None = None
# SQLite has one writer: queue for it here, not in its busy loop. No RLock: a request's transaction may end in another
# thread than it began in.
_writer = threading.Lock()
_binding = threading.RLock()  # of the process to a database
# Of PostgreSQL, in seconds. Less than a task's hard limit, and more than any statement of a request or reaction takes.
CONNECT_SECONDS = 5
LOCK_SECONDS = 20
STATEMENT_SECONDS = 50
SNAPSHOT = "all questions of this session are answered from one snapshot"
BUSY_MILLISECONDS = 30_000  # of SQLite
WASH_MILLISECONDS = 1_000
_after_commit: list[Callable[[], None]] = []


def engine() -> Engine:
    """The engine of this process, made at first use from the settings."""
    bound = _engine
    if bound is None:
        with _binding:  # nobody gets one that lacks its listeners, or that another thread replaces at once
            bound = _engine or connect(settings().database)
    return bound


def connect(url: str) -> Engine:
    """Bind this process to a database; replaces what was bound before. Its errors do not tell what was written."""
    global _engine
    with _binding:
        disconnect()
        made = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
        _engine = made  # whole before any other thread sees it
        return made


def disconnect() -> None:
    """Close the connections of this process (also before and after a fork)."""
    global _engine
    if _engine is not None:
        _engine.dispose()
        _engine = None


def _sqlite(url: str) -> Engine:
    waits = {"timeout": 30, "check_same_thread": False}
    # The connection used last is used first: each keeps pages and statements, and few then keep all that is wanted.
    made = create_engine(
        url, connect_args=waits, pool_size=20, max_overflow=20, pool_use_lifo=True, hide_parameters=True
    )
    event.listen(made, "connect", _sqlite_connect)
    event.listen(made, "begin", _sqlite_begin)
    event.listen(made, "reset", _sqlite_reset)
    return made


def _postgresql(url: str) -> Engine:
    made = create_engine(
        url,
        connect_args={"connect_timeout": CONNECT_SECONDS},
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=10,
        hide_parameters=True,
    )
    event.listen(made, "connect", _postgresql_connect)
    return made


def _postgresql_connect(connection: Any, _record: object) -> None:
    # Said to the server and not in the address, which may go through a pooler that knows no options.
    with connection.cursor() as cursor:
        cursor.execute(
            f"set lock_timeout = '{LOCK_SECONDS}s'; set statement_timeout = '{STATEMENT_SECONDS}s'; "
            # With values, as if never prepared; a statement without any keeps its one plan.
            "set plan_cache_mode = force_custom_plan"
        )
    connection.commit()


def patient(connection: Connection) -> None:
    """Let this connection wait and work as long as it takes, until it is closed: for migrations."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("set lock_timeout = 0; set statement_timeout = 0"))
        connection.commit()
        connection.detach()  # from the pool, so that nobody else gets it like this


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.create_function("lower", 1, _lower, deterministic=True)  # its own knows only ASCII
    connection.isolation_level = None  # we say BEGIN ourselves: IMMEDIATE for writers
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is recalled or revised leaves no words in freed space
        f"busy_timeout={BUSY_MILLISECONDS}",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


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


def uncased(session: Session, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column, to be compared without regard to case in any script; by the locale before PostgreSQL 17."""
    dialect = session.get_bind().dialect
    version = getattr(dialect, "server_version_info", None) or ()
    return column.collate("pg_c_utf8") if dialect.name == "postgresql" and version >= (17,) else column


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
            published = session.info.get("published")
            washing = session.info.get("wash")
    if washing:
        _empty_log(bound)
    if published:
        for hook in _after_commit:
            hook()


def wash(session: Session) -> None:
    """Once this transaction has committed, empty SQLite's write-ahead log, in which stands what was destroyed. Best
    effort: a reader at work keeps it from being emptied. On PostgreSQL vacuuming does it, in its own time."""
    session.info["wash"] = is_sqlite(session)


def _empty_log(bound: Engine) -> None:
    with suppress(OperationalError), bound.connect() as connection:
        plain: Any = connection.connection.dbapi_connection  # a checkpoint is refused inside a transaction
        plain.rollback()
        try:
            plain.execute(f"PRAGMA busy_timeout={WASH_MILLISECONDS}")
            busy, *_ = plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            plain.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        if busy:
            logger.warning("the write-ahead log could not be emptied yet: somebody is reading")


@contextmanager
def reading() -> Iterator[Session]:
    """A read transaction on one snapshot; whatever it is tricked into writing is rolled back."""
    bound = engine()
    if bound.dialect.name != "sqlite":
        bound = bound.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with Session(bound, expire_on_commit=False, autoflush=False) as session:
        session.info[SNAPSHOT] = True
        yield session  # closing it rolls back, and leaves what was read usable
        if bound.dialect.name != "sqlite" and session.in_transaction():
            # Nothing was written; but after a ROLLBACK the driver forgets the plans that this connection holds.
            plain: Any = session.connection().connection.dbapi_connection
            plain.commit()


@contextmanager
def snapshot() -> Iterator[Session]:
    """A read transaction on the state of this instant, not of its first question: taken while a lock is held, it shows
    what was locked also after the lock is gone."""
    with reading() as session:
        session.execute(text("SELECT 1 FROM job_run LIMIT 1"))
        yield session


def one_row(session: Session, statement: str) -> Any:
    """The one row that a statement without values gives. Straight to the driver: SQLAlchemy takes longer for a row of
    two columns than either database; an error is the one that SQLAlchemy would raise."""
    connection = session.connection()
    plain: Any = connection.connection.dbapi_connection
    driver: Any = connection.dialect.loaded_dbapi
    try:
        return plain.execute(statement).fetchone()
    except driver.Error as error:
        lost = connection.dialect.is_disconnect(error, plain, None)
        known = DBAPIError.instance(
            None,
            None,
            error,
            driver.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=connection.dialect,
        )
        raise known from error


def insert_all(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that give the same columns, among them all that have a default in Python."""
    if not rows:
        return
    session.flush()  # what waits in the session goes first, as before any other statement
    names = tuple(rows[0])
    binding.insert(session.connection(), table, names, [[row[name] for row in rows] for name in names], "")


def insert_new(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, returning: Sequence[str]
) -> list[Any]:
    """Insert rows, leaving out those whose unique key is taken; return the named columns of those inserted."""
    if not rows:
        return []
    make = sqlite.insert if is_sqlite(session) else postgresql.insert
    statement = make(table).on_conflict_do_nothing().returning(*(table.c[name] for name in returning))
    return list(session.execute(statement, [dict(row) for row in rows]).all())


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
