"""Reading reports: the list with its filters, and one report with the words behind each of its tags."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from sqlmodel import Session

from services import attachments, definitions, dialogue, network, reports, tagging, vocabulary
from services.console import breakdown, evidence, questions, screened, sharing
from services.console.filing import file_words
from services.console.pages.weighing import graded
from services.console.periods import day
from services.console.places import place_choices
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.console.words import Words
from services.kernel.routing import Router
from services.network import Read
from services.reports import KINDS, STATUSES, Gives, Giving, NoSuchReport
from services.tagging import TaggedReport

router = Router()
SIZE = 25
RELATED = 20  # reports of one incident that are listed
Text = Annotated[str, Query(max_length=200)]
Many = Annotated[Sequence[str], Query(max_length=40)]


@router.get("/reports")
def list_page(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: VisitorIn,
    theme: Many = (),
    place: Text = "",
    status: Text = "",
    kind: Many = (),
    q: Text = "",
    mine: bool = False,
    originator: Text = "",
    figure: Text = "",
    counted: bool = False,
    counts: bool = False,
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """The reports that the visitor may see, newest first; the filters stand in the address, some of them repeated.

    `counts`: with their breakdown, which looks at all of them, not at a page: it is made when it is asked for.
    """
    visitor.caller.require("reports:read")
    themes, kinds = [tuple(dict.fromkeys(one for one in given if one)) for given in (theme, kind)]
    given: dict[str, str | tuple[str, ...]] = {"theme": themes, "place": place, "status": status, "kind": kinds, "q": q}
    given |= {"mine": "true" if mine else "", "figure": figure, "counted": "true" if counted else ""}
    given |= {"from": first, "to": last, "originator": originator}
    filters = {name: value for name, value in given.items() if value}
    known = (vocabulary.is_place(place) or not place) and all(one in vocabulary.themes() for one in themes)
    wanted = tagging.Wanted(
        themes=themes,
        place=place or None,
        status=status or None,
        kinds=kinds,
        words=q or None,
        mine=mine,
        originator=originator or None,
        figure=figure or None,
        counted=counted,
        first=day(first),
        last=day(last),
    )
    empty = tagging.ReportPage(reports=[], next=None)
    found = tagging.search(db, visitor.caller, wanted, cursor=cursor or None, size=SIZE) if known else empty
    giving.note(db, visitor.caller, [one.reference for one in found.reports])
    shown = known and counts and not cursor and breakdown.countable(filters)
    groups = _groups(db, visitor, wanted, filters) if shown else []
    return page(
        request,
        visitor,
        "reports.html",
        found=found,
        groups=groups,
        counting=_address(filters | {"counts": "true"}) if breakdown.countable(filters) else None,
        teller=_teller(db, visitor, originator),
        filters=given,
        mistaken=[text for text in (first, last) if text and day(text) is None],
        filtered=bool(filters),
        begun=bool(cursor),
        first=_address(filters),
        next=_address(filters | {"cursor": found.next}) if found.next else None,
        themes=list(vocabulary.themes()),
        statuses=STATUSES,
        kinds=KINDS,
        places=place_choices(visitor.caller.language, place),
    )


def _groups(db: Session, visitor: Visitor, wanted: tagging.Wanted, filters: breakdown.Filters) -> list[breakdown.Group]:
    """The breakdown of what is listed, each of its counts a link that filters further."""
    counted = tagging.facets(db, visitor.caller, wanted)
    return breakdown.groups(counted, {**filters, "counts": "true"}, Words(visitor.caller.language))


def _address(filters: breakdown.Filters) -> str:
    return f"/reports?{urlencode(filters, doseq=True)}" if filters else "/reports"


def _teller(db: Session, visitor: Visitor, slug: str) -> str:
    """The name of the originator that is filtered for, where the visitor may know it; else what the address says."""
    known = network.directory(db)
    key = known.slugs.get(slug, 0)
    return known.parties[key].name(visitor.caller.language) if key in network.known_to(known, visitor.caller) else slug


@router.get("/reports/{reference}")
def report_page(request: Request, giving: Gives, db: Read, visitor: VisitorIn, reference: str) -> Response:
    """One report. What may not be seen is answered as what does not exist."""
    return shown(request, giving, db, visitor, reference)


def shown(
    request: Request,
    giving: Giving,
    db: Session,
    visitor: Visitor,
    reference: str,
    *,
    reason: str = "",
    wrong: str = "",
    file_fault: str = "",
    status: int = 200,
) -> Response:
    """The page of a report; with what was wrong about a withdrawal, or about a file, where one was tried."""
    caller = visitor.caller
    caller.require("reports:read")
    report = tagging.get(db, caller, reference)
    if report.recalled_at is not None:
        digest = reports.get(db, caller, reference).digest
        giving.told(db, caller, [report.reference])
        return page(request, visitor, "recalled.html", report=report, digest=digest)
    incident = tagging.incident(db, caller, reference)
    related = _related(db, visitor, [one for one in incident.reports if one != reference])
    giving.note(db, caller, [one.reference for one in (report, *related)])
    files = attachments.listed(db, caller, reference)
    answered = questions.answered(db, report, caller.language)
    asked = {one.asked.code: one.asked.label for one in answered}
    tags = evidence.told(
        report, {one.reference: one.name for one in files}, asked, wording=definitions.wording(db).themes
    )
    return page(
        request,
        visitor,
        "report.html",
        status=status,
        report=report,
        tags=tags,
        pieces=evidence.pieces(report, tags),
        origins=incident.origins,
        grade=graded(giving, db, visitor, reference),
        told_by=len(incident.reports),
        heard=_heard(db, visitor, report.source or {}),
        chain=[_heard(db, visitor, one, whole=True) for one in (report.source or {}).get("chain") or []],
        answered=answered,
        related=related,
        readers=readers_of(db, visitor, report),
        terms=network.terms_said(network.Terms(**report.terms.model_dump()), caller.language),
        told=dialogue.status(db, caller, reference) if report.mine and visitor.may("reports:write") else None,
        had=reports.disclosures(db, caller, reference) if report.mine else None,
        cleaned=screened.done(report.cleaned, caller.language),
        opens=bool(report.masked or report.cleaned) and _opens(db, visitor, reference),
        reason=reason,
        wrong=wrong,
        files=files,
        file_fault=file_fault,
        file_words=file_words(caller.language),
    )


def _opens(db: Session, visitor: Visitor, reference: str) -> bool:
    """Whether the visitor may open the original."""
    return reports.may_read_original(db, visitor.caller, reports.get(db, visitor.caller, reference))


def _related(db: Session, visitor: Visitor, references: list[str]) -> list[TaggedReport]:
    found = []
    for reference in references[:RELATED]:
        try:
            found.append(tagging.get(db, visitor.caller, reference))
        except NoSuchReport:
            continue
    return found


def _heard(db: Session, visitor: Visitor, source: Mapping[str, Any], *, whole: bool = False) -> str:
    """The name of the organisation that a report was heard from; empty where none is named. `whole`: then what is."""
    slug = source.get("organisation") or ""
    if whole and not slug:
        return str(source.get("document") or source.get("name") or "")
    known = network.directory(db)
    return known.parties[known.slugs[slug]].name(visitor.caller.language) if slug in known.slugs else slug


def readers_of(db: Session, visitor: Visitor, report: TaggedReport) -> sharing.Panel | None:
    """Who sees a report of the visitor's own; nothing is said about others' reports, nor about what is withdrawn."""
    if not report.mine or report.withdrawn_at is not None or not visitor.may("reports:write"):
        return None
    told = reports.readers(db, visitor.caller, report.reference)
    return sharing.panel(network.directory(db), visitor.caller.language, told)
