"""A report's text with the words behind its tags: cut into pieces, each with the numbers of the tags it led to."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from services import desk, vocabulary
from services.tagging import Designation, TaggedReport, TagView
from services.texts import Themes

Sureness = Literal["low", "moderate", "high"]
_HIGH = 0.9  # confidence: of what nothing else in the text speaks against


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. `tags` are numbers of tags, empty for plain text; `cited` those that end with this piece."""

    text: str
    tags: tuple[int, ...]
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a report is about, once: its number, how each tag that says so was come by, the words that led to it."""

    number: int
    scheme: str
    value: str
    methods: tuple[str, ...]
    confidence: float
    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    files: tuple[str, ...]
    """The names of the files in whose words it was found."""
    answers: tuple[str, ...]
    """The questions in whose answers it was found."""
    name: str
    """What an actor is called."""
    designated: Designation | None
    versions: tuple[str, ...]
    """Of the definitions or rules that gave it."""
    learned: bool = False
    """Whether it was told by learned words together, and by no word of its definition (docs/adr/0031)."""

    @property
    def sure(self) -> Sureness:
        """How sure it is, in the steps that are shown."""
        return sureness(self.confidence)


def sureness(confidence: float) -> Sureness:
    """A tag's confidence in three steps; low is what the desk has a look at."""
    return "low" if confidence < desk.LOW else "moderate" if confidence < _HIGH else "high"


def spoken(report: TaggedReport) -> str | None:
    """The language of a report: declared by its sender, else found; None where neither is known."""
    found = [tag.value for tag in report.tags if tag.scheme == "language"]
    return report.language or next((one for one in found if vocabulary.languages()[one].scripts), None)


def place_of(report: TaggedReport) -> str | None:
    """Where it was: given by its sender, else the most exact of the places found."""
    levels = (vocabulary.COUNTRY, vocabulary.UNIT, vocabulary.TOWN)
    found = [(levels.index(tag.scheme), tag.value) for tag in report.tags if tag.scheme in levels]
    return report.place or max(found, default=(0, None))[1]


def themes_of(report: TaggedReport) -> list[str]:
    """What it is about: themes given by its sender, then those found."""
    return list(dict.fromkeys([*report.themes, *(tag.value for tag in report.tags if tag.scheme == "theme")]))


def sure_of(report: TaggedReport, value: str) -> Sureness:
    """How sure it is that a theme or place is what a report is about; what its sender gave is not doubted."""
    found = [tag.confidence for tag in report.tags if tag.value == value]
    return sureness(1.0 if value in (*report.themes, report.place) else max(found, default=1.0))


def told(
    report: TaggedReport,
    files: Mapping[str, str] | None = None,
    questions: Mapping[str, str] | None = None,
    *,
    wording: Themes,
) -> list[Told]:
    """What a report is about in the order in which its tags are listed, numbered from 1. What its sender gave and its
    text says too is listed once. `files`: the names of its files by their references; `questions`: what was asked,
    by code; `wording`: what tells themes now."""
    named, asked = files or {}, questions or {}
    whole = f"{report.title}\n{report.text}"
    same: dict[tuple[str, str], list[TagView]] = {}
    for tag in report.tags:
        same.setdefault((tag.scheme, tag.value), []).append(tag)
    found = []
    for number, ((scheme, value), tags) in enumerate(same.items(), 1):
        methods = tuple(dict.fromkeys(tag.method for tag in tags))
        rests_on_all = scheme == "language"
        own = [tag for tag in tags if not (tag.attachment or tag.answer or rests_on_all)]
        spans = tuple(sorted({span for tag in own for span in tag.spans}))
        words = tuple(dict.fromkeys(whole[start:end].strip() for start, end in spans))
        within = tuple(dict.fromkeys(named[tag.attachment] for tag in tags if tag.attachment in named))
        codes = dict.fromkeys(tag.answer.rpartition(".")[0] for tag in tags)
        answers = tuple(asked[code] for code in codes if code in asked)
        sure = max(tag.confidence for tag in tags)
        versions = tuple(dict.fromkeys(tag.version for tag in tags if tag.version != tag.method))
        by_words = [tag for tag in tags if (tag.scheme, tag.method) == ("theme", "lexicon")]
        learned = bool(by_words) and all(_learned(tag, whole, wording) for tag in by_words)
        about = (tags[0].name, tags[0].designated, versions, learned)
        found.append(Told(number, scheme, value, methods, sure, spans, words, within, answers, *about))
    return found


def _learned(tag: TagView, whole: str, wording: Themes) -> bool:
    pieces = [] if tag.attachment or tag.answer else [whole[start:end] for start, end in tag.spans]
    return wording.by_learned(tag.value, tag.version, tag.confidence, pieces)


def pieces(report: TaggedReport, tags: Sequence[Told]) -> list[Piece]:
    """The text of a report (without its title) cut where the words behind a tag begin or end."""
    return cut(report.text, len(report.title) + 1, tags)


def cut(text: str, offset: int, tags: Sequence[Told]) -> list[Piece]:
    """A text that begins at this place of what the spans are over, cut in the same way. A text may name one town
    thousands of times: it is gone through once."""
    length = len(text)
    begins: dict[int, list[int]] = defaultdict(list)
    ends: dict[int, list[int]] = defaultdict(list)
    for one in tags:
        for start, end in one.spans:
            low, high = max(0, start - offset), min(length, end - offset)
            if low < high:
                begins[low].append(one.number)
                ends[high].append(one.number)
    over = Counter[int]()
    made = []
    for low, high in pairwise(sorted({0, length, *begins, *ends})):
        over.subtract(ends[low])
        over.update(begins[low])
        over = +over
        made.append(Piece(text[low:high], tuple(sorted(over)), tuple(sorted(set(ends[high])))))
    return made
