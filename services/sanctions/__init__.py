"""Sanctions: lists of groups, entities and persons that somebody designated, as imported, version by version."""

from services.sanctions.api import router
from services.sanctions.approving import decide, decides_on_lists, held
from services.sanctions.comparing import Difference, compare
from services.sanctions.listing import Entry, Listing, NotAList, parse
from services.sanctions.models import ListDecision, ListedEntry, SanctionsList
from services.sanctions.schemas import DecisionView, ListView, NewApproval
from services.sanctions.service import COUNCIL, Designated, Imported, Older, designated, import_list, lists

__all__ = [
    "COUNCIL",
    "DecisionView",
    "Designated",
    "Difference",
    "Entry",
    "Imported",
    "ListDecision",
    "ListView",
    "ListedEntry",
    "Listing",
    "NewApproval",
    "NotAList",
    "Older",
    "SanctionsList",
    "compare",
    "decide",
    "decides_on_lists",
    "designated",
    "held",
    "import_list",
    "lists",
    "parse",
    "router",
]
