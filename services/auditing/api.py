"""Routes for auditors: what was done, and how far it is sealed."""

from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import AwareDatetime

from services.auditing import service
from services.auditing.schemas import AuditPage, SealView
from services.auditing.service import Wanted
from services.kernel.routing import Router
from services.network import CallerIn, Read
from services.reports import searched

router = Router(prefix="/v1/audit", tags=["audit"])
Name = Annotated[str | None, Query(max_length=80)]


def _wanted(
    since: Annotated[AwareDatetime | None, Query(alias="from", description="At this instant or later.")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to", description="Before this instant.")] = None,
    action: Name = None,
    organisation: Name = None,
    person: Annotated[str | None, Query(max_length=80, description="A sign-in name.")] = None,
    reference: Annotated[str | None, Query(max_length=80, description="Answers of more than 50 name none.")] = None,
) -> Wanted:
    return Wanted(since, until, action, organisation, person, reference)


@router.get("")
def search_audit(
    request: Request,
    db: Read,
    caller: CallerIn,
    wanted: Annotated[Wanted, Depends(_wanted)],
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditPage:
    """What was done, and who was given what, newest first. Of RED the reference only. The search itself is recorded."""
    caller.require("audit:read")
    searched(request, caller)
    return service.search(db, caller, wanted, cursor=cursor, size=size)


@router.get("/seal")
def read_seal(db: Read, caller: CallerIn) -> SealView:
    """How far the audit is sealed, and the last checkpoint: keep it where this service cannot change it."""
    caller.require("audit:read")
    return service.seal(db)
