"""``ewn tagging definitions``: the pack's definitions as YAML, and whether one that was written keeps to the rules."""

from collections.abc import Iterator
from pathlib import Path

from services import texts
from services.definitions import DefinitionNotValid, failures, from_yaml, packed, to_yaml
from services.kernel.errors import Problem


class Refused(Exception):
    """It is not there, or not right."""


def export(code: str) -> str:
    """The pack's definition of a theme, as YAML.

    Raises:
        Refused: the pack has none of this code.
    """
    body = packed(code)
    if body is None:
        known = ", ".join(sorted(one.code for one in texts.lexicon().definitions))
        raise Refused(f"The pack has no definition {code[:80]}. It has: {known}")
    return to_yaml(body)


def check(file: Path) -> Iterator[str]:
    """A line for each rule that a definition breaks and each example that does not hold, beside the pack's others.

    Raises:
        Refused: it cannot be read, or some rule is broken.
    """
    try:
        made = from_yaml(file.read_bytes())
        if wrong := failures(made):
            raise wrong
    except DefinitionNotValid as reason:
        for one in reason.extra["errors"]:
            yield f"{one['field']}: {one['rule']}"
        raise Refused(f"{file} is not in order.") from None
    except (OSError, Problem) as reason:
        raise Refused(f"{file} cannot be read. {getattr(reason, 'detail', reason)}") from None
    examples = len(made.examples.positive) + len(made.examples.negative)
    yield f"{made.code} is in order: {examples} examples hold."
