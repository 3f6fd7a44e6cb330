"""What all operations have in common in the OpenAPI document: who may call, and how each of them refuses."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from services.kernel import errors

METHODS = ("get", "put", "post", "patch", "delete")
ALWAYS = (
    errors.Malformed, errors.Unauthenticated, errors.Forbidden, errors.AddressTooLong, errors.Invalid, errors.TooMany,
    errors.HeadersTooLarge, errors.TooBusy,
)  # fmt: skip
NAMED = (errors.NotFound,)  # where the path, the query or the body may name a thing
WRITTEN = (errors.Conflict,)  # where something is changed
SENT = (errors.TooSlow, errors.TooLarge, errors.UnsupportedType)  # where a body is sent
REFERENCE = "#/components/schemas/{model}"


class Fault(BaseModel):
    """One field that breaks its rule; the value that was sent is not repeated."""

    field: str
    rule: str


class ProblemDocument(BaseModel):
    """A refusal (RFC 9457). `type` is the address of its entry on a page of the service; some problems say more."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str | None = None
    field: str | None = Field(default=None, description="The field, parameter or header at fault; dots lead inwards.")
    errors: list[Fault] | None = Field(default=None, description="All faults, where a body or query was checked.")


def complete(document: dict[str, Any], *, schemes: Mapping[str, Any], bodies: Sequence[type[BaseModel]]) -> None:
    """Add to a generated document: the schemes of which each operation needs one, the problems it may answer with,
    and the schemas of bodies that routes read themselves."""
    parts = document.setdefault("components", {})
    parts["securitySchemes"] = dict(schemes)
    models = [(model, "validation") for model in (ProblemDocument, *bodies)]
    _, made = models_json_schema(models, ref_template=REFERENCE)  # type: ignore[arg-type]  # a list of literals
    parts["schemas"] = dict(sorted((parts.get("schemas", {}) | made["$defs"]).items()))
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)  # the framework's form of a refusal, which never leaves us
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                item[method]["security"] = [{name: []} for name in schemes]
                _refusals(item[method], written=method != "get")


def _refusals(operation: dict[str, Any], *, written: bool) -> None:
    sent = "requestBody" in operation
    named = sent or "parameters" in operation
    possible = [*ALWAYS, *(NAMED if named else ()), *(WRITTEN if written else ()), *(SENT if sent else ())]
    schema = {"$ref": REFERENCE.format(model=ProblemDocument.__name__)}
    operation["responses"] |= {
        str(int(one.status)): {"description": one.title, "content": {errors.CONTENT_TYPE: {"schema": schema}}}
        for one in possible
    }
