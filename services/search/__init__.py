"""Search: reports found by their words, best first, among those that the caller sees."""

from services.search.api import router
from services.search.schemas import FoundPage, Hit, SnippetView
from services.search.service import MOST_WORDS, NoWords, TooManyWords, find

__all__ = ["MOST_WORDS", "FoundPage", "Hit", "NoWords", "SnippetView", "TooManyWords", "find", "router"]
