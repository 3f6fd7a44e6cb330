"""Many rows in one statement of one fixed text: made once, and sent with one value however many rows there are."""

import json
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Boolean, ColumnElement, Date, Dialect, String, Table, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from services.kernel import db

Row = tuple[Any, ...]
_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has no type for it


class _Keys(TypeDecorator[Collection[int]]):
    """Integer keys as one text: of JSON for SQLite, of an array for PostgreSQL."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> str:
        """The keys in order, so that rows are looked up in order."""
        keys = ",".join(map(str, sorted(value or ())))
        return f"[{keys}]" if dialect.name == "sqlite" else f"{{{keys}}}"


class among(FunctionElement[bool]):  # noqa: N801 -- read as a word of the statement
    """Whether a column is one of the integer keys that are given when the statement is executed: {"keys": [...]}.

    SQLAlchemy writes `in_` anew for each number of keys, which takes longer than the database takes to find them.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], keys: str = "keys") -> None:
        super().__init__(column, bindparam(keys, type_=_Keys()))


@compiles(among, "sqlite")
def _among_json(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, keys = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 -- names and binds, no values


@compiles(among, "postgresql")
def _among_array(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, keys = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} = ANY (CAST({keys} AS BIGINT[]))"


def insert(session: Session, table: Table, rows: Sequence[Row], *, columns: Sequence[str] = (), then: str = "") -> int:
    """Insert rows of whole numbers, fractions, text, dates and JSON; how many were written.

    A row gives the named columns in their order, or all of the table. `then`: an ON CONFLICT clause.
    Straight to the driver: SQLAlchemy takes longer to bind a row than either database takes to write it.
    """
    if not rows:
        return 0
    lite = db.is_sqlite(session)
    text, ways = _insert(table, tuple(columns) or tuple(table.columns.keys()), then, lite=lite)
    given = [way(column) for way, column in zip(ways, zip(*rows, strict=True), strict=True)]
    connection = session.connection()
    done = connection.exec_driver_sql(text, list(zip(*given, strict=True)) if lite else tuple(given))
    return done.rowcount


def add_to(session: Session, table: Table, rows: Collection[Row]) -> None:
    """Add to each row's cell, making cells that are new, in the order of their key. A row is its key, then the number.

    Rows must be pre-summed: one per key. Always the same order, or concurrent writers deadlock.
    Cells that come to zero are deleted, so that what was reversed leaves no trace.
    """
    *key, value = table.columns.keys()
    total = f"{value} = {table.name}.{value} + excluded.{value}"
    ordered = sorted(rows)
    insert(session, table, ordered, then=f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {total}")
    lowered = [{f"k_{name}": given for name, given in zip(key, row, strict=False)} for row in ordered if row[-1] < 0]
    if lowered:
        where = (table.c[name] == bindparam(f"k_{name}") for name in key)
        session.connection().execute(table.delete().where(table.c[value] == 0, *where), lowered)


@lru_cache(maxsize=64)
def _insert(table: Table, columns: tuple[str, ...], then: str, *, lite: bool) -> tuple[str, list[Callable[[Row], Any]]]:
    """The statement, and how each column is given to the driver: value by value, or as the text of an array."""
    kinds = [table.c[name].type for name in columns]
    plain = [_plain(kind) for kind in kinds]
    into = f"INSERT INTO {table.name} ({', '.join(columns)})"
    if lite:
        return f"{into} VALUES ({', '.join('?' * len(columns))}) {then}", plain
    arrays = ", ".join(f"%s::{kind.compile(_POSTGRESQL)}[]" for kind in kinds)
    return f"{into} SELECT * FROM unnest({arrays}) {then}", [_arrayed(way) for way in plain]  # noqa: S608 -- the same


def _plain(kind: Any) -> Callable[[Row], Sequence[Any]]:
    if isinstance(kind, Date):
        return lambda column: [one.isoformat() for one in column]
    if isinstance(kind, JSON):
        return lambda column: [json.dumps(one, ensure_ascii=False) for one in column]
    return lambda column: column


def _arrayed(plain: Callable[[Row], Sequence[Any]]) -> Callable[[Row], str]:
    return lambda column: array(plain(column))


def array(values: Sequence[Any]) -> str:
    """PostgreSQL's text of an array of text or numbers: psycopg makes it element by element, in Python."""
    if not any(isinstance(one, str) for one in values):
        return "{" + ",".join("NULL" if one is None else str(one) for one in values) + "}"
    return "{" + ",".join("NULL" if one is None else _quoted(str(one)) for one in values) + "}"


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
