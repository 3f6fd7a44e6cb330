"""Machines' keys as they are shown at the door: checked in constant time, refused everywhere soon after their end."""

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, event, select
from sqlmodel import Session

from services.kernel import clock
from services.kernel.errors import Unauthenticated
from services.kernel.model import table
from services.kernel.peers import Address, within
from services.network.access import uses
from services.network.access.roles import check_active, digest
from services.network.models import ApiKey, Organisation
from services.network.policy import Caller

KEY_FRESH_SECONDS = 20.0  # a revoked key hands in no report after this, on any process; for all else at once
KEY, ORGANISATION = table(ApiKey), table(Organisation)
_KNOWN = (  # made once: every request asks it
    select(
        KEY.c.id, KEY.c.secret_hash, KEY.c.organisation_id, KEY.c.kind, KEY.c.scopes, KEY.c.networks, KEY.c.expires_at,
        KEY.c.revoked_at, KEY.c.used_at, ORGANISATION.c.state,
    )
    .join_from(KEY, ORGANISATION, ORGANISATION.c.id == KEY.c.organisation_id)
    .where(KEY.c.prefix == bindparam("prefix"))
)  # fmt: skip
_seen: dict[str, tuple[float, datetime | None, Sequence[str], Caller]] = {}
_forgotten = 0  # how often: what was read from the database before the last time must not be remembered after it


def remembered(key: str, address: Address | None = None) -> Caller | None:
    """The caller of a key checked moments ago in this process, without asking the database. For the intake alone, whose
    transaction looks at the organisation again; never an administrator's."""
    held = _seen.get(digest(key))
    if held is None:
        return None
    seen_at, expires_at, networks, caller = held
    fresh = time.monotonic() - seen_at < KEY_FRESH_SECONDS and (expires_at is None or clock.now() < expires_at)
    good = fresh and "network:admin" not in caller.scopes and _from_there(networks, address)
    return caller if good else None


def _from_there(networks: Sequence[str], address: Address | None) -> bool:
    return not networks or (address is not None and within(address, networks))


def _remembering() -> Callable[[str, datetime | None, Caller, Sequence[str]], None]:
    """Take this before reading: what is read is remembered only if nothing was forgotten meanwhile."""
    forgotten = _forgotten

    def remember(key: str, expires_at: datetime | None, caller: Caller, networks: Sequence[str] = ()) -> None:
        if len(_seen) > 10_000:
            _seen.clear()
        if forgotten == _forgotten:
            _seen[digest(key)] = (time.monotonic(), expires_at, tuple(networks), caller)

    return remember


def forget() -> None:
    """Ask the database again about every key: one of them may have ended."""
    global _forgotten
    _forgotten += 1
    _seen.clear()


def forget_after(session: Session) -> None:
    """Forget once this transaction is committed: until then others read, and would remember, what was before."""
    event.listen(session, "after_commit", lambda _session: forget(), once=True)


def by_key(session: Session, key: str, address: Address | None = None) -> Caller:
    """The caller that holds a key, asking from an address.

    Raises:
        Unauthenticated: the key is unknown, expired or revoked, or comes from where it may not; which, is not said.
            Or it is good, and its organisation is not active.
    """
    remember = _remembering()
    parts = key.split("_", 2)
    row = None
    if len(parts) == 3 and parts[0] == "ewn":
        row = session.execute(_KNOWN, {"prefix": parts[1]}).first()
    stored = row.secret_hash if row else digest("")
    matches = secrets.compare_digest(digest(parts[-1]), stored)
    now = clock.now()
    ended = row is None or row.revoked_at is not None or row.expires_at <= now
    if row is None or not matches or ended or not _from_there(row.networks, address):
        raise Unauthenticated("The API key is not valid. Keys look like ewn_..., and go into Authorization: Bearer.")
    check_active(row.state)
    uses.note(row.id, row.used_at, now)
    caller = Caller(row.organisation_id, key_id=row.id, scopes=frozenset(row.scopes), test_only=row.kind == "test")
    remember(key, row.expires_at, caller, row.networks)
    return caller
