"""Search: reports found by their words, or suggested by what they mean, among those that the caller sees."""

from services.search.api import router
from services.search.encoding import MODEL, installed
from services.search.learning import Lesson
from services.search.meanings import forget_meanings, make, meanings_due
from services.search.models import Learned, LearnedFrom, Meaning
from services.search.schemas import FoundPage, HintsView, Hit, SnippetView, ThemeHint
from services.search.service import MOST_WORDS, NoWords, TooManyWords, find
from services.search.suggesting import MeaningNotInstalled, by_meaning, hints
from services.search.training import Lessons, forget_learned, train, use

__all__ = [
    "MODEL",
    "MOST_WORDS",
    "FoundPage",
    "HintsView",
    "Hit",
    "Learned",
    "LearnedFrom",
    "Lesson",
    "Lessons",
    "Meaning",
    "MeaningNotInstalled",
    "NoWords",
    "SnippetView",
    "ThemeHint",
    "TooManyWords",
    "by_meaning",
    "find",
    "forget_learned",
    "forget_meanings",
    "hints",
    "installed",
    "make",
    "meanings_due",
    "router",
    "train",
    "use",
]
