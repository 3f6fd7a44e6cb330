"""Who is known to whom: beside the policy, the one place that says whose membership a caller is told of."""

from sqlmodel import Session

from services.network import names
from services.network.directory import Directory, Party, directory
from services.network.lifecycle import APPLIED
from services.network.policy import Caller


def known_to(known: Directory, caller: Caller) -> frozenset[int]:
    """The organisations that exist for this caller: all that show their membership, and those near its own.

    Near are its parent and children and whoever shares a group with it. The secretariat and administrators know all.
    """
    asks = caller.organisation_id, "network:admin" in caller.scopes
    if asks not in known.near:
        known.near[asks] = _known_to(known, *asks)
    return known.near[asks]


def _known_to(known: Directory, organisation_id: int | None, administers: bool) -> frozenset[int]:
    own = known.parties.get(organisation_id or 0)
    if administers or _secretariat(own):
        return frozenset(known.parties)
    found = {one.id for one in known.parties.values() if not one.hidden and one.state != APPLIED}
    if own is not None:
        found |= {own.id, *(one.id for one in known.parties.values() if one.parent_id == own.id)}
        found |= {own.parent_id} if own.parent_id is not None else set()
        groups = known.memberships.get(own.id, {}).keys()
        found |= {one for one, joined in known.memberships.items() if not groups.isdisjoint(joined)}
    return frozenset(found)


def in_secretariat(session: Session, caller: Caller) -> bool:
    """Whether the caller acts for the network's secretariat."""
    return _secretariat(directory(session).parties.get(caller.organisation_id or 0))


def _secretariat(own: Party | None) -> bool:
    return own is not None and own.active and own.kind == "secretariat"


def known_since(known: Directory, caller: Caller) -> frozenset[int]:
    """Of organisations that were members once, those that this caller may be told of: also who left and applies again,
    which is no secret of whoever showed its membership."""
    return known_to(known, caller) | {one.id for one in known.parties.values() if not one.hidden}


def organisation_named(known: Directory, caller: Caller, given: str, *, forgiving: bool = False) -> int | None:
    """The organisation that a slug, name or alias means to this caller. Forgiving: where it only says who was heard."""
    find = names.heard if forgiving else names.named
    return find(known.names, known_to(known, caller), given)


def person_named(known: Directory, caller: Caller, login: str) -> int | None:
    """The person of this sign-in name, if the caller knows of the organisation that it acts for."""
    person, owner = known.persons.get(login, (None, 0))
    return person if owner in known_to(known, caller) else None
