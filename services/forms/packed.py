"""The forms of the pack: a folder of YAML files, each a form's first version."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from services import vocabulary
from services.forms.definition import Form
from services.forms.kinds import ALWAYS, CHOSEN, CORRECTS
from services.kernel import yaml_files

_NAME = re.compile("^[a-z][a-z0-9-]*$")


def packed() -> tuple[Form, ...]:
    """The pack's forms, in the order of their names in the folder's `order.yaml`, the rest after those.

    Raises:
        ValueError: a file is no valid form, or its name is not its code.
    """
    return _read(vocabulary.file("forms"))


@lru_cache(maxsize=4)
def _read(folder: Path) -> tuple[Form, ...]:
    order = folder / "order.yaml"
    first = yaml_files.read(order) if order.exists() else []
    made = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem != "order":
            form = Form.model_validate({"version": 1, **yaml_files.read(path)})
            if form.code != path.stem or not _NAME.match(path.stem):
                raise ValueError(f"{path.name}: the name of the file is not the form's code")
            made[form.code] = form
    return tuple(made[code] for code in [*(one for one in first if one in made), *(c for c in made if c not in first)])


def core() -> dict[str, dict[str, Any]]:
    """Names and guidance of the fields that all forms share, by field and language."""
    return _core(vocabulary.file("form-core.yaml"))


@lru_cache(maxsize=4)
def _core(path: Path) -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = yaml_files.read(path)
    if missing := {*ALWAYS, *CHOSEN, CORRECTS} - read.keys():
        raise ValueError(f"{path.name} does not name {sorted(missing)}")
    return read
