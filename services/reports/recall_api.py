"""The route by which an owner recalls a report in an emergency: one call."""

from typing import Annotated

from fastapi import Depends

from services.kernel.routing import Router
from services.network import Write
from services.reports.api import Originator, described, strictly
from services.reports.recalling import recall
from services.reports.schemas import RecallIn, RecallView

recalls = Router(prefix="/v1/reports", tags=["reports"])
Asked = Annotated[RecallIn, Depends(strictly(RecallIn))]


@recalls.post("/{reference}/recall", openapi_extra=described(RecallIn))
def recall_report(reference: str, caller: Originator, body: Asked, db: Write) -> RecallView:
    """Withdraw one of your own reports, withdrawn before or not, and destroy its words everywhere, for good."""
    return recall(db, caller, reference, body)
