"""Forms as YAML, for hands and for version control: written plainly, read with distrust."""

from typing import Any

import yaml
from pydantic import ValidationError

from services.forms.definition import Definition, plain
from services.kernel import yaml_files
from services.kernel.errors import Invalid

MOST_BYTES = 65_536  # the largest form of the pack has 8 kB
_WIDTH = 140


class FormNotValid(Invalid):
    """One or more parts break their rules; `errors` lists each."""

    title = "The form is not valid"


def read(raw: bytes) -> Definition:
    """A definition from YAML or JSON.

    Raises:
        TooLarge: no form needs that many bytes.
        Malformed: it is no YAML in UTF-8, or holds what a form has no use for.
        FormNotValid: a part breaks a rule.
    """
    body = yaml_files.distrusted(raw, most=MOST_BYTES, what="form")
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
    faults = yaml_files.faults_of(error)
    first = faults[0]
    return FormNotValid(f"{first['field'] or 'the form'}: {first['rule']}.", field=first["field"], errors=faults)


def write(form: Definition) -> str:
    """A form as YAML, which `read` reads back as it was. The version is not part of it."""
    text: str = yaml.safe_dump(plain(form), allow_unicode=True, sort_keys=False, width=_WIDTH)
    return text
