"""What is expected by when, and who reported: lists for focal points, completeness and timeliness for all."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Query, Request, Response

from services import assignments, forms
from services.assignments import State
from services.console import reporting
from services.console.rendering import page
from services.console.visitors import VisitorIn
from services.console.words import Words
from services.kernel.errors import Invalid
from services.kernel.routing import Router
from services.network import Read
from services.reports import Gives

router = Router()
SIZE = 200
GROUPS: tuple[tuple[State, ...], ...] = (("missing",), ("open",), ("on_time", "late"))
Day = Annotated[str, Query(max_length=10)]


@router.get("/expected")
def expected_page(
    request: Request, giving: Gives, db: Read, visitor: VisitorIn, view: Literal["", "ours", "all"] = ""
) -> Response:
    """What is overdue, what is due next and what came: of one's own organisation, or of all that one may know."""
    caller = visitor.caller
    caller.require("reports:read")
    ours = [assignments.listed(db, caller, states=some, mine=True, size=SIZE) for some in GROUPS]
    shown = view or ("ours" if any(one.expected for one in ours) else "all")
    found = ours if shown == "ours" else [assignments.listed(db, caller, states=some, size=SIZE) for some in GROUPS]
    for label in {one.tlp for some in found for one in some.expected}:
        giving.counted(db, caller, label)
    return page(request, visitor, "expected.html", found=found, view=shown, period=reporting.period)


@router.get("/reporting")
def reporting_page(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: VisitorIn,
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    to: Day = "",
    status: Literal["actual", "exercise"] = "actual",
    form: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Completeness, timeliness and delays of a span of time; the span, status and form stand in the address."""
    caller = visitor.caller
    caller.require("reports:read")
    begin, last = assignments.span(day(first, "from"), day(to, "to"))
    made, labels = assignments.reporting(db, caller, first=begin, last=last, status=status, form=form or None)
    for label in sorted(labels):
        giving.counted(db, caller, label)
    words = Words(caller.language)
    return page(
        request,
        visitor,
        "reporting.html",
        found=made,
        form=form,
        forms=sorted((one.code, forms.said(one.title, caller.language)) for one in forms.shelf(db)),
        picture=reporting.picture(made, words),
        period=reporting.period,
        rate=reporting.rate,
        day=date.fromisoformat,
    )


def day(text: str, field: str) -> date | None:
    """A day as an address has it; None where it says none."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Invalid("A day is written as 2026-10-31: year, month, day.", field=field) from None
    if not assignments.OLDEST <= found.year <= assignments.LATEST:
        raise Invalid(f"Ask for years from {assignments.OLDEST} to {assignments.LATEST}.", field=field)
    return found
