"""What a definition may find of the subjects that none may tell of: not what its terms write, but what they reach."""

from collections import defaultdict
from functools import lru_cache

from services import forms
from services.texts import Groups, Term, folded, in_script, parse_term

_KEY = 2  # letters: as many as the stem of an open word has at least
_LACKING = 2  # letters of a refused word that a stem may lack and still mean it; lacking more it means others as well


def refused_by(term: str, language: str | None, groups: Groups) -> str | None:
    """The refused subject of which a term may find a word, or None.

    As it is written, without what folding leaves out, by the endings that it leaves open (`hij*` finds what `hijab`
    names), and in the second script of its language. Raises ValueError for what is no term.
    """
    letters = groups.scripts.get(language or "")
    for form in (term, in_script(term, letters)) if letters else (term,):
        if subject := forms.refused_in(form) or _reached(form, language, groups):
            return subject
    return None


def open_term(term: str, language: str | None, groups: Groups) -> Term:
    """A term as it is looked for: a star stands for as many letters as endings have in its language."""
    longest = groups.endings.get(language or "", max(groups.endings.values()))
    return parse_term(term.replace("*", f"/{longest}"))


def _reached(term: str, language: str | None, groups: Groups) -> str | None:
    parts = open_term(term, language, groups).parts
    rows = _rows(tuple(forms.refused_rows()))
    for first, part in enumerate(parts):
        for subject, row in rows.get(part.stem[:_KEY], ()):
            some = parts[first : first + len(row)]
            if len(some) == len(row) and all(
                _reaches(one.stem, one.suffix, word) for one, word in zip(some, row, strict=True)
            ):
                return subject
    return None


def _reaches(stem: str, more: int, word: str) -> bool:
    """Whether a stem, open for so many letters more, means a word that begins so."""
    return stem.startswith(word) or (word.startswith(stem) and len(word) - len(stem) <= min(more, _LACKING))


@lru_cache(maxsize=2)
def _rows(listed: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """By the first letters of their first words, folded as terms are."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for subject, row in listed:
        words = tuple(folded(word) for word in row)
        found[words[0][:_KEY]].append((subject, words))
    return found
