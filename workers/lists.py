"""``ewn lists``: take over a list of designated groups and persons, and show which are held."""

from collections.abc import Iterator
from pathlib import Path

from services import sanctions
from services.kernel import db
from services.sanctions import COUNCIL, Imported, SanctionsList


class Refused(Exception):
    """The file is not taken; the list that was held stays."""


def take(file: Path, *, source: str, designated_by: str) -> Iterator[str]:
    """Import a file whole and tell what changed, by reference numbers alone.

    Raises:
        Refused: it cannot be read whole, is older than the list held, or says not who designated.
    """
    if source != COUNCIL[0] and designated_by in {"", COUNCIL[1]}:
        raise Refused("Say with --designated-by who designated those on this list: it is not the Security Council's.")
    try:
        with file.open("rb") as opened:
            listing = sanctions.parse(opened)
        with db.transaction() as session:
            done = sanctions.import_list(session, listing, source=source, designated_by=designated_by or COUNCIL[1])
    except (OSError, sanctions.NotAList, sanctions.Older) as reason:
        raise Refused(f"Not taken, and the list that was held stays: {reason}") from None
    yield f"List of {listing.dated:%Y-%m-%d}: {listing.count('individual')} persons, {listing.count('entity')} entities"
    yield from _told(done)


def _told(done: Imported) -> Iterator[str]:
    if not done.stored:
        yield "It is held already: nothing changed."
        return
    changes = done.difference
    for word, references in (("added", changes.added), ("removed", changes.removed), ("changed", changes.changed)):
        yield f"{len(references)} {word}" + (f": {', '.join(references)}" if 0 < len(references) <= 50 else "")
    if not done.feeds:
        yield "Not the Security Council's: it leads to no tag until an analyst of the secretariat approves it (/lists)."
    elif changes:
        yield "New reports are read by it. ewn recount --retag reads those that are there already."


def held() -> Iterator[str]:
    """A line for each list: of which day, how many, by whom."""
    with db.reading() as session:
        lists = [_line(one) for one in sanctions.lists(session)]
    yield from lists or ["No list is held."]


def _line(one: SanctionsList) -> str:
    state = "" if one.approved_at is not None else "  (not approved: leads to no tag)"
    counts = f"{one.individuals} persons, {one.entities} entities"
    when = f"list of {one.dated:%Y-%m-%d}, imported {one.imported_at:%Y-%m-%d}"
    return f"{one.source}  designated by {one.designated_by}  {when}  {counts}{state}"
