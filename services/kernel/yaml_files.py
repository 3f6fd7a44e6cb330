"""YAML files as plain data, by the parser in C where there is one: it takes a tenth of the time."""

from pathlib import Path
from typing import Any

import yaml

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Any:
    """What a file holds.

    Raises:
        yaml.YAMLError: it is no YAML, or holds what is no plain data.
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_SAFE)  # noqa: S506 -- a safe loader in either case
