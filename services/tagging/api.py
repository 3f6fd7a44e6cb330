"""Routes that read reports together with what they are about."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Query

from services import definitions
from services.kernel.errors import Invalid
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write
from services.reports import Gives
from services.tagging import correcting, deciding, reading, suggesting
from services.tagging.facets import facets, strictest
from services.tagging.schemas import (
    CorrectionsView,
    FacetsView,
    IncidentView,
    NewCorrection,
    NewPair,
    PairsView,
    ReportPage,
    SuggestionsView,
    TaggedReport,
    TrialView,
)
from services.tagging.trying import try_definition

router = Router(prefix="/v1/reports", tags=["reports"])
trials = Router(prefix="/v1/definitions", tags=["definitions"])


def _wanted(
    theme: Annotated[str | None, Query(max_length=80)] = None,
    place: Annotated[str | None, Query(max_length=80)] = None,
    status: Literal["actual", "exercise", "test"] | None = None,
    kind: Annotated[str | None, Query(max_length=20)] = None,
    originator: Annotated[str | None, Query(max_length=80, description="A slug: what you may know to be its.")] = None,
    q: Annotated[
        str | None,
        Query(max_length=200, description="Words, in any of their forms, of title, text, written answers or files."),
    ] = None,
    language: Annotated[str | None, Query(max_length=20, description="The code of the language it is in.")] = None,
    mine: bool = False,
    first: Annotated[date | None, Query(alias="from", description="Occurred on this day or later.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Occurred on this day or earlier.")] = None,
) -> reading.Wanted:
    return reading.Wanted(
        themes=(theme,) if theme is not None else (),
        kinds=(kind,) if kind is not None else (),
        place=place,
        status=status,
        originator=originator,
        words=q,
        mine=mine,
        first=first,
        last=last,
        language=language,
    )


Filtered = Annotated[reading.Wanted, Depends(_wanted)]


def _analyst(caller: CallerIn) -> Caller:
    caller.require("reports:read")
    caller.require("reports:grade")
    return caller


# In a signature this stands before the transaction: nobody takes the write lock before being known.
Analyst = Annotated[Caller, Depends(_analyst)]


@router.get("")
def list_reports(
    giving: Gives,
    db: Read,
    caller: CallerIn,
    wanted: Filtered,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ReportPage:
    """The reports that you may see, newest first."""
    caller.require("reports:read")
    page = reading.search(db, caller, wanted, cursor=cursor, size=size)
    giving.note(db, caller, [one.reference for one in page.reports])
    return page


@router.get("/facets")
def count_reports(giving: Gives, db: Read, caller: CallerIn, wanted: Filtered) -> FacetsView:
    """How many of the reports that you may see have which theme, country, kind, status and originator."""
    caller.require("reports:read")
    if wanted.words:
        raise Invalid("Counts take no words: letter by letter they would read a text with nobody noting it.", field="q")
    giving.counted(db, caller, strictest(db, caller, wanted))
    return facets(db, caller, wanted)


@router.get("/{reference}")
def read_report(reference: str, giving: Gives, db: Read, caller: CallerIn) -> TaggedReport:
    """One report. What you may not see does not exist: 404."""
    caller.require("reports:read")
    report = reading.get(db, caller, reference)
    giving.note(db, caller, [report.reference])
    return report


@router.get("/{reference}/incident")
def read_incident(reference: str, giving: Gives, db: Read, caller: CallerIn) -> IncidentView:
    """What tells the same, among the reports that you see, and from how many independent origins."""
    caller.require("reports:read")
    found = reading.incident(db, caller, reference)
    giving.told(db, caller, found.reports)
    return found


@router.get("/{reference}/links")
def read_links(reference: str, giving: Gives, db: Read, caller: Analyst) -> PairsView:
    """What joins a report to others that you see: their words, and what analysts said of each pair (for analysts)."""
    found = deciding.pairs_of(db, caller, reference)
    giving.told(db, caller, [found.reference, *(one.report for one in found.pairs)])
    return found


@router.post("/{reference}/links", status_code=201)
def decide_link(reference: str, caller: Analyst, body: NewPair, db: Write) -> PairsView:
    """Say that two reports tell one event, or do not: for everybody who sees both, and outliving what their words say.

    For analysts of the secretariat; of two reports that its organisation told under its name, for its own analysts.
    """
    return deciding.decide_pair(db, caller, reference, body)


@router.get("/{reference}/suggestions")
def suggest_links(reference: str, giving: Gives, db: Read, caller: Analyst) -> SuggestionsView:
    """Reports you see that may tell the same event, by place, time, themes and figures, likeliest first (for analysts).

    Looked for among the 200 latest that are near in time. Nothing is joined by itself.
    """
    found = suggesting.suggest(db, caller, reference)
    giving.told(db, caller, [found.reference, *(one.report for one in found.suggestions)])
    return found


@router.get("/{reference}/tags")
def read_corrections(reference: str, giving: Gives, db: Read, caller: Analyst) -> CorrectionsView:
    """What analysts said of the tags of a report (for analysts); the tags themselves stand with the report."""
    found = correcting.corrections_of(db, caller, reference)
    giving.told(db, caller, [found.reference])
    return found


@router.post("/{reference}/tags", status_code=201)
def correct_tag(reference: str, caller: Analyst, body: NewCorrection, db: Write) -> CorrectionsView:
    """Confirm, reject or add a theme or place: for everybody who sees the report, whatever tagging finds later.

    For analysts of the secretariat, and of whoever told it. What the sender gave stays as it is.
    """
    return correcting.correct(db, caller, reference, body)


@trials.get("/{code}/trial")
def try_on_the_past(
    code: str,
    giving: Gives,
    db: Read,
    caller: Analyst,
    version: Annotated[int | None, Query(ge=1, le=100_000, description="Left out: the draft.")] = None,
    status: Literal["actual", "exercise", "test"] = "actual",
) -> TrialView:
    """What the draft of a definition, or an earlier version, would change in the reports of the last twelve months that
    you see (for analysts who make definitions). Nothing is changed."""
    wanted = definitions.wanted(db, caller, code, version)
    found, label = try_definition(db, caller, wanted, status)
    giving.counted(db, caller, label)
    giving.told(db, caller, [*found.gained_reports, *found.lost_reports])
    return found
