"""Indicators: what the network watches, counted exactly for each viewer."""

from services.indicators.api import router, shown
from services.indicators.catalogue import Facts, Indicator, catalogue, contributions
from services.indicators.counting import Pattern, bucket, components, fold, following
from services.indicators.freezing import Frozen, Seen, freeze, seen
from services.indicators.models import Cell, Observation, Overlap, PatternRow, Tally
from services.indicators.schemas import NewObservation, NewObservations
from services.indicators.service import NoSuchIndicator, Series, buckets, get, latest, observe, over_places, series
from services.indicators.tallying import Plan, plan, write

__all__ = [
    "Cell",
    "Facts",
    "Frozen",
    "Indicator",
    "NewObservation",
    "NewObservations",
    "NoSuchIndicator",
    "Observation",
    "Overlap",
    "Pattern",
    "PatternRow",
    "Plan",
    "Seen",
    "Series",
    "Tally",
    "bucket",
    "buckets",
    "catalogue",
    "components",
    "contributions",
    "fold",
    "following",
    "freeze",
    "get",
    "latest",
    "observe",
    "over_places",
    "plan",
    "router",
    "seen",
    "series",
    "shown",
    "write",
]
