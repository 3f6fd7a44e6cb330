"""Keeping count of an upload while it is taken in: a short transaction after each chunk, told of what is stored."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from services.kernel import audit, clock, db
from services.kernel.errors import Conflict, NotFound, Problem
from services.kernel.model import table
from services.network import Caller
from services.reports.repeats import Accepted, Outcome
from services.reports.uploads.faults import faults_of
from services.reports.uploads.models import Upload, UploadFault

logger = logging.getLogger(__name__)
UPLOAD = table(Upload)
FAULT = table(UploadFault)
MOST_FAULTS = 10_000
QUIET = timedelta(seconds=60)  # the longest between two pieces of a body: who says nothing for longer is gone


class NoSuchUpload(NotFound):
    title = "No such upload"


class UploadInUse(Conflict):
    title = "The upload is being taken in"


class Untold:
    """Nobody keeps count: the upload was not announced."""

    def note(self, outcomes: Mapping[int, Outcome | None], *, last: int) -> None:
        """Nothing."""

    def end(self, problem: Problem | None, *, cut: bool) -> None:
        """Nothing."""


class Keeper:
    """Keeps count of one attempt. A later one of the same upload takes its place, and it writes no more."""

    def __init__(self, upload_id: int, attempt: int) -> None:
        self._mine = (UPLOAD.c.id == upload_id, UPLOAD.c.attempt == attempt)
        self._upload_id = upload_id
        self._faults = 0

    def note(self, outcomes: Mapping[int, Outcome | None], *, last: int) -> None:
        """Count what has been answered. `last`: the line up to which was read."""
        problems = {line: one for line, one in outcomes.items() if isinstance(one, Problem)}
        replayed = sum(isinstance(one, Accepted) and one.replayed for one in outcomes.values())
        found = [fault for line, one in problems.items() for fault in faults_of(line, one)]
        kept = [
            {"upload_id": self._upload_id, "place": place, **fault._asdict()}
            for place, fault in enumerate(found[: MOST_FAULTS - self._faults], self._faults)
        ]
        self._faults += len(kept)
        self._write(
            {
                "lines": last,
                "accepted": UPLOAD.c.accepted + len(outcomes) - len(problems) - replayed,
                "replayed": UPLOAD.c.replayed + replayed,
                "refused": UPLOAD.c.refused + len(problems),
                "faults": self._faults,
            },
            kept,
        )

    def end(self, problem: Problem | None, *, cut: bool) -> None:
        """Say how it ended."""
        state = "cut" if cut else "refused" if problem is not None else "done"
        self._write({"state": state, "problem": problem.slug if problem is not None else ""})

    def _write(self, values: dict[str, Any], faults: list[dict[str, Any]] | None = None) -> None:
        try:
            with db.transaction() as session:
                mine = update(UPLOAD).where(*self._mine).values(**values, touched_at=clock.machine())
                if session.execute(mine).rowcount and faults:  # type: ignore[attr-defined]
                    session.execute(insert(FAULT), faults)
        except SQLAlchemyError:  # what is stored is stored, and answered: the count alone is behind
            logger.exception("an upload was not kept count of")


def begin(session: Session, caller: Caller, reference: str, *, checked: bool) -> Keeper:
    """Begin to take in an upload's body, or to take it in again from its first line.

    Raises:
        NoSuchUpload: there is none of the caller's.
        UploadInUse: another body of it is being taken in.
    """
    upload = own(session, caller, reference, lock=True)
    now = clock.machine()
    if upload.state == "reading" and upload.touched_at > now - QUIET:
        seconds = str(int(QUIET.total_seconds()))
        raise UploadInUse("Wait until that has ended, or announce another.", headers={"Retry-After": seconds})
    upload.attempt += 1
    upload.state, upload.checked, upload.touched_at, upload.problem = "reading", checked, now, ""
    upload.lines = upload.accepted = upload.replayed = upload.refused = upload.faults = 0
    session.execute(delete(FAULT).where(FAULT.c.upload_id == upload.key))
    session.add(upload)
    audit.record(session, caller, "upload.begun", upload.reference)
    return Keeper(upload.key, upload.attempt)


def own(session: Session, caller: Caller, reference: str, *, lock: bool = False) -> Upload:
    """An upload of the caller's: another's and none are one."""
    statement = select(Upload).where(Upload.reference == reference, Upload.viewer == caller.viewer)
    found = session.exec(statement.with_for_update() if lock else statement).first()
    if found is None:
        raise NoSuchUpload("There is no such upload of yours, or it is forgotten: announce another.")
    return found
