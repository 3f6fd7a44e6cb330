"""What is held on a person, as one file; and forgetting who an inactive person was (docs/adr/0016)."""

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, literal, select, true
from sqlmodel import Session

from services import delivery, network
from services.kernel import audit, clock
from services.kernel.audit import AuditEntry
from services.kernel.model import table
from services.network import Caller, Member, Tlp
from services.reports.asking import REQUEST
from services.reports.disclosure import DISCLOSURE
from services.reports.keeping.schemas import Dossier, Erased
from services.reports.ownership import AUDIENCE, REPORT

MEMBER = table(Member)
AUDIT = table(AuditEntry)
RED = select(REPORT.c.reference).join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id).where(
    AUDIENCE.c.tlp == str(Tlp.RED)
)  # fmt: skip


# Whether for the person itself, who alone is told words, and what is RED.
Holder: TypeAlias = Callable[[Session, Member, bool], list[dict[str, Any]]]
_holders: list[Holder] = []


def held_by(*holders: Holder) -> None:
    """Wire what the slices above hold of what a person wrote."""
    _holders[:] = holders


def export(session: Session, caller: Caller, login: str) -> Dossier:
    """All that is held on a person: for that person, or for whoever administers the network. It is on the record. Who
    administers does not thereby read: to others are told no words of requests, and nothing of what is RED now.

    Raises:
        NoSuchMember: there is none of this name, or it is erased.
    """
    row = network.member_of(session, login)
    audit.record(session, caller, "member.exported", audit.person(row.key))
    own = caller.member_id == row.key
    told = true() if own else REPORT.c.reference.not_in(RED)
    acts = session.execute(_acts(row.key, own=own)).mappings().all()
    issued = [one["subject"] for one in acts if one["action"] == "key.issued"]
    return Dossier(
        made_at=clock.now(),
        **network.held_on(session, row),
        keys_made=network.keys_named(session, issued),
        handed_in=_plain(session, _handed_in(row).where(told)),
        had=_plain(session, _had(row).where(told)),
        requests=_plain(session, _asked(row, words=own).where(told)),
        said=[one for holder in _holders for one in holder(session, row, own)],
        notices=[
            one.model_dump(mode="json")
            for one in delivery.told_to(session, row.key)
            if own or session.execute(RED.where(REPORT.c.reference == one.report)).first() is None
        ],
        acts=[dict(one) for one in acts],
    )


def export_own(session: Session, caller: Caller) -> Dossier:
    """All that is held on the caller.

    Raises:
        sessions.NoPerson: the caller is a key.
    """
    login = session.execute(select(MEMBER.c.login).where(MEMBER.c.id == caller.member_id)).scalar()
    if login is None:
        raise network.sessions.NoPerson("Sign in: what is held is held on a person, and a key is none.")
    return export(session, caller, login)


def erase(session: Session, caller: Caller, login: str, *, typed: str) -> Erased:
    """Forget who an inactive person was: see `network.erase_member`."""
    row = network.erase_member(session, login, typed=typed, by=caller)
    delivery.forget(session, row.key, login)
    return Erased(login=row.login, erased_at=row.erased_at or clock.now())


def _handed_in(row: Member) -> Select[Any]:
    mine = (REPORT.c.organisation_id == row.organisation_id, REPORT.c.member_id == row.key)
    return select(REPORT.c.reference, REPORT.c.handed_in_at).where(*mine).order_by(REPORT.c.id)


def _had(row: Member) -> Select[Any]:
    return (
        select(REPORT.c.reference, DISCLOSURE.c.first_at)
        .join(REPORT, REPORT.c.id == DISCLOSURE.c.report_id)
        .where(DISCLOSURE.c.viewer == row.viewer)
        .order_by(DISCLOSURE.c.first_at, REPORT.c.reference)  # by key, an embargo that is over would show
    )


def _asked(row: Member, *, words: bool) -> Select[Any]:
    said = (REQUEST.c[name] for name in ("reference", "kind", "state", "made_at"))
    repeated = (REQUEST.c[name] if words else literal("").label(name) for name in ("wanted", "reason"))
    mine = (REQUEST.c.organisation_id == row.organisation_id, REQUEST.c.member_id == row.key)
    joined = select(*said, *repeated).join(REPORT, REPORT.c.id == REQUEST.c.report_id)
    return joined.where(*mine).order_by(REQUEST.c.id)


def _acts(member_id: int, *, own: bool) -> Select[Any]:
    said = (AUDIT.c[name] for name in ("at", "action", "subject"))
    told: ColumnElement[bool] = true() if own else AUDIT.c.subject.not_in(RED)
    return (
        select(*said).where(AUDIT.c.member_id == member_id, told).order_by(AUDIT.c.at, AUDIT.c.action, AUDIT.c.subject)
    )


def _plain(session: Session, statement: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(statement).mappings()]
