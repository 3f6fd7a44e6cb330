"""Search: reports found by their words, best first, among those that the caller sees."""

from services.search.api import router
from services.search.schemas import FoundPage, Hit, SnippetView
from services.search.service import NoWords, TooManyWords, find

__all__ = ["FoundPage", "Hit", "NoWords", "SnippetView", "TooManyWords", "find", "router"]
