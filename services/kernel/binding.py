"""Rows as the drivers take them: columns bound at once, in one statement of one fixed text however many rows there are.

SQLAlchemy takes longer to bind a row than either database takes to write it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import JSON, Boolean, Connection, Date, Float, Integer, String, Table
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import AutoString

from services.kernel.model import Utc

Column = Sequence[Any]
_Way = Callable[[Column], Column]
_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has no type for it
_AS_THEY_ARE = (String, AutoString, Integer, Boolean, Float)


def insert(connection: Connection, table: Table, names: tuple[str, ...], columns: Sequence[Column], then: str) -> int:
    """Insert rows given column by column; how many were written. `then`: an ON CONFLICT clause.

    Raises:
        TypeError: a column is of a kind that was not thought about here.
    """
    lite = connection.dialect.name == "sqlite"
    text, ways = _insert(table, names, then, lite=lite)
    given = [way(column) for way, column in zip(ways, columns, strict=True)]
    done = connection.exec_driver_sql(text, list(zip(*given, strict=True)) if lite else tuple(given))
    return done.rowcount


@lru_cache(maxsize=64)
def _insert(table: Table, names: tuple[str, ...], then: str, *, lite: bool) -> tuple[str, list[_Way]]:
    """The statement, and how each column is given to the driver: value by value, or as the text of an array."""
    kinds = [table.c[name].type for name in names]
    plain = [_plain(kind, lite=lite) for kind in kinds]
    into = f"INSERT INTO {table.name} ({', '.join(names)})"
    if lite:
        return f"{into} VALUES ({', '.join('?' * len(names))}) {then}", plain
    arrays = ", ".join(f"%s::{kind.compile(_POSTGRESQL)}[]" for kind in kinds)
    return f"{into} SELECT * FROM unnest({arrays}) {then}", [_arrayed(way) for way in plain]  # noqa: S608 -- the same


def _plain(kind: Any, *, lite: bool) -> _Way:
    if isinstance(kind, JSON):
        return lambda column: [_json(one) for one in column]
    if isinstance(kind, Utc):
        return lambda column: _instants(column, lite=lite)
    if isinstance(kind, Date):
        return lambda column: [None if one is None else one.isoformat() for one in column]
    if isinstance(kind, _AS_THEY_ARE):
        return lambda column: column
    raise TypeError(f"many values of {kind!r} at once: say here how the drivers take them")


def _json(value: Any) -> str:
    return "{}" if value == {} else to_json(value).decode()  # most are empty; three times as fast as `json.dumps`


def _instants(column: Column, *, lite: bool) -> list[str | None]:
    made: list[str | None] = []
    before, text = None, None
    for one in column:
        if one is not before:  # of many rows it is often one and the same
            before, text = one, _instant(one, lite=lite)
        made.append(text)
    return made


def _instant(value: datetime | None, *, lite: bool) -> str | None:
    """As SQLAlchemy's SQLite stores it, which compares times as text: in UTC without a zone, to the microsecond."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    text = value.astimezone(UTC).isoformat(" ", "microseconds")
    return text[:26] if lite else text


def _arrayed(plain: _Way) -> Callable[[Column], str]:
    return lambda column: array(plain(column))


def array(values: Column) -> str:
    """PostgreSQL's text of an array of text or numbers: psycopg makes it element by element, in Python."""
    if not any(isinstance(one, str) for one in values):
        return "{" + ",".join("NULL" if one is None else str(one) for one in values) + "}"
    return "{" + ",".join("NULL" if one is None else _quoted(str(one)) for one in values) + "}"


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
