"""What tagging says of a text: tags, each with the words that led to it."""

from dataclasses import dataclass
from typing import Literal

Scheme = Literal["language", "theme", "country", "unit", "town", "actor", "listed_person", "reference", "quantity"]
Method = Literal["lexicon", "gazetteer", "model", "rule", "sender", "analyst"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. Spans are code-point pairs over the composed text (NFC), or over the words of the `attachment` or
    `answer` that is named; only a sender's or analyst's tag has none.

    `confidence` is 0 to 1; `version` is that of the definition or rules that gave the tag.
    """

    scheme: Scheme
    value: str
    confidence: float
    method: Method
    spans: tuple[Span, ...]
    version: str
    attachment: str = ""
    answer: str = ""
