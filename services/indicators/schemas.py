"""Shapes that callers send and see about indicators."""

from datetime import date, datetime

from pydantic import BaseModel, Field, field_validator

from services.definitions import RetaggingView
from services.kernel import clock
from services.network import Closed, Instant, SightIn

LABEL = "The strictest label of what was told to you of these values; null where nothing was."


class IndicatorView(BaseModel):
    """An indicator with what it is for and what it cannot tell."""

    code: str
    name: str
    side: str
    unit: str
    source: str
    themes: list[str]
    purpose: str
    cannot_tell: str
    harm: str
    review_on: date
    attribution: str | None


class Point(BaseModel):
    """One bucket of a series; null is `no data`, which is not zero."""

    start: date
    value: float | None


class SeriesView(BaseModel):
    """A series as this caller's rights give it."""

    indicator: str
    name: str
    unit: str
    place: str
    grain: str
    status: str
    tlp: str | None = Field(description=LABEL)
    points: list[Point]
    attribution: str | None
    retagging: RetaggingView | None = Field(
        description="While reports told before a definition came into force are tagged by it, and values may move: how "
        "far that has come in what you see. Null: nothing is under way that this series is counted from."
    )


class PlaceValue(BaseModel):
    """A place's value on a map."""

    place: str
    name: str
    value: float | None


class MapView(BaseModel):
    """An indicator over the places of one level in one bucket, as this caller's rights give it."""

    indicator: str
    name: str
    unit: str
    level: str
    grain: str
    start: date
    status: str
    tlp: str | None = Field(description=LABEL)
    places: list[PlaceValue]
    attribution: str | None


class NewObservation(Closed):
    """One value of an external series."""

    place: str
    start: date = Field(ge=date(1900, 1, 1), le=date(2200, 1, 1), description="First day of the bucket.")
    value: float | None = Field(ge=-1e12, le=1e12, allow_inf_nan=False, description="null: no data.")
    released_at: Instant | None = Field(default=None, description="When it became known; now, if left out.")

    @field_validator("released_at")
    @classmethod
    def _not_in_future(cls, value: datetime | None) -> datetime | None:
        if value is not None and value > clock.now():
            raise ValueError("lies in the future")
        return value


class NewObservations(Closed):
    """Values of one external series, with who may see them. A value sent again replaces what its sender gave before,
    under whatever marking."""

    marking: SightIn
    observations: list[NewObservation] = Field(min_length=1, max_length=5000)


class Stored(BaseModel):
    """How many values were stored."""

    stored: int
