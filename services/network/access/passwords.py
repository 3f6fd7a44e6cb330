"""People's passwords: hashed slowly, outside any transaction, for few at a time."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from pwdlib import PasswordHash
from sqlmodel import select

from services.kernel import db, ids
from services.kernel.errors import TooBusy, Unauthenticated
from services.network.access import tries
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


def _composed(password: str) -> bytes:
    """A password as bytes, the same from every keyboard: some send й as two characters."""
    return unicodedata.normalize("NFC", password[:500]).encode("utf-8", "surrogatepass")


def hash_password(password: str) -> str:
    """Argon2id hash of a password: slow and large on purpose, so never inside a transaction, and for few at a time.

    Raises:
        TooBusy: too many passwords are hashed at once.
    """
    with _one_of_few():
        return _hasher().hash(_composed(password))


def by_password(login: str, password: str, *, address: str = "") -> tuple[Caller, Member]:
    """The member with this password, who may yet have to show the second factor. Never inside a transaction: the hash
    is slow and large on purpose, and the try is written down before it is judged.

    Raises:
        Unauthenticated: the same words and the same work for a wrong name, a wrong password and a name that waits.
        TooManyTries: too many tries from this address failed.
        TooBusy: too many sign in at once.
    """
    decoy = _decoy()
    with _one_of_few():  # first: who is sent away because it is busy has not failed
        one = tries.begin(tries.by_name(login), address)
        with db.reading() as session:
            member = session.exec(select(Member).where(Member.login == login.strip().lower(), Member.active)).first()
        matches = _hasher().verify(_composed(password), (member.password_hash if member is not None else "") or decoy)
    if one.waits or not matches or member is None or not member.password_hash:
        tries.wrong(one)
        raise Unauthenticated("The name or the password is not right.")
    tries.right(one)
    with db.reading() as session:
        active(session, member.organisation_id)
    return caller_for(member), member


@lru_cache(maxsize=1)
def _decoy() -> str:
    """A hash to compare with where there is no such member, so that both refusals take as long."""
    return _hasher().hash(ids.token())
