"""Routes of digests: the editions, built on demand, and each reader's own rendering as HTML, JSON or PDF."""

from datetime import date, datetime
from typing import Any, Literal

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from services.digests import html, pdf, service
from services.digests.document import Document, as_json
from services.kernel import db
from services.kernel.config import settings
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Closed, Read, Write
from services.reports import Gives, Giving

router = Router(prefix="/v1/digests", tags=["digests"])
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


def give(giving: Giving, caller: Caller, reference: str, language: str) -> Document:
    """An edition for this caller. Before it leaves, what it was made from and whose words it gives is on record."""
    caller.require("digests:read")
    with db.reading() as session:
        made = service.rendered(session, caller, reference, language)
        giving.note(session, caller, made.document.reports)
        giving.counted(session, caller, made.document.tlp)
        if not service.known(session, caller, made):
            giving.also(lambda writing: service.record(writing, caller, made))
    return made.document


@router.get("/{reference}/document.json", response_model=None)
def read_json(giving: Gives, caller: CallerIn, reference: str, language: Language = "en") -> dict[str, Any]:
    """The edition as you may see it, as data."""
    return as_json(give(giving, caller, reference, language))


@router.get("/{reference}/document.html", response_class=HTMLResponse)
def read_html(
    giving: Gives, caller: CallerIn, reference: str, language: Language = "en", standalone: bool = False
) -> HTMLResponse:
    """The edition as you may see it, as one page; `standalone` to keep it as a file that needs nothing else."""
    document = give(giving, caller, reference, language)
    base = settings().url if standalone else ""
    made = html.page(document, standalone=standalone, base=base)
    return HTMLResponse(made, headers={"Content-Security-Policy": html.policy(standalone=standalone)})


@router.get("/{reference}/document.pdf", response_class=Response)
def read_pdf(giving: Gives, caller: CallerIn, reference: str, language: Language = "en") -> Response:
    """The edition as you may see it, on paper."""
    document = give(giving, caller, reference, language)
    made = pdf.pdf(document)
    name = f"{reference}-{language}{'-draft' if document.draft else ''}.pdf"
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
