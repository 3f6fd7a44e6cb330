"""An analyst says that two reports tell the same event, or do not: for everybody who sees both (docs/adr/0026)."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import network, reports, screening
from services.kernel import audit, clock
from services.kernel.bulk import among
from services.kernel.errors import Conflict, Invalid
from services.kernel.events import publish
from services.kernel.model import table
from services.network import Attribution, AudienceRow, Caller, Member
from services.reports import Report
from services.tagging.accounts import AUDIENCE, accounts
from services.tagging.events import PairDecided
from services.tagging.models import PairDecision
from services.tagging.nearby import REPORT, TAGGING
from services.tagging.pairs import touching
from services.tagging.schemas import NewPair, PairDecisionView, PairsView, PairView
from services.texts import Sketch, likeness

MEMBER = table(Member)
MOST = 200  # others of an incident that are told with what joins them


class NotYoursToDecide(network.ScopeMissing):
    title = "It is the secretariat's to decide, or that of whoever told it"


class RevisedMeanwhile(Conflict):
    title = "Revised since it was read"


def decide_pair(session: Session, caller: Caller, reference: str, given: NewPair) -> PairsView:
    """Put on record what an analyst makes of two reports that it sees; links and counts follow.

    Raises:
        NoSuchReport: one of them does not exist, is not shared with the caller, or is withdrawn.
        AlreadyEmptied: the words of one are gone.
        NotYoursToDecide: the caller is of no secretariat, and they are not both its own.
        RevisedMeanwhile: the first was revised since the revision that the caller has read.
        Invalid: it is one report twice, or one is an exercise and the other is not.
    """
    both = _standing(session, caller, reference, given)
    as_read(both[0], given.revision)
    low, high = sorted(both, key=lambda one: one.key)
    if not network.in_secretariat(session, caller) and not _own_by_name(session, caller, (low, high)):
        raise NotYoursToDecide("Of others' reports an analyst of the secretariat says whether they tell the same.")
    if low.status != high.status:
        raise Invalid("An exercise, a test and what is real never tell the same event.", field="report")
    session.add(
        PairDecision(
            low=low.key,
            high=high.key,
            low_revision=low.revision,
            high_revision=high.revision,
            decided=given.decided,
            reason=given.reason,
            organisation_id=caller.organisation_id or 0,
            member_id=caller.member_id or 0,
            made_at=clock.now(),
        )
    )
    session.flush()
    reports.touch(session, (low.key, high.key))  # a plan that was made without it is stale
    publish(session, PairDecided(low.key))
    other = next(one.reference for one in (low, high) if one.reference != reference)
    audit.record(session, caller, "reports.paired", reference, report=other, what=given.decided)
    return pairs_of(session, caller, reference)


def as_read(report: Report, revision: int | None) -> None:
    """Refuse what is said of words that nobody has read: the report was revised since, where it is told which revision
    was read."""
    if revision not in (None, report.revision):
        raise RevisedMeanwhile("It was revised since you opened it: read it again.")


def _standing(session: Session, caller: Caller, reference: str, given: NewPair) -> tuple[Report, Report]:
    """Both reports, locked. Hidden and missing are refused alike, after the same statements."""
    if given.report == reference:
        raise Invalid("A report tells the same as itself.", field="report")
    found = [reports.standing_report(session, caller, one) for one in (reference, given.report)]
    reports.lock(session, [one.key for one in found])  # or a recall at the same time would miss the reason
    for one in found:
        session.refresh(one)
    return (
        reports.standing_report(session, caller, found[0].reference),
        reports.standing_report(session, caller, found[1].reference),
    )


def _own_by_name(session: Session, caller: Caller, both: Sequence[Report]) -> bool:
    """Whether the caller owns both, and told them under its name: else that one hand joined them would tell that one
    hand wrote them."""
    rows = session.execute(select(AudienceRow).where(AUDIENCE.c.id.in_({one.audience_id for one in both}))).scalars()
    audiences = {row.key: row for row in rows}
    return all(
        reports.owns(caller, one, red=audiences[one.audience_id].tlp == network.Tlp.RED)
        and audiences[one.audience_id].attribution == Attribution.NAMED
        for one in both
    )


def pairs_of(session: Session, caller: Caller, reference: str) -> PairsView:
    """What joins a report that the caller sees to others that it sees: how alike their words are, and what analysts
    said. Of each pair alone: which of all alike pairs are kept as links may depend on what is hidden."""
    report = reports.get(session, caller, reference)
    said = touching(session, [report.key])
    acts = {key: [row for row in said if key in (row.low, row.high)] for key in ends(said) - {report.key}}
    told = accounts(session, caller, [report.key])[report.key].received
    rows = _visible(session, caller, acts, told.keys() - {report.reference})
    sketches = _sketches(session, [report.key, *(one.key for one in rows)])
    names = names_of(session, caller, said)
    return PairsView(
        reference=report.reference,
        pairs=[
            PairView(
                report=one.reference,
                joined=one.reference in told,
                alike=likeness(sketches[report.key], sketches[one.key])
                if {report.key, one.key} <= sketches.keys()
                else 0.0,
                decisions=[_view(caller, row, report, one, names) for row in acts.get(one.key, ())],
            )
            for one in rows
        ],
    )


def ends(rows: Collection[Any]) -> set[int]:
    """The reports that these decisions are about."""
    return {key for row in rows for key in (row.low, row.high)}


def _visible(session: Session, caller: Caller, keys: Collection[int], references: Collection[str]) -> list[Report]:
    """Those of these reports that the caller sees, those that were decided on first. The same statements, whatever
    there is."""
    seen = reports.visible_reports(session, caller)
    decided = session.execute(seen.where(among(REPORT.c.id)), {"keys": keys}).scalars().all()
    newest = seen.where(among(REPORT.c.reference)).order_by(REPORT.c.received_at.desc(), REPORT.c.reference).limit(MOST)
    others = session.execute(newest, {"keys": references}).scalars().all()
    found = {one.reference: one for one in (*decided, *others)}
    return [found[one] for one in sorted(found)]


def _sketches(session: Session, keys: Collection[int]) -> dict[int, Sketch]:
    statement = select(TAGGING.c.report_id, TAGGING.c.signature, TAGGING.c.numbers).where(among(TAGGING.c.report_id))
    return {row.report_id: Sketch(row.signature, row.numbers) for row in session.execute(statement, {"keys": keys})}


def names_of(session: Session, caller: Caller, rows: Collection[Any]) -> dict[int, str]:
    """The names of the caller's own colleagues among those who decided."""
    own = {row.member_id for row in rows if row.organisation_id == caller.organisation_id}
    found = session.execute(select(MEMBER.c.id, MEMBER.c.name).where(among(MEMBER.c.id)), {"keys": own}).all()
    return {row.id: row.name for row in found}


def _view(caller: Caller, row: Any, one: Report, other: Report, names: dict[int, str]) -> PairDecisionView:
    mine = row.organisation_id == caller.organisation_id
    revisions = {row.low: row.low_revision, row.high: row.high_revision}
    return PairDecisionView(
        decided=row.decided,
        reason=row.reason if mine else screening.told(row.reason),
        made_at=row.made_at if mine else max(row.made_at, one.received_at, other.received_at),
        mine=mine,
        person=names.get(row.member_id),
        revised=any(revisions[report.key] != report.revision for report in (one, other)),
    )
