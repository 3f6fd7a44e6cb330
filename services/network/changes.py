"""What every change of the network begins with: one row that is locked first, and the rows that it then looks up."""

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session, select

from services.kernel import clock
from services.kernel.errors import Conflict, Invalid, NotFound
from services.network.directory import CHANGING
from services.network.models import Group, Member, NetworkState, Organisation
from services.network.policy import Caller


class NoSuchOrganisation(NotFound):
    title = "No such organisation"


class NoSuchGroup(NotFound):
    title = "No such group"


class NameTaken(Conflict):
    title = "That name is taken"


def hold(session: Session) -> NetworkState:
    """Lock the network: one change at a time. Look nothing up before: what was read may have changed meanwhile."""
    session.flush()
    session.expire_all()
    return session.exec(select(NetworkState).with_for_update().execution_options(populate_existing=True)).one()


def begin(session: Session) -> NetworkState:
    """Lock the network and give it a new version: random, so that a version rolled back never comes again."""
    state = hold(session)
    state.version = secrets.randbits(62)
    session.info[CHANGING] = True
    session.add(state)
    return state


def following(state: NetworkState) -> int:
    """The next generation."""
    state.generation += 1
    return state.generation


def prepare(session: Session) -> None:
    """Make the network's one state row (after migration)."""
    if session.get(NetworkState, 1) is None:
        session.add(NetworkState(version=secrets.randbits(62), began_at=clock.now()))


def began(session: Session) -> datetime:
    """When this network began: nothing by the clock is caught up from before."""
    return session.exec(select(NetworkState)).one().began_at


def organisation_of(session: Session, slug: str) -> Organisation:
    """An organisation by its slug."""
    row = session.exec(select(Organisation).where(Organisation.slug == slug)).first()
    if row is None:
        raise unknown(slug)
    return row


def unknown(slug: str) -> NoSuchOrganisation:
    """What is answered where there is no such organisation, or none that the caller may know of."""
    return NoSuchOrganisation(f"No organisation {slug[:80]} is enrolled.", field="organisation")


def group_of(session: Session, slug: str) -> Group:
    """A group by its slug."""
    row = session.exec(select(Group).where(Group.slug == slug)).first()
    if row is None:
        raise NoSuchGroup(f"There is no group {slug[:80]}.", field="group")
    return row


def mine(session: Session, by: Caller) -> Organisation | None:
    """The organisation for which the caller, a person, is a focal point; None for a key and for other roles."""
    person = session.get(Member, by.member_id) if by.member_id is not None else None
    if person is None or not person.active or "focal_point" not in person.roles:
        return None
    return session.get(Organisation, person.organisation_id)


def check_zone(name: str) -> None:
    """Refuse what is no time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder, or longer than a file name may be
        raise Invalid(
            f"{name[:80]} is not a time zone of the IANA list, such as Asia/Tashkent.", field="timezone"
        ) from None
