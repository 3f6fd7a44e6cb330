"""People's passwords: hashed slowly, outside any transaction, for few at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from pwdlib import PasswordHash
from sqlmodel import select

from services.kernel import db, ids
from services.kernel.errors import TooBusy, Unauthenticated
from services.network.access.roles import active
from services.network.access.sessions import caller_for
from services.network.models import Member
from services.network.policy import Caller

HASHES_AT_ONCE = 2  # argon2 takes 64 MiB and a core each
HASH_WAIT_SECONDS = 3.0
_hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)


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
        active(session, member.organisation_id)
    return caller_for(member), member


@lru_cache(maxsize=1)
def _decoy() -> str:
    """A hash to compare with where there is no such member, so that both refusals take as long."""
    return _hasher().hash(ids.token())
