"""A report's words as they are read: cleaned, with what is personal in them known, and traceable to the original."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.screening.cleaning import DONE, clean
from services.screening.finding import Found, found_in
from services.screening.finding import masked as covered
from services.screening.offsets import Cleaned, Span

DEAR = 50  # groups of digits


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its original, its cleaned reading, and what is personal in that reading."""

    original: str
    cleaned: Cleaned
    inside: tuple[Found, ...]
    groups: int

    @property
    def found(self) -> list[Found]:
        """What is personal, by its spans in the original."""
        return [Found(*self.cleaned.back(one.start, one.end), one.kind) for one in self.inside]

    def shown(self, *, masked: bool) -> str:
        """What a reader is given."""
        return covered(self.cleaned.text, self.inside) if masked else self.cleaned.text


@dataclass(frozen=True, slots=True)
class Reading:
    """Title and text of a report. Spans of both together are over title, one line break, text."""

    title: Field
    text: Field

    @property
    def done(self) -> list[str]:
        """What was done to make it readable."""
        return [one for one in DONE if one in self.title.cleaned.done or one in self.text.cleaned.done]

    @property
    def personal(self) -> bool:
        """Whether anything of the kinds looked for was found."""
        return bool(self.title.inside or self.text.inside)

    @property
    def dear(self) -> bool:
        """Whether this took so long that it is better kept than made again."""
        return self.title.groups + self.text.groups > DEAR

    def shown(self, *, masked: bool) -> tuple[str, str]:
        """Title and text, as a reader is given them."""
        return self.title.shown(masked=masked), self.text.shown(masked=masked)

    def whole(self, *, masked: bool) -> str:
        """The same as one, with a line break between."""
        return "\n".join(self.shown(masked=masked))

    def back(self, span: Span) -> Span:
        """The span of the original that a span (not empty) of the reading stands for."""
        start, end = span
        return self._back(start)[0], self._back(end - 1)[1]

    def forth(self, spans: Iterable[Sequence[int]]) -> list[Span]:
        """Where spans of the original stand in the reading; those of which nothing is left are left out."""
        if not self.done:
            return [(start, end) for start, end in spans]
        moved = (self._forth(start, end) for start, end in spans)
        return [span for span in moved if span[0] < span[1]]

    def _back(self, place: int) -> Span:
        """The span of the original that one character of the reading stands for."""
        long = len(self.title.cleaned.text)
        if place < long:
            return self.title.cleaned.back(place, place + 1)
        original = len(self.title.original)
        if place == long:
            return original, original + 1
        start, end = self.text.cleaned.back(place - long - 1, place - long)
        return start + original + 1, end + original + 1

    def _forth(self, start: int, end: int) -> Span:
        original, long = len(self.title.original), len(self.title.cleaned.text)
        if end <= original:
            return self.title.cleaned.forth(start, end)
        low, high = self.text.cleaned.forth(max(0, start - original - 1), end - original - 1)
        if start <= original:
            return self.title.cleaned.forth(start, original)[0], high + long + 1
        return low + long + 1, high + long + 1


def read(title: str, text: str) -> Reading:
    """A report's words, cleaned and screened. Pure; its time grows with their length alone."""
    return Reading(_field(title), _field(text))


def traced(title: str, text: str) -> Reading:
    """The same, cleaned and not screened, which takes most of the time: for the places of spans alone."""
    return Reading(_traced(title), _traced(text))


def told(words: str) -> str:
    """Words as others than their owner are given them: cleaned, and masked."""
    return _field(words).shown(masked=True)


def as_read(words: str, *, own: bool) -> str:
    """Words as their own organisation reads them, as it wrote them; as others do, masked."""
    return words if own else told(words)


def told_values(value: Any) -> Any:
    """The same value with all words in it as `told` gives them."""
    if isinstance(value, str):
        return told(value)
    if isinstance(value, Mapping):
        return {key: told_values(one) for key, one in value.items()}
    return [told_values(one) for one in value] if isinstance(value, list | tuple) else value


def find(words: str) -> list[Found]:
    """What is personal in words as they came, by its spans in them. It is never all: names are not looked for."""
    return _field(words).found


def _traced(words: str) -> Field:
    return Field(words, clean(words), (), 0)


def _field(words: str) -> Field:
    cleaned = clean(words)
    return Field(words, cleaned, *found_in(cleaned.text))
