"""Routes of the dialogue about one report: its status, outcomes told, and its revisions."""

from typing import Annotated

from fastapi import Path, Query

from services.dialogue import revisions, status
from services.dialogue.revision_schemas import RevisionPage, RevisionView
from services.dialogue.schemas import OutcomeIn, OutcomeView, StatusView
from services.kernel.routing import Router
from services.network import CallerIn, Read, Write
from services.reports import Gives

router = Router(prefix="/v1/reports", tags=["dialogue"])


@router.get("/{reference}/status")
def read_status(reference: str, giving: Gives, caller: CallerIn, db: Read) -> StatusView:
    """What became of one of your own reports: tagged, in an incident, used in an edition, its outcome told."""
    caller.require("reports:write")
    found = status.status(db, caller, reference)
    giving.told(db, caller, [found.reference])
    return found


@router.get("/{reference}/revisions")
def list_revisions(reference: str, giving: Gives, caller: CallerIn, db: Read) -> RevisionPage:
    """The revisions of a report that you may read: all of your own; of others' those whose marking reaches you now."""
    caller.require("reports:read")
    found = revisions.revisions(db, caller, reference)
    giving.told(db, caller, [found.report])
    return found


@router.get("/{reference}/revisions/{revision}")
def read_revision(
    reference: str,
    revision: Annotated[int, Path(ge=1, le=2**31 - 1)],
    giving: Gives,
    caller: CallerIn,
    db: Read,
    since: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Compared with this one.")] = None,
) -> RevisionView:
    """One revision and what changed in it, word by word, since the one before that you may read, or since another."""
    caller.require("reports:read")
    found = revisions.revision(db, caller, reference, revision, since)
    giving.note(db, caller, [found.report])
    return found


@router.post("/{reference}/outcomes", status_code=201)
def tell_outcome(reference: str, caller: CallerIn, body: OutcomeIn, db: Write) -> OutcomeView:
    """Tell the originator of a report that you read what came of it, under the report's marking (for analysts)."""
    caller.require("reports:read")
    caller.require("outcomes:tell")
    return status.tell_outcome(db, caller, reference, body)
