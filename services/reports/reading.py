"""Bytes from outside become a checked body, or a problem that names the field and the rule."""

import json
import re
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from services.forms import Fault
from services.kernel.errors import Invalid, Malformed

T = TypeVar("T", bound=BaseModel)
_NAMED = re.compile(rb'"[ \t\r\n]*:')  # ends every name of an object, and may stand in a text: never too few


class NotValid(Invalid):
    """One or more fields break their rules; `errors` lists each."""

    title = "The report is not valid"


def parse(model: type[T], raw: bytes) -> T:
    """Read one JSON object strictly: UTF-8, no loose types, no unknown fields, no name twice.

    Raises:
        Malformed: it is not a JSON object in UTF-8.
        NotValid: a field breaks a rule.
    """
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"Byte {error.start} is not UTF-8: save the text as UTF-8.") from None
    try:
        body = model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise refusal(error) from None
    # Valid by now, so neither deep nor huge. A second reading by name, in Python, only where one may be given twice.
    if len(_NAMED.findall(raw)) > _names(from_json(raw)):
        json.loads(raw, object_pairs_hook=_once)
    return body


def _names(value: Any) -> int:
    """How many names the objects of a JSON value have; one given twice is one."""
    found = 0
    if type(value) is dict:  # JSON knows no other, and this is asked of every value of every report
        found, value = len(value), value.values()
    for one in value:
        if type(one) is dict or type(one) is list:
            found += _names(one)
    return found


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Refuse a name given twice: readers differ in which of the two they take (RFC 8259, section 4)."""
    names = {name for name, _ in pairs}
    if len(names) < len(pairs):
        given = [name for name, _ in pairs]
        twice = next(name for name in given if given.count(name) > 1)[:60]
        raise NotValid(f"{twice}: is given twice.", field=twice, errors=[{"field": twice, "rule": "is given twice"}])


def refusal(error: ValidationError) -> Malformed | NotValid:
    """A validation error as a problem: fields and rules, never the values."""
    faults = []
    for one in error.errors(include_url=False, include_input=False, include_context=False)[:50]:
        if one["type"] == "json_invalid":
            return Malformed(f"{one['msg']}.")
        rule = one["msg"].removeprefix("Value error, ")
        faults.append({"field": ".".join(str(part)[:60] for part in one["loc"]), "rule": rule})
    return _not_valid(faults)


def broken(faults: Sequence[Fault]) -> NotValid | None:
    """Where a report breaks the rules of its form, as the same problem; None where it breaks none."""
    return _not_valid([{"field": one.field, "rule": one.rule} for one in faults[:50]]) if faults else None


def _not_valid(faults: list[dict[str, str]]) -> NotValid:
    first = faults[0]
    return NotValid(f"{first['field'] or 'the report'}: {first['rule']}.", field=first["field"], errors=faults)
