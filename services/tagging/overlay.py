"""Stored decisions on tags, and what was read when they were made."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session

from services.kernel import bulk, seals
from services.kernel.model import table
from services.tagging.corrections import REJECTED, THEME
from services.tagging.models import TagDecision
from services.texts import normalise

DECISION = table(TagDecision)
_DECIDED = select(DECISION).where(bulk.among(DECISION.c.report_id)).order_by(DECISION.c.id)


def decisions_of(session: Session, report_ids: Collection[int]) -> dict[int, list[Any]]:
    """What analysts said of the tags of these reports, whoever may see it, oldest first."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_DECIDED, {"keys": report_ids}).all():
        found[row.report_id].append(row)
    return found


def decided_reports() -> Select[Any]:
    """Select the reports of whose tags analysts said anything."""
    return select(DECISION.c.report_id).where(DECISION.c.scheme == THEME)


def said_of_themes(session: Session, report_ids: Collection[int]) -> list[tuple[int, str, str, int, bool]]:
    """Report, theme, what analysts said last of it and in which revision, whoever may see it; and whether it was of
    what tagging had found."""
    found = decisions_of(session, report_ids)
    last = {(key, one.value): one for key in sorted(found) for one in found[key] if one.scheme == THEME}
    return [(key, theme, one.decided, one.revision, bool(one.version)) for (key, theme), one in last.items()]


def rejected_themes(session: Session, report_id: int) -> set[str]:
    """The themes of which the latest word of an analyst is that this report has them not."""
    return {theme for _, theme, decided, *_ in said_of_themes(session, [report_id]) if decided == REJECTED}


def words_of(report: Any, files: Sequence[tuple[str, str]]) -> str:
    """A keyed hash of all that is read to tag a report: its words as they came, and which files it has."""
    return words_in(report.title, report.text, report.answers, files)


def words_in(title: str, text: str, answers: Any, files: Sequence[tuple[str, str]]) -> str:
    """The same of the body of an earlier revision."""
    return seals.sign("tagged words", [normalise(title), normalise(text), answers or {}, [name for name, _ in files]])
