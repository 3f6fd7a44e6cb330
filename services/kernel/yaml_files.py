"""YAML as plain data: our own files by the parser in C, which takes a tenth of the time; others' with distrust."""

from pathlib import Path
from typing import Any

import yaml

from services.kernel.errors import Malformed, TooLarge

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Any:
    """What a file holds.

    Raises:
        yaml.YAMLError: it is no YAML, or holds what is no plain data.
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_SAFE)  # noqa: S506 -- a safe loader in either case


class _Distrustful(yaml.SafeLoader):
    """Plain values, each written out: no alias, by which a short text could stand for a huge one, and no name twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("holds an alias (*): write it out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        found = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len({str(one) for one in found}) < len(found):
            raise yaml.YAMLError("gives a name twice")
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made


def distrusted(raw: bytes, *, most: int, what: str) -> dict[str, Any]:
    """What somebody sent as YAML or JSON: a mapping by names. `what` it should be, as refusals call it.

    Raises:
        TooLarge: it has more than `most` bytes.
        Malformed: it is no YAML in UTF-8, no mapping, or holds what plain data has no use for.
    """
    if len(raw) > most:
        raise TooLarge(f"A {what} may have {most} bytes.")
    try:
        text = raw.decode("utf-8-sig")
        body = yaml.load(text, Loader=_Distrustful)  # noqa: S506 -- a safe loader made stricter
    except UnicodeDecodeError as error:
        raise Malformed(f"Byte {error.start} is not UTF-8: save the {what} as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"Line {mark.line + 1}: " if mark is not None else ""
        said = getattr(error, "problem", None) or "; ".join(str(one) for one in error.args if isinstance(one, str))
        raise Malformed(f"{where}{said or 'not readable as YAML'}."[:300]) from None
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError):
        raise Malformed("A value is no number, day or text that YAML knows, or parts stand too deep.") from None
    if not isinstance(body, dict) or not all(isinstance(name, str) for name in body):
        raise Malformed(f"A {what} is a mapping of its parts, such as code and purpose, by their names.")
    return body


def faults_of(error: Any) -> list[dict[str, str]]:
    """A validation error as parts and rules, never the values."""
    found = []
    for one in error.errors(include_url=False, include_input=False, include_context=False)[:50]:
        field = ".".join(str(part)[:60] for part in one["loc"])
        found.append({"field": field, "rule": one["msg"].removeprefix("Value error, ")})
    return found
