"""Requests for information: asked of the originator of a report or of the network, extended, closed, withdrawn."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlmodel import Session

from services import delivery, network, reports
from services.delivery import Told, What
from services.dialogue.addressees import Wanted, addressed, named_of, question_marking
from services.dialogue.bounding import refuse_more
from services.dialogue.inquiry_schemas import Ending, NewDue, NewInquiry
from services.dialogue.models import Inquiry, InquiryAnswer, InquiryAsked
from services.kernel import audit, clock, ids
from services.kernel.errors import Conflict, Invalid, NotFound
from services.kernel.model import table
from services.network import Attribution, AudienceRow, Caller, Directory, Marking, Member, Organisation, Tlp
from services.reports import NoSuchReport

INQUIRY = table(Inquiry)
ASKED = table(InquiryAsked)
ANSWER = table(InquiryAnswer)
AUDIENCE = table(AudienceRow)
FARTHEST = timedelta(days=366)
HARDLY_SEEN = timedelta(hours=1)
OF_THE_ASKED: tuple[What, ...] = ("inquiry_asked", "inquiry_extended", "inquiry_due", "inquiry_overdue")
Asked = list[tuple[int, int | None]]
"""Organisations, and of RED the persons."""


class NoSuchInquiry(NotFound):
    title = "No such request for information"


class InquiryEnded(Conflict):
    title = "The request for information has ended"


def ask(session: Session, caller: Caller, given: NewInquiry) -> Inquiry:
    """Put a question. Whoever is asked and hides its membership gets it, and its asker does not learn so.

    Raises:
        NoSuchReport: there is no such report for the caller, or it is its own.
        Invalid: an addressee or recipient is not known, or the label or the due date will not do.
        TooManyOpenInquiries, TooManyInquiries: the caller's organisation has asked enough.
    """
    caller.require_status(given.status)
    refuse_more(session, caller)
    known = network.directory(session)
    due_on, due_at = given.due_on, _end_of(session, caller, given.due_on, given.marking.attribution)
    if given.report is not None:
        report, marking, asked = _of_originator(session, caller, known, given)
        wanted = Wanted()
    else:
        report, wanted = None, _wanted(known, caller, given)
        asked = [(one, None) for one in sorted(addressed(known, wanted, asker=caller.organisation_id or 0))]
        marking = reports.resolve(known, given.marking, caller)
        if marking.tlp is Tlp.RED:
            asked = _persons(known, caller, marking)
        marking = question_marking(marking, wanted, [one for one, _ in asked])
    (audience,) = network.stamp(session, [marking])
    row = Inquiry(
        reference=ids.reference("RFI"),
        organisation_id=caller.organisation_id or 0,
        member_id=caller.member_id,
        key_id=caller.key_id,
        report_id=report.key if report else None,
        status=report.status if report else given.status,
        question=given.question,
        why=given.why,
        wanted={name: getattr(given, name) for name in ("countries", "themes", "groups")}
        | {"organisations": sorted(known.parties[one].slug for one in wanted.organisations)},
        audience_id=audience,
        due_on=due_on,
        due_at=due_at,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    if asked:
        rows = [{"inquiry_id": row.key, "organisation_id": one, "member_id": person} for one, person in asked]
        session.execute(insert(InquiryAsked), rows)
    tell(session, row, readers(session, asked), "inquiry_asked", version=row.key)
    if report is not None:
        reports.worked_on(session, caller, report)
    audit.record(session, caller, "inquiry.asked", row.reference, report=report.reference if report else "")
    return row


def extend(session: Session, caller: Caller, reference: str, given: NewDue) -> None:
    """Give one of the caller's own questions a later due date.

    Raises:
        NoSuchInquiry, InquiryEnded: as `own`.
        Invalid: the date is not later, or too far.
    """
    row = own(session, caller, reference)
    if given.due_on <= row.due_on:
        raise Invalid("An extension is to a later day.", field="due_on")
    attribution = session.execute(select(AUDIENCE.c.attribution).where(AUDIENCE.c.id == row.audience_id)).scalar_one()
    row.due_at, row.due_on = _end_of(session, caller, given.due_on, attribution), given.due_on
    row.reminded_at = row.overdue_at = None
    session.add(row)
    delivery.take_back(session, row.reference, ("inquiry_extended",))  # the last day given says it for all before
    asked = readers(session, asked_of(session, row.key))
    tell(session, row, asked, "inquiry_extended", version=given.due_on.toordinal())
    audit.record(session, caller, "inquiry.extended", row.reference, until=given.due_on.isoformat())


def end(session: Session, caller: Caller, reference: str, given: Ending, *, withdrawn: bool) -> None:
    """Close one of the caller's own questions, or withdraw it: then those who have not answered see it no more.

    Notices of it that nobody has read are taken back. That it is withdrawn within the hour is told to whoever has read
    one or answered: to others it never was. After that anybody may be at work on it.

    Raises:
        NoSuchInquiry, InquiryEnded: as `own`.
    """
    row = own(session, caller, reference)
    row.ended_at, row.ended_as, row.note = clock.now(), "withdrawn" if withdrawn else "closed", given.note
    session.add(row)
    told = readers(session, asked_of(session, row.key))
    known_to = delivery.take_back(session, row.reference, OF_THE_ASKED)
    if withdrawn and row.ended_at - row.made_at < HARDLY_SEEN:
        answered = answered_by(session, row.key)
        told = [one for one in told if one.viewer in known_to or one.organisation_id in answered]
    tell(session, row, told, "inquiry_ended", version=row.key)
    audit.record(session, caller, f"inquiry.{row.ended_as}", row.reference)


def own(session: Session, caller: Caller, reference: str) -> Inquiry:
    """A question of the caller's own organisation, of RED the person's own, that has not ended; locked.

    Raises:
        NoSuchInquiry: there is none that the caller sees, or somebody else asks it.
        InquiryEnded: it is closed or withdrawn.
    """
    found = session.execute(
        select(Inquiry).where(
            INQUIRY.c.reference == reference,
            INQUIRY.c.organisation_id == caller.organisation_id,
            INQUIRY.c.audience_id.in_(network.visible(session, caller)),
        )
    ).scalar()
    label = network.labels(session, [found.audience_id])[found.audience_id] if found is not None else None
    if found is None or (label is Tlp.RED and found.member_id != caller.member_id):
        raise NoSuchInquiry("There is no such request for information, or it is not yours.")
    row: Inquiry = found
    session.refresh(row, with_for_update=True)
    if row.ended_at is not None:
        raise InquiryEnded(f"It is {row.ended_as}.", state=row.ended_as)
    return row


def asked_of(session: Session, inquiry_id: int) -> Asked:
    """Who was asked, whether or not whoever asks may know of it: for telling them, never for showing."""
    rows = session.execute(select(ASKED).where(ASKED.c.inquiry_id == inquiry_id).order_by(ASKED.c.id)).all()
    return [(row.organisation_id, row.member_id) for row in rows]


def answered_by(session: Session, inquiry_id: int) -> set[int]:
    """The organisations that have answered."""
    return set(session.execute(select(ANSWER.c.organisation_id).where(ANSWER.c.inquiry_id == inquiry_id)).scalars())


def readers(session: Session, asked: Asked) -> list[Caller]:
    """Whoever is told for those: of RED the persons, else the focal points."""
    heads = network.focal_points(session, {one for one, person in asked if person is None})
    persons = [Caller(one, member_id=person) for one, person in asked if person is not None]
    return persons + [Caller(one, member_id=head) for one, some in sorted(heads.items()) for head in some]


def askers(session: Session, row: Any) -> list[Caller]:
    """Whoever is told of answers: the person who asks while active, else the focal points of its organisation."""
    if row.member_id is not None:
        member = session.get(Member, row.member_id)
        if member is not None and member.active:
            return [Caller(row.organisation_id, member_id=row.member_id)]
        if network.labels(session, [row.audience_id])[row.audience_id] is Tlp.RED:
            return []
    heads = network.focal_points(session, [row.organisation_id]).get(row.organisation_id, [])
    return [Caller(row.organisation_id, member_id=one) for one in heads]


def tell(
    session: Session, row: Any, told: list[Caller], what: What, *, version: int, at: datetime | None = None
) -> None:
    """Leave notices about a question: no word of it. Of its answers one that waits unread says it for all."""
    when = at or clock.now()
    leave = delivery.tell_unless_waiting if what == "inquiry_answered" else delivery.tell
    leave(session, [Told(one, what, row.reference, version, when, row.due_on) for one in told])


def _of_originator(
    session: Session, caller: Caller, known: Directory, given: NewInquiry
) -> tuple[reports.Report, Marking, Asked]:
    report = reports.standing_report(session, caller, given.report or "")
    label = network.labels(session, [report.audience_id])[report.audience_id]
    if report.organisation_id == caller.organisation_id:
        raise NoSuchReport("There is no such report, or it is not shared with you.")
    wanted, sight = (Tlp.RED if label is Tlp.RED else Tlp.STRICT), given.marking
    if sight.tlp != wanted or sight.organisations or sight.groups or sight.persons:
        raise Invalid(f"A question about this report is TLP:{wanted}, without recipients.", field="marking.tlp")
    persons = frozenset(one for one in (caller.member_id, report.member_id) if one is not None)
    marking = Marking(
        tlp=wanted,
        originator=caller.organisation_id or 0,
        organisations=frozenset() if wanted is Tlp.RED else frozenset({report.organisation_id}),
        groups=frozenset(),
        persons=persons if wanted is Tlp.RED else frozenset(),
        attribution=network.Attribution(sight.attribution),
    )
    if not known.parties[report.organisation_id].active:
        return report, marking, []
    return report, marking, [(report.organisation_id, report.member_id if wanted is Tlp.RED else None)]


def _wanted(known: Directory, caller: Caller, given: NewInquiry) -> Wanted:
    bodies = named_of(known, caller, given.organisations)
    groups = {one: known.groups.get(one) for one in given.groups}
    for field, found in (("organisations", bodies), ("groups", groups)):
        for name, key in found.items():
            if key is None:
                raise Invalid(f"{name[:80]} is not known here.", field=field)
    return Wanted(
        countries=given.countries,
        themes=given.themes,
        groups=frozenset(one for one in groups.values() if one is not None),
        organisations=frozenset(one for one in bodies.values() if one is not None),
    )


def _persons(known: Directory, caller: Caller, marking: Marking) -> Asked:
    if caller.member_id is None:
        raise Invalid("RED is asked by a person, and a key is none: choose another label.", field="marking.tlp")
    owners = {person: owner for person, owner, *_ in known.persons.values()}
    return [(owners[one], one) for one in sorted(marking.persons) if one != caller.member_id and one in owners]


def _end_of(session: Session, caller: Caller, day: date, attribution: str) -> datetime:
    """The end of a day in the caller's time zone, or where it is not named in UTC: an hour would tell where it is.
    Refuses what is over or too far."""
    zone = ZoneInfo(_zone(session, caller) if attribution == Attribution.NAMED else "UTC")
    today = clock.now().astimezone(zone).date()
    if not today <= day <= today + FARTHEST:
        raise Invalid("The due date lies between today and a year from now.", field="due_on")
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _zone(session: Session, caller: Caller) -> str:
    member = session.get(Member, caller.member_id) if caller.member_id is not None else None
    if member is not None:
        return member.timezone
    body = session.get(Organisation, caller.organisation_id)
    return body.timezone if body is not None else "UTC"
