"""Failed tries, counted in the database: a try is written down before it is judged, so that nothing fails open."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from services.kernel import clock, db, seals
from services.kernel.errors import Problem
from services.kernel.model import table
from services.network.access import throttling
from services.network.access.throttling import ADDRESS, NAME, Rule, Tries
from services.network.models import FailedTries

KEPT = timedelta(days=90)  # a person who signs in more rarely is not told of older ones


class TooManyTries(Problem):
    """Too many failed tries came from one address."""

    status = 429
    title = "Too many failed tries from your address"


@dataclass(frozen=True, slots=True)
class Try:
    """One try that was written down. `waits`: whatever is right about it, it is refused."""

    key: str
    address: str
    waits: bool


def by_name(typed: str) -> str:
    """The key of what was typed as a sign-in name."""
    return seals.sign("tries name", typed.strip().lower())


def by_person(member_id: int) -> str:
    """The key of a person's second step."""
    return seals.sign("tries person", member_id)


def begin(key: str, address: str) -> Try:
    """Write a try down as failed, committed; `right` takes that back. Only then may it be judged.

    Raises:
        TooManyTries: its address has to wait.
    """
    at = clock.now()
    where = _by_address(address)
    with db.transaction() as session:
        there = _tries(session.get(FailedTries, where))
        if throttling.waiting(there, at):
            seconds = int(((there.until or at) - at).total_seconds()) + 1
            raise TooManyTries("Wait before the next try.", headers={"Retry-After": str(seconds)})
        waits = throttling.waiting(_tries(_locked(session, key, at)), at)
        _failed(session, NAME, key, at)
    return Try(key, where, waits)


def wrong(one: Try) -> None:
    """The try was wrong: its address has one more."""
    with db.transaction() as session:
        _failed(session, ADDRESS, one.address, clock.now())


def right(one: Try) -> None:
    """The try was right: its name waits no more. Other tries stay untold until the person has signed in."""
    with db.transaction() as session:
        row = _locked(session, one.key, clock.now())
        _keep(row, Tries())
        row.untold = max(0, row.untold - 1)
        session.add(row)


def untold(session: Session, *keys: str) -> int:
    """How many tries failed since the last sign-in."""
    return sum(row.untold for row in session.exec(select(FailedTries).where(col(FailedTries.key).in_(keys))).all())


def tell(session: Session, *keys: str) -> int:
    """The same, and begin to count anew."""
    rows = session.exec(select(FailedTries).where(col(FailedTries.key).in_(keys)).with_for_update()).all()
    told = sum(row.untold for row in rows)
    for row in rows:
        row.untold = 0
        session.add(row)
    return told


def forgive(session: Session, key: str) -> None:
    """End the wait of a key: somebody who may has vouched for the person."""
    row = _locked(session, key, clock.now())
    _keep(row, Tries())
    session.add(row)


def forget_due(session: Session, *, at: datetime) -> None:
    """Delete what is too old to be told."""
    session.execute(delete(FailedTries).where(col(FailedTries.last_at) <= at - KEPT))


def _by_address(address: str) -> str:
    """The key of a network address; of IPv6 the first 64 bits, which one household or office has to itself."""
    try:
        known = ipaddress.ip_address(address)
        known = getattr(known, "ipv4_mapped", None) or known
        prefix = 64 if known.version == 6 else 32
        address = str(ipaddress.ip_network((known, prefix), strict=False))
    except ValueError:
        pass  # what is no address, such as that of a local socket, is one place
    return seals.sign("tries address", address)


def _failed(session: Session, rule: Rule, key: str, at: datetime) -> None:
    row = _locked(session, key, at)
    _keep(row, throttling.failed(rule, _tries(row), at))
    row.untold += 1
    row.last_at = at
    session.add(row)


def _locked(session: Session, key: str, at: datetime) -> FailedTries:
    """The row of a key, made where there is none, that nobody else changes until this transaction ends."""
    empty = {"key": key, "recent": [], "waits": 0, "until": None, "untold": 0, "last_at": at}
    db.insert_new(session, table(FailedTries), [empty], returning=("key",))
    statement = select(FailedTries).where(FailedTries.key == key).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one()


def _tries(row: FailedTries | None) -> Tries:
    if row is None:
        return Tries()
    return Tries(tuple(datetime.fromisoformat(one) for one in row.recent), row.waits, row.until)


def _keep(row: FailedTries, tries: Tries) -> None:
    row.recent = [one.isoformat() for one in tries.recent]
    row.waits, row.until = tries.waits, tries.until
