"""Routes of indicators: the catalogue, series, maps, and values from outside."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Query

from services import vocabulary
from services.indicators import service
from services.indicators.catalogue import Indicator, catalogue
from services.indicators.labels import label
from services.indicators.retagging import retagging
from services.indicators.schemas import IndicatorView, MapView, NewObservations, PlaceValue, Point, SeriesView, Stored
from services.kernel.errors import Invalid
from services.kernel.routing import Router
from services.network import CallerIn, Read, Write
from services.reports import Gives

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
router = Router(prefix="/v1/indicators", tags=["indicators"])
Grain = Literal["day", "week", "month", "quarter", "year"]
Status = Literal["actual", "exercise", "test"]


@router.get("")
def list_indicators(caller: CallerIn) -> list[IndicatorView]:
    """What the network watches, and what each indicator cannot tell."""
    caller.require("indicators:read")
    return [_view(one, caller.language) for one in catalogue()]


@router.get("/{code}/series")
def read_series(
    code: str,
    giving: Gives,
    db: Read,
    caller: CallerIn,
    place: str,
    first: Annotated[date, Query(alias="from", ge=EARLIEST, le=LATEST)],
    last: Annotated[date, Query(alias="to", ge=EARLIEST, le=LATEST)],
    grain: Grain = "month",
    status: Status = "actual",
) -> SeriesView:
    """A series at one place. Values are those that this caller's rights give: equal to a recount of what it sees."""
    caller.require("indicators:read")
    caller.require_status(status)
    indicator = service.get(code)
    if place not in vocabulary.places():
        raise Invalid(f"{place[:80]} is not a place of the pack.", field="place")
    found = service.series(db, caller, indicator, place=place, grain=grain, first=first, last=last, status=status)
    tlp = label(db, caller, indicator, places=[place], grain=grain, first=first, last=last, status=status)
    giving.counted(db, caller, tlp)
    return SeriesView(
        indicator=code,
        name=indicator.named(caller.language),
        unit=indicator.counted_in(caller.language),
        place=place,
        grain=grain,
        status=status,
        tlp=tlp,
        points=[Point(start=start, value=shown(indicator, value)) for start, value in found.points],
        attribution=indicator.attribution,
        retagging=retagging(db, caller, indicator),
    )


@router.get("/{code}/map")
def read_map(
    code: str,
    giving: Gives,
    db: Read,
    caller: CallerIn,
    start: Annotated[date, Query(ge=EARLIEST, le=LATEST)],
    level: Literal["country", "unit"] = "country",
    grain: Grain = "month",
    status: Status = "actual",
) -> MapView:
    """One bucket over all places of a level, as this caller's rights give it."""
    caller.require("indicators:read")
    caller.require_status(status)
    indicator = service.get(code)
    values = service.over_places(db, caller, indicator, level=level, grain=grain, start=start, status=status)
    places = vocabulary.places()
    tlp = label(db, caller, indicator, places=[*values], grain=grain, first=start, last=start, status=status)
    giving.counted(db, caller, tlp)
    return MapView(
        indicator=code,
        name=indicator.named(caller.language),
        unit=indicator.counted_in(caller.language),
        level=level,
        grain=grain,
        start=service.buckets(start, start, grain)[0],
        status=status,
        tlp=tlp,
        places=[
            PlaceValue(place=one, name=places.name(one, caller.language), value=shown(indicator, value))
            for one, value in values.items()
        ],
        attribution=indicator.attribution,
    )


@router.post("/{code}/observations")
def store_observations(code: str, body: NewObservations, db: Write, caller: CallerIn) -> Stored:
    """Store values of an external series."""
    caller.require("observations:write")
    return Stored(stored=service.observe(db, caller, service.get(code), body))


def shown(indicator: Indicator, value: int | None) -> float | None:
    """A stored whole number in the indicator's unit."""
    return None if value is None else value / indicator.scale


def _view(one: Indicator, language: str) -> IndicatorView:
    fields = one.model_dump(
        include={"code", "side", "source", "purpose", "cannot_tell", "harm", "review_on", "attribution"}
    )
    return IndicatorView(name=one.named(language), unit=one.counted_in(language), themes=list(one.themes), **fields)
