"""Screening again what was screened by other rules, or by none before there were any."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlmodel import Session

from services import attachments, reports, screening
from services.kernel import db
from services.reports import Report
from services.tagging import indexing
from services.tagging.answers import answers_of, replace_words
from services.tagging.nearby import REPORT, TAGGING

AT_ONCE = 200
MOST_AT_A_LOOK = 20_000


def screenings_due(session: Session) -> list[list[int]]:
    """The tagged reports that the present rules have not screened, in chunks for `screen_again`."""
    now = TAGGING.c.screened
    others = or_(now < screening.version(), now > screening.version())
    statement = select(TAGGING.c.report_id).where(others).order_by(TAGGING.c.report_id).limit(MOST_AT_A_LOOK)
    return list(db.batches(list(session.execute(statement).scalars()), AT_ONCE))


def screen_again(report_ids: Sequence[int]) -> None:
    """Screen these reports, in a transaction of its own; to do it twice changes nothing."""
    with db.transaction() as session:
        locked = select(Report).where(REPORT.c.id.in_(report_ids)).order_by(REPORT.c.id).with_for_update()
        rows = session.execute(locked).scalars().all()
        readings = {row.key: screening.read(row.title, row.text) for row in rows}
        found = {row.key: reports.kept(row, readings[row.key]) for row in rows}
        reports.keep_found(session, {key: one for key, one in found.items() if one is not None})
        standing = [row for row in rows if row.withdrawn_at is None and row.emptied_at is None]
        answers = answers_of(session, ((row.key, row.form, row.form_version, row.answers) for row in standing))
        replace_words(session, report_ids, answers)
        files = attachments.words_of(session, [row.key for row in standing])
        found_by = {
            row.key: indexing.documents(row, readings[row.key], answers.get(row.key, ()), files.get(row.key, ()))
            for row in standing
        }
        indexing.replace(session, report_ids, found_by)
        done = update(TAGGING).where(TAGGING.c.report_id.in_([row.key for row in rows]))
        session.execute(done.values(screened=screening.version()))
