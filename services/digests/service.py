"""Editions: built when due, each period exactly once, or on demand; rendered by each reader's own rights."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from services import indicators, network, reports
from services.digests.composition import compose
from services.digests.document import Document
from services.digests.freezing import freeze, history, received_in
from services.digests.models import Block, Edition
from services.digests.schedule import Period, due_between, period, schedules
from services.digests.viewing import Facts, Reader, view
from services.kernel import clock, jobs
from services.kernel.config import settings
from services.kernel.errors import Invalid, NotFound
from services.kernel.i18n import LANGUAGES
from services.kernel.model import table
from services.network import AudienceRow, Caller
from services.reports import Report

EDITION = table(Edition)
BLOCK = table(Block)
REPORT = table(Report)


class NoSuchEdition(NotFound):
    title = "No such edition"


class NoSuchSchedule(NotFound):
    title = "No such schedule"


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition in a list."""

    reference: str
    name: dict[str, str]
    schedule: str
    start: date
    end: date
    cut_off: datetime
    on_demand: bool


def build_due(session: Session, *, at: datetime, since: datetime) -> list[Edition]:
    """Freeze every edition of an enabled schedule that fell due after `since`, up to `at`, and is not there yet."""
    built = []
    for schedule in schedules():
        if not schedule.enabled:
            continue
        for one in due_between(schedule, since, at):
            if jobs.once(session, f"digest:{schedule.code}", one.start.isoformat()):
                edition = freeze(session, schedule, one, cut_off=one.due)
                built.append(edition)
    return built


def build(session: Session, caller: Caller, code: str, day: date) -> Edition:
    """Freeze, for the caller's organisation, the edition of the period that holds a day, with all that is known now."""
    schedule = schedules().get(code)
    if schedule is None:
        raise NoSuchSchedule(f"The pack has no schedule {code[:80]}.", field="schedule")
    if day > clock.now().date():
        raise Invalid("The period has not begun.", field="day")
    wanted: Period = period(schedule, day)
    return freeze(session, schedule, wanted, cut_off=clock.now(), owner=caller)


def editions(session: Session, caller: Caller, *, most: int = 200) -> list[EditionView]:
    """The editions that this caller may open, latest period first."""
    if not network.claims(session, caller):
        return []
    statement = (
        select(EDITION)
        .where(_mine_or_all(caller))
        .order_by(EDITION.c.start.desc(), EDITION.c.frozen_at.desc(), EDITION.c.reference)
    )
    return [summary(row) for row in session.execute(statement.limit(most)).all()]


def find(session: Session, caller: Caller, reference: str) -> Any:
    """The edition's row, or NoSuchEdition: hidden and missing are one."""
    row = session.execute(select(EDITION).where(EDITION.c.reference == reference, _mine_or_all(caller))).first()
    if row is None or not network.claims(session, caller):
        raise NoSuchEdition("There is no such edition, or it is not yours.")
    return row


def _mine_or_all(caller: Caller) -> Any:
    return or_(EDITION.c.owner_id.is_(None), EDITION.c.owner_id == caller.organisation_id)


def summary(row: Any) -> EditionView:
    """An edition as it stands in lists."""
    schedule = schedules().get(row.schedule)
    name = schedule.name if schedule else {"en": row.schedule, "ru": row.schedule}
    return EditionView(row.reference, name, row.schedule, row.start, row.end, row.cut_off, row.owner_id is not None)


def render(session: Session, caller: Caller, reference: str, language: str) -> Document:
    """The edition for this caller: a pure function of its frozen blocks, the caller's rights now, and the language."""
    if language not in LANGUAGES:
        raise Invalid(f"Editions are in {', '.join(LANGUAGES)}.", field="language")
    row = find(session, caller, reference)
    facts = _facts(session, caller, row)
    schedule = schedules()[row.schedule]
    name = settings().network_name
    return compose(view(facts, _reader(session, caller, facts, language), schedule, {"en": name, "ru": name}), language)


def _facts(session: Session, caller: Caller, row: Any) -> Facts:
    blocks: dict[str, list[Any]] = {}
    held = {
        (one.hash, one.kind): one.body
        for one in session.execute(select(BLOCK).where(BLOCK.c.edition_id == row.id)).all()
    }
    for name, kind in row.manifest:
        blocks.setdefault(kind, []).append(held[(name, kind)])
    first = history(row.start, row.grain)
    buckets = indicators.buckets(first, row.start, row.grain)
    counts, received = indicators.Frozen(**blocks["counts"][0]), blocks["received"][0]
    seen = network.visible(session, caller)
    if reports.taken_back(session, seen, after=row.frozen_at, received_by=row.cut_off):
        # What was withdrawn or re-marked since must leave the sums too: counted again, as received by the cut-off.
        counts = indicators.freeze(session, grain=row.grain, first=first, last=row.end, cut_off=row.cut_off)
        received = received_in(session, row.start, row.end, row.cut_off)
    return Facts(
        reference=row.reference,
        grain=row.grain,
        start=row.start,
        end=row.end,
        cut_off=row.cut_off,
        buckets=tuple(buckets),
        counts=counts,
        received=received,
        reports=blocks.get("report", []),
        links=blocks["links"][0],
    )


def _reader(session: Session, caller: Caller, facts: Facts, language: str) -> Reader:
    """The caller's rights over an edition: the stricter of each report's marking when frozen and now."""
    visible = frozenset(network.visible(session, caller))
    known = network.directory(session)
    marked = _marked(session, facts.reports, visible)
    wanted = {audience for both in marked.values() for audience in both}
    audiences = _audiences(session, wanted | ({row[0] for row in facts.received} & visible))
    shown = network.shown_to(session, caller, audiences.values())
    anonymous = {key for key, one in shown.items() if not one.originator}

    def name_of(report: Mapping[str, Any]) -> str | None:
        return None if marked[report["id"]] & anonymous else known.parties[report["organisation"]].name(language)

    return Reader(
        audiences=visible,
        anonymous=anonymous,
        readable=marked.keys(),
        tlp={key: str(network.strictest(audiences[one].tlp for one in both)) for key, both in marked.items()},
        name_of=name_of,
    )


def _marked(session: Session, frozen: Sequence[Mapping[str, Any]], visible: Collection[int]) -> dict[int, set[int]]:
    """The reports of an edition that are readable still, with their audiences: when frozen, and now."""
    then = {one["id"]: one["audience"] for one in frozen if one["audience"] in visible}
    still = select(REPORT.c.id, REPORT.c.audience_id).where(
        REPORT.c.id.in_(then), REPORT.c.audience_id.in_(visible), REPORT.c.withdrawn_at.is_(None)
    )
    return {row.id: {then[row.id], row.audience_id} for row in session.execute(still).all()}


def _audiences(session: Session, wanted: Collection[int]) -> dict[int, AudienceRow]:
    rows = session.execute(select(AudienceRow).where(table(AudienceRow).c.id.in_(wanted))).scalars()
    return {row.key: row for row in rows}
