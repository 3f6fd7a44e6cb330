"""Search: reports found by their words, or suggested by what they mean, among those that the caller sees."""

from services.search.api import router
from services.search.encoding import MODEL, installed
from services.search.meanings import forget_meanings, make, meanings_due
from services.search.models import Meaning
from services.search.schemas import FoundPage, HintsView, Hit, SnippetView, ThemeHint
from services.search.service import MOST_WORDS, NoWords, TooManyWords, find
from services.search.suggesting import MeaningNotInstalled, by_meaning, hints

__all__ = [
    "MODEL",
    "MOST_WORDS",
    "FoundPage",
    "HintsView",
    "Hit",
    "Meaning",
    "MeaningNotInstalled",
    "NoWords",
    "SnippetView",
    "ThemeHint",
    "TooManyWords",
    "by_meaning",
    "find",
    "forget_meanings",
    "hints",
    "installed",
    "make",
    "meanings_due",
    "router",
]
