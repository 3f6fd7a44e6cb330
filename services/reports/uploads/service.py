"""Announcing an upload, asking how far it came, and forgetting it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import Session

from services.kernel import audit, clock, ids
from services.kernel.errors import TooMany
from services.network import Caller
from services.reports.uploads.faults import Fault
from services.reports.uploads.keeping import FAULT, UPLOAD, own
from services.reports.uploads.models import Upload
from services.reports.uploads.schemas import UploadView

KEPT = timedelta(hours=72)
MOST = 200  # of one key or person at once
AT_ONCE = 10  # with all their faults


class TooManyUploads(TooMany):
    title = "Too many uploads are announced"


def announce(session: Session, caller: Caller) -> UploadView:
    """Make an upload, under whose reference a body can be sent.

    Raises:
        TooManyUploads: the caller has as many as are kept.
    """
    if len(session.execute(select(UPLOAD.c.id).where(UPLOAD.c.viewer == caller.viewer).limit(MOST)).all()) == MOST:
        raise TooManyUploads(
            f"You have {MOST}: send their bodies, or wait until they are forgotten.", headers={"Retry-After": "3600"}
        )
    now = clock.now()
    upload = Upload(
        reference=ids.reference("U"),
        viewer=caller.viewer,
        made_at=now,
        expires_at=now + KEPT,
        state="waiting",
        touched_at=clock.machine(),
    )
    session.add(upload)
    audit.record(session, caller, "upload.announced", upload.reference)
    return view(upload)


def get(session: Session, caller: Caller, reference: str) -> UploadView:
    """How far one of the caller's uploads came."""
    return view(own(session, caller, reference))


def faults(session: Session, caller: Caller, reference: str) -> Iterator[Fault]:
    """What was refused of one of the caller's uploads, in the order of its lines."""
    upload = own(session, caller, reference)
    columns = (FAULT.c[name] for name in Fault._fields)
    rows = session.execute(select(*columns).where(FAULT.c.upload_id == upload.key).order_by(FAULT.c.place)).all()
    return (Fault(*row) for row in rows)


def forget_uploads(session: Session, *, at: datetime) -> int:
    """Forget uploads whose time is over; what was stored of them stays. How many."""
    over = select(UPLOAD.c.id).where(UPLOAD.c.expires_at <= at).order_by(UPLOAD.c.id).limit(AT_ONCE)
    gone = list(session.execute(over).scalars())
    session.execute(delete(FAULT).where(FAULT.c.upload_id.in_(gone)))
    session.execute(delete(UPLOAD).where(UPLOAD.c.id.in_(gone)))
    return len(gone)


def view(upload: Upload) -> UploadView:
    """An upload as its sender sees it."""
    fields = {name: getattr(upload, name) for name in UploadView.model_fields}
    return UploadView(**fields | {"problem": upload.problem or None})
