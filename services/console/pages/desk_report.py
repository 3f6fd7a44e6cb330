"""One report on the analysts' desk: its words, its tags to confirm, reject and add, its links, and its end."""

from collections.abc import Callable, Collection, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlmodel import Session

from services import attachments, definitions, desk, search, tagging, vocabulary
from services.console import administering, desk_words, evidence, questions, tag_rows
from services.console.pages.desk import Analyst, Looked, Was, kept, keys_on, query
from services.console.places import places_called
from services.console.rendering import page
from services.console.visitors import Visitor
from services.kernel import db as database
from services.kernel.errors import Conflict, Invalid
from services.kernel.routing import Router
from services.network import Read
from services.reports import Gives, Giving, NoSuchReport, ReportView
from services.tagging import TaggedReport

router = Router()
PAIRS, RELATED = 20, 5  # others that are listed
Typed = Annotated[str, Form(max_length=1_000)]
REFUSED = (Invalid, Conflict, tagging.NotYoursToDecide)


@router.get("/desk/{reference}")
def report_page(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: Analyst,
    reference: str,
    wanted: Looked,
    was: Was,
    find: Annotated[str, Query(max_length=80)] = "",
    words: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """A report that the visitor may decide on. `find`: places and actors of that name, to be added."""
    return _shown(request, giving, db, visitor, reference, wanted, typed={"find": find, "words": words}, was=was)


@router.post("/desk/{reference}/tags")
def judge(
    request: Request,
    giving: Gives,
    visitor: Analyst,
    reference: str,
    wanted: Looked,
    decided: Typed = "",
    scheme: Typed = "",
    value: Typed = "",
    reason: Typed = "",
    words: Typed = "",
    revision: Typed = "",
    suggested: Typed = "",
    next: Typed = "",  # noqa: A002 -- the tag that is looked at afterwards
) -> Response:
    """Confirm, reject or add a tag, or take that back."""
    if not scheme:
        scheme, _, value = value.partition(":")
    said = desk_words.reason_of(decided, reason, visitor.caller.language)
    body = {"scheme": scheme, "value": value, "decided": decided, "reason": said, "revision": revision or None}
    more = {"words": words.strip() or None, "suggested": bool(suggested)}
    onward = f"#tag-{next}" if next.isdecimal() and next.isascii() else "#hints" if suggested else "#add"
    return _done(
        request, giving, visitor, reference, wanted,
        tagging.NewCorrection, body | more,
        lambda session, given: tagging.correct(session, visitor.caller, reference, given),
        typed={"words": words}, then=onward,
    )  # fmt: skip


@router.post("/desk/{reference}/links")
def link(
    request: Request,
    giving: Gives,
    visitor: Analyst,
    reference: str,
    wanted: Looked,
    decided: Typed = "",
    report: Typed = "",
    reason: Typed = "",
    revision: Typed = "",
) -> Response:
    """Say that another report tells the same event, or does not, or take that back."""
    said = desk_words.reason_of(decided, reason, visitor.caller.language)
    body = {"report": report.strip().upper(), "decided": decided, "reason": said, "revision": revision or None}
    return _done(
        request, giving, visitor, reference, wanted,
        tagging.NewPair, body, lambda session, given: tagging.decide_pair(session, visitor.caller, reference, given),
        typed={"report": report}, then="#links",
    )  # fmt: skip


@router.post("/desk/{reference}/done")
def finish(
    request: Request,
    giving: Gives,
    visitor: Analyst,
    reference: str,
    wanted: Looked,
    revision: Typed = "",
    act: Typed = "done",
) -> Response:
    """Be done with the report and go on to the next of the list, else to the queue; `act=open`: take it up again."""
    caller = visitor.caller
    if act == "open":
        with database.transaction() as session:
            desk.take_up(session, caller, reference)
        return RedirectResponse(f"/desk/{reference}{query(wanted)}", HTTPStatus.SEE_OTHER)

    def work(session: Session, given: desk.NewDone) -> None:
        desk.finish(session, caller, reference, revision=given.revision)

    def onward() -> str:
        with database.reading() as session:
            following = desk.after(session, caller, wanted, reference)
        return f"/desk{f'/{following}' if following else ''}{query(wanted, was=reference)}"

    body = {"revision": revision}
    return _done(request, giving, visitor, reference, wanted, desk.NewDone, body, work, typed={}, onward=onward)


def _done(
    request: Request,
    giving: Giving,
    visitor: Visitor,
    reference: str,
    wanted: desk.Wanted,
    model: type[BaseModel],
    body: Mapping[str, Any],
    work: Callable[[Session, Any], object],
    *,
    typed: Mapping[str, str],
    then: str = "",
    onward: Callable[[], str] | None = None,
) -> Response:
    """Do what a form asks and go on; where it cannot be, show the page with why not."""
    try:
        faults = administering.done(visitor.caller, model, body, work)
        wrong = next(iter(faults.values()), "")
    except REFUSED as problem:
        wrong = desk_words.refused(problem, visitor.caller.language)
    except NoSuchReport as problem:
        if "report" not in body:
            raise
        wrong = desk_words.refused(problem, visitor.caller.language)
    if not wrong:
        address = onward() if onward else f"/desk/{reference}{query(wanted)}{then}"
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)
    with database.reading() as session:
        return _shown(request, giving, session, visitor, reference, wanted, typed=typed, wrong=wrong)


def _shown(
    request: Request,
    giving: Giving,
    session: Session,
    visitor: Visitor,
    reference: str,
    wanted: desk.Wanted,
    *,
    typed: Mapping[str, str],
    wrong: str = "",
    was: str = "",
) -> Response:
    caller = visitor.caller
    row = desk.to_decide(session, caller, reference)
    report = tagging.get(session, caller, reference)
    tags = _rows(session, visitor, report)
    pairs = tagging.pairs_of(session, caller, reference).pairs[:PAIRS]
    near = tagging.suggest(session, caller, reference).suggestions
    hints = search.hints(session, caller, reference) if search.installed() else None
    known = [*(one.report for one in pairs), *(one.report for one in near)]
    related = [one for one in hints.related if one not in known][:RELATED] if hints else []
    others = _others(session, visitor, [*known, *related])
    giving.note(session, caller, [reference, *others])
    find = typed.get("find", "")
    return page(
        request,
        visitor,
        "desk_report.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        report=report,
        tags=tags,
        drawn=lambda piece: tag_rows.drawn(piece, tags),
        names={one.told.number: one.told for one in tags},
        title=evidence.cut(report.title, 0, [one.told for one in tags]),
        pieces=evidence.pieces(report, [one.told for one in tags]),
        reasons=desk.why(session, row, alike=bool(near)),
        done=desk.done_by(session, caller, row),
        pairs=[(one, others[one.report]) for one in pairs if one.report in others],
        near=[(one, others[one.report]) for one in near if one.report in others],
        hints=hints,
        hinted=tag_rows.hinted(hints.themes, tags) if hints else [],
        related=[others[one] for one in related if one in others],
        themes=list(vocabulary.themes()),
        found_places=places_called(find, caller.language),
        found_actors=tagging.actors_called(session, caller, find),
        typed={"find": "", "words": "", "report": ""} | dict(typed),
        wrong=wrong,
        was=was,
        query=query(wanted),
        filters=kept(wanted),
        keys=keys_on(request),
        why=desk_words.because(caller.language, desk.unsure(session, [reference])),
        methods=desk_words.methods(caller.language),
        decisions=desk_words.decisions(caller.language),
        points=desk_words.why_alike(caller.language),
    )


def _rows(session: Session, visitor: Visitor, report: TaggedReport) -> list[tag_rows.Row]:
    files = attachments.listed(session, visitor.caller, report.reference)
    asked = {one.asked.code: one.asked.label for one in questions.answered(session, report, visitor.caller.language)}
    named, themes = {one.reference: one.name for one in files}, definitions.wording(session).themes
    told = evidence.told(report, named, asked, wording=themes)
    said = tagging.corrections_of(session, visitor.caller, report.reference)
    return tag_rows.rows(told, said.decisions)


def _others(session: Session, visitor: Visitor, references: Collection[str]) -> dict[str, ReportView]:
    """Other reports that the visitor sees, by reference."""
    return {one.reference: one for one in tagging.named(session, visitor.caller, references)}
