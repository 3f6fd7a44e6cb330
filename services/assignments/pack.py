"""What the pack says of expected reports: kinds of organisation that none is expected of, and day-one templates."""

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from services import vocabulary
from services.assignments.periods import Grain
from services.kernel import yaml_files


class Template(BaseModel):
    """An assignment that the pack proposes for an organisation; none is made until somebody does."""

    organisation: str
    form: str
    period: Grain
    due_days: int
    due_hour: int
    place: str | None = None


def exempt() -> frozenset[str]:
    """The kinds of organisation that no report is expected of, and that no list of completeness names."""
    return frozenset(_read()["exempt_kinds"])


def templates() -> list[Template]:
    """What the pack proposes, by organisation: those that it names, and those of the kinds that it names."""
    found = []
    for one in _read()["templates"]:
        expected = {name: one[name] for name in Template.model_fields if name in one}
        named, kinds = one.get("organisations", ()), one.get("kinds", ())
        bodies = [body["slug"] for body in vocabulary.organisations() if body["slug"] in named or body["kind"] in kinds]
        found += [Template(organisation=slug, **expected) for slug in bodies]
    return found


def _read() -> dict[str, Any]:
    return _file(vocabulary.file("assignments.yaml"))


@cache
def _file(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml_files.read(path)
    return read
