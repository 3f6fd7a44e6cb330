"""Texts: what one says by itself, each finding with the words that led to it; no table, no session, no clock.

Language, themes, places, actors, documents, quantities, likeness; the words are data, in `lexicon/`.
"""

from services.texts.actors import Actors, Named
from services.texts.beside import with_answers, with_files
from services.texts.duplicates import Sketch, likeness
from services.texts.evaluating import BadLine, Evaluation, Miss, judge, passages
from services.texts.evidence import Scheme, Span, Tag
from services.texts.folding import normalise
from services.texts.sentences import sentences
from services.texts.shares import wilson
from services.texts.tagger import Tagged, compose, not_judged, read, tag, version_of
from services.texts.wording import WantedWord, as_asked, in_any_form, in_title, index_words, query_words, snippet

__all__ = [
    "Actors",
    "BadLine",
    "Evaluation",
    "Miss",
    "Named",
    "Scheme",
    "Sketch",
    "Span",
    "Tag",
    "Tagged",
    "WantedWord",
    "as_asked",
    "compose",
    "in_any_form",
    "in_title",
    "index_words",
    "judge",
    "likeness",
    "normalise",
    "not_judged",
    "passages",
    "query_words",
    "read",
    "sentences",
    "snippet",
    "tag",
    "version_of",
    "wilson",
    "with_answers",
    "with_files",
]
