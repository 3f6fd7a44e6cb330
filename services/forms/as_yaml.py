"""Forms as YAML, for hands and for version control: written plainly, read with distrust."""

from typing import Any

import yaml
from pydantic import ValidationError

from services.forms.definition import Definition, plain
from services.kernel.errors import Invalid, Malformed, TooLarge

MOST_BYTES = 65_536  # the largest form of the pack has 8 kB
_WIDTH = 140


class FormNotValid(Invalid):
    """One or more parts break their rules; `errors` lists each."""

    title = "The form is not valid"


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


def read(raw: bytes) -> Definition:
    """A definition from YAML or JSON.

    Raises:
        TooLarge: no form needs that many bytes.
        Malformed: it is no YAML in UTF-8, or holds what a form has no use for.
        FormNotValid: a part breaks a rule.
    """
    if len(raw) > MOST_BYTES:
        raise TooLarge(f"A form may have {MOST_BYTES} bytes.")
    try:
        text = raw.decode("utf-8-sig")
        body = yaml.load(text, Loader=_Distrustful)  # noqa: S506 -- a safe loader made stricter
    except UnicodeDecodeError as error:
        raise Malformed(f"Byte {error.start} is not UTF-8: save the form as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"Line {mark.line + 1}: " if mark is not None else ""
        said = getattr(error, "problem", None) or "; ".join(str(one) for one in error.args if isinstance(one, str))
        raise Malformed(f"{where}{said or 'not readable as YAML'}."[:300]) from None
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError):
        raise Malformed("A value is no number, day or text that YAML knows, or parts stand too deep.") from None
    if not isinstance(body, dict) or not all(isinstance(name, str) for name in body):
        raise Malformed("A form is a mapping: code, kind, title and so on.")
    body.pop("version", None)  # as written by us: the number is ours to give
    body.pop("state", None)
    return judged(body)


def judged(body: dict[str, Any]) -> Definition:
    """A definition from plain data."""
    try:
        return Definition.model_validate(body)
    except ValidationError as error:
        raise refusal(error) from None


def refusal(error: ValidationError) -> FormNotValid:
    """A validation error as a problem: parts and rules, never the values."""
    faults = []
    for one in error.errors(include_url=False, include_input=False, include_context=False)[:50]:
        field = ".".join(str(part)[:60] for part in one["loc"])
        faults.append({"field": field, "rule": one["msg"].removeprefix("Value error, ")})
    first = faults[0]
    return FormNotValid(f"{first['field'] or 'the form'}: {first['rule']}.", field=first["field"], errors=faults)


def write(form: Definition) -> str:
    """A form as YAML, which `read` reads back as it was. The version is not part of it."""
    text: str = yaml.safe_dump(plain(form), allow_unicode=True, sort_keys=False, width=_WIDTH)
    return text
