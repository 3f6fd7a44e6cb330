"""Tables of what reports are about: tags with their evidence, words of answers, near duplicates and what finds them."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc


class Tagging(SQLModel, table=True):
    """That a report was tagged, in which revision and screened by which rules, the language that was found, and the
    sketch of its words."""

    __table_args__ = (Index("tagging_by_screening", "screened", "report_id"),)
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    revision: int
    language: str
    guessed_language: str
    signature: bytes
    numbers: bytes
    screened: str
    tagged_at: datetime | None = Field(default=None, sa_type=Utc, description="None: before times were kept.")


class TagRow(Record, table=True):
    """One tag: what, how sure, by which method, on which words: code-point spans over title, line break, text, or
    over those of the attachment or answer that is named."""

    __tablename__ = "tag"
    __table_args__ = (Index("tag_by_value", "scheme", "value", "report_id"),)
    report_id: int = Field(foreign_key="report.id", sa_type=BigKey, index=True)
    scheme: str
    value: str
    confidence: float
    method: str
    spans: list[list[int]] = Field(default_factory=list, sa_type=JSON)
    version: str
    attachment: str = Field(default="", description="The reference of the file in which it was found.")
    answer: str = Field(default="", description="The answer in which it was found: its question's code and part.")


class AnswerWords(SQLModel, table=True):
    """What was written in a report's answers, in the revision that was tagged, as others than its owner read it: the
    list of reports is searched by it."""

    __tablename__ = "answer_words"
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    text: str


class Link(SQLModel, table=True):
    """Two reports that tell the same thing, smaller key first. Policy hides a link unless both ends are seen."""

    __table_args__ = (Index("link_by_high", "high", "low"),)
    low: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    high: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey)
    reason: str
    score: float


class DuplicateBand(SQLModel, table=True):
    """One band of a report's MinHash signature: reports that share a band are candidates."""

    __tablename__ = "duplicate_band"
    band: int = Field(primary_key=True, sa_type=BigInteger)
    report_id: int = Field(foreign_key="report.id", primary_key=True, sa_type=BigKey, index=True)


class _Act(Record):
    """An act of an analyst: rows are only added, and the latest of its subject stands. Its reason goes with the words
    of the report."""

    reason: str
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int = Field(foreign_key="member.id")
    made_at: datetime = Field(sa_type=Utc)


class PairDecision(_Act, table=True):
    """That two reports, smaller key first, tell the same event or not; `undecided` takes that back. Policy hides it
    unless both ends are seen."""

    __tablename__ = "pair_decision"
    __table_args__ = (
        Index("pair_decision_by_low", "low", "high", "id"),
        Index("pair_decision_by_high", "high", "low", "id"),
    )
    low: int = Field(foreign_key="report.id", sa_type=BigKey)
    high: int = Field(foreign_key="report.id", sa_type=BigKey)
    low_revision: int
    high_revision: int
    decided: str


class TagDecision(_Act, table=True):
    """That a tag holds, does not, or was missed; `undecided` takes that back. `version` is that of the definitions that
    gave it then, `language` that of the report, `words` a keyed hash of what was read; of what was missed `missed` is
    the version of the definitions that missed it, and `spans` where the words that say so stand in the original."""

    __tablename__ = "tag_decision"
    __table_args__ = (Index("tag_decision_of_report", "report_id", "scheme", "value", "id"),)
    report_id: int = Field(foreign_key="report.id", sa_type=BigKey)
    revision: int
    scheme: str
    value: str
    decided: str
    version: str
    language: str
    words: str
    missed: str = ""
    spans: list[list[int]] = Field(default_factory=list, sa_type=JSON)
