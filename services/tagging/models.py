"""Tables of what reports are about: tags with their evidence, words of answers, near duplicates and what finds them."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Connection, Index, UniqueConstraint, event
from sqlmodel import Field, SQLModel

from services.kernel.model import BigKey, Record, Utc, table


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


class FoundBy(Record, table=True):
    """The words by which a report is found, in the revision that was tagged, as others than its owner read it; `own`:
    as it came, for its owner, where that differs (docs/adr/0029). What looks words up in it is laid beside it: on
    PostgreSQL an index over it, on SQLite a table of each word."""

    __tablename__ = "found_by"
    __table_args__ = (UniqueConstraint("report_id", "own"),)
    report_id: int = Field(foreign_key="report.id", sa_type=BigKey)
    own: bool
    words: str


# As the migration makes them. PostgreSQL's function costs what it costs: else the planner makes all vectors anew rather
# than look into the index. SQLite's FTS5 keeps the words of what was deleted before 3.42, which few Pythons have.
BESIDE = ("found_by_word", "found_by_words")
_SQLITE = (
    """CREATE TABLE found_by_word (word TEXT NOT NULL, found_by INTEGER NOT NULL, PRIMARY KEY (word, found_by))
    WITHOUT ROWID""",
    """CREATE TRIGGER found_by_added AFTER INSERT ON found_by BEGIN INSERT OR IGNORE INTO found_by_word
    SELECT value, new.id FROM json_each('["' || replace(new.words, ' ', '","') || '"]'); END""",
    """CREATE TRIGGER found_by_gone AFTER DELETE ON found_by BEGIN DELETE FROM found_by_word
    WHERE found_by = old.id
    AND word IN (SELECT value FROM json_each('["' || replace(old.words, ' ', '","') || '"]')); END""",
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION found_by_vector(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT
    PARALLEL SAFE COST 10000 AS $$ BEGIN RETURN array_to_tsvector(string_to_array(words, ' ')); END $$""",
    "CREATE INDEX found_by_words ON found_by USING gin (found_by_vector(words))",
)


def _lay(_table: object, connection: Connection, **_more: object) -> None:
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


event.listen(table(FoundBy), "after_create", _lay)


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
