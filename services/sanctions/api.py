"""Routes of lists: which are held, and the secretariat's approval of those that are not the Security Council's."""

from typing import Annotated

from fastapi import Depends

from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write
from services.sanctions import approving
from services.sanctions.schemas import ListView, NewApproval

router = Router(prefix="/v1/lists", tags=["lists"])


def _analyst(caller: CallerIn) -> Caller:
    caller.require(approving.ANALYSTS)
    return caller


Analyst = Annotated[Caller, Depends(_analyst)]


@router.get("")
def list_lists(db: Read, caller: CallerIn) -> list[ListView]:
    """The lists of designated groups and persons that feed the network: whose, of which day, how many. No entry."""
    return approving.held(db, caller)


@router.post("/{source}/approval", status_code=201)
def approve_list(source: str, caller: Analyst, body: NewApproval, db: Write) -> ListView:
    """Approve a list that is not the Security Council's, or take that back (for analysts of the secretariat)."""
    return approving.decide(db, caller, source, body)
