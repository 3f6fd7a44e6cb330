"""Routes of the desk: what waits on it, what is done with, and how right tagging was."""

from typing import Annotated

from fastapi import Depends, Query

from services.desk import finishing, measuring, queue
from services.desk.schemas import DeskPage, Done, NewDone, PrecisionView, Reason, State, Status, Wanted
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write
from services.reports import Gives

router = Router(prefix="/v1", tags=["desk"])
Asked = Annotated[str, Query(max_length=80)]


def _analyst(caller: CallerIn) -> Caller:
    caller.require("reports:read")
    caller.require("reports:grade")
    return caller


# In a signature this stands before the transaction: nobody takes the write lock before being known.
Analyst = Annotated[Caller, Depends(_analyst)]


@router.get("/desk")
def read_desk(
    giving: Gives,
    db: Read,
    caller: Analyst,
    state: State = "waiting",
    country: Asked = "",
    theme: Asked = "",
    language: Asked = "",
    reason: Reason | None = None,
    status: Status | None = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    size: Annotated[int, Query(ge=1, le=100)] = 25,
) -> DeskPage:
    """The reports on your desk, what happened before exercises and tests, each the latest first, with why it needs a
    look: `waiting` for one, the `rest` about which there is no doubt, both (`open`), what is `done`, or `all` (for
    analysts: the secretariat's of all they see, others of their own).
    """
    wanted = Wanted(state, country, theme, language, reason, status)
    page, label = queue.look(db, caller, wanted, cursor=cursor, size=size)
    giving.note(db, caller, [one.report.reference for one in page.reports])
    giving.counted(db, caller, label)
    return page


@router.put("/desk/{reference}/done")
def finish_report(reference: str, caller: Analyst, body: NewDone, db: Write) -> Done:
    """Be done with a revision of a report, for your whole desk; another revision brings it back (for analysts)."""
    return finishing.finish(db, caller, reference, revision=body.revision)


@router.delete("/desk/{reference}/done")
def take_report_up(reference: str, caller: Analyst, db: Write) -> Done:
    """Put a report back into the queue of your desk (for analysts)."""
    return finishing.take_up(db, caller, reference)


@router.get("/tagging/precision")
def read_precision(giving: Gives, db: Read, caller: Analyst, status: Status = "actual") -> PrecisionView:
    """How often each definition was right in each language, and how much it found, by what analysts said of reports you
    see, with intervals and by version (for analysts).

    Recall counts what analysts confirmed and added in reports that they were done with. What they too overlooked,
    nobody knows.
    """
    found, label = measuring.precision(db, caller, status)
    giving.counted(db, caller, label)
    return found
