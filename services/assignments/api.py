"""Routes of what is expected of whom, and of who reported."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Query, Response

from services.assignments import expecting, service
from services.assignments.meeting import State
from services.assignments.pack import Template, templates
from services.assignments.reporting import reporting
from services.assignments.schemas import AssignmentView, EditAssignment, ExpectedPage, NewAssignment, ReportingView
from services.kernel import cells
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write
from services.reports import Gives

COLUMNS = (
    "organisation", "organisation_name", "form", "form_name", "place", "status", "period", "start", "end", "due_at",
    "state",
)  # fmt: skip
router = Router(prefix="/v1", tags=["assignments"])
Cursor = Annotated[str | None, Query(max_length=400)]
Size = Annotated[int, Query(ge=1, le=500)]
From = Annotated[date | None, Query(alias="from", description="Periods that end on this day or later.")]
To = Annotated[date | None, Query(description="Periods that end on this day or earlier.")]


def _reader(caller: Caller) -> None:
    if "assignments:write" not in caller.scopes:
        caller.require("reports:read")


@router.get("/assignments")
def list_assignments(caller: CallerIn, db: Read) -> list[AssignmentView]:
    """Which reports are expected of whom, as far as you may know it; for whoever keeps assignments, all."""
    _reader(caller)
    return service.search(db, caller)


@router.post("/assignments", status_code=201)
def make_assignment(caller: CallerIn, body: NewAssignment, db: Write) -> AssignmentView:
    """Expect a report of an organisation, for every period from a day on (for the secretariat)."""
    return service.make(db, caller, body)


@router.get("/assignment-templates")
def list_templates(caller: CallerIn) -> list[Template]:
    """What the pack proposes to expect of whom. Nothing of it is expected until an assignment is made."""
    caller.require("assignments:write")
    return templates()


@router.get("/assignments/{reference}")
def get_assignment(reference: str, caller: CallerIn, db: Read) -> AssignmentView:
    """One assignment that you may know of."""
    _reader(caller)
    return service.get(db, caller, reference)


@router.patch("/assignments/{reference}")
def edit_assignment(reference: str, caller: CallerIn, body: EditAssignment, db: Write) -> AssignmentView:
    """Say until when a report is expected, or who may know of it (for the secretariat)."""
    return service.edit(db, caller, reference, body)


@router.delete("/assignments/{reference}", status_code=204)
def strike_assignment(reference: str, caller: CallerIn, db: Write) -> None:
    """Strike out an assignment that was a mistake: it counts in no period, past or to come (for the secretariat)."""
    service.strike(db, caller, reference)


@router.get("/expected")
def list_expected(
    giving: Gives,
    caller: CallerIn,
    db: Read,
    first: From = None,
    to: To = None,
    state: Annotated[list[State], Query(max_length=4)] = [],  # noqa: B006 -- FastAPI copies it
    mine: bool = False,
    cursor: Cursor = None,
    size: Size = 50,
) -> ExpectedPage:
    """What is expected by when, and how it stands: upcoming (state=open), overdue (state=missing), all. Without days,
    from a quarter of a year ago to a month from now."""
    caller.require("reports:read")
    found = expecting.page(db, caller, first=first, last=to, states=state, mine=mine, cursor=cursor, size=size)
    for label in {one.tlp for one in found.expected}:
        giving.counted(db, caller, label)
    return found


@router.get("/reporting")
def get_reporting(
    giving: Gives,
    caller: CallerIn,
    db: Read,
    first: From = None,
    to: To = None,
    status: Literal["actual", "exercise"] = "actual",
    form: Annotated[str | None, Query(max_length=60)] = None,
    organisation: Annotated[str | None, Query(max_length=63)] = None,
) -> ReportingView:
    """Completeness and timeliness of reporting, by organisation, country, form and period, and how long its steps took.
    Without days, of the quarter of a year until today."""
    caller.require("reports:read")
    begin, last = expecting.span(first, to)
    made, labels = reporting(db, caller, first=begin, last=last, status=status, form=form, organisation=organisation)
    for label in labels:
        giving.counted(db, caller, label)
    return made


@router.get("/reporting.csv", response_class=Response)
def export_reporting(
    giving: Gives,
    caller: CallerIn,
    db: Read,
    first: From = None,
    to: To = None,
    status: Literal["actual", "exercise"] = "actual",
) -> Response:
    """What was expected and how it stands, one line for each assignment and period, for a spreadsheet."""
    caller.require("reports:read")
    begin, last = expecting.span(first, to)
    found = expecting.expected(db, caller, first=begin, last=last, status=status)
    for label in {one.known.tlp for one in found}:
        giving.counted(db, caller, label)
    rows = [[getattr(one, name) for name in COLUMNS] for one in expecting.views(db, caller, found)]
    return Response(
        cells.table(COLUMNS, rows),
        media_type=cells.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="reporting-{last}.csv"'},
    )
