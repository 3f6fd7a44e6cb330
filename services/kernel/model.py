"""What all tables share: an integer key that never leaves the service, and aware UTC times."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Table
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

BigKey = BigInteger().with_variant(Integer, "sqlite")


class Utc(TypeDecorator[datetime]):
    """An aware UTC instant on both databases; SQLite keeps it without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give back an aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def table(model: type[SQLModel]) -> Table:
    """The table of a model, for statements over columns rather than rows."""
    found: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it without saying so
    return found


class Record(SQLModel):
    """A row with an integer key."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)

    @property
    def key(self) -> int:
        """The integer key of a stored row."""
        if self.id is None:
            raise ValueError("not stored yet")
        return self.id
