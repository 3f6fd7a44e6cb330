"""Sanctions: lists of groups, entities and persons that somebody designated, as imported, version by version."""

from services.sanctions.comparing import Difference, compare
from services.sanctions.listing import Entry, Listing, NotAList, parse
from services.sanctions.models import ListedEntry, SanctionsList
from services.sanctions.service import COUNCIL, Designated, Imported, Older, designated, import_list, lists

__all__ = [
    "COUNCIL",
    "Designated",
    "Difference",
    "Entry",
    "Imported",
    "ListedEntry",
    "Listing",
    "NotAList",
    "Older",
    "SanctionsList",
    "compare",
    "designated",
    "import_list",
    "lists",
    "parse",
]
