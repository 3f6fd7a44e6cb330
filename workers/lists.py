"""``ewn lists``: take over a list of designated groups and persons, and show which are held."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from services import sanctions
from services.kernel import clock, db
from services.sanctions import COUNCIL, Imported, SanctionsList

_AHEAD = timedelta(days=1)  # as far as days differ around the world


class Refused(Exception):
    """The file is not taken; the list that was held stays."""


def take(file: Path, *, source: str, designated_by: str) -> Iterator[str]:
    """Import a file whole and tell what changed, by reference numbers alone.

    Raises:
        Refused: it cannot be read whole, is older than the list held or of a day to come, or says not who designated.
    """
    council = designated_by.strip().casefold() in {"", COUNCIL[1].casefold()}
    if source != COUNCIL[0] and council:
        raise Refused("Say with --designated-by who designated those on this list: it is not the Security Council's.")
    if source == COUNCIL[0] and not council:
        raise Refused("Give the list a name with --source: it would take the place of the Security Council's.")
    try:
        with file.open("rb") as opened:
            listing = sanctions.parse(opened)
        if listing.dated > clock.now() + _AHEAD:
            raise Refused(
                "The list is of a day to come: none that follows would be taken. The one that was held stays."
            )
        hand = COUNCIL[1] if council else designated_by
        with db.transaction() as session:
            done = sanctions.import_list(session, listing, source=source, designated_by=hand)
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
