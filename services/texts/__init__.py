"""Texts: what one says by itself, each finding with the words that led to it; no table, no session, no clock.

Language, themes, places, actors, documents, quantities, likeness; the words are data, in `lexicon/`.
"""

from services.texts.actors import Actors, Named
from services.texts.beside import with_answers, with_files
from services.texts.cues import in_script
from services.texts.definitions import Definition, Example, Examples, Groups, Lexicon
from services.texts.duplicates import Sketch, likeness
from services.texts.evaluating import BadLine, Evaluation, Miss, judge, passages
from services.texts.evidence import Scheme, Span, Tag
from services.texts.folding import folded, normalise
from services.texts.lexicon import Themes
from services.texts.sentences import sentences
from services.texts.shares import wilson
from services.texts.tagger import (
    Tagged,
    abroad_in,
    compose,
    gazetteer,
    lexicon,
    not_judged,
    packed,
    read,
    ready,
    tag,
    themes_in,
    version_of,
    worded,
)
from services.texts.terms import Term
from services.texts.terms import parse as parse_term
from services.texts.wording import WantedWord, as_asked, in_any_form, in_title, index_words, query_words, snippet

__all__ = [
    "Actors",
    "BadLine",
    "Definition",
    "Evaluation",
    "Example",
    "Examples",
    "Groups",
    "Lexicon",
    "Miss",
    "Named",
    "Scheme",
    "Sketch",
    "Span",
    "Tag",
    "Tagged",
    "Term",
    "Themes",
    "WantedWord",
    "abroad_in",
    "as_asked",
    "compose",
    "folded",
    "gazetteer",
    "in_any_form",
    "in_script",
    "in_title",
    "index_words",
    "judge",
    "lexicon",
    "likeness",
    "normalise",
    "not_judged",
    "packed",
    "parse_term",
    "passages",
    "query_words",
    "read",
    "ready",
    "sentences",
    "snippet",
    "tag",
    "themes_in",
    "version_of",
    "wilson",
    "with_answers",
    "with_files",
    "worded",
]
