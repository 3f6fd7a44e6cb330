"""Who can be named in a report: the organisations of the network, and who stands on the lists that it follows."""

from functools import lru_cache

from sqlmodel import Session

from services import network, sanctions
from services.sanctions import Designated
from services.texts import Actors, Named, Scheme

ACTOR: Scheme = "actor"
LISTED_PERSON: Scheme = "listed_person"
_VERSION = "organisations-1"  # the same whoever joins: it must not tell


def actors(session: Session) -> tuple[Actors, ...]:
    """Finders of all whom the network knows of now, hidden members included: what a reader is given of what they find
    is for `showing` to say."""
    return _organisations(network.directory(session).called), _listed(sanctions.designated(session))


@lru_cache(maxsize=2)
def _organisations(called: tuple[tuple[str, tuple[str, ...]], ...]) -> Actors:
    """By slug. A slug that is one word stands for its abbreviation."""
    return Actors(
        Named(ACTOR, slug, (*names, *(() if "-" in slug else (slug.upper(),))), _VERSION) for slug, names in called
    )


@lru_cache(maxsize=2)
def _listed(designated: Designated) -> Actors:
    """By reference number: groups and entities by any name that the list gives, persons by their full names alone."""
    return Actors(
        Named(
            LISTED_PERSON if one.kind == "individual" else ACTOR,
            one.reference,
            one.names,
            f"list-{one.list_of:%Y-%m-%d}",
            exact=one.kind == "individual",
        )
        for one in designated.entries.values()
    )
