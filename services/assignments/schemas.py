"""Shapes of assignments, of what is expected, and of completeness and timeliness."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from services import vocabulary
from services.assignments.meeting import State
from services.assignments.periods import Grain
from services.network import Called, Closed, SightIn, SightView

EARLIEST, LATEST = 2000, 2100


def _in_our_years(day: date | None) -> date | None:
    if day is not None and not EARLIEST <= day.year < LATEST:
        raise ValueError(f"lies outside the years {EARLIEST} to {LATEST - 1}")
    return day


class NewAssignment(Closed):
    """A report to expect of an organisation, for every whole period from a day on."""

    organisation: Called = Field(description="Slug, name or alias of an active member.")
    form: str = Field(max_length=60, description="Code of the form. zero: that there is nothing to report.")
    period: Grain = Field(description="Weeks begin on Monday.")
    marking: SightIn = Field(
        description="Who may know that it is expected, and whether it came. The organisation always does. Never RED, "
        "and always named: an assignment says who is expected."
    )
    due_days: int = Field(ge=1, le=120, description="How many days after the last day of the period it falls due.")
    due_hour: int = Field(ge=0, le=23, description="At this full hour of that day, by the clocks of the organisation.")
    place: str | None = Field(default=None, max_length=80, description="Code of the pack: what the reports are about.")
    status: Literal["actual", "exercise"] = Field(default="actual", description="Which reports meet it.")
    starts_on: date = Field(description="Periods that began before are not expected.")
    ends_on: date | None = Field(default=None, description="Periods that end after it are not expected.")

    _years = field_validator("starts_on", "ends_on")(_in_our_years)

    @field_validator("place")
    @classmethod
    def _known_place(cls, value: str | None) -> str | None:
        if value is not None and value not in vocabulary.places():
            raise ValueError("is not a place of the pack: see GET /v1/places")
        return value

    @field_validator("ends_on")
    @classmethod
    def _in_order(cls, value: date | None, info: ValidationInfo) -> date | None:
        if value is not None and "starts_on" in info.data and value < info.data["starts_on"]:
            raise ValueError("lies before starts_on")
        return value


class EditAssignment(Closed):
    """What to change of an assignment; what is left out stays. Its form, period and deadline stay as they were made:
    they would change what was late. End it, and make another."""

    ends_on: date | None = None
    marking: SightIn | None = None

    _years = field_validator("ends_on")(_in_our_years)


class AssignmentView(BaseModel):
    """An assignment, for whoever may know of it."""

    reference: str
    organisation: str
    organisation_name: str
    form: str
    form_name: str
    period: Grain
    place: str | None
    status: str
    due_days: int
    due_hour: int
    timezone: str = Field(description="Of the organisation: its deadlines are by these clocks.")
    starts_on: date
    ends_on: date | None
    active: bool = Field(description="Struck out, it counts in no period.")
    tlp: str
    mine: bool = Field(description="Whether it is expected of your own organisation.")
    marking: SightView | None = Field(description="The full marking: for whoever keeps assignments.")


class ExpectedView(BaseModel):
    """A report that is expected for one period, and how it stands; of the report itself nothing."""

    assignment: str
    organisation: str
    organisation_name: str
    form: str
    form_name: str
    place: str | None
    status: str
    period: Grain
    start: date
    end: date
    due_at: datetime
    state: State = Field(
        description="open: not due yet, and not there; on_time, late: it came; missing: it is overdue."
    )
    tlp: str = Field(description="Of the assignment: who may know it.")
    mine: bool


class ExpectedPage(BaseModel):
    """One page of what is expected, by deadline; `next` is the cursor to the following."""

    expected: list[ExpectedView]
    next: str | None


class RateView(BaseModel):
    """How many were expected, came, and came in time; the rates in per cent, null where there is none."""

    expected: int
    received: int
    on_time: int
    completeness: float | None = Field(description="received / expected")
    timeliness: float | None = Field(description="on_time / expected")
    timeliness_of_received: float | None = Field(description="on_time / received")


class KeyedRate(RateView):
    """The rates of one organisation, country, form or period."""

    key: str
    name: str


class DelayView(BaseModel):
    """How long one step took, in hours, over the reports that you see: of `n` that took it, the median, and what nine
    in ten do not exceed."""

    step: str
    n: int
    median: float | None
    p90: float | None


class ReportingView(BaseModel):
    """Completeness, timeliness and delays of a span of time, as far as you may know them."""

    first: date
    last: date
    status: str
    at: datetime = Field(description="The instant of which it is told: what is due after it is not counted.")
    total: RateView
    organisations: list[KeyedRate]
    countries: list[KeyedRate] = Field(
        description="By the place of the assignment, else each country of the organisation: one may count in several."
    )
    forms: list[KeyedRate]
    periods: list[KeyedRate]
    delays: list[DelayView]
