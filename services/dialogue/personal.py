"""What a person wrote in the dialogue, for the export of all that is held on it."""

from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session

from services.dialogue.inquiring import ANSWER, AUDIENCE, INQUIRY
from services.dialogue.status import OUTCOME
from services.dialogue.threads import MESSAGE
from services.kernel.model import table
from services.network import Member, Tlp
from services.reports import Report, Translation

REPORT = table(Report)
WRITTEN: tuple[tuple[str, Table, str, tuple[str, ...]], ...] = (
    ("message", MESSAGE, "made_at", ("text",)),
    ("outcome told", OUTCOME, "at", ("text",)),
    ("translation", table(Translation), "made_at", ("title", "summary")),
    ("question", INQUIRY, "made_at", ("question", "why", "note")),
    ("answer", ANSWER, "made_at", ("text",)),
)


def written_by(session: Session, person: Member, own: bool) -> list[dict[str, Any]]:
    """What a person wrote, about which report or question, and when; for itself with the words. Others are told nothing
    of what is RED."""
    found: list[dict[str, Any]] = []
    for what, held, at, words in WRITTEN:
        about = INQUIRY if held in (INQUIRY, ANSWER) else REPORT
        joined = held.join(AUDIENCE, AUDIENCE.c.id == about.c.audience_id)
        if held is not about:
            named = held.c.inquiry_id if about is INQUIRY else held.c.report_id
            joined = held.join(about, about.c.id == named).join(AUDIENCE, AUDIENCE.c.id == about.c.audience_id)
        said = (held.c[name].label(name) for name in words)
        statement = select(held.c[at].label("at"), about.c.reference.label("about"), *said).select_from(joined)
        statement = statement.where(held.c.member_id == person.key)
        if not own:
            statement = statement.where(AUDIENCE.c.tlp != str(Tlp.RED))
        for row in session.execute(statement).mappings():
            told = {name: row[name] for name in words} if own else {}
            found.append({"what": what, "about": row["about"], "at": row["at"]} | told)
    return sorted(found, key=lambda one: (one["at"], one["what"], one["about"]))
