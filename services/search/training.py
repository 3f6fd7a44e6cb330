"""`ewn tagging train`: what analysts said, learned per theme, and used as a suggestion where it beats the words.

What was learned retells every report that it was learned from (docs/adr/0004): it is used for nobody who does not see
all of them, and goes as soon as the words of one go. Only what is told to the whole network is learned from.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from services import network, reports, tagging
from services.kernel import audit, clock, db
from services.kernel.model import table
from services.network import AudienceRow, Caller, Tlp
from services.search.learning import BETTER, SURE, Judged, Lesson, incidents, learn, unpacked
from services.search.meanings import MEANING, REPORT, current, made_by
from services.search.models import Learned, LearnedFrom

AUDIENCE = table(AudienceRow)
LEARNED = table(Learned)
FROM = table(LearnedFrom)
Lessons: TypeAlias = Mapping[str, tuple[Lesson, Mapping[int, Judged]]]
"""By theme what came of learning it, and what it was learned from, by report."""
WIDE = (str(Tlp.CLEAR), str(Tlp.GREEN))
MOST = 5_000  # reports that are learned from, the latest: each theme of so many takes minutes


def judged(session: Session) -> dict[str, dict[int, Judged]]:
    """What analysts said, by theme and report: of actual reports that are told to the whole network and were read by
    the model. What was confirmed or added holds, what was rejected does not."""
    statement = (
        select(REPORT.c.id, REPORT.c.reference, REPORT.c.revision, MEANING.c.vector)
        .select_from(REPORT)
        .join(MEANING, current())
        .join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
        .where(AUDIENCE.c.tlp.in_(WIDE), REPORT.c.status == "actual", REPORT.c.withdrawn_at.is_(None))
        .where(REPORT.c.id.in_(tagging.decided_reports()))
        .order_by(REPORT.c.id.desc())
        .limit(MOST)
    )
    rows = {row.id: row for row in session.execute(statement).all()}
    said = tagging.said_of_themes(session, list(rows))
    linked = [pair for pair in tagging.linked(session, list(rows)) if set(pair) <= rows.keys()]
    named = incidents(list(rows), linked, {key: row.reference for key, row in rows.items()})
    found: dict[str, dict[int, Judged]] = defaultdict(dict)
    for key, theme, decided, revision, by_words in said:
        if decided == "added" or (decided in ("confirmed", "rejected") and revision == rows[key].revision):
            found[theme][key] = Judged(rows[key].vector, decided != "rejected", by_words, named[key])
    return found


def train(session: Session) -> Lessons:
    """What comes of learning each theme of which anything was said, with the reports that it was learned from."""
    found = judged(session)
    return {theme: (learn(list(found[theme].values())), found[theme]) for theme in sorted(found)}


def use(session: Session, lessons: Lessons) -> list[str]:
    """Suggest by what was learned from now on, where it is better than the words; what was used before goes. Learning
    takes minutes: a theme whose reports do not all say still what they said, to all, is left out."""
    session.execute(delete(FROM))
    session.execute(delete(LEARNED))
    better = [theme for theme, (lesson, _) in lessons.items() if lesson.verdict == BETTER and lesson.weights]
    reports.lock(session, sorted({key for theme in better for key in lessons[theme][1]}))
    now = judged(session)
    used = [theme for theme in better if _stand(lessons[theme][1], now.get(theme, {}))]
    for theme in used:
        lesson, keys = lessons[theme]
        assert lesson.weights is not None  # by the choice above
        row = {"theme": theme, "made_by": made_by(), "weights": lesson.weights.packed(), "trained_at": clock.now()}
        session.execute(insert(LEARNED), [row])
        session.execute(insert(FROM), [{"theme": theme, "report_id": key} for key in sorted(keys)])
    audit.record(session, None, "tagging.trained", ",".join(used) or "none")
    return used


def _stand(then: Mapping[int, Judged], now: Mapping[int, Judged]) -> bool:
    """Whether all that was learned from may still be learned from, in the same words."""
    return all(key in now and now[key].vector == one.vector for key, one in then.items())


def learned_hints(session: Session, caller: Caller, vector: bytes) -> list[str]:
    """The themes that what was learned says of a report, likeliest first: only by what was learned from reports that
    the caller sees, every one."""
    seen = network.visible(session, caller)
    hidden = select(FROM.c.theme).join(REPORT, REPORT.c.id == FROM.c.report_id).where(REPORT.c.audience_id.not_in(seen))
    statement = select(LEARNED.c.theme, LEARNED.c.weights).where(LEARNED.c.made_by == made_by())
    rows: Sequence[Any] = session.execute(statement.where(LEARNED.c.theme.not_in(hidden))).all()
    chances = {row.theme: unpacked(row.weights).chance(vector) for row in rows}
    return sorted((theme for theme, chance in chances.items() if chance >= SURE), key=lambda one: (-chances[one], one))


def forget_learned(session: Session, report_ids: Sequence[int]) -> None:
    """Keep nothing that was learned from one of these reports."""
    for some in db.batches(sorted(report_ids), 500):
        gone = set(session.execute(select(FROM.c.theme).where(FROM.c.report_id.in_(some))).scalars())
        if gone:
            session.execute(delete(FROM).where(FROM.c.theme.in_(gone)))
            session.execute(delete(LEARNED).where(LEARNED.c.theme.in_(gone)))
