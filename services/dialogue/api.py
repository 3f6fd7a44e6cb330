"""Routes of the dialogue about one report: its status, and outcomes told."""

from fastapi import APIRouter

from services.dialogue import status
from services.dialogue.schemas import OutcomeIn, OutcomeView, StatusView
from services.network import CallerIn, Read, Write
from services.reports import Gives

router = APIRouter(prefix="/v1/reports", tags=["dialogue"])


@router.get("/{reference}/status")
def read_status(reference: str, giving: Gives, caller: CallerIn, db: Read) -> StatusView:
    """What became of one of your own reports: tagged, in an incident, used in an edition, its outcome told."""
    caller.require("reports:write")
    found = status.status(db, caller, reference)
    giving.told(db, caller, [found.reference])
    return found


@router.post("/{reference}/outcomes", status_code=201)
def tell_outcome(reference: str, caller: CallerIn, body: OutcomeIn, db: Write) -> OutcomeView:
    """Tell the originator of a report that you read what came of it, under the report's marking (for analysts)."""
    caller.require("reports:read")
    caller.require("outcomes:tell")
    return status.tell_outcome(db, caller, reference, body)
