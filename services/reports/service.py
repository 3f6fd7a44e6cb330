"""What may be done with a report once it is in: read it, revise it, withdraw it, find it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, false, select, tuple_, update
from sqlmodel import Session

from services import network
from services.kernel import audit, clock, paging
from services.kernel.errors import Conflict, NotFound
from services.kernel.events import publish
from services.kernel.model import table
from services.network import AudienceRow, Caller, MarkingView
from services.reports.events import ReportRevised, ReportWithdrawn
from services.reports.models import Idempotency, Report, ReportRevision
from services.reports.schemas import EditReport, NewReport, Receipt, ReportView
from services.reports.submission import REPORT, origin_of, resolve, row_of


class NoSuchReport(NotFound):
    title = "No such report"


class AlreadyWithdrawn(Conflict):
    title = "The report is withdrawn"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of reports, newest first, and the cursor to the next."""

    reports: list[ReportView]
    next: str | None


def find(session: Session, caller: Caller, reference: str) -> Report | None:
    """The report if this caller may see it; one query, whether it is hidden or does not exist."""
    return session.execute(
        select(Report).where(
            REPORT.c.reference == reference, REPORT.c.audience_id.in_(network.visible(session, caller))
        )
    ).scalar_one_or_none()


def get(session: Session, caller: Caller, reference: str) -> Report:
    """The report, or NoSuchReport: hidden and missing are one; withdrawn ones are their originator's alone."""
    report = find(session, caller, reference)
    if report is None or (report.withdrawn_at is not None and report.organisation_id != caller.organisation_id):
        raise NoSuchReport("There is no such report, or it is not shared with you.")
    return report


def search(
    session: Session,
    caller: Caller,
    *,
    where: Sequence[ColumnElement[bool]] = (),
    mine: bool = False,
    cursor: str | None = None,
    size: int = 50,
) -> Page:
    """Reports that the caller sees, newest first. `where` are further conditions on the report table."""
    scope = f"reports:{mine}"
    statement = visible_reports(session, caller, withdrawn=mine).where(*where)
    if mine:
        statement = statement.where(REPORT.c.organisation_id == caller.organisation_id)
    if cursor is not None:
        at, reference = paging.unseal(cursor, viewer=caller.viewer, scope=scope)
        statement = statement.where(
            tuple_(REPORT.c.received_at, REPORT.c.reference) < (datetime.fromisoformat(at), reference)
        )
    ordered = statement.order_by(REPORT.c.received_at.desc(), REPORT.c.reference.desc()).limit(size + 1)
    rows = list(session.execute(ordered).scalars())
    following = None
    if len(rows) > size:
        last = rows[size - 1]
        following = paging.seal([last.received_at.isoformat(), last.reference], viewer=caller.viewer, scope=scope)
    return Page(views(session, caller, rows[:size]), following)


def visible_reports(session: Session, caller: Caller, *, withdrawn: bool = False) -> Select[Report]:
    """Select the reports that this caller sees, as this transaction knows the caller's rights."""
    seen = network.visible(session, caller)
    statement = select(Report).where(REPORT.c.audience_id.in_(seen) if seen else false())
    return statement if withdrawn else statement.where(REPORT.c.withdrawn_at.is_(None))


def views(session: Session, caller: Caller, rows: Iterable[Report]) -> list[ReportView]:
    """Reports as this caller may see them: originator and provenance under policy."""
    rows = list(rows)
    known = network.directory(session)
    wanted = {row.audience_id for row in rows}
    audiences = {
        one.key: one
        for one in session.execute(select(AudienceRow).where(AudienceRow.id.in_(wanted))).scalars()  # type: ignore[union-attr]
    }
    return [_view(session, caller, row, audiences[row.audience_id], known) for row in rows]


def _view(session: Session, caller: Caller, row: Report, audience: AudienceRow, known: network.Directory) -> ReportView:
    mine = row.organisation_id == caller.organisation_id
    party = known.parties[row.organisation_id] if network.attributed(session, caller, audience) else None
    fields = ReportView.model_fields.keys() & Report.model_fields.keys()
    given = {name: getattr(row, name) for name in fields if name != "source"}
    return ReportView(
        **given,
        originator=party.slug if party else None,
        originator_name=party.name(caller.language) if party else None,
        reliability=party.reliability if party else None,
        source=row.source if network.provenance_shown(session, caller, audience) else None,
        tlp=audience.tlp,
        marking=_marking(audience, known) if mine else None,
        mine=mine,
    )


def _marking(audience: AudienceRow, known: network.Directory) -> MarkingView:
    persons = {key: login for login, (key, _) in known.persons.items()}
    return MarkingView(
        tlp=audience.tlp,
        attribution="withheld" if audience.withheld else "named",
        organisations=sorted(known.parties[one].slug for one in audience.marking.get("organisations", [])),
        groups=sorted(known.group_names[one][0] for one in audience.marking.get("groups", [])),
        persons=sorted(persons[one] for one in audience.marking.get("persons", []) if one in persons),
    )


def revise(session: Session, caller: Caller, reference: str, edit: EditReport) -> Receipt:
    """Replace a report by a new revision, marking included; only its originator may."""
    report = _own(session, caller, reference)
    known = network.directory(session)
    (audience_id,) = network.stamp(session, [resolve(known, edit.marking, caller)])
    digest = NewReport(**edit.model_dump(), own_reference=report.own_reference).fingerprint()
    fields = row_of(edit)
    session.add(
        ReportRevision(
            report_id=report.key,
            revision=report.revision,
            body={name: _plain(getattr(report, name)) for name in fields},
            audience_id=report.audience_id,
            digest=report.digest,
            replaced_at=clock.now(),
        )
    )
    for name, value in fields.items():
        setattr(report, name, value)
    report.origin = origin_of(known, edit, caller)
    report.audience_id = audience_id
    report.digest = digest
    report.revision += 1
    report.version += 1
    session.add(report)
    publish(session, ReportRevised(report.key))
    audit.record(session, caller, "report.revised", report.reference, revision=report.revision)
    return Receipt(reference=report.reference, revision=report.revision, received_at=report.received_at, digest=digest)


def withdraw(session: Session, caller: Caller, reference: str, *, reason: str) -> Report:
    """Take a report back: only its originator may. Its contributions leave every indicator."""
    report = _own(session, caller, reference)
    report.withdrawn_at = clock.now()
    report.version += 1
    session.add(report)
    publish(session, ReportWithdrawn(report.key))
    audit.record(session, caller, "report.withdrawn", report.reference, reason=reason)
    return report


def _own(session: Session, caller: Caller, reference: str) -> Report:
    """The caller's own report, locked; others' are refused as what they are to the caller."""
    report = get(session, caller, reference)
    if report.organisation_id != caller.organisation_id:
        raise NotYourReport("Only its originator may change it.")
    session.refresh(report, with_for_update=True)
    if report.withdrawn_at is not None:
        raise AlreadyWithdrawn("A withdrawn report cannot be changed: send a new one.")
    return report


class NotYourReport(network.ScopeMissing):
    title = "Not your report"


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def lock(session: Session, report_ids: Sequence[int]) -> dict[int, int]:
    """Lock reports in the order of their keys; their versions now, by key."""
    statement = select(REPORT.c.id, REPORT.c.version).where(REPORT.c.id.in_(sorted(report_ids))).order_by(REPORT.c.id)
    return {row.id: row.version for row in session.execute(statement.with_for_update()).all()}


def touch(session: Session, report_ids: Iterable[int]) -> None:
    """Note that what these reports count for may have changed. Lock them first."""
    session.execute(update(REPORT).where(REPORT.c.id.in_(sorted(report_ids))).values(version=REPORT.c.version + 1))


def earlier(session: Session, report_ids: Sequence[int], *, at: datetime) -> dict[int, ReportRevision]:
    """What those of these reports said at an instant that have been revised since."""
    held = table(ReportRevision)
    statement = select(ReportRevision).where(held.c.report_id.in_(report_ids), held.c.replaced_at > at)
    found: dict[int, ReportRevision] = {}
    for row in session.execute(statement.order_by(held.c.revision.desc())).scalars():
        found[row.report_id] = row  # the first of them was in force then
    return found


def taken_back(session: Session, seen: Sequence[int], *, after: datetime, received_by: datetime) -> bool:
    """Whether any report that was told to these audiences, and received by an instant, was withdrawn or given another
    marking at another instant or since. What was never seen may be taken back without a trace."""
    held = table(ReportRevision)
    withdrawn = select(REPORT.c.id).where(
        REPORT.c.withdrawn_at >= after, REPORT.c.received_at <= received_by, REPORT.c.audience_id.in_(seen)
    )
    marked = (
        select(REPORT.c.id)
        .join(held, held.c.report_id == REPORT.c.id)
        .where(
            held.c.replaced_at >= after,
            held.c.audience_id.in_(seen),
            held.c.audience_id != REPORT.c.audience_id,
            REPORT.c.received_at <= received_by,
        )
    )
    return any(session.execute(one.limit(1)).first() is not None for one in (withdrawn, marked))


def forget_keys(session: Session, *, at: datetime) -> int:
    """Forget the Idempotency-Keys whose time is over."""
    done = session.execute(delete(Idempotency).where(Idempotency.expires_at <= at))  # type: ignore[operator, arg-type]
    return int(done.rowcount)  # type: ignore[attr-defined]
