"""Importing lists, and who is designated now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, delete, func, insert, select
from sqlmodel import Session

from services.kernel import audit, clock, db
from services.kernel.model import table
from services.sanctions.comparing import Difference, compare
from services.sanctions.listing import Entry, EntryKind, Listing
from services.sanctions.models import ListDecision, ListedEntry, SanctionsList

LIST = table(SanctionsList)
ENTRY = table(ListedEntry)
DECISION = table(ListDecision)
COUNCIL = ("un-sc", "UN Security Council")


class Older(ValueError):
    """A later list is held already."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: whether a version was stored, and what changed by it. `feeds`: whether it is approved."""

    stored: bool
    difference: Difference
    feeds: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry that stands on a list now."""

    reference: str
    kind: EntryKind
    names: tuple[str, ...]
    designated_by: str
    list_of: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Designated:
    """All that stand on approved lists now, by reference. One object as long as nothing is imported or decided."""

    version: tuple[int, int]
    entries: Mapping[str, Standing]


def import_list(
    session: Session, listing: Listing, *, source: str = COUNCIL[0], designated_by: str = COUNCIL[1]
) -> Imported:
    """Take over a list that was read whole: what is no longer on it goes, names and all. The same list changes nothing.

    A list of the Security Council binds every member and is the network's at once. Any other names who designated, and
    feeds nothing: that needs an approval on record.

    Raises:
        Older: one of a later date is held.
    """
    db.alone(session, "sanctions")
    last = _last(session).get(source)
    if last is not None and listing.dated < last.dated:
        raise Older(f"The list held is of {last.dated:%Y-%m-%d %H:%M}, this one of {listing.dated:%Y-%m-%d %H:%M} UTC.")
    held = select(ENTRY.c.reference, ENTRY.c.digest).where(ENTRY.c.source == source)
    before = {row.reference: row.digest for row in session.execute(held)}
    after = {one.reference: one for one in listing.entries}
    difference = compare(before, {key: one.digest for key, one in after.items()})
    council = (source, designated_by) == COUNCIL
    feeds = council or (last is not None and last.approved_at is not None and last.designated_by == designated_by)
    if last is not None and not difference and last.dated == listing.dated and last.designated_by == designated_by:
        return Imported(False, difference, feeds)
    _replace(session, source, difference, after)
    now = clock.now()
    row = SanctionsList(
        source=source,
        designated_by=designated_by,
        dated=listing.dated,
        imported_at=now,
        individuals=listing.count("individual"),
        entities=listing.count("entity"),
        added=list(difference.added),
        removed=list(difference.removed),
        changed=list(difference.changed),
        approved_at=now if feeds else None,
    )
    session.add(row)
    session.flush()
    audit.record(session, None, "list.imported", source, count=len(listing.entries))
    return Imported(True, difference, feeds)


def lists(session: Session) -> list[SanctionsList]:
    """The last version of each list."""
    found = _last(session)
    return [found[source] for source in sorted(found)]


_held: WeakKeyDictionary[Engine, Designated] = WeakKeyDictionary()


def designated(session: Session) -> Designated:
    """Who is designated now, by approved lists; kept in memory until another list is imported, or one is decided on."""
    where = db.engine()
    newest = (select(func.coalesce(func.max(one.c.id), 0)).scalar_subquery() for one in (LIST, DECISION))
    imported, decided = session.execute(select(*newest)).one()
    version = (imported, decided)
    held = _held.get(where)
    if held is None or held.version != version:
        held = _held[where] = _read(session, version)
    return held


def _read(session: Session, version: tuple[int, int]) -> Designated:
    approved = {source: row for source, row in _last(session).items() if row.approved_at is not None}
    # Lists of states repeat entries of the Security Council under its references: there its word stands, so it is last.
    last = (ENTRY.c.source == COUNCIL[0], ENTRY.c.source)
    rows = session.execute(select(ENTRY).where(ENTRY.c.source.in_(sorted(approved))).order_by(*last))
    return Designated(
        version,
        {
            row.reference: Standing(
                row.reference,
                row.kind,
                tuple(row.names),
                approved[row.source].designated_by,
                approved[row.source].dated,
            )
            for row in rows
        },
    )


def last_of(session: Session, source: str) -> SanctionsList | None:
    """The last version of one list."""
    return _last(session).get(source)


def _last(session: Session) -> dict[str, SanctionsList]:
    newest = select(func.max(LIST.c.id)).group_by(LIST.c.source)
    rows: Sequence[SanctionsList] = session.execute(select(SanctionsList).where(LIST.c.id.in_(newest))).scalars().all()
    return {row.source: row for row in rows}


def _replace(session: Session, source: str, difference: Difference, after: Mapping[str, Entry]) -> None:
    gone = [*difference.removed, *difference.changed]
    for some in db.batches(gone, 500):
        session.execute(delete(ENTRY).where(ENTRY.c.source == source, ENTRY.c.reference.in_(some)))
    new = [
        {
            "source": source,
            "reference": key,
            "kind": after[key].kind,
            "programme": after[key].programme,
            "names": list(after[key].names),
            "digest": after[key].digest,
        }
        for key in (*difference.added, *difference.changed)
    ]
    if new:
        session.execute(insert(ENTRY), new)
