"""``ewn audit`` and what the doctor says of it: prove the chain, sign what to keep elsewhere."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from services.kernel import checkpoints, db, proving, sealing, sequencer
from services.kernel.proving import Verdict
from workers.findings import Finding

LATE = timedelta(minutes=1)
UNSIGNED = timedelta(hours=3)


def verify(file: Path | None) -> Verdict:
    """Prove the database's audit, with a checkpoint that was kept elsewhere if one is given."""
    kept = None
    if file is not None:
        try:
            kept = checkpoints.read(file)
        except (OSError, ValueError) as error:
            return Verdict("untold", f"{file} cannot be read as a checkpoint: {error}")
    try:
        keys = checkpoints.trusted()
    except (checkpoints.NoAuditKey, ValueError):
        keys = {}
    with db.reading() as session:
        return proving.verify(session, keys, kept)


def checkpoint() -> str:
    """Place and seal what waits, sign it, and tell it as JSON.

    Raises:
        LookupError: nothing is sealed, or there is no key to sign with.
    """
    while _placed():
        pass
    sealing.seal_all()
    try:
        made = checkpoints.sign_latest()
    except (checkpoints.NoAuditKey, ValueError) as reason:
        raise LookupError(str(reason)) from None
    if made is None:
        raise LookupError("Nothing has been recorded yet.")
    return json.dumps(made, indent=1)


def findings(session: Session, now: datetime, *, serving: bool) -> Iterator[Finding]:
    """Whether the audit is sealed in time, and whether the key that signs it is at hand."""
    about = "audit"
    oldest, held = sealing.oldest_waiting(session), checkpoints.latest(session)
    age = now - oldest if oldest is not None else timedelta()
    if serving and age > LATE:
        mend = "The relay gives positions and the clock seals: see logs/relay.log and logs/clock.log."
        yield Finding(about, "doubtful", f"entries have waited {age.total_seconds():.0f} s to be sealed", mend)
    elif sealing.latest(session) is None:
        yield Finding(about, "well", "nothing is sealed yet")
    else:
        yield Finding(about, "well", f"sealed; the oldest unsealed entry is {max(age.total_seconds(), 0):.0f} s old")
    if held is None:
        return
    try:
        known = held["key"] in checkpoints.trusted()
        missing = f"{checkpoints.place()} does not hold the key {held['key']}, which signed last"
    except (checkpoints.NoAuditKey, ValueError) as reason:
        known, missing = False, str(reason)
    if not known:
        mend = "Put the key back (EWN_AUDIT_KEY). If it is lost, lay down a new one: what it signed cannot be checked."
        yield Finding("audit key", "broken", missing, mend)
    elif serving and now - datetime.fromisoformat(held["at"]) > UNSIGNED and checkpoints.due(session, now):
        yield Finding("audit key", "doubtful", f"the last checkpoint is of {held['at']}", "See logs/clock.log.")


def _placed() -> int:
    with db.transaction() as session:
        return sequencer.place(session)
