"""Searching the audit, newest first, and telling how far it is sealed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, false, func, or_, select
from sqlmodel import Session

from services import network
from services.auditing.faces import Face, face, references
from services.auditing.schemas import AuditPage, CheckpointView, EntryView, SealView
from services.kernel import audit, checkpoints, db, paging, sealing
from services.kernel.model import table
from services.kernel.sealing import AUDIT, BLOCK
from services.network import ApiKey, AudienceRow, Caller, Member, Tlp
from services.reports import Report

REPORT, AUDIENCE = table(Report), table(AudienceRow)
MEMBER, KEY = table(Member), table(ApiKey)
SCOPE = "audit"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an auditor looks for. `person` is a sign-in name, `organisation` a short name; `until` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    action: str | None = None
    organisation: str | None = None
    person: str | None = None
    reference: str | None = None


def search(session: Session, caller: Caller, wanted: Wanted, *, cursor: str | None = None, size: int = 50) -> AuditPage:
    """The entries wanted, newest first, of those that have their position. A filter by who finds nothing that would not
    show who, and one by a RED reference nothing that shows more than that."""
    before = paging.unseal(cursor, viewer=caller.viewer, scope=SCOPE)[0] if cursor is not None else None
    where = _conditions(session, wanted)
    found: list[tuple[Any, Face]] = []
    while len(found) <= size:
        narrowed = [*where, *([AUDIT.c.position < before] if before is not None else [])]
        statement = select(AUDIT).where(AUDIT.c.position.is_not(None), *narrowed)
        rows = session.execute(statement.order_by(AUDIT.c.position.desc()).limit(size + 1)).all()
        found += _faced(session, rows, wanted)
        if len(rows) <= size:
            break
        before = rows[-1].position
    following = None
    if len(found) > size:
        following = paging.seal([found[size - 1][0].position], viewer=caller.viewer, scope=SCOPE)
    return AuditPage(entries=list(_shown(session, found[:size])), next=following)


def seal(session: Session) -> SealView:
    """How far the audit is sealed, and what was signed last."""
    last, held = sealing.latest(session), checkpoints.latest(session)
    unplaced = session.execute(select(func.count()).where(AUDIT.c.position.is_(None))).scalar_one()
    return SealView(
        blocks=last.number if last is not None else 0,
        sealed_at=last.at if last is not None else None,
        waiting=sealing.waiting(session) + unplaced,
        waiting_since=sealing.oldest_waiting(session),
        checkpoint=CheckpointView(**held) if held is not None else None,
    )


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        where.append(AUDIT.c.at >= wanted.since)
    if wanted.until is not None:
        where.append(AUDIT.c.at < wanted.until)
    if wanted.action is not None:
        where.append(AUDIT.c.action == wanted.action)
    if wanted.organisation is not None:
        key = network.directory(session).slugs.get(wanted.organisation)
        where.append(AUDIT.c.organisation_id == key if key is not None else false())
    if wanted.person is not None:
        person = session.execute(select(MEMBER.c.id).where(MEMBER.c.login == wanted.person.lower())).scalar()
        about = or_(AUDIT.c.member_id == person, AUDIT.c.subject == audit.person(person or 0))
        where.append(about if person is not None else false())
    if wanted.reference is not None:
        # Read from the text: references are random, and an index of them would be as long as the audit itself.
        named = cast(AUDIT.c.detail, String).contains(f'"{wanted.reference}"', autoescape=True)
        where.append(or_(AUDIT.c.subject == wanted.reference, named))
    return where


def _faced(session: Session, rows: Sequence[Any], wanted: Wanted) -> Iterator[tuple[Any, Face]]:
    about = {one for row in rows for one in references(row.subject, row.detail)}
    red = _red(session, about)
    for row in rows:
        made = face(row.subject, row.detail, red)
        if made.bare and (wanted.organisation is not None or wanted.person is not None):
            continue
        if wanted.reference in red and not made.bare:
            continue
        yield row, made


def _red(session: Session, about: Collection[str]) -> set[str]:
    found: set[str] = set()
    for some in db.batches(sorted(about), 500):
        statement = select(REPORT.c.reference).join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
        red = statement.where(REPORT.c.reference.in_(some), AUDIENCE.c.tlp == str(Tlp.RED))
        found |= set(session.execute(red).scalars())
    return found


def _shown(session: Session, found: Sequence[tuple[Any, Face]]) -> Iterator[EntryView]:
    parties = network.directory(session).parties
    persons = {row.member_id for row, _ in found} | {_person(row.subject) for row, _ in found}
    logins = _named(session, MEMBER.c.id, MEMBER.c.login, persons)
    keys = _named(session, KEY.c.id, KEY.c.prefix, {row.key_id for row, _ in found})
    sealed = session.execute(select(func.max(BLOCK.c.last))).scalar() or 0
    for row, made in found:
        common = {"at": row.at, "action": row.action, "references": list(made.references), "label": made.label}
        common |= {"sealed": row.position <= sealed, "detail": dict(made.detail)}
        if made.bare:
            route = row.subject if " " in row.subject else ""
            yield EntryView(subject=route, organisation=None, person=None, key=None, address=None, **common)
            continue
        party = parties.get(row.organisation_id or 0)
        person = _person(row.subject)
        yield EntryView(
            subject=f"person:{logins.get(person, '')}" if person else row.subject,
            organisation=party.slug if party is not None else None,
            person=logins.get(row.member_id),
            key=keys.get(row.key_id),
            address=row.address or None,
            **common,
        )


def _person(subject: str) -> int | None:
    what, _, key = subject.partition(":")
    return int(key) if what == "person" and key.isdigit() else None


def _named(session: Session, key: Any, name: Any, wanted: Collection[int | None]) -> dict[int | None, str]:
    ids = sorted({one for one in wanted if one is not None})
    return {row[0]: row[1] for row in session.execute(select(key, name).where(key.in_(ids))).all()} if ids else {}
