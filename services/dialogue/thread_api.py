"""Routes of the thread about a report."""

from typing import Annotated

from fastapi import Query

from services.dialogue import threads
from services.dialogue.thread_schemas import MessageIn, MessageView, ThreadState, ThreadView
from services.kernel.routing import Router
from services.network import CallerIn, Read, Write
from services.reports import Gives

router = Router(prefix="/v1/reports", tags=["dialogue"])


@router.get("/{reference}/thread")
def read_thread(
    reference: str,
    giving: Gives,
    caller: CallerIn,
    db: Read,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ThreadView:
    """What those who see a report write about it, the latest first."""
    caller.require("reports:read")
    found = threads.thread(db, caller, reference, cursor=cursor, size=size)
    giving.told(db, caller, [found.report])
    return found


@router.post("/{reference}/thread", status_code=201)
def write_message(reference: str, caller: CallerIn, body: MessageIn, db: Write) -> MessageView:
    """Write about a report that you see, to whoever sees it. The originator stays what its marking says: unnamed."""
    caller.require("reports:read")
    caller.require("threads:write")
    return threads.write(db, caller, reference, body)


@router.put("/{reference}/thread", status_code=204)
def close_thread(reference: str, caller: CallerIn, body: ThreadState, db: Write) -> None:
    """Close the thread about one of your own reports, or open it again."""
    caller.require("reports:write")
    threads.close(db, caller, reference, body)


@router.delete("/{reference}/thread/{message}", status_code=204)
def take_message_back(reference: str, message: str, caller: CallerIn, db: Write) -> None:
    """Delete a message that you wrote."""
    caller.require("reports:read")
    caller.require("threads:write")
    threads.take_back(db, caller, reference, message)
