"""Texts: what one says by itself, each finding with the words that led to it; no table, no session, no clock.

Language, themes, places, actors, documents, quantities, likeness; the words are data, in `lexicon/`.
"""

from services.texts.actors import Actors, Named
from services.texts.beside import with_answers, with_files
from services.texts.definitions import Definition, Example, Examples, Lexicon
from services.texts.duplicates import Sketch, likeness
from services.texts.evaluating import BadLine, Evaluation, Miss, judge, passages
from services.texts.evidence import Scheme, Span, Tag
from services.texts.folding import normalise
from services.texts.lexicon import Themes
from services.texts.sentences import sentences
from services.texts.shares import wilson
from services.texts.tagger import Tagged, compose, lexicon, not_judged, packed, read, tag, themes_in, worded
from services.texts.terms import parse as parse_term

__all__ = [
    "Actors",
    "BadLine",
    "Definition",
    "Evaluation",
    "Example",
    "Examples",
    "Lexicon",
    "Miss",
    "Named",
    "Scheme",
    "Sketch",
    "Span",
    "Tag",
    "Tagged",
    "Themes",
    "compose",
    "judge",
    "lexicon",
    "likeness",
    "normalise",
    "not_judged",
    "packed",
    "parse_term",
    "passages",
    "read",
    "sentences",
    "tag",
    "themes_in",
    "wilson",
    "with_answers",
    "with_files",
    "worded",
]
