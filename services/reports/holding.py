"""The route by which an owner learns who had a report."""

from services.kernel.routing import Router
from services.network import Write
from services.reports.api import Originator
from services.reports.disclosure import DisclosuresView, disclosures
from services.reports.giving import Gives
from services.reports.ownership import own

holding = Router(prefix="/v1/reports", tags=["reports"])


@holding.get("/{reference}/disclosures")
def list_disclosures(reference: str, giving: Gives, caller: Originator, db: Write) -> DisclosuresView:
    """Who has had one of your own reports, since when: also of one that is withdrawn."""
    report = own(db, caller, reference, withdrawn=True)
    giving.told(db, caller, [report.reference])
    return disclosures(db, caller, report.reference)
