"""Sealing the audit: what has a position goes into blocks, in order, each chained to the one before (docs/adr/0015)."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import LargeBinary, func, select
from sqlmodel import Field, Session, SQLModel

from services.kernel import clock, db, merkle
from services.kernel.audit import AuditEntry
from services.kernel.model import BigKey, Utc, table

AUDIT = table(AuditEntry)
MOST = 1000  # entries of a block
AT_ONCE = 50  # blocks of one run of the clock
SEALED = ("at", "member_id", "key_id", "organisation_id", "action", "subject", "detail", "trace", "address")


class AuditBlock(SQLModel, table=True):
    """Entries in a row of positions: the leaf of each in turn, the root over them, and the chain's hash."""

    __tablename__ = "audit_block"
    number: int = Field(primary_key=True, sa_type=BigKey)
    first: int = Field(sa_type=BigKey)
    last: int = Field(sa_type=BigKey, unique=True)
    leaves: bytes = Field(sa_type=LargeBinary)
    root: str
    hash: str
    at: datetime = Field(sa_type=Utc)


BLOCK = table(AuditBlock)


def content(row: Any) -> dict[str, Any]:
    """What is sealed of an entry's row: all but its key, which says nothing."""
    found = {name: getattr(row, name) for name in SEALED}
    return found | {"at": row.at.astimezone(UTC).isoformat(timespec="microseconds")}


def latest(session: Session) -> Any:
    """The last block's row, or None."""
    return session.execute(select(BLOCK).order_by(BLOCK.c.number.desc()).limit(1)).first()


def waiting(session: Session) -> int:
    """How many positions are given and not sealed."""
    last = latest(session)
    given = session.execute(select(func.max(AUDIT.c.position))).scalar() or 0
    return max(0, int(given) - (last.last if last is not None else 0))


def oldest_waiting(session: Session) -> datetime | None:
    """The time of the oldest entry that is not sealed, whether or not it has a position."""
    last = latest(session)
    bound = last.last if last is not None else 0
    placed = select(func.min(AUDIT.c.at)).where(AUDIT.c.position > bound)
    unplaced = select(func.min(AUDIT.c.at)).where(AUDIT.c.position.is_(None))
    found = [at for at in (session.execute(one).scalar() for one in (placed, unplaced)) if at is not None]
    return min(found, default=None)


def seal_once(most: int = MOST) -> int:
    """Seal the next block, if anything waits: how many positions it holds. Safe to run anywhere, any time: it is read
    and hashed without a lock, and written only if no other sealer was first; killed in between, it has done nothing."""
    with db.reading() as session:
        made = _next(session, most)
    if made is None:
        return 0
    with db.transaction() as session:
        db.alone(session, "seal")
        last = latest(session)
        if (last.number if last is not None else 0) != made["number"] - 1:
            return 0
        session.execute(BLOCK.insert(), [made])
    return int(made["last"] - made["first"] + 1)


def seal_all() -> int:
    """Seal all that has a position; how many positions that were."""
    done = 0
    while sealed := seal_once():
        done += sealed
    return done


def _next(session: Session, most: int) -> dict[str, Any] | None:
    before = latest(session)
    first = before.last + 1 if before is not None else 1
    statement = select(AUDIT).where(AUDIT.c.position >= first).order_by(AUDIT.c.position).limit(most)
    rows = {row.position: row for row in session.execute(statement).all()}
    if not rows:
        return None
    # A position without an entry was given, and the entry removed before it was sealed: sealed as missing, it shows.
    last = min(max(rows), first + most - 1)
    leaves = [merkle.leaf(n, content(rows[n]) if n in rows else None) for n in range(first, last + 1)]
    tree = merkle.root(leaves)
    number = before.number + 1 if before is not None else 1
    previous = before.hash if before is not None else ""
    return {
        "number": number,
        "first": first,
        "last": last,
        "leaves": b"".join(leaves),
        "root": tree.hex(),
        "hash": merkle.chained(previous, number, first, last, tree),
        "at": clock.now(),
    }
