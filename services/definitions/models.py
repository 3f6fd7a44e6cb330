"""Tables of definitions: the versions that a network wrote itself, and the runs that tag its past by them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from services.kernel.model import BigKey, Record, Utc

DRAFT, REVIEWED, IN_FORCE, REPLACED = "draft", "reviewed", "in_force", "replaced"
_OPEN, _STANDING = text("state IN ('draft', 'reviewed')"), text("state = 'in_force'")


class DefinitionVersion(Record, table=True):
    """One version of a definition. Once it was in force, `body` never changes: tags name it. `restores`: the earlier
    version that it brings back. Without a maker: the pack's, as it was when the network wrote its first."""

    __tablename__ = "definition_version"
    __table_args__ = (
        Index("definition_version_once", "code", "version", unique=True),
        Index("definition_draft_once", "code", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("definition_in_force_once", "code", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
    )
    code: str
    version: int
    state: str = Field(description="draft, reviewed, in_force or replaced")
    body: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    restores: int | None = None
    made_by: int | None = Field(default=None, foreign_key="member.id")
    made_at: datetime = Field(sa_type=Utc)
    reviewed_by: int | None = Field(default=None, foreign_key="member.id")
    reviewed_at: datetime | None = Field(default=None, sa_type=Utc)
    in_force_by: int | None = Field(default=None, foreign_key="member.id")
    in_force_at: datetime | None = Field(default=None, sa_type=Utc)
    replaced_at: datetime | None = Field(default=None, sa_type=Utc)


class DefinitionRun(Record, table=True):
    """That the reports told before a version came into force are tagged by it: all up to a report, in the order of
    their keys. `reached`: the last that was handed on; `mark`: the last event when all were tagged; a run ends when
    what was told up to then is worked on. A later run does all that is left of an earlier one, and takes its place."""

    __tablename__ = "definition_run"
    code: str
    version: int
    begun_at: datetime = Field(sa_type=Utc)
    upto: int = Field(sa_type=BigKey)
    reached: int = Field(default=0, sa_type=BigKey)
    mark: int | None = Field(default=None, sa_type=BigKey)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    superseded: bool = False
