"""The judgement fields of a form: what was typed as the API takes it, and what the linter says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services import weighing

FIELDS = ("judgement_statement", "judgement_word", "judgement_confidence")


@dataclass(frozen=True, slots=True)
class Advice:
    """A finding with the words that it is about; none where it is about the whole."""

    words: str
    advice: str


def judgement(typed: Callable[[str], str]) -> dict[str, Any] | None:
    """The judgement that the fields hold, as the body of a report has it; None where all are empty. The likelihood is
    chosen as scale:word."""
    given = {name: typed(name).strip() for name in FIELDS}
    if not any(given.values()):
        return None
    scale, _, word = given["judgement_word"].partition(":")
    return {
        "statement": given["judgement_statement"],
        "scale": scale,
        "word": word,
        "confidence": given["judgement_confidence"],
    }


def advice(statement: str, scale: str | None, language: str) -> list[Advice]:
    """What the linter says of a statement. It warns; whoever sends it decides."""
    if not statement.strip():
        return []
    asked = {"text": statement, "scale": scale or None, "language": language}
    found = weighing.look_over(weighing.JudgementText.model_validate(asked))
    return [
        Advice("" if one.rule == "no-word" else statement[one.start : one.end], one.advice) for one in found.findings
    ]
