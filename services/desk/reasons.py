"""Why a report needs an analyst's look, as conditions on it: what it shows by itself (docs/adr/0028)."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, literal_column, select
from sqlmodel import Session

from services import tagging
from services.desk.schemas import Reason
from services.kernel.bulk import among
from services.kernel.model import table
from services.reports import Report

REPORT = table(Report)
TAGGING = table(tagging.Tagging)
TAG = table(tagging.TagRow)
DECISION = table(tagging.TagDecision)
LOW = 0.7  # confidence: two words of a theme and no more, or a name that several places bear
UNDETERMINED = "und"
_GIVEN = ("sender", "analyst")
_JUDGED = ("theme", "country", "unit", "town", "actor")


def reasons(alike: Collection[int]) -> dict[Reason, ColumnElement[bool]]:
    """Each reason with its condition on the report table. `alike`: the reports of which another may tell the same.

    A tag that an analyst has judged in this revision is no reason any more.
    """
    same: ColumnElement[int] = literal_column(f"({','.join(str(int(one)) for one in sorted(alike)) or 'NULL'})")
    return {
        "untagged": ~_tagged(),
        "language": _tagged(TAGGING.c.language == UNDETERMINED),
        "unsure": _found(*_doubtful()),
        "themes": _differ("theme"),
        "places": _differ("country") | _differ("unit"),
        "personal": _undecided(),
        "alike": func.coalesce(REPORT.c.id.op("IN", is_comparison=True)(same), False),
    }


def unsure(session: Session, references: Collection[str]) -> dict[str, set[tuple[str, str]]]:
    """The tags, by scheme and value, for which these reports are `unsure`: what of them a reader may be told is not
    asked here."""
    of = (TAG.c.report_id == REPORT.c.id, *_unjudged(), *_doubtful())
    statement = select(REPORT.c.reference, TAG.c.scheme, TAG.c.value).where(among(REPORT.c.reference), *of)
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in session.execute(statement, {"keys": references}):
        found[row.reference].add((row.scheme, row.value))
    return found


def speaks(language: str) -> ColumnElement[bool]:
    """Whether a report is in this language, as declared or guessed."""
    return _tagged(TAGGING.c.language == language)


def _tagged(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether its present revision is tagged, and so."""
    of = (TAGGING.c.report_id == REPORT.c.id, TAGGING.c.revision == REPORT.c.revision)
    return exists(select(TAGGING.c.report_id).where(*of, *more).correlate(REPORT))


def _found(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether tagging found such a tag, of which no word of an analyst stands."""
    of = (TAG.c.report_id == REPORT.c.id, *_unjudged())
    return exists(select(TAG.c.id).where(*of, *more).correlate(REPORT))


def _unjudged() -> tuple[ColumnElement[bool], ...]:
    """That tagging found it, and no word of an analyst on it stands."""
    return TAG.c.method.not_in(_GIVEN), ~_decided(TAG)


def _doubtful() -> tuple[ColumnElement[bool], ...]:
    """That it is of low confidence, and its sender did not give it."""
    return TAG.c.scheme.in_(_JUDGED), TAG.c.confidence < LOW, ~_given_too()


def _given_too() -> ColumnElement[bool]:
    """Whether the sender gave what was found."""
    given = TAG.alias()
    of = (given.c.report_id == TAG.c.report_id, given.c.scheme == TAG.c.scheme, given.c.value == TAG.c.value)
    return exists(select(given.c.id).where(*of, given.c.method == "sender").correlate(TAG))


def _decided(tag: FromClause) -> ColumnElement[bool]:
    """Whether an analyst's last word on this tag judges it, in the present revision."""
    said, later = DECISION.alias(), DECISION.alias()
    of = (later.c.report_id == said.c.report_id, later.c.scheme == said.c.scheme, later.c.value == said.c.value)
    newer = exists(select(later.c.id).where(*of, later.c.id > said.c.id).correlate(said))
    stands = (said.c.report_id == tag.c.report_id, said.c.value == tag.c.value, said.c.revision == REPORT.c.revision)
    return exists(select(said.c.id).where(*stands, said.c.decided != "undecided", ~newer).correlate(REPORT, tag))


def _differ(scheme: str) -> ColumnElement[bool]:
    """Whether its sender gave and its text says something of this scheme, and nothing that is in both."""
    given, same = TAG.alias(), TAG.alias()
    of = (given.c.report_id == REPORT.c.id, given.c.scheme == scheme, given.c.method == "sender")
    twice = and_(same.c.report_id == given.c.report_id, same.c.scheme == scheme, same.c.method.not_in(_GIVEN))
    both = select(given.c.id).join(same, and_(twice, same.c.value == given.c.value)).where(*of)
    one = exists(select(given.c.id).where(*of).correlate(REPORT))
    return and_(one, _found(TAG.c.scheme == scheme), ~exists(both.correlate(REPORT)))


def _undecided() -> ColumnElement[bool]:
    """Whether something personal was found in it, and its owner has not said what is to become of it."""
    found = func.coalesce(REPORT.c.personal["spans"].as_string(), "[]") != "[]"
    return and_(found, func.coalesce(REPORT.c.personal["decision"].as_string(), "") == "")
