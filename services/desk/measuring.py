"""Precision and recall of tagging, on the reports that one reader sees (docs/adr/0028)."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from services import network, reports, tagging
from services.desk.measures import Measured, measured, together
from services.desk.models import DeskDone
from services.desk.schemas import MeasuredView, PrecisionView, Status, VersionMeasure
from services.kernel.model import table
from services.network import Caller, Tlp
from services.reports import Report

REPORT = table(Report)
DONE = table(DeskDone)
DECISION = table(tagging.TagDecision)
JUDGED = ("theme", "place")  # an actor is no definition, and who is named not everybody's to know


def precision(session: Session, caller: Caller, status: Status) -> tuple[PrecisionView, Tlp | None]:
    """How often tagging was right and how much it found, by what analysts said of the reports that the caller sees; and
    the strictest label of those."""
    seen = reports.visible_reports(session, caller).with_only_columns(REPORT.c.id, REPORT.c.audience_id)
    told = seen.where(REPORT.c.status == status).subquery()
    last = (
        select(DONE.c.report_id, told.c.audience_id, func.max(DONE.c.revision).label("revision"))
        .join(told, told.c.id == DONE.c.report_id)
        .group_by(DONE.c.report_id, told.c.audience_id)
    )
    done = {row.report_id: row for row in session.execute(last).all()}
    statement = select(DECISION, told.c.audience_id).join(told, told.c.id == DECISION.c.report_id)
    by_report: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(statement.where(DECISION.c.scheme.in_(JUDGED)).order_by(DECISION.c.id)).all():
        by_report[row.report_id].append(row)
    stand: list[Any] = [one for rows in by_report.values() for one in tagging.standing(rows)]
    made = measured((one, one.report_id in done and one.revision <= done[one.report_id].revision) for one in stand)
    audiences = {row.audience_id for row in (*stand, *done.values())}
    labels = network.labels(session, audiences)
    view = PrecisionView(
        status=status,
        done=len(done),
        definitions=[
            MeasuredView(
                scheme="theme" if scheme == "theme" else "place",
                value=value,
                language=language,
                versions=[VersionMeasure(version=name, **numbers(one)) for name, one in versions.items()],
                **numbers(together(versions.values())),
            )
            for (scheme, value, language), versions in made.items()
        ],
    )
    return view, network.strictest(labels.values()) if labels else None


def numbers(one: Measured) -> dict[str, Any]:
    """The numbers of a view."""
    return {
        "confirmed": one.confirmed,
        "rejected": one.rejected,
        "added": one.added,
        "precision": one.precision,
        "between": one.between,
        "recall": one.recall,
        "found": one.found,
        "missed": one.missed,
        "recall_between": one.recall_between,
    }
