"""Actors by their names, for whoever adds one to a report: those that it may be told of, and no person."""

from dataclasses import dataclass

from sqlmodel import Session

from services import network
from services.network import Caller
from services.tagging import showing

MOST = 12


@dataclass(frozen=True, slots=True)
class Called:
    """An actor that may be added: an organisation by its slug, or a group of a list by its reference number."""

    value: str
    name: str
    designated_by: str


def actors_called(session: Session, caller: Caller, text: str) -> list[Called]:
    """Actors that bear such a name, in whatever capitals, those that begin with it first."""
    wanted = text.strip().casefold()
    known = showing.to(session, caller)
    called = {slug: (known.organisations[slug], *names) for slug, names in network.directory(session).called
              if slug in known.organisations}  # fmt: skip
    found = [(names, Called(slug, names[0], "")) for slug, names in called.items()]
    for value, entry in known.designated.entries.items():
        if known.knows(value):
            found.append((tuple(entry.names), Called(value, entry.names[0], entry.designated_by)))
    hits = [(min(places), one) for names, one in found if (places := _places(wanted, (one.value, *names)))]
    return [one for _, one in sorted(hits, key=lambda hit: (hit[0], hit[1].name, hit[1].value))[:MOST]]


def _places(wanted: str, names: tuple[str, ...]) -> list[int]:
    """Where what is looked for begins in each name that holds it."""
    return [place for name in names if wanted and (place := name.casefold().find(wanted)) >= 0]
