"""Routes of forms: what may be filled in, and how; and their making, by draft, publication and retirement."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request, Response

from services.forms import as_yaml, service, writing
from services.forms.definition import Definition, Form
from services.forms.kinds import Kind
from services.forms.rendering import FieldView, fields
from services.forms.schemas import FormLine, FormView, VersionLine, line
from services.kernel.errors import UnsupportedType
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write

router = Router(prefix="/v1/forms", tags=["forms"])
YAML = "application/yaml"
Version = Annotated[int | None, Query(ge=1, le=10_000, description="Left out: the one in force.")]
_SHAPE = {"$ref": "#/components/schemas/Definition"}
_TEXT = {"requestBody": {"required": True, "content": {YAML: {"schema": _SHAPE}}}}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {YAML: {"schema": _SHAPE}}, "description": "The form as YAML."}
}


def _maker(caller: CallerIn) -> Caller:
    caller.require("forms:write")
    return caller


async def _yaml(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != YAML:
        raise UnsupportedType(f"Send Content-Type: {YAML}.", field="Content-Type")
    return await request.body()


def _from_yaml(raw: Annotated[bytes, Depends(_yaml)]) -> Definition:
    return as_yaml.read(raw)  # in a thread: it may take seconds, in which nobody else would be answered


# In a signature these stand before the transaction: nobody takes the write lock before being known and understood.
Maker = Annotated[Caller, Depends(_maker)]
FromYaml = Annotated[Definition, Depends(_from_yaml)]


@router.get("")
def list_forms(db: Read, caller: CallerIn, kind: Kind | None = None) -> list[FormLine]:
    """The forms in force, in your language."""
    return [line(one, caller.language) for one in service.listed(db, kind=kind)]


@router.get("/drafts")
def list_drafts(db: Read, caller: Maker) -> list[FormLine]:
    """The forms being written, by code, in your language."""
    return [line(one, caller.language) for one in writing.drafts(db, caller)]


@router.get("/{code}", response_model=FormView)
def read_form(code: str, db: Read, _caller: CallerIn, version: Version = None) -> Form:
    """One version of a form with all its questions, in all its languages. A retired one is read by its number."""
    return service.get(db, code, version)


@router.get("/{code}/versions")
def list_versions(code: str, db: Read, _caller: CallerIn) -> list[VersionLine]:
    """The versions that reports were or may be written with, the latest first."""
    return [VersionLine(version=one.version, state=one.state) for one in writing.versions(db, code)]


@router.get("/{code}/definition.yaml", response_class=Response, responses=_ANSWER)
def read_yaml(code: str, db: Read, _caller: CallerIn, version: Version = None) -> Response:
    """A form as YAML, to edit or to keep; a draft is written from it with `PUT /v1/forms/{code}/draft.yaml`."""
    return Response(as_yaml.write(service.get(db, code, version)), media_type=YAML)


@router.get("/{code}/preview")
def preview(
    code: str,
    db: Read,
    caller: CallerIn,
    version: Version = None,
    draft: bool = False,
    language: Annotated[Literal["en", "ru"] | None, Query(description="Left out: yours.")] = None,
) -> list[FieldView]:
    """The fields of a form as whoever fills it in meets them; with `?draft=true` those of the draft."""
    form = writing.drafted(db, caller, code) if draft else service.get(db, code, version)
    return fields(form, language or caller.language)


@router.get("/{code}/draft", response_model=FormView)
def read_draft(code: str, db: Read, caller: Maker) -> Form:
    """The draft of a form's next version."""
    return writing.drafted(db, caller, code)


@router.put("/{code}/draft", response_model=FormView)
def write_draft(code: str, body: Definition, caller: Maker, db: Write) -> Form:
    """Write the draft of a form's next version, in the place of the one that there may be."""
    return writing.draft(db, caller, code, body)


@router.put("/{code}/draft.yaml", response_model=FormView, openapi_extra=_TEXT)
def write_yaml(code: str, caller: Maker, body: FromYaml, db: Write) -> Form:
    """The same, from YAML."""
    return writing.draft(db, caller, code, body)


@router.delete("/{code}/draft", status_code=204)
def drop_draft(code: str, caller: Maker, db: Write) -> None:
    """Throw the draft away."""
    writing.drop_draft(db, caller, code)


@router.post("/{code}/draft/publication", response_model=FormView)
def publish(code: str, caller: Maker, db: Write) -> Form:
    """Put the draft in force: from then on this version does not change."""
    return writing.publish(db, caller, code)


@router.post("/{code}/versions/{version}/retirement", status_code=204)
def retire(code: str, version: Annotated[int, Path(ge=1, le=10_000)], caller: Maker, db: Write) -> None:
    """Take a version out of force: no new report is written with it, and those that were keep it."""
    writing.retire(db, caller, code, version)
