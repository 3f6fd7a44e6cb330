"""Routes of digests: the editions, built on demand, and each reader's own rendering as HTML, JSON or PDF."""

from datetime import date, datetime
from typing import Any, Literal

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from services.digests import html, pdf, service
from services.digests.document import as_json
from services.kernel.config import settings
from services.network import CallerIn, Closed, Read, Write

router = APIRouter(prefix="/v1/digests", tags=["digests"])
Language = Literal["en", "ru"]


class EditionOut(BaseModel):
    """An edition that the caller may open."""

    reference: str
    schedule: str
    name: dict[str, str]
    start: date
    end: date
    cut_off: datetime
    on_demand: bool


class NewEdition(Closed):
    """Which edition to build now."""

    schedule: str
    day: date = Field(ge=date(1970, 1, 1), description="Any day of the period.")


@router.get("")
def list_editions(db: Read, caller: CallerIn) -> list[EditionOut]:
    """The editions that you may open, latest period first."""
    caller.require("digests:read")
    return [EditionOut.model_validate(one, from_attributes=True) for one in service.editions(db, caller)]


@router.post("", status_code=201)
def build_edition(body: NewEdition, db: Write, caller: CallerIn) -> EditionOut:
    """Build an edition for your organisation now, of the period that holds a day."""
    caller.require("digests:build")
    row = service.build(db, caller, body.schedule, body.day)
    return EditionOut.model_validate(service.summary(row), from_attributes=True)


@router.get("/{reference}/document.json", response_model=None)
def read_json(reference: str, db: Read, caller: CallerIn, language: Language = "en") -> dict[str, Any]:
    """The edition as you may see it, as data."""
    caller.require("digests:read")
    return as_json(service.render(db, caller, reference, language))


@router.get("/{reference}/document.html", response_class=HTMLResponse)
def read_html(
    reference: str, db: Read, caller: CallerIn, language: Language = "en", standalone: bool = False
) -> HTMLResponse:
    """The edition as you may see it, as one page; `standalone` to keep it as a file that needs nothing else."""
    caller.require("digests:read")
    base = settings().url if standalone else ""
    made = html.page(service.render(db, caller, reference, language), standalone=standalone, base=base)
    return HTMLResponse(made, headers={"Content-Security-Policy": html.policy(standalone=standalone)})


@router.get("/{reference}/document.pdf", response_class=Response)
def read_pdf(reference: str, db: Read, caller: CallerIn, language: Language = "en") -> Response:
    """The edition as you may see it, on paper."""
    caller.require("digests:read")
    made = pdf.pdf(service.render(db, caller, reference, language))
    name = f"{reference}-{language}.pdf"
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
