"""Routes of definitions: what makes a text speak of a theme; drafted, reviewed, put in force, rolled back."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response

from services.definitions import as_yaml, reading, running, writing
from services.definitions.definition import OwnDefinition
from services.definitions.schemas import (
    DefinitionLine,
    DefinitionView,
    NewReview,
    PartView,
    RetaggingView,
    VersionView,
    view,
)
from services.kernel.errors import UnsupportedType
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write
from services.reports import Gives

router = Router(prefix="/v1/definitions", tags=["definitions"])
YAML = "application/yaml"
Version = Annotated[int | None, Query(ge=1, le=100_000, description="Left out: the one in force.")]
_SHAPE = {"$ref": "#/components/schemas/OwnDefinition"}
_TEXT = {"requestBody": {"required": True, "content": {YAML: {"schema": _SHAPE}}}}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {YAML: {"schema": {"type": "object"}}}, "description": "The definition as YAML."}
}


def _reader(caller: CallerIn) -> Caller:
    if "definitions:write" not in caller.scopes:
        caller.require("reports:read")
    return caller


def _maker(caller: CallerIn) -> Caller:
    caller.require("definitions:write")
    return caller


async def _yaml(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != YAML:
        raise UnsupportedType(f"Send Content-Type: {YAML}.", field="Content-Type")
    return await request.body()


def _from_yaml(raw: Annotated[bytes, Depends(_yaml)]) -> OwnDefinition:
    return as_yaml.read(raw)  # in a thread: it may take seconds, in which nobody else would be answered


# In a signature these stand before the transaction: nobody takes the write lock before being known and understood.
Reader = Annotated[Caller, Depends(_reader)]
Maker = Annotated[Caller, Depends(_maker)]
FromYaml = Annotated[OwnDefinition, Depends(_from_yaml)]


@router.get("")
def list_definitions(db: Read, caller: Reader) -> list[DefinitionLine]:
    """The definition in force of each theme."""
    return reading.listed(db, caller)


@router.get("/drafts")
def list_drafts(db: Read, caller: Maker) -> list[DefinitionLine]:
    """The definitions of which a next version is being written."""
    return [one for one in reading.listed(db, caller) if one.draft]


@router.get("/retagging")
def read_retagging(giving: Gives, db: Read, caller: CallerIn) -> RetaggingView | None:
    """How far the reports that you see are tagged by the definition that last came into force; null where all are."""
    caller.require("reports:read")
    found = running.progress(db, caller)
    giving.counted(db, caller, None)
    return retagging(found)


@router.get("/{code}")
def read_definition(code: str, db: Read, caller: Reader, version: Version = None) -> DefinitionView:
    """One version of a definition. One that is replaced is read by its number."""
    return reading.get(db, caller, code, version)


@router.get("/{code}/definition.yaml", response_class=Response, responses=_ANSWER)
def read_yaml(code: str, db: Read, caller: Reader, version: Version = None) -> Response:
    """A definition as YAML, to edit or to keep; a draft is written from it with `PUT .../draft.yaml`."""
    return Response(as_yaml.write(reading.get(db, caller, code, version).definition), media_type=YAML)


@router.get("/{code}/versions")
def list_versions(code: str, db: Read, caller: Reader) -> list[VersionView]:
    """The history of a definition, the latest version first."""
    return reading.versions(db, caller, code)


@router.get("/{code}/changes")
def read_changes(code: str, db: Read, caller: Reader, version: Version = None, draft: bool = False) -> list[PartView]:
    """What a version says otherwise than the one before it; with `?draft=true` the draft than what is in force."""
    found = reading.changes(db, caller, code, version=version, draft=draft)
    return [PartView(part=one.part, removed=list(one.removed), added=list(one.added)) for one in found]


@router.get("/{code}/draft")
def read_draft(code: str, db: Read, caller: Maker) -> DefinitionView:
    """The draft of a definition's next version."""
    return view(writing.drafted(db, caller, code), examples=True)


@router.put("/{code}/draft")
def write_draft(code: str, body: OwnDefinition, caller: Maker, db: Write) -> DefinitionView:
    """Write the draft of a definition's next version, in the place of the one that there may be. Its examples are tried
    at once: one that does not hold refuses it."""
    return view(writing.draft(db, caller, code, body), examples=True)


@router.put("/{code}/draft.yaml", openapi_extra=_TEXT)
def write_yaml(code: str, caller: Maker, body: FromYaml, db: Write) -> DefinitionView:
    """The same, from YAML."""
    return view(writing.draft(db, caller, code, body), examples=True)


@router.delete("/{code}/draft", status_code=204)
def drop_draft(code: str, caller: Maker, db: Write) -> None:
    """Throw the draft away."""
    writing.drop_draft(db, caller, code)


@router.post("/{code}/draft/review")
def review(code: str, caller: Maker, body: NewReview, db: Write) -> DefinitionView:
    """Say that the draft is right, as it was when you read it; somebody else than whoever wrote it."""
    return view(writing.review(db, caller, code, read=body.digest), examples=True)


@router.post("/{code}/draft/publication")
def publish(code: str, caller: Maker, db: Write) -> DefinitionView:
    """Put the reviewed draft in force: new reports are tagged by it at once, those told before in their turn."""
    return view(writing.publish(db, caller, code), examples=True)


@router.post("/{code}/versions/{version}/rollback")
def roll_back(code: str, version: Annotated[int, Path(ge=1, le=100_000)], caller: Maker, db: Write) -> DefinitionView:
    """Bring an earlier version back, as a new one in force at once."""
    return view(writing.roll_back(db, caller, code, version), examples=True)


def retagging(found: running.Progress | None) -> RetaggingView | None:
    """How far a run has come, as an answer."""
    if found is None:
        return None
    return RetaggingView(
        definition=found.definition, version=found.version, done=found.done, total=found.total, begun_at=found.begun_at
    )
