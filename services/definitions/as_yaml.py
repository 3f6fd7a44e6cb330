"""Definitions as YAML, for hands and for version control: written plainly, read with distrust, judged whole."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from pydantic import ValidationError

from services import texts
from services.definitions.definition import Fault, OwnDefinition, failing, faults, plain
from services.kernel import yaml_files
from services.kernel.errors import Invalid
from services.texts import Definition

MOST_BYTES = 131_072  # the largest of the pack has 8 kB
_MOST_TOLD = 50
_WIDTH = 160


class DefinitionNotValid(Invalid):
    """One or more parts break their rules; `errors` lists each."""

    title = "The definition is not valid"


def read(raw: bytes) -> OwnDefinition:
    """A definition from YAML or JSON.

    Raises:
        TooLarge: no definition needs that many bytes.
        Malformed: it is no YAML in UTF-8, or holds what a definition has no use for.
        DefinitionNotValid: a part breaks a rule.
    """
    body = yaml_files.distrusted(raw, most=MOST_BYTES, what="definition")
    body.pop("version", None)  # the number is ours to give
    return judged(body)


def judged(body: Mapping[str, Any]) -> OwnDefinition:
    """A definition from plain data, its examples not yet tried."""
    try:
        made = OwnDefinition.model_validate(body)
    except ValidationError as error:
        raise refusal([Fault(**one) for one in yaml_files.faults_of(error)]) from None
    if wrong := faults(made, texts.lexicon()):
        raise refusal(wrong)
    return made


def packed(code: str) -> dict[str, Any] | None:
    """The pack's definition of a theme as plain data; None where it has none."""
    found = texts.lexicon().find(code)
    return plain(found) if found is not None else None


def failures(wanted: Definition) -> DefinitionNotValid | None:
    """The examples of a definition that do not hold beside the pack's others, as a problem; None where all do."""
    wrong = failing(wanted, texts.worded([wanted]))
    return refusal(wrong) if wrong else None


def refusal(wrong: Sequence[Fault]) -> DefinitionNotValid:
    """Faults as a problem: parts and rules, never the values."""
    told = [{"field": one.field, "rule": one.rule} for one in wrong[:_MOST_TOLD]]
    first = wrong[0]
    return DefinitionNotValid(f"{first.field or 'the definition'}: {first.rule}.", field=first.field, errors=told)


def write(body: Mapping[str, Any]) -> str:
    """A definition, given as plain data, as YAML, which `read` reads back as it was. One of the pack that names no day
    of review gets an empty one: whoever writes the next version fills it in."""
    dated = body if "review_on" in body else _with_day(body)
    return str(yaml.dump(dict(dated), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH))


def _with_day(body: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, given in body.items():
        made[name] = given
        if name == "harm":
            made["review_on"] = None
    return made


class _Dumper(yaml.SafeDumper):
    """Rows of words on few lines, all else in blocks, and each part written out."""

    def ignore_aliases(self, _data: Any) -> bool:
        """What stands twice is written twice."""
        return True

    def represent_sequence(self, tag: Any, sequence: Any, flow_style: Any = None) -> Any:
        """A row of plain words stands in one line."""
        words = all(isinstance(one, str) for one in sequence)
        return super().represent_sequence(tag, sequence, flow_style=words or flow_style)
