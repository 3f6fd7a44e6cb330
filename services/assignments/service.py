"""Assignments: made, changed and struck out by who keeps them, and known to whom their markings reach."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import forms, network, reports
from services.assignments.models import Assignment
from services.assignments.pack import exempt
from services.assignments.schemas import AssignmentView, EditAssignment, NewAssignment
from services.kernel import audit, clock, db, ids
from services.kernel.errors import Conflict, Invalid, NotFound
from services.kernel.model import table
from services.network import AudienceRow, Caller, Directory, Organisation, SightIn, SightView

ASSIGNMENT = table(Assignment)
ORGANISATION = table(Organisation)
AUDIENCE = table(AudienceRow)


class NoSuchAssignment(NotFound):
    title = "No such assignment"


class AlreadyExpected(Conflict):
    title = "That report is expected already"


class NothingExpected(Invalid):
    title = "No report is expected of this kind of organisation"


@dataclass(frozen=True, slots=True)
class Known:
    """An assignment that somebody may know of, with what is needed of its organisation and its marking."""

    row: Any
    zone: str
    tlp: str


def keeps(session: Session, caller: Caller) -> bool:
    """Whether the caller makes assignments: who keeps the network, or an analyst of its secretariat."""
    if "assignments:write" not in caller.scopes:
        return False
    return network.in_secretariat(session, caller) or "network:admin" in caller.scopes


def known(session: Session, caller: Caller, *, every: bool = False) -> list[Known]:
    """The assignments whose markings reach the caller, by organisation, form and first day; of none that is struck out.

    Never of an organisation that the caller may not know to be a member, or of a kind that the pack exempts. `every`:
    for whoever keeps them all of them, also struck out; that gives no sight of whether anything came.
    """
    seen = set(network.visible(session, caller))
    parties = network.directory(session).parties
    near = network.known_to(network.directory(session), caller)
    left_out = exempt()
    reached = every and keeps(session, caller)
    return [
        one
        for one in everything(session, struck=reached)
        if reached
        or (
            one.row.audience_id in seen
            and one.row.organisation_id in near
            and parties[one.row.organisation_id].kind not in left_out
        )
    ]


def everything(session: Session, *, struck: bool = False) -> list[Known]:
    """All assignments, whoever may know of them: for what is done by the clock."""
    rows = session.execute(_EVERYTHING).all()
    return [Known(row, row.timezone, row.tlp) for row in rows if struck or row.active]


_EVERYTHING = (
    select(ASSIGNMENT, ORGANISATION.c.timezone, AUDIENCE.c.tlp)
    .join(ORGANISATION, ORGANISATION.c.id == ASSIGNMENT.c.organisation_id)
    .join(AUDIENCE, AUDIENCE.c.id == ASSIGNMENT.c.audience_id)
    .order_by(ORGANISATION.c.slug, ASSIGNMENT.c.form, ASSIGNMENT.c.starts_on, ASSIGNMENT.c.reference)
)


def search(session: Session, caller: Caller) -> list[AssignmentView]:
    """The assignments that the caller may know of; for whoever keeps them, all."""
    return views(session, caller, known(session, caller, every=True))


def get(session: Session, caller: Caller, reference: str) -> AssignmentView:
    """One assignment, or NoSuchAssignment: hidden and missing are one."""
    found = [one for one in known(session, caller, every=True) if one.row.reference == reference]
    if not found:
        raise NoSuchAssignment("There is no such assignment, or it is not shared with you.")
    return views(session, caller, found)[0]


def make(session: Session, caller: Caller, given: NewAssignment) -> AssignmentView:
    """Expect a report of an organisation.

    Raises:
        NotOfTheSecretariat: the caller does not keep assignments.
        NothingExpected: the organisation is of a kind that the pack exempts.
        AlreadyExpected: the same report is expected of it for the same periods.
    """
    _keeper(session, caller)
    parties = network.directory(session)
    organisation = network.organisation_named(parties, caller, given.organisation)
    if organisation is None or parties.parties[organisation].state == "left":
        raise Invalid("is no member of the network: see GET /v1/organisations", field="organisation")
    if parties.parties[organisation].kind in exempt():
        raise NothingExpected("Civil society, panels and experts report when they wish to.", field="organisation")
    _check_form(session, given.form)
    db.alone(session, "assignments")  # of two that expect the same at once the second finds the first
    row = Assignment(
        reference=ids.reference("ASN"),
        organisation_id=organisation,
        form=given.form,
        grain=given.period,
        status=given.status,
        place=given.place,
        due_days=given.due_days,
        due_hour=given.due_hour,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        audience_id=_stamped(session, parties, caller, organisation, given.marking),
        active=True,
        made_at=clock.now(),
    )
    _refuse_twice(session, row)
    session.add(row)
    session.flush()
    slug = parties.parties[organisation].slug
    audit.record(session, caller, "assignment.made", row.reference, organisation=slug, kind=row.form)
    return get(session, caller, row.reference)


def edit(session: Session, caller: Caller, reference: str, given: EditAssignment) -> AssignmentView:
    """Change until when a report is expected, or who may know of it."""
    row = _kept(session, caller, reference)
    if "ends_on" in given.model_fields_set:
        if given.ends_on is not None and given.ends_on < row.starts_on:
            raise Invalid("lies before starts_on", field="ends_on")
        row.ends_on = given.ends_on
        _refuse_twice(session, row)
    if given.marking is not None:
        row.audience_id = _stamped(session, network.directory(session), caller, row.organisation_id, given.marking)
    session.add(row)
    session.flush()
    audit.record(session, caller, "assignment.changed", reference, fields=sorted(given.model_fields_set))
    return get(session, caller, reference)


def strike(session: Session, caller: Caller, reference: str) -> None:
    """Strike an assignment out that should never have been made: it counts in no period, past or to come."""
    row = _kept(session, caller, reference)
    row.active = False
    session.add(row)
    audit.record(session, caller, "assignment.struck", reference)


def views(session: Session, caller: Caller, found: Sequence[Known]) -> list[AssignmentView]:
    """Assignments as this caller may see them."""
    parties = network.directory(session)
    keeper = keeps(session, caller)
    wanted = {one.row.audience_id for one in found} if keeper else set()
    audiences = session.execute(select(AudienceRow).where(AUDIENCE.c.id.in_(wanted))).scalars()
    markings = {one.key: _marking_view(parties, one) for one in audiences}
    shelf = forms.shelf(session)
    return [
        _view(parties, caller, one, form_name(shelf, one.row.form, caller.language), markings.get(one.row.audience_id))
        for one in found
    ]


def form_name(shelf: forms.Shelf, code: str, language: str) -> str:
    """What a form is called; its code, if it is no more."""
    versions = shelf.forms.get(code, {})
    return forms.said(versions[max(versions)].title, language) if versions else code


def _view(parties: Directory, caller: Caller, one: Known, form_name: str, marking: SightView | None) -> AssignmentView:
    row, party = one.row, parties.parties[one.row.organisation_id]
    same = {name: getattr(row, name) for name in AssignmentView.model_fields.keys() & ASSIGNMENT.c.keys()}
    return AssignmentView(
        **same,
        organisation=party.slug,
        organisation_name=party.name(caller.language),
        form_name=form_name,
        period=row.grain,
        timezone=one.zone,
        tlp=one.tlp,
        mine=party.id == caller.organisation_id,
        marking=marking,
    )


def _marking_view(parties: Directory, row: AudienceRow) -> SightView:
    shown = reports.marking_view(parties, row, ())
    return SightView(**{name: getattr(shown, name) for name in SightView.model_fields})


def _stamped(session: Session, parties: Directory, caller: Caller, organisation: int, given: SightIn) -> int:
    """The audience of an assignment: of the organisation that it is expected of, which therefore always sees it."""
    if given.tlp == "RED":
        raise Invalid("RED reaches persons only, and what is expected is known to organisations.", field="marking.tlp")
    if given.attribution != "named":
        raise Invalid("An assignment says who is expected to report: write named.", field="marking.attribution")
    marking = replace(reports.resolve(parties, given, caller), originator=organisation)
    return network.stamp(session, [marking])[0]


def _check_form(session: Session, form: str) -> None:
    if forms.shelf(session).latest(form) is None:
        raise Invalid("is no form in force: see GET /v1/forms", field="form")


def _keeper(session: Session, caller: Caller) -> None:
    caller.require("assignments:write")
    if not keeps(session, caller):
        raise forms.NotOfTheSecretariat("Ask the secretariat to expect a report, or no more.")


def _kept(session: Session, caller: Caller, reference: str) -> Assignment:
    _keeper(session, caller)
    db.alone(session, "assignments")
    row: Assignment | None = session.execute(
        select(Assignment).where(ASSIGNMENT.c.reference == reference)
    ).scalar_one_or_none()
    if row is None or not row.active:
        raise NoSuchAssignment("There is no such assignment, or it is struck out.")
    return row


def _refuse_twice(session: Session, row: Assignment) -> None:
    """One report is expected once: no two assignments of the same report lie over the same days."""
    same = ("organisation_id", "form", "grain", "status", "place")
    alike = [ASSIGNMENT.c[name].is_not_distinct_from(getattr(row, name)) for name in same]
    others = session.execute(
        select(ASSIGNMENT.c.starts_on, ASSIGNMENT.c.ends_on).where(
            *alike, ASSIGNMENT.c.active, ASSIGNMENT.c.reference != row.reference
        )
    ).all()
    for other in others:
        before = other.ends_on is not None and other.ends_on < row.starts_on
        after = row.ends_on is not None and row.ends_on < other.starts_on
        if not before and not after:
            raise AlreadyExpected("End the other assignment first, or begin after its last day.", field="starts_on")
