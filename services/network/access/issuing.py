"""A key's life: issued within what its maker may give, replaced with an overlap, revoked for good."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from services.kernel import audit, clock, ids
from services.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from services.network import changes, people
from services.network.access.key_schemas import KeyView, NewKey, Rotation
from services.network.access.keys import forget_after
from services.network.access.roles import KEY_SCOPES, OWN_KEYS, TEST_SCOPES, digest, may_issue
from services.network.directory import directory
from services.network.models import ApiKey, Organisation
from services.network.policy import Caller, ScopeMissing

MOST_LIFE = timedelta(days=400)  # a year, and a month to be late with the next


class NotYoursToGive(Forbidden):
    title = "Nobody gives a key more than is theirs to give"


class KeyEnded(Conflict):
    title = "The key has ended"


class AlreadyRotated(Conflict):
    title = "The key has a successor"


class NoSuchKey(NotFound):
    title = "No such key"


def issue(session: Session, new: NewKey, *, by: Caller | None) -> tuple[ApiKey, str]:
    """Issue a key; the second part of the answer is its secret form, which is shown once and kept nowhere.

    Raises:
        NotYoursToGive: the maker may not give these scopes to this organisation.
    """
    _check_scopes(new)
    now = clock.now()
    until = new.expires_at or now + MOST_LIFE
    if until > now + MOST_LIFE:
        raise Invalid(f"A key lives {MOST_LIFE.days} days at most.", field="expires_at")
    changes.hold(session)  # or a departure beside this one would not end the key
    owner = _organisation(session, new.organisation, by)
    _refuse_beyond(by, owner, new.scopes)
    people.refuse_left(owner)
    row, secret = _with_secret(
        name=new.name,
        organisation_id=owner.key,
        kind=new.kind,
        scopes=sorted(set(new.scopes)),
        networks=new.networks,
        made_at=now,
        expires_at=until,
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "key.issued", row.prefix, organisation=owner.slug, scopes=row.scopes, kind=row.kind)
    return row, secret


def rotate(session: Session, prefix: str, how: Rotation, *, by: Caller | None) -> tuple[ApiKey, str]:
    """Make a key's successor, with the same rights for as long again; the old one works on for the overlap only.

    Raises:
        NotYoursToGive: the maker could not issue such a key.
    """
    changes.hold(session)
    old = _key(session, prefix, by)
    now = clock.now()
    if old.revoked_at is not None or old.expires_at <= now:
        raise KeyEnded("A key that has ended cannot be replaced: issue another.", field="prefix")
    after = select(ApiKey).where(ApiKey.replaces_id == old.key, col(ApiKey.revoked_at).is_(None))
    if session.exec(after).first():
        raise AlreadyRotated("Rotate its successor, or revoke that one first.", field="prefix")
    owner = session.get_one(Organisation, old.organisation_id)
    _refuse_beyond(by, owner, old.scopes)
    people.refuse_left(owner)
    life = min(old.expires_at - old.made_at, MOST_LIFE)
    kept = old.model_dump(include={"name", "organisation_id", "kind", "scopes", "networks"})
    row, secret = _with_secret(**kept, made_at=now, expires_at=now + life, replaces_id=old.key)
    old.expires_at = min(old.expires_at, now + timedelta(hours=how.overlap_hours))
    session.add_all([old, row])
    session.flush()
    forget_after(session)
    audit.record(session, by, "key.rotated", prefix, successor=row.prefix, until=old.expires_at.isoformat())
    return row, secret


def revoke(session: Session, prefix: str, *, by: Caller | None) -> ApiKey:
    """End a key: refused from the commit on; a process that has just checked it may take reports 20 seconds longer."""
    row = _key(session, prefix, by)
    row.revoked_at = row.revoked_at or clock.now()
    session.add(row)
    forget_after(session)
    audit.record(session, by, "key.revoked", prefix)
    return row


def listed(session: Session, *, by: Caller) -> list[KeyView]:
    """The keys that the caller keeps, without their secrets: an administrator all, others their organisation's."""
    statement = select(ApiKey).order_by(ApiKey.prefix)
    if "network:admin" not in by.scopes:
        statement = statement.where(ApiKey.organisation_id == by.organisation_id)
    return [view(session, row) for row in session.exec(statement).all()]


def view(session: Session, row: ApiKey) -> KeyView:
    """A key without its secret."""
    before = session.get(ApiKey, row.replaces_id) if row.replaces_id is not None else None
    return KeyView(
        organisation=directory(session).parties[row.organisation_id].slug,
        replaces=before.prefix if before else None,
        **row.model_dump(include=KeyView.model_fields.keys() - {"organisation", "replaces"}),
    )


def keeps(caller: Caller) -> bool:
    """Whether the caller keeps any keys at all."""
    return "network:admin" in caller.scopes or OWN_KEYS in caller.scopes


def working(row: KeyView, at: datetime) -> bool:
    """Whether a key opens anything at an instant."""
    return row.revoked_at is None and row.expires_at > at


def _check_scopes(new: NewKey) -> None:
    unknown = set(new.scopes) - KEY_SCOPES
    if unknown:
        raise Invalid(f"Unknown scopes {sorted(unknown)}; known: {sorted(KEY_SCOPES)}.", field="scopes")
    if new.kind == "test" and not TEST_SCOPES.issuperset(new.scopes):
        raise Invalid(f"A test key has these scopes at most: {sorted(TEST_SCOPES)}.", field="scopes")


def _organisation(session: Session, slug: str, by: Caller | None) -> Organisation:
    """The organisation of a key to be made. Whoever keeps its own organisation's keys learns of no other here."""
    own = session.get(Organisation, by.organisation_id) if by is not None else None
    if by is not None and "network:admin" not in by.scopes and (own is None or own.slug != slug):
        raise ScopeMissing("You keep the keys of your own organisation only.", scope="network:admin")
    return changes.organisation_of(session, slug)


def _refuse_beyond(by: Caller | None, owner: Organisation, scopes: list[str]) -> None:
    if not may_issue(by, owner.key, scopes):
        raise NotYoursToGive("A key has at most the scopes that its maker may give.", field="scopes")


def _with_secret(**given: Any) -> tuple[ApiKey, str]:
    """A key under a new secret, of which it keeps the hash."""
    prefix, secret = secrets.token_hex(6), ids.token()
    return ApiKey(prefix=prefix, secret_hash=digest(secret), **given), f"ewn_{prefix}_{secret}"


def _key(session: Session, prefix: str, by: Caller | None) -> ApiKey:
    """A key that the caller keeps; those of others are not there."""
    row = session.exec(select(ApiKey).where(ApiKey.prefix == prefix)).first()
    others = by is not None and "network:admin" not in by.scopes
    if row is None or (others and by is not None and row.organisation_id != by.organisation_id):
        raise NoSuchKey(f"There is no key {prefix[:80]}.", field="prefix")
    return row
