"""Requests for information as readers get them: the question by its marking, each answer by its own."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlmodel import Session

from services import network, screening
from services.dialogue.addressees import Wanted, addressed
from services.dialogue.inquiring import ANSWER, ASKED, AUDIENCE, INQUIRY, NoSuchInquiry
from services.dialogue.inquiry_schemas import AnswerView, AskedView, Box, InquiryPage, InquiryView, State
from services.dialogue.models import Inquiry
from services.kernel import clock, paging
from services.kernel.bulk import among
from services.kernel.model import table
from services.network import AudienceRow, Caller, Shown
from services.reports import Report

REPORT = table(Report)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page of questions is made from. Answers are those that the caller sees, by their questions."""

    answers: dict[int, list[Any]]
    asked: dict[int, list[Any]]
    audiences: dict[int, AudienceRow]
    shown: dict[int, Shown]
    reports: dict[int, str]


def inquiries(
    session: Session,
    caller: Caller,
    box: Box,
    *,
    state: State | None = None,
    cursor: str | None = None,
    size: int = 50,
) -> InquiryPage:
    """The questions that the caller sees: those it is asked (`in`), those of its organisation (`out`), or all."""
    statement = listed(session, caller)
    if box == "out":
        statement = statement.where(INQUIRY.c.organisation_id == caller.organisation_id)
    elif box == "in":
        statement = statement.where(_asked_of(caller))
    if state is not None:
        statement = statement.where(_in_state(session, caller, state, clock.now()))
    wanted = paging.Asked(caller.viewer, f"inquiries:{box}:{state}", cursor, size)
    rows, following = paging.latest_first(session, statement, (INQUIRY.c.made_at, INQUIRY.c.reference), wanted)
    return InquiryPage(inquiries=_views(session, caller, rows), next=following)


def inquiry(session: Session, caller: Caller, reference: str) -> InquiryView:
    """One question with its answers, or NoSuchInquiry: hidden and missing are one."""
    row = session.execute(listed(session, caller).where(INQUIRY.c.reference == reference)).scalar()
    if row is None:
        raise NoSuchInquiry("There is no such request for information, or it is not shared with you.")
    return _views(session, caller, [row])[0]


def listed(session: Session, caller: Caller) -> Select[Any]:
    """Select the questions that the caller sees. What is withdrawn is there for its asker and for who has answered."""
    mine = INQUIRY.c.organisation_id == caller.organisation_id
    answered = exists().where(ANSWER.c.inquiry_id == INQUIRY.c.id, ANSWER.c.organisation_id == caller.organisation_id)
    there = or_(INQUIRY.c.ended_as != "withdrawn", mine, answered)
    tests: ColumnElement[bool] = INQUIRY.c.status == "test" if caller.test_only else true()
    return select(Inquiry).where(INQUIRY.c.audience_id.in_(network.visible(session, caller)), there, tests)


def _asked_of(caller: Caller) -> ColumnElement[bool]:
    named = or_(ASKED.c.member_id.is_(None), ASKED.c.member_id == caller.member_id)
    return exists().where(
        ASKED.c.inquiry_id == INQUIRY.c.id, ASKED.c.organisation_id == caller.organisation_id, named
    )  # fmt: skip


def _answers_seen(session: Session, caller: Caller) -> ColumnElement[bool]:
    """Whether the caller sees an answer: a text by its audience, a report as a report."""
    seen = network.visible(session, caller)
    told = exists().where(
        REPORT.c.id == ANSWER.c.report_id, REPORT.c.audience_id.in_(seen), REPORT.c.withdrawn_at.is_(None)
    )
    return or_(ANSWER.c.audience_id.in_(seen), told)


def _in_state(session: Session, caller: Caller, state: State, at: datetime) -> ColumnElement[bool]:
    if state in ("closed", "withdrawn"):
        return INQUIRY.c.ended_as == state
    here = ANSWER.c.inquiry_id == INQUIRY.c.id
    mine = INQUIRY.c.organisation_id == caller.organisation_id
    seen = _answers_seen(session, caller)
    by_any = exists().where(here, seen)
    by_own = exists().where(here, seen, ANSWER.c.organisation_id == caller.organisation_id)
    answered = or_(and_(mine, by_any), and_(~mine, by_own))
    running = INQUIRY.c.ended_at.is_(None)
    if state == "answered":
        return and_(running, answered)
    over = INQUIRY.c.due_at <= at
    return and_(running, ~answered, over if state == "overdue" else ~over)


def _views(session: Session, caller: Caller, rows: Sequence[Inquiry]) -> list[InquiryView]:
    seen = _gathered(session, caller, rows)
    known = network.directory(session)
    may_know = network.known_to(known, caller)
    return [_view(caller, row, seen, known, may_know) for row in rows]


def _gathered(session: Session, caller: Caller, rows: Sequence[Inquiry]) -> Seen:
    keys = {"keys": [row.key for row in rows]}
    answers: dict[int, list[Any]] = defaultdict(list)
    found = select(ANSWER).where(among(ANSWER.c.inquiry_id), _answers_seen(session, caller))
    for row in session.execute(found.order_by(ANSWER.c.made_at, ANSWER.c.reference), keys).all():
        answers[row.inquiry_id].append(row)
    asked: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(select(ASKED).where(among(ASKED.c.inquiry_id)), keys).all():
        asked[row.inquiry_id].append(row)
    given = [one for some in answers.values() for one in some]
    told = {one.report_id for one in (*rows, *given) if one.report_id is not None}
    about = session.execute(
        select(REPORT.c.id, REPORT.c.reference, REPORT.c.audience_id).where(among(REPORT.c.id)), {"keys": told}
    ).all()
    wanted = {row.audience_id for row in (*rows, *given, *about) if row.audience_id is not None}
    found_audiences = session.execute(select(AudienceRow).where(among(AUDIENCE.c.id)), {"keys": wanted}).scalars()
    audiences = {one.key: one for one in found_audiences}
    by_report = {row.id: row.audience_id for row in about}
    shown = network.shown_to(session, caller, audiences.values())
    for key, audience in by_report.items():
        audiences[-key], shown[-key] = audiences[audience], shown[audience]
    return Seen(answers, asked, audiences, shown, {row.id: row.reference for row in about})


def _view(caller: Caller, row: Inquiry, seen: Seen, known: network.Directory, may_know: frozenset[int]) -> InquiryView:
    mine = row.organisation_id == caller.organisation_id
    party = known.parties[row.organisation_id] if seen.shown[row.audience_id].originator else None
    answers = [_answer(caller, one, seen, known) for one in seen.answers[row.key]]
    asked = seen.asked[row.key]
    named = {one.organisation for one in answers}
    parties = [known.parties[key] for key in sorted(_told_as_asked(row, asked, known)) if key in may_know]
    return InquiryView(
        reference=row.reference,
        state=_state(row, mine=mine, answers=answers, at=clock.now()),
        status=row.status,
        mine=mine,
        asked_you=any(
            one.organisation_id == caller.organisation_id and one.member_id in (None, caller.member_id) for one in asked
        ),
        question=row.question if mine else screening.told(row.question),
        why=row.why if mine else screening.told(row.why),
        asked_by=party.slug if party else None,
        asked_by_name=party.name(caller.language) if party else None,
        tlp=seen.audiences[row.audience_id].tlp,
        report=seen.reports.get(row.report_id or 0),
        countries=row.wanted["countries"],
        themes=row.wanted["themes"],
        groups=row.wanted["groups"],
        asked=[
            AskedView(organisation=one.slug, name=one.name(caller.language), answered=one.slug in named)
            for one in parties
        ]
        if mine and row.report_id is None
        else None,
        due_on=row.due_on,
        due_at=row.due_at,
        made_at=row.made_at,
        ended_at=row.ended_at,
        note=row.note if mine else screening.told(row.note),
        answers=answers,
    )


def _told_as_asked(row: Inquiry, asked: Collection[Any], known: network.Directory) -> set[int]:
    """Which organisations the asker is told that it asked: of a group that it is not in, no member for being in it."""
    keys = {one.organisation_id for one in asked}
    own = known.memberships.get(row.organisation_id, {})
    groups = {known.groups.get(one, 0) for one in row.wanted["groups"]}
    if groups <= own.keys():
        return keys
    open_ = Wanted(
        countries=row.wanted["countries"],
        themes=row.wanted["themes"],
        groups=groups & own.keys(),
        organisations=[known.slugs[one] for one in row.wanted["organisations"] if one in known.slugs],
    )
    return keys & addressed(known, open_, asker=row.organisation_id)


def _answer(caller: Caller, row: Any, seen: Seen, known: network.Directory) -> AnswerView:
    audience = row.audience_id if row.audience_id is not None else -row.report_id
    mine = row.organisation_id == caller.organisation_id
    party = known.parties[row.organisation_id] if seen.shown[audience].originator or mine else None
    return AnswerView(
        reference=row.reference,
        organisation=party.slug if party else None,
        organisation_name=party.name(caller.language) if party else None,
        mine=mine,
        report=seen.reports.get(row.report_id or 0),
        text=(row.text if mine else screening.told(row.text)) or None,
        tlp=seen.audiences[audience].tlp,
        made_at=row.made_at,
    )


def _state(row: Inquiry, *, mine: bool, answers: Sequence[AnswerView], at: datetime) -> State:
    if row.ended_as:
        return "withdrawn" if row.ended_as == "withdrawn" else "closed"
    if any(mine or one.mine for one in answers):
        return "answered"
    return "overdue" if row.due_at <= at else "open"
