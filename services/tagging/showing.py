"""What a reader is given of the actors found in a report: nobody whose membership it may not know, no listed person
unless it is an analyst, and nobody who was taken off a list since."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from services import network, sanctions
from services.network import Caller
from services.sanctions import Designated
from services.tagging.naming import ACTOR, LISTED_PERSON
from services.tagging.schemas import Designation, TagView

_ANALYSTS = "reports:grade"  # held by persons who weigh reports, and by no key


@dataclass(frozen=True, slots=True)
class Showing:
    """What one reader may be told, resolved in the read's own transaction."""

    organisations: dict[str, str]
    """Names by slug, of those that it may know."""
    designated: Designated
    persons: bool
    """Whether it is told of listed persons."""

    def knows(self, value: str) -> bool:
        """Whether this reader may be told of the actor: an organisation, or a group that is on a list."""
        entry = self.designated.entries.get(value)
        return value in self.organisations or (entry is not None and entry.kind != "individual")

    def view(self, tags: Iterable[Any]) -> list[TagView]:
        """The tags that this reader is given, of rows."""
        return [one for tag in tags if (one := self._view(tag)) is not None]

    def _view(self, tag: Any) -> TagView | None:
        made = TagView.model_validate(tag, from_attributes=True)
        if made.scheme not in {ACTOR, LISTED_PERSON}:
            return made
        if made.scheme == ACTOR and made.value in self.organisations:
            made.name = self.organisations[made.value]
            return made
        entry = self.designated.entries.get(made.value)
        person = entry is not None and entry.kind == "individual"
        if entry is None or person != (made.scheme == LISTED_PERSON) or (person and not self.persons):
            return None
        made.name = "" if person else entry.names[0]
        made.designated = Designation(by=entry.designated_by, list_of=entry.list_of.date())
        return made


def to(session: Session, caller: Caller) -> Showing:
    """What this caller may be told of actors. It costs the same whoever is named."""
    known = network.directory(session)
    mine = network.known_to(known, caller)
    names = {party.slug: party.name(caller.language) for key, party in known.parties.items() if key in mine}
    persons = caller.member_id is not None and _ANALYSTS in caller.scopes
    return Showing(names, sanctions.designated(session), persons)
