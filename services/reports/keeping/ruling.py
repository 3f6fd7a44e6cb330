"""Retention rules as the network keeps them: made and ended by administrators, on the record, and tried out first."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlmodel import Session

from services import network
from services.forms import KINDS
from services.kernel import audit, clock, ids
from services.kernel.errors import NotFound
from services.kernel.model import table
from services.network import Caller, Tlp
from services.reports.keeping.models import Announcement, RetentionRule
from services.reports.keeping.rules import Rule, going, ruled, spans
from services.reports.keeping.schemas import NewRule, RuleView, Taken, Trial
from services.reports.ownership import AUDIENCE, REPORT

RULE = table(RetentionRule)
ANNOUNCED = table(Announcement)
LABELS = tuple(str(one) for one in Tlp)
MOST_TRIED = 50_000
MOST_NAMED = 200


class NoSuchRule(NotFound):
    title = "No such retention rule"


class Due(NamedTuple):
    """A report that a rule takes, on which day at the earliest, and whether a hold keeps it."""

    key: int
    reference: str
    rule: Rule
    goes: date
    held: bool


def make_rule(session: Session, caller: Caller, new: NewRule) -> RuleView:
    """Add a rule. What it takes is announced to the owners first; nothing goes within a month."""
    row = RetentionRule(
        reference=ids.reference("RET"), made_by=caller.member_id, made_at=clock.now(), **new.model_dump()
    )
    session.add(row)
    session.flush()
    audit.record(session, caller, "retention.rule_made", row.reference, **new.model_dump(exclude_none=True))
    return view(row)


def end_rule(session: Session, caller: Caller, reference: str) -> None:
    """End a rule: what it has not emptied by now stays, unless another rule takes it."""
    statement = select(RetentionRule).where(RULE.c.reference == reference, RULE.c.ended_at.is_(None))
    row = session.execute(statement.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NoSuchRule("There is no such rule, or it has ended.", field="reference")
    row.ended_at = clock.now()
    session.add(row)
    audit.record(session, caller, "retention.rule_ended", row.reference)


def rules(session: Session) -> list[RuleView]:
    """The rules that stand, in the order in which they were made."""
    statement = select(RetentionRule).where(RULE.c.ended_at.is_(None)).order_by(RULE.c.id)
    return [view(row) for row in session.execute(statement).scalars()]


def view(row: RetentionRule) -> RuleView:
    """A rule as it is shown."""
    return RuleView.model_validate(row, from_attributes=True)


def rule_of(shown: RuleView | NewRule, reference: str = "") -> Rule:
    """A rule as it is applied."""
    return Rule(reference, shown.kind, shown.tlp, shown.months, shown.counted_from == "receipt")


def in_force(session: Session) -> list[Rule]:
    """The rules that stand."""
    return [rule_of(one, one.reference) for one in rules(session)]


def dry_run(session: Session, *, until: date, tried: NewRule | None = None) -> tuple[Taken, dict[str, list[int]]]:
    """What the rules, and one more that is tried out, take by a day; and the keys of the reports, by rule."""
    standing = rules(session)
    every = [rule_of(one, one.reference) for one in standing]
    every += [rule_of(tried)] if tried is not None else []
    found: dict[str, list[Due]] = defaultdict(list)
    for n, one in enumerate(due_by(session, every, until)):
        if n == MOST_TRIED:
            break
        found[one.rule.reference].append(one)
    shown: list[tuple[str, RuleView | None]] = [(one.reference, one) for one in standing]
    shown += [("", None)] if tried is not None else []
    trials = [_trial(rule, sorted(found[name], key=lambda one: (one.goes, one.reference))) for name, rule in shown]
    more = sum(len(one) for one in found.values()) == MOST_TRIED
    return Taken(until=until, trials=trials, more=more), {name: [one.key for one in found[name]] for name, _ in shown}


def _trial(rule: RuleView | None, taken: Sequence[Due]) -> Trial:
    days = [one.goes for one in taken]
    return Trial(
        rule=rule,
        reports=len(taken),
        first=min(days, default=None),
        last=max(days, default=None),
        held=sum(one.held for one in taken),
        references=[one.reference for one in taken[:MOST_NAMED]],
    )


def due_by(session: Session, every: Sequence[Rule], until: date) -> Iterator[Due]:
    """The reports that these rules take by a day."""
    today, held = clock.now().date(), network.held(session)
    for row in session.execute(candidates(every, until)).all():
        given = ruled_row(every, row)
        if given is not None:
            goes = going(today, given[0], row.goes_on)
            if goes <= until:
                yield Due(row.key, row.reference, given[1], goes, held.stops(row))


def ruled_row(every: Collection[Rule], row: Any) -> tuple[date, Rule] | None:
    """The rule that a report of `candidates` falls under, and its day."""
    return ruled(every, row.kind, row.tlp, ended=row.occurred_to, received=row.handed_in_at.date())


def candidates(every: Sequence[Rule], until: date) -> Select[Any]:
    """The reports that these rules take by a day, whatever was announced; those with words left only, and none of their
    words."""
    said = (REPORT.c[name] for name in ("reference", "kind", "occurred_to", "handed_in_at", "member_id"))
    return (
        select(REPORT.c.id.label("key"), *said, REPORT.c.organisation_id, AUDIENCE.c.tlp, ANNOUNCED.c.goes_on)
        .join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
        .outerjoin(ANNOUNCED, ANNOUNCED.c.report_id == REPORT.c.id)
        .where(REPORT.c.emptied_at.is_(None), REPORT.c.recalled_at.is_(None), taken(every, until))
        .order_by(REPORT.c.id)
    )


def taken(every: Sequence[Rule], until: date) -> ColumnElement[bool]:
    """Whether one of the rules takes a report by a day, over report joined with audience."""
    met = [
        and_(REPORT.c.kind == kind, AUDIENCE.c.tlp == tlp, _began(one, last))
        for kind, tlp, one, last in spans(every, KINDS, LABELS, until)
    ]
    return or_(*met) if met else false()


def _began(rule: Rule, last: date) -> ColumnElement[bool]:
    if not rule.receipt:
        return REPORT.c.occurred_to <= last
    return REPORT.c.handed_in_at < datetime.combine(last + timedelta(days=1), time(), UTC)
