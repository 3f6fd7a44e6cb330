"""Erasing a person: a random name stands where the person was, so that what was done stays provable (docs/adr/0016)."""

import secrets
from typing import Any

from sqlmodel import Session, SQLModel, col, delete, select

from services.kernel import audit, clock, db
from services.kernel.errors import Conflict, Invalid
from services.kernel.model import table
from services.network import changes, holds
from services.network.holds import Held
from services.network.models import (
    ApiKey,
    Factor,
    Hold,
    Invitation,
    Member,
    Office,
    Organisation,
    RecoveryCode,
    SignIn,
)
from services.network.people import member_of
from services.network.policy import Caller

ERASED = "erased"
GOES: tuple[type[SQLModel], ...] = (
    SignIn,
    Invitation,
    Factor,
    RecoveryCode,
    Office,
)  # with the person; each has its key as member_id
# What stays of a row of Member. All else tells of the person, and is emptied.
STAYS = frozenset({"id", "organisation_id", "active", "erased_at"})
EMPTY: dict[str, Any] = {"name": ERASED, "roles": [], "password_hash": "", "language": "en", "timezone": "UTC"}


class StillActive(Conflict):
    title = "The person is still active"


class AnotherPerson(Invalid):
    title = "The sign-in name is not that of the person"


def erase(session: Session, login: str, *, typed: str, by: Caller) -> Member:
    """Forget who an inactive person was: name, sign-in name, language, offices, sessions. Its key stays on what it did.

    Raises:
        NoSuchMember: there is none of this name, or it is erased already.
        AnotherPerson: the name was not typed again as it is.
        StillActive: its access has to end first, which is refused to the last administrator.
        Held: a hold stands on the person or its organisation.
    """
    changes.begin(session)
    row = member_of(session, login)
    if typed.strip() != row.login:
        raise AnotherPerson("Give the sign-in name of the person to erase once more.", field="login")
    if row.active:
        raise StillActive("End its access first: who may act is not erased.")
    holds.alone(session)
    held = holds.held(session)
    if row.key in held.persons or row.organisation_id in held.organisations:
        raise Held("Nothing of it is erased while a hold stands.")
    for model in GOES:
        session.execute(delete(model).where(table(model).c.member_id == row.key))
    row.login = f"{ERASED}-{secrets.token_hex(8)}"
    for name, value in EMPTY.items():
        setattr(row, name, value)
    row.erased_at = clock.now()
    session.add(row)
    session.flush()
    audit.record(session, by, "member.erased", audit.person(row.key))
    db.wash(session)
    return row


def held_on(session: Session, row: Member) -> dict[str, Any]:
    """What this slice holds on a person, as plain values; of secrets only that there are some."""
    owner = session.exec(select(Organisation).where(Organisation.id == row.organisation_id)).one()
    offices = session.exec(select(Office).where(Office.member_id == row.key).order_by(col(Office.held_from))).all()
    sessions = session.exec(select(SignIn).where(SignIn.member_id == row.key).order_by(col(SignIn.id))).all()
    kept = {"login", "name", "roles", "language", "timezone", "active"}
    return {
        "profile": row.model_dump(mode="json", include=kept) | {"organisation": owner.slug},
        "offices": [one.model_dump(mode="json", exclude={"id", "member_id"}) for one in offices],
        "sessions": [
            one.model_dump(mode="json", include={"begun_at", "used_at", "expires_at", "browser"}) for one in sessions
        ],
        "holds_set": [
            one.model_dump(mode="json", include={"reference", "what", "set_at"})
            for one in session.exec(select(Hold).where(Hold.set_by == row.key).order_by(col(Hold.id))).all()
        ],
    }


def keys_named(session: Session, prefixes: list[str]) -> list[dict[str, Any]]:
    """These API keys, as plain values without their secrets."""
    rows = session.exec(select(ApiKey).where(col(ApiKey.prefix).in_(prefixes)).order_by(ApiKey.prefix)).all()
    kept = {"prefix", "name", "scopes", "made_at", "expires_at", "revoked_at"}
    return [one.model_dump(mode="json", include=kept) for one in rows]
