"""Who is asking: API keys and browser sessions, checked in constant time; secrets are kept as hashes only."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache

from pwdlib import PasswordHash
from sqlalchemy import event
from sqlmodel import Session, col, select

from services.kernel import audit, clock, db, ids
from services.kernel.config import settings
from services.kernel.errors import Invalid, NotFound, TooBusy, Unauthenticated
from services.network import changes, people
from services.network.models import ApiKey, Member, Organisation, SignIn
from services.network.policy import Caller
from services.network.schemas import NewKey

ROLES: dict[str, frozenset[str]] = {
    "focal_point": frozenset({"reports:read", "reports:write", "requests:write", "indicators:read", "digests:read"}),
    "analyst": frozenset(
        {
            "reports:read",
            "reports:write",
            "requests:write",
            "tear-lines:ask",
            "indicators:read",
            "digests:read",
            "digests:build",
        }
    ),
    "editor": frozenset({"reports:read", "indicators:read", "digests:read", "digests:build"}),
    "approver": frozenset({"digests:read"}),
    "administrator": frozenset({"network:admin", "observations:write", "digests:build", "replay"}),
    "auditor": frozenset(),
    "integrator": frozenset({"reports:read", "reports:write", "indicators:read", "digests:read"}),
}
SCOPES = frozenset().union(*ROLES.values())
KEY_FRESH_SECONDS = 20.0  # a revoked key hands in no report after this, on any process; for all else at once

HASHES_AT_ONCE = 2  # argon2 takes 64 MiB and a core each
HASH_WAIT_SECONDS = 3.0
_hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)
_seen: dict[str, tuple[float, datetime | None, Caller]] = {}
_forgotten = 0  # how often: what was read from the database before the last time must not be remembered after it


@lru_cache(maxsize=1)
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _hashing.acquire(timeout=HASH_WAIT_SECONDS):
        raise TooBusy("Too many are signing in at once: try again in a moment.", headers={"Retry-After": "5"})
    try:
        yield
    finally:
        _hashing.release()


def hash_password(password: str) -> str:
    """Argon2id hash of a password: slow and large on purpose, so never inside a transaction, and for few at a time.

    Raises:
        TooBusy: too many passwords are hashed at once.
    """
    with _one_of_few():
        return _hasher().hash(password)


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """What a member with these roles may do."""
    return frozenset().union(*(ROLES[role] for role in roles))


def issue(session: Session, new: NewKey, *, by: Caller | None) -> tuple[ApiKey, str]:
    """Issue a key; the second part of the answer is its secret form, which is shown once and kept nowhere."""
    unknown = set(new.scopes) - SCOPES
    if unknown:
        raise Invalid(f"Unknown scopes {sorted(unknown)}; known: {sorted(SCOPES)}.", field="scopes")
    changes.hold(session)  # or a departure beside this one would not end the key
    owner = changes.organisation_of(session, new.organisation)
    people.refuse_left(owner)
    prefix, secret = secrets.token_hex(6), ids.token()
    row = ApiKey(
        name=new.name,
        prefix=prefix,
        secret_hash=_digest(secret),
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
    held = _seen.get(_digest(key))
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
            _seen[_digest(key)] = (time.monotonic(), expires_at, caller)

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
    stored = row.secret_hash if row else _digest("")
    matches = secrets.compare_digest(_digest(parts[-1]), stored)
    now = clock.now()
    if row is None or not matches or row.revoked_at or (row.expires_at is not None and row.expires_at <= now):
        raise Unauthenticated("The API key is not valid. Keys look like ewn_..., and go into Authorization: Bearer.")
    _active(session, row.organisation_id)
    caller = Caller(row.organisation_id, key_id=row.key, scopes=frozenset(row.scopes))
    remember(key, row.expires_at, caller)
    return caller


def by_password(login: str, password: str) -> tuple[Caller, Member]:
    """The member with this password. The hash is slow and large on purpose: it is computed outside any transaction,
    for few at a time.

    Raises:
        Unauthenticated: the same words for a wrong name and a wrong password.
        TooBusy: too many sign in at once.
    """
    with db.reading() as session:
        member = session.exec(select(Member).where(Member.login == login.strip().lower(), Member.active)).first()
    with _one_of_few():
        matches = _hasher().verify(password, member.password_hash if member is not None else _decoy())
    if not matches or member is None:
        raise Unauthenticated("The name or the password is not right.")
    with db.reading() as session:
        _active(session, member.organisation_id)
    return _caller(member), member


def sign_in(session: Session, caller: Caller) -> str:
    """Open a session for a member whose password was checked; returns its token, kept nowhere but in the browser."""
    token = ids.token()
    until = clock.now() + timedelta(hours=settings().session_hours)
    session.add(SignIn(token_hash=_digest(token), member_id=caller.member_id or 0, expires_at=until))
    audit.record(session, caller, "member.signed_in")
    return token


def sign_out(session: Session, token: str) -> None:
    """Close a session."""
    row = session.exec(select(SignIn).where(SignIn.token_hash == _digest(token))).first()
    if row is not None:
        session.delete(row)


def by_session(session: Session, token: str) -> tuple[Caller, Member]:
    """The member behind a browser's session.

    Raises:
        Unauthenticated: the session is unknown or over, or the member or organisation is no longer active.
    """
    statement = select(Member).join(SignIn, col(SignIn.member_id) == col(Member.id))
    member = session.exec(
        statement.where(SignIn.token_hash == _digest(token), SignIn.expires_at > clock.now(), Member.active)
    ).first()
    if member is None:
        raise Unauthenticated("Your session is over: sign in again.")
    _active(session, member.organisation_id)
    return _caller(member), member


def _caller(member: Member) -> Caller:
    return Caller(
        member.organisation_id, member_id=member.key, scopes=scopes_of(member.roles), language=member.language
    )


def _active(session: Session, organisation_id: int) -> None:
    row = session.get(Organisation, organisation_id)
    if row is None or row.state != "active":
        raise Unauthenticated("Your organisation is not active in this network.")


@lru_cache(maxsize=1)
def _decoy() -> str:
    """A hash to compare with where there is no such member, so that both refusals take as long."""
    return _hasher().hash(ids.token())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
