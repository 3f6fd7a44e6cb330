"""Tables of counting: what each report added, the cells it was added to, and series that come from outside."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc


class Tally(SQLModel, table=True):
    """How a report was counted last: `times` grows with each counting, so that a plan made before it is stale.

    `since`: the latest freezing before that; only later ones hold the report as it is counted here.
    """

    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    times: int = 0
    audience_id: int | None = None
    status: str = ""
    incident_id: int | None = Field(default=None, sa_type=BigKey, index=True)
    since: int = Field(default=0, sa_type=BigInteger)


class ContributionRow(SQLModel, table=True):
    """What a report added to an indicator, as it stands in the cells now. `path`: the codes of the place and of all
    above it that were counted, with spaces between: the pack may have changed since."""

    __tablename__ = "contribution"
    __table_args__ = (
        Index("contribution_by_day", "indicator", "occurred_from"),  # for grains that have no cells
        {"sqlite_with_rowid": False},
    )
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    indicator: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    path: str
    occurred_from: date
    occurred_to: date
    value: int = Field(sa_type=BigInteger)


class IncidentRow(Record, table=True):
    """The links of an incident of several reports, as they were counted; its members are the tallies that name it."""

    __tablename__ = "incident"
    edges: list[list[int]] = Field(default_factory=list, sa_type=JSON)


class Freezing(Record, table=True):
    """An instant at which counts were frozen; what counting replaces after it is kept, as it was then."""

    at: datetime = Field(sa_type=Utc)


class CountedBefore(SQLModel, table=True):
    """What a report was counted as in the freezings after `since`, up to `until`. `head`: the first report of its
    incident, whose reports are always counted together. `links`: those of them that come after it."""

    __tablename__ = "counted_before"
    __table_args__ = (Index("counted_before_by_freezing", "until"), Index("counted_before_by_head", "head"))
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    since: int = Field(primary_key=True, sa_type=BigInteger)
    until: int = Field(sa_type=BigInteger)
    head: int = Field(sa_type=BigInteger)
    audience_id: int
    status: str
    contributions: list[list[Any]] = Field(default_factory=list, sa_type=JSON)
    links: list[int] = Field(default_factory=list, sa_type=JSON)


class Cell(SQLModel, table=True):
    """What one audience's incidents are worth in a cell."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    indicator: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    grain: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    bucket: date = Field(primary_key=True)
    audience_id: int = Field(primary_key=True)
    value: int = Field(sa_type=BigInteger)


class PatternRow(Record, table=True):
    """A pattern of an incident told under several audiences."""

    __tablename__ = "pattern"
    text: str = Field(unique=True)


class Overlap(SQLModel, table=True):
    """How many incidents of a pattern are in a cell; folded when read, over what the viewer sees."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    indicator: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    grain: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    bucket: date = Field(primary_key=True)
    pattern_id: int = Field(primary_key=True, sa_type=BigKey)
    value: int = Field(sa_type=BigInteger)


class Observation(SQLModel, table=True):
    """A value of an external series; null is `no data`, which is not zero. A viewer gets the latest one they see."""

    __table_args__ = (Index("observation_by_bucket", "indicator", "grain", "bucket"),)
    indicator: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    grain: str = Field(primary_key=True)
    bucket: date = Field(primary_key=True)
    audience_id: int = Field(foreign_key="audience.id", primary_key=True)
    value: int | None = Field(default=None, sa_type=BigInteger)
    released_at: datetime = Field(sa_type=Utc)
