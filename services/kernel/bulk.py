"""Many rows in one statement of one fixed text: made once, and sent with one value however many rows there are."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Dialect, String, Table, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session
from sqlmodel.sql.sqltypes import AutoString

from services.kernel import binding

Row = tuple[Any, ...]


class _Keys(TypeDecorator[Collection[int]]):
    """Integer keys as one text: of JSON for SQLite, of an array for PostgreSQL."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> str:
        """The keys in order, so that rows are looked up in order."""
        keys = ",".join(map(str, sorted(value or ())))
        return f"[{keys}]" if dialect.name == "sqlite" else f"{{{keys}}}"


class _Words(TypeDecorator[Collection[str]]):
    """Texts as one text, in the same two ways."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> str:
        """The texts as they are given."""
        words = list(value or ())
        return json.dumps(words, ensure_ascii=False) if dialect.name == "sqlite" else binding.array(words)


class among(FunctionElement[bool]):  # noqa: N801 -- read as a word of the statement
    """Whether a column is one of the keys that are given when the statement is executed: {"keys": [...]}.

    SQLAlchemy writes `in_` anew for each number of keys, which takes longer than the database takes to find them.
    """

    # No Boolean, of which SQLAlchemy asks SQLite whether it equals 1: with that, SQLite finds no row by its index.
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], keys: str = "keys") -> None:
        words = isinstance(column.type, String | AutoString)
        self.array = "TEXT" if words else "BIGINT"
        super().__init__(column, bindparam(keys, type_=_Words() if words else _Keys()))


@compiles(among, "sqlite")
def _among_json(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, keys = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 -- names and binds, no values


@compiles(among, "postgresql")
def _among_array(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, keys = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} = ANY (CAST({keys} AS {element.array}[]))"


def insert(session: Session, table: Table, rows: Sequence[Row], *, columns: Sequence[str] = (), then: str = "") -> int:
    """Insert rows of whole numbers, fractions, text, days, instants and JSON; how many were written.

    A row gives the named columns in their order, or all of the table. `then`: an ON CONFLICT clause.
    """
    if not rows:
        return 0
    names = tuple(columns) or tuple(table.columns.keys())
    return binding.insert(session.connection(), table, names, list(zip(*rows, strict=True)), then)


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
