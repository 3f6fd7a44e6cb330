"""What a person changes of itself: language, time zone, password and second factor."""

from sqlmodel import Session

from services.kernel import audit, db
from services.kernel.errors import Forbidden, Unauthenticated
from services.network import changes, people
from services.network.access import factors, passwords, sessions, tries
from services.network.models import Member
from services.network.policy import Caller
from services.network.schemas import EditProfile


class WrongPassword(Forbidden):
    """The password that was asked for once more is not right; the session goes on."""

    title = "The password is not right"


def person(session: Session, caller: Caller) -> Member:
    """The person who asks.

    Raises:
        NoPerson: a key asks.
    """
    member = session.get(Member, caller.member_id) if caller.member_id is not None else None
    if member is None:
        raise sessions.NoPerson("Sign in as a person: a key has no profile.")
    return member


def edit(session: Session, change: EditProfile, *, by: Caller) -> Member:
    """Change language or time zone."""
    given = change.model_dump(include=change.model_fields_set)
    if "timezone" in given:
        changes.check_zone(given["timezone"])
    member = person(session, by)
    for name, value in given.items():
        setattr(member, name, value)
    session.add(member)
    audit.record(session, by, "member.edited", audit.person(member.key), fields=sorted(given))
    return member


def confirm(caller: Caller, password: str, *, address: str) -> Member:
    """Ask a person for the password once more: a session left open changes nothing that lasts. Counted like a sign-in.

    Raises:
        WrongPassword: it is not right, or the name has to wait.
    """
    with db.reading() as session:
        member = person(session, caller)
    try:
        return passwords.by_password(member.login, password, address=address)[1]
    except Unauthenticated as refused:
        raise WrongPassword("The password is not right.", field="current") from refused


def change_password(caller: Caller, current: str, new: str, *, token: str, address: str) -> None:
    """Choose another password: all other sessions and all open links end. Never inside a transaction."""
    member = confirm(caller, current, address=address)
    hashed = passwords.hash_password(new)
    with db.transaction() as session:
        row = person(session, caller)
        row.password_hash = hashed
        session.add(row)
        sessions.end_all(session, member.key, keep=token)
        people.end_links(session, member.key)
        audit.record(session, caller, "member.password_changed", audit.person(member.key))


def set_up_factor(session: Session, caller: Caller, sealed: str, code: str, *, token: str) -> list[str]:
    """Take an offered second factor in the place of the one until now; all other sessions end, this one has shown it.

    Raises:
        Unauthenticated: the code is not right, or the offer is over.
    """
    codes = factors.set_up(session, person(session, caller), sealed, code, anew=True)
    sessions.end_all(session, caller.member_id or 0, keep=token)
    sessions.shown(session, token)
    return codes


def failed_tries(session: Session, member: Member, token: str) -> tuple[int, int]:
    """Wrong tries before this sign-in, since the one before; and since this sign-in."""
    row = sessions.current(session, token)
    since = tries.untold(session, tries.by_name(member.login), tries.by_person(member.key))
    return (row.failed if row is not None else 0), since
