"""Routes of forms: what may be filled in, and how."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.forms import service
from services.forms.definition import Form
from services.forms.kinds import Kind
from services.forms.schemas import FormLine, FormView, line
from services.network import CallerIn, Read

router = APIRouter(prefix="/v1/forms", tags=["forms"])
Version = Annotated[int | None, Query(ge=1, le=10_000, description="Left out: the one in force.")]


@router.get("")
def list_forms(db: Read, caller: CallerIn, kind: Kind | None = None) -> list[FormLine]:
    """The forms in force, in your language."""
    return [line(one, caller.language) for one in service.listed(db, kind=kind)]


@router.get("/{code}", response_model=FormView)
def read_form(code: str, db: Read, _caller: CallerIn, version: Version = None) -> Form:
    """One version of a form with all its questions, in all its languages. A retired one is read by its number."""
    return service.get(db, code, version)
