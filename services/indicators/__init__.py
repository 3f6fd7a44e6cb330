"""Indicators: what the network watches, counted exactly for each viewer."""

from services.indicators.api import router, shown
from services.indicators.catalogue import Facts, Indicator, catalogue, contributions
from services.indicators.cataloguing import catalogues
from services.indicators.counting import Pattern, Told, bucket, components, fold, following
from services.indicators.freezing import Frozen, Seen, as_frozen, freeze, seen, without
from services.indicators.history import as_of, mark, moved, plain, told_from, unfrozen
from services.indicators.labels import label, strictest_told
from services.indicators.models import Cell, Observation, Overlap, PatternRow, Tally
from services.indicators.retagging import being_retagged, retagging, told_by_themes
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
    "Told",
    "as_frozen",
    "as_of",
    "being_retagged",
    "bucket",
    "buckets",
    "catalogue",
    "catalogues",
    "components",
    "contributions",
    "fold",
    "following",
    "freeze",
    "get",
    "label",
    "latest",
    "mark",
    "moved",
    "observe",
    "over_places",
    "plain",
    "plan",
    "retagging",
    "router",
    "seen",
    "series",
    "shown",
    "strictest_told",
    "told_by_themes",
    "told_from",
    "unfrozen",
    "without",
    "write",
]
