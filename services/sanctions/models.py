"""Tables of lists: each version with what it changed, and the entries of the last one only.

Whoever is taken off a list is kept nowhere: of earlier versions the reference numbers stay, no names.
"""

from datetime import datetime

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from services.kernel.model import Record, Utc


class SanctionsList(Record, table=True):
    """One imported version of a list. `approved_at`: when the network's secretariat took it as the network's own; until
    then what it names leads to no tag and feeds nothing."""

    __tablename__ = "sanctions_list"
    source: str = Field(index=True)
    designated_by: str
    dated: datetime = Field(sa_type=Utc)
    imported_at: datetime = Field(sa_type=Utc)
    individuals: int
    entities: int
    added: list[str] = Field(default_factory=list, sa_type=JSON)
    removed: list[str] = Field(default_factory=list, sa_type=JSON)
    changed: list[str] = Field(default_factory=list, sa_type=JSON)
    approved_at: datetime | None = Field(default=None, sa_type=Utc)


class ListedEntry(Record, table=True):
    """An entry of the last version of a list."""

    __tablename__ = "listed_entry"
    __table_args__ = (UniqueConstraint("source", "reference"),)
    source: str
    reference: str
    kind: str = Field(description="entity or individual")
    programme: str
    names: list[str] = Field(default_factory=list, sa_type=JSON)
    digest: str


class ListDecision(Record, table=True):
    """The secretariat took a list that is not the Security Council's as the network's own, or no longer does."""

    __tablename__ = "list_decision"
    source: str = Field(index=True)
    designated_by: str
    approved: bool
    reason: str
    member_id: int = Field(foreign_key="member.id")
    made_at: datetime = Field(sa_type=Utc)
