"""Routes about what is personal in a report: what was found, the owner's decision, and the original."""

from functools import partial

from services.kernel.routing import Router
from services.network import CallerIn, Read, Write
from services.reports import originals, personal
from services.reports.giving import Gives
from services.reports.schemas import OriginalView, PersonalIn, PersonalView

personals = Router(prefix="/v1/reports", tags=["reports"])


@personals.get("/{reference}/personal")
def read_personal(reference: str, giving: Gives, caller: CallerIn, db: Read) -> PersonalView:
    """What personal data was found in one of your own reports, by its place, and what was decided about it.

    That nothing of these kinds was found does not say that there is nothing.
    """
    caller.require("reports:write")
    found = personal.personal_of(db, caller, reference)
    giving.told(db, caller, [reference])
    return found


@personals.put("/{reference}/personal")
def decide_personal(reference: str, giving: Gives, caller: CallerIn, body: PersonalIn, db: Write) -> PersonalView:
    """Decide whether your own organisation needs to go on reading the personal data in one of your own reports."""
    caller.require("reports:write")
    found = personal.decide_personal(db, caller, reference, body)
    giving.told(db, caller, [reference])
    return found


@personals.get("/{reference}/original")
def read_original(reference: str, giving: Gives, caller: CallerIn, db: Read) -> OriginalView:
    """The original of one of your own reports, or of one that its owner let you read; each reading is on record."""
    caller.require("reports:read")
    given = originals.original(db, caller, reference)
    giving.note(db, caller, [given.reference])
    giving.also(partial(originals.note_original, caller=caller, given=given))
    return given
