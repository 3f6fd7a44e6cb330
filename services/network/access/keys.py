"""Machines' keys: issued once, checked in constant time, ended from the commit on."""

import secrets
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import event
from sqlmodel import Session, select

from services.kernel import audit, clock, ids
from services.kernel.errors import Forbidden, Invalid, NotFound, Unauthenticated
from services.network import changes, people
from services.network.access.roles import SCOPES, active, digest, may_issue
from services.network.models import ApiKey
from services.network.policy import Caller
from services.network.schemas import NewKey

KEY_FRESH_SECONDS = 20.0  # a revoked key hands in no report after this, on any process; for all else at once
_seen: dict[str, tuple[float, datetime | None, Caller]] = {}
_forgotten = 0  # how often: what was read from the database before the last time must not be remembered after it


class NotYoursToGive(Forbidden):
    """The key would do what its maker may not give."""

    title = "Not yours to give"


def issue(session: Session, new: NewKey, *, by: Caller | None) -> tuple[ApiKey, str]:
    """Issue a key; the second part of the answer is its secret form, which is shown once and kept nowhere.

    Raises:
        NotYoursToGive: `may_issue` does not let the caller; whoever holds the machine (`by` is None) may do all.
    """
    unknown = set(new.scopes) - SCOPES
    if unknown:
        raise Invalid(f"Unknown scopes {sorted(unknown)}; known: {sorted(SCOPES)}.", field="scopes")
    changes.hold(session)  # or a departure beside this one would not end the key
    owner = changes.organisation_of(session, new.organisation)
    if by is not None and "network:admin" not in by.scopes and by.organisation_id != owner.key:
        raise changes.unknown(new.organisation)  # as of one that is not there: this one may be hidden
    people.refuse_left(owner)
    if by is not None and not may_issue(by, owner.key, new.scopes):
        raise NotYoursToGive(
            "You give no more than you may do yourself, and a key that reads is made by a focal point or integrator of "
            "the organisation that it reads for.",
            field="scopes",
        )
    prefix, secret = secrets.token_hex(6), ids.token()
    row = ApiKey(
        name=new.name,
        prefix=prefix,
        secret_hash=digest(secret),
        organisation_id=owner.key,
        scopes=sorted(set(new.scopes)),
        made_at=clock.now(),
        expires_at=new.expires_at,
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "key.issued", prefix, organisation=owner.slug, scopes=row.scopes)
    return row, f"ewn_{prefix}_{secret}"


def revoke(session: Session, prefix: str, *, by: Caller | None) -> ApiKey:
    """End a key: refused from the commit on; a process that has just checked it may take reports 20 seconds longer."""
    row = session.exec(select(ApiKey).where(ApiKey.prefix == prefix)).first()
    if row is None:
        raise NotFound(f"There is no key {prefix}.", field="prefix")
    row.revoked_at = row.revoked_at or clock.now()
    session.add(row)
    forget_after(session)
    audit.record(session, by, "key.revoked", prefix)
    return row


def remembered(key: str) -> Caller | None:
    """The caller of a key checked moments ago in this process, without asking the database. For the intake alone, whose
    transaction looks at the organisation again; never an administrator's."""
    held = _seen.get(digest(key))
    if held is None:
        return None
    seen_at, expires_at, caller = held
    fresh = time.monotonic() - seen_at < KEY_FRESH_SECONDS and (expires_at is None or clock.now() < expires_at)
    return caller if fresh and "network:admin" not in caller.scopes else None


def _remembering() -> Callable[[str, datetime | None, Caller], None]:
    """Take this before reading: what is read is remembered only if nothing was forgotten meanwhile."""
    forgotten = _forgotten

    def remember(key: str, expires_at: datetime | None, caller: Caller) -> None:
        if len(_seen) > 10_000:
            _seen.clear()
        if forgotten == _forgotten:
            _seen[digest(key)] = (time.monotonic(), expires_at, caller)

    return remember


def forget() -> None:
    """Ask the database again about every key: one of them may have ended."""
    global _forgotten
    _forgotten += 1
    _seen.clear()


def forget_after(session: Session) -> None:
    """Forget once this transaction is committed: until then others read, and would remember, what was before."""
    event.listen(session, "after_commit", lambda _session: forget(), once=True)


def by_key(session: Session, key: str) -> Caller:
    """The caller that holds a key.

    Raises:
        Unauthenticated: the key is unknown, expired or revoked, or its organisation is not active; which, is not said.
    """
    remember = _remembering()
    parts = key.split("_", 2)
    row = None
    if len(parts) == 3 and parts[0] == "ewn":
        row = session.exec(select(ApiKey).where(ApiKey.prefix == parts[1])).first()
    stored = row.secret_hash if row else digest("")
    matches = secrets.compare_digest(digest(parts[-1]), stored)
    now = clock.now()
    if row is None or not matches or row.revoked_at or (row.expires_at is not None and row.expires_at <= now):
        raise Unauthenticated("The API key is not valid. Keys look like ewn_..., and go into Authorization: Bearer.")
    active(session, row.organisation_id)
    caller = Caller(row.organisation_id, key_id=row.key, scopes=frozenset(row.scopes))
    remember(key, row.expires_at, caller)
    return caller
