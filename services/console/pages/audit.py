"""The audit: what was done and who was given what, searched by auditors, and how far it is sealed."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from services import auditing
from services.console.rendering import page
from services.console.visitors import VisitorIn
from services.kernel.routing import Router
from services.network import Read
from services.reports import searched

router = Router()
SIZE = 50
Text = Annotated[str, Query(max_length=80)]


@router.get("/audit")
def audit_page(
    request: Request,
    db: Read,
    visitor: VisitorIn,
    action: Text = "",
    organisation: Text = "",
    person: Text = "",
    reference: Text = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """Entries, newest first; the filters stand in the address. Days are days of UTC."""
    visitor.caller.require("audit:read")
    searched(request, visitor.caller)
    given = {"action": action, "organisation": organisation, "person": person, "reference": reference}
    given = {name: value.strip() for name, value in given.items()}
    wanted = auditing.Wanted(_midnight(first), _midnight(last, days=1), *(given[name] or None for name in given))
    found = auditing.search(db, visitor.caller, wanted, cursor=cursor or None, size=SIZE)
    given |= {"from": first, "to": last}
    filters = {name: value for name, value in given.items() if value}
    onward = urlencode(filters | {"cursor": found.next}) if found.next else ""
    return page(
        request,
        visitor,
        "audit.html",
        found=found,
        seal=auditing.seal(db),
        filters=given,
        mistaken=[text for text in (first, last) if text and _midnight(text) is None],
        begun=bool(cursor),
        newest=f"/audit?{urlencode(filters)}",
        onward=f"/audit?{onward}" if onward else None,
    )


def _midnight(text: str, *, days: int = 0) -> datetime | None:
    """The beginning of a day of the address, or of one after it; what is none filters nothing."""
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=days), time(), UTC) if text else None
    except (ValueError, OverflowError):
        return None
