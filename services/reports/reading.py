"""Bytes from outside become a checked body, or a problem that names the field and the rule."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from services.kernel.errors import Invalid, Malformed

T = TypeVar("T", bound=BaseModel)


class NotValid(Invalid):
    """One or more fields break their rules; `errors` lists each."""

    title = "The report is not valid"


def parse(model: type[T], raw: bytes) -> T:
    """Read one JSON object strictly: UTF-8, no loose types, no unknown fields.

    Raises:
        Malformed: it is not a JSON object in UTF-8.
        NotValid: a field breaks a rule.
    """
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"Byte {error.start} is not UTF-8: save the text as UTF-8.") from None
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise refusal(error) from None


def refusal(error: ValidationError) -> Malformed | NotValid:
    """A validation error as a problem: fields and rules, never the values."""
    faults = []
    for one in error.errors(include_url=False, include_input=False, include_context=False)[:50]:
        if one["type"] == "json_invalid":
            return Malformed(f"{one['msg']}.")
        rule = one["msg"].removeprefix("Value error, ")
        faults.append({"field": ".".join(str(part)[:60] for part in one["loc"]), "rule": rule})
    first = faults[0]
    return NotValid(f"{first['field'] or 'the report'}: {first['rule']}.", field=first["field"], errors=faults)
