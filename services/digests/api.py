"""Routes of digests: the editions, built on demand, and each reader's own rendering as HTML, JSON or PDF."""

from datetime import date, datetime
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlmodel import Session

from services import reports
from services.digests import html, pdf, service
from services.digests.document import Document, as_json
from services.kernel import db
from services.kernel.config import settings
from services.network import Caller, CallerIn, Closed, Read, Write, writing

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
    draft: bool = Field(description="Asked for by a person, and not released yet: seen by those who make or release.")
    made_by: str | None = Field(description="Sign-in name of the person who asked for it; null: the clock or a key.")
    released_by: str | None = Field(description="Sign-in name of the person who released it.")


class NewEdition(Closed):
    """Which edition to build now."""

    schedule: str
    day: date = Field(ge=date(1970, 1, 1), description="Any day of the period.")


@router.get("")
def list_editions(session: Read, caller: CallerIn) -> list[EditionOut]:
    """The editions that you may open, latest period first."""
    caller.require("digests:read")
    return [EditionOut.model_validate(one, from_attributes=True) for one in service.editions(session, caller)]


@router.post("", status_code=201)
def build_edition(body: NewEdition, session: Write, caller: CallerIn) -> EditionOut:
    """Build an edition for your organisation now, of the period that holds a day. What a person asks for is a draft."""
    caller.require("digests:build")
    row = service.build(session, caller, body.schedule, body.day)
    return EditionOut.model_validate(service.edition(session, caller, row.reference), from_attributes=True)


@router.post("/{reference}/release")
def release_edition(reference: str, session: Write, caller: CallerIn) -> EditionOut:
    """Release a draft that somebody else made: from now on all readers of your organisation may open it."""
    caller.require("digests:release")
    return EditionOut.model_validate(service.release(session, caller, reference), from_attributes=True)


async def give(request: Request, caller: Caller, reference: str, language: str) -> Document:
    """An edition for this caller, once what it was made from, and whose words were given, is on record: reads first,
    and writes only what is new."""
    caller.require("digests:read")

    def read() -> tuple[service.Rendered, bool, list[reports.Given]]:
        with db.reading() as session:
            made = service.rendered(session, caller, reference, language)
            known = service.known(session, caller, made)
            return made, known, reports.not_had(session, caller, made.document.reports)

    def write(session: Session) -> None:
        service.record(session, caller, made)
        reports.disclose(session, caller, given)

    made, known, given = await run_in_threadpool(read)
    if given or not known:
        async with writing(request) as session:
            await run_in_threadpool(write, session)
    return made.document


@router.get("/{reference}/document.json", response_model=None)
async def read_json(request: Request, caller: CallerIn, reference: str, language: Language = "en") -> dict[str, Any]:
    """The edition as you may see it, as data."""
    return as_json(await give(request, caller, reference, language))


@router.get("/{reference}/document.html", response_class=HTMLResponse)
async def read_html(
    request: Request, caller: CallerIn, reference: str, language: Language = "en", standalone: bool = False
) -> HTMLResponse:
    """The edition as you may see it, as one page; `standalone` to keep it as a file that needs nothing else."""
    document = await give(request, caller, reference, language)
    base = settings().url if standalone else ""
    made = await run_in_threadpool(html.page, document, standalone=standalone, base=base)
    return HTMLResponse(made, headers={"Content-Security-Policy": html.policy(standalone=standalone)})


@router.get("/{reference}/document.pdf", response_class=Response)
async def read_pdf(request: Request, caller: CallerIn, reference: str, language: Language = "en") -> Response:
    """The edition as you may see it, on paper."""
    document = await give(request, caller, reference, language)
    made = await run_in_threadpool(pdf.pdf, document)
    name = f"{reference}-{language}{'-draft' if document.draft else ''}.pdf"
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
