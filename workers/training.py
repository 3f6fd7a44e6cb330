"""The operator's view of what was learned from analysts: figures for each theme, and what is used of it."""

from collections.abc import Iterator, Sequence
from typing import Any

from services import search
from services.kernel import db
from services.search import Lessons

VERDICTS = {
    "too little": "too little was said: nothing is learned",
    "not better": "not better than the words: it is not used",
    "better": "better than the words",
}


def lessons() -> Lessons:
    """What comes of learning; nothing is changed."""
    with db.reading() as session:
        return search.train(session)


def trained(found: Lessons) -> list[str]:
    """Use what is better from now on: the themes."""
    with db.transaction() as session:
        return search.use(session, found)


def told(found: Lessons) -> dict[str, Any]:
    """The figures by theme, shares as null where there is nothing to divide by."""
    return {
        theme: {
            "learned_from": {"holds": lesson.holds, "holds_not": lesson.holds_not},
            "held_out": {
                "words": _share(*lesson.words),
                "learned": _share(*lesson.learned) | {"between": lesson.between},
            },
            "verdict": lesson.verdict,
        }
        for theme, (lesson, _) in found.items()
    }


def _share(right: int, of: int) -> dict[str, Any]:
    return {"right": right, "of": of, "precision": right / of if of else None}


def lines(found: Lessons, used: Sequence[str] | None) -> Iterator[str]:
    """The figures as lines for a terminal, and what is used; None: nothing was changed."""
    if not found:
        yield "Nothing to learn from: no theme was judged of an actual CLEAR or GREEN report that the model has read."
        if not search.installed():
            yield f"{search.MODEL} is not installed: see docs/search.md."
    for theme, (lesson, _) in found.items():
        between = lesson.between
        interval = f" ({between[0]:.2f} to {between[1]:.2f})" if between else ""
        yield (
            f"{theme:<28} holds {lesson.holds}, not {lesson.holds_not}; held out: words {_of(lesson.words)}, "
            f"learned {_of(lesson.learned)}{interval}; {VERDICTS[lesson.verdict]}"
        )
    if used is None:
        yield "Nothing was changed." + (" To suggest by what is better: ewn tagging train --use" if found else "")
    else:
        yield f"Suggested by from now on: {', '.join(used) or 'none'}."


def _of(share: tuple[int, int]) -> str:
    return f"{share[0]}/{share[1]}"
