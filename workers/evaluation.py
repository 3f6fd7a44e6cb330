"""The operator's view of how well tagging does: a file of labelled passages, judged and told in lines."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from services.texts import Evaluation, Miss, judge, not_judged, packed, passages


def evaluate(
    file: Path, *, each: Callable[[Miss], None] | None = None, warn: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """The figures of a file of JSON lines, read one line at a time; `each` is told what was wrong as it is found, and
    `warn` of themes that nothing could find, once each.

    Raises OSError, UnicodeDecodeError or `BadLine` where the file cannot be used.
    """
    evaluation = Evaluation(not_judged())
    known = set(packed().versions)
    with file.open(encoding="utf-8") as lines:
        for passage in passages(lines):
            for theme in sorted(passage.themes - known):
                known.add(theme)
                warn(f"{passage.id}: there is no definition of a theme {theme}; it counts as missed.")
            outcome = judge(passage)
            evaluation.add(outcome)
            if each:
                for miss in outcome.misses():
                    each(miss)
    return evaluation.told()


def table(told: dict[str, Any]) -> Iterator[str]:
    """The figures as lines for a terminal, each with its interval at 95 %."""
    for language, figures in [*told["languages"].items(), ("all", told["all"])]:
        accuracy = figures["language"]
        many = "passage" if accuracy["passages"] == 1 else "passages"
        yield f"{language}  {accuracy['passages']} {many}, language {_with(accuracy, 'accuracy')}"
        for scheme in ("themes", "countries", "subdivisions"):
            for mean in ("micro", "macro"):
                shown = "  ".join(
                    f"{name} {_with(figures[scheme], f'{name}_{mean}')}" for name in ("precision", "recall", "f1")
                )
                yield f"    {scheme:<12} {mean}  {shown}"
            yield f"    {scheme:<12} all of a passage right {_with(figures[scheme], 'exact')}"
    for theme, scores in told["themes"].items():
        counts = f"right {scores['right']}, wrong {scores['wrong']}, missed {scores['missed']}"
        counts += "" if scores["judged"] else "; not yet judged, in no total"
        shown = "  ".join(f"{name} {_with(scores, name)}" for name in ("precision", "recall", "f1"))
        yield f"{theme:<28} {shown}  ({counts})"


def line(miss: Miss) -> str:
    """What was wrong of one passage, with the words that led to what should not have been given."""
    wrong = (f"{value} by {', '.join(map(repr, words)) or 'no words'}" for value, words in miss.given.items())
    parts = [f"missed {', '.join(miss.missed)}"] if miss.missed else []
    return f"{miss.id}  {miss.scheme}: {'; '.join([*parts, *(f'wrong {one}' for one in wrong)])}"


def _with(figures: dict[str, Any], name: str) -> str:
    value, interval = figures[name], figures[f"{name}_interval"]
    if value is None or interval is None:
        return "none"
    return f"{value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"
