"""What an edition keeps of who was expected to report, and who may still be told of it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import forms, network
from services.assignments.expecting import standing
from services.assignments.pack import exempt
from services.assignments.service import ASSIGNMENT, everything, form_name
from services.network import Caller

WRITTEN = ("en", "ru")


def freeze(session: Session, *, first: date, last: date, at: datetime) -> dict[str, Any]:
    """How it stood at an instant with every period that ended between two days and whose deadline was past: plain
    values, for each reader to be told of by `told`. Whatever is withdrawn later came, as was known then."""
    found = [one for one in standing(session, everything(session), first=first, last=last, at=at) if one.over]
    shelf = forms.shelf(session)
    return {
        "rows": [
            {
                "assignment": one.due.assignment,
                "audience": one.known.row.audience_id,
                "organisation": one.due.organisation,
                "form": one.due.form,
                "status": one.due.status,
                "state": one.state,
            }
            for one in found
        ],
        "forms": {
            code: {language: form_name(shelf, code, language) for language in WRITTEN}
            for code in sorted({one.due.form for one in found})
        },
    }


def told(
    session: Session, caller: Caller, frozen: Collection[tuple[int, int, int]], visible: Collection[int]
) -> list[tuple[int, int, int, int]]:
    """Of frozen assignments (key, audience, organisation) those that the caller may know of, by both audiences: key,
    audience then and now, organisation. What was struck out since is told to nobody."""
    parties = network.directory(session)
    near, left_out = network.known_to(parties, caller), exempt()
    wanted = {
        key: (audience, organisation)
        for key, audience, organisation in frozen
        if audience in visible and organisation in near and parties.parties[organisation].kind not in left_out
    }
    rows = session.execute(
        select(ASSIGNMENT.c.id, ASSIGNMENT.c.audience_id).where(
            ASSIGNMENT.c.id.in_(sorted(wanted)), ASSIGNMENT.c.active
        )
    ).all()
    return [
        (row.id, wanted[row.id][0], row.audience_id, wanted[row.id][1])
        for row in sorted(rows, key=lambda row: row.id)
        if row.audience_id in visible
    ]
