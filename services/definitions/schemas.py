"""Shapes in which callers see definitions."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from services.definitions.models import DRAFT, REVIEWED, DefinitionVersion
from services.network import Closed

State = Literal["draft", "reviewed", "in_force", "replaced"]


class DefinitionLine(BaseModel):
    """A definition in a list: what is in force of it."""

    code: str
    version: int
    own: bool = Field(description="Whether it is of the network's own making; else it is the pack's.")
    purpose: str
    review_on: date | None
    draft: Literal["draft", "reviewed"] | None = Field(
        description="Of the next version, for whoever makes definitions."
    )


class DefinitionView(BaseModel):
    """A version of a definition."""

    code: str
    version: int
    state: State
    own: bool
    restores: int | None = Field(description="The earlier version that it brings back.")
    definition: dict[str, Any] = Field(
        description="Its parts, as `PUT /v1/definitions/{code}/draft` takes them; the examples only for whoever makes "
        "definitions."
    )
    digest: str | None = Field(description="Of a draft: of its parts as they are now. Its review names what was read.")


class NewReview(Closed):
    """Which words of a draft were read, and found right."""

    digest: str = Field(min_length=1, max_length=64, description="As the draft was given with it.")


class VersionView(BaseModel):
    """A version in the history of a definition. Names of persons are for whoever makes definitions."""

    version: int
    state: State
    own: bool
    restores: int | None
    made_at: datetime
    made_by: str | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    in_force_at: datetime | None
    in_force_by: str | None
    replaced_at: datetime | None


class PartView(BaseModel):
    """A part of a definition that differs: what of it went and what came."""

    part: str
    removed: list[str]
    added: list[str]


class RetaggingView(BaseModel):
    """How far what was told before a version came into force is tagged by it, in what you see."""

    definition: str
    version: int
    done: int = Field(description="Of the reports that you see.")
    total: int = Field(description="Of the reports that you see.")
    begun_at: datetime


def view(row: DefinitionVersion, *, examples: bool) -> DefinitionView:
    """A version as an answer."""
    body = row.body if examples else {name: given for name, given in row.body.items() if name != "examples"}
    return DefinitionView(
        code=row.code,
        version=row.version,
        state=row.state,
        own=is_own(row),
        restores=row.restores,
        definition=body,
        digest=digest(row.body) if row.state in (DRAFT, REVIEWED) else None,
    )


def digest(body: Mapping[str, Any]) -> str:
    """Tells the words of one writing of a draft from those of another."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def history(row: DefinitionVersion, names: Mapping[int, str]) -> VersionView:
    """A version as a line of its history."""
    return VersionView(
        version=row.version,
        state=row.state,
        own=is_own(row),
        restores=row.restores,
        made_at=row.made_at,
        made_by=names.get(row.made_by or 0),
        reviewed_at=row.reviewed_at,
        reviewed_by=names.get(row.reviewed_by or 0),
        in_force_at=row.in_force_at,
        in_force_by=names.get(row.in_force_by or 0),
        replaced_at=row.replaced_at,
    )


def is_own(row: DefinitionVersion) -> bool:
    """Whether a version is of the network's own making."""
    return row.made_by is not None
