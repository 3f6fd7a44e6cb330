"""Who does what: measures, requests and tasks side by side, and where nobody has told of any."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query, Request, Response
from sqlmodel import Session

from services import dialogue, network, vocabulary
from services.console import doing
from services.console.doing import Doing, View
from services.console.filters import chosen
from services.console.pages.expected import day
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.console.words import Words
from services.kernel import cells, clock
from services.kernel.errors import Invalid
from services.kernel.i18n import translator
from services.kernel.routing import Router
from services.network import Read
from services.reports import Gives, Giving

router = Router()
Asked = Annotated[str, Query(max_length=80)]
From = Annotated[str, Query(alias="from", max_length=10)]
COLUMNS = ("what", "reference", "title", "organisation", "countries", "themes", "from", "to", "state", "tlp")


@router.get("/who-does-what")
def who_page(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: VisitorIn,
    first: From = "",
    to: Asked = "",
    country: Asked = "",
    theme: Asked = "",
    organisation: Asked = "",
) -> Response:
    """The measures, requests and tasks of some days, and the countries and themes without any measure."""
    visitor.caller.require("reports:read")
    view = _view(first, to, country, theme, organisation)
    rows, more = _rows(giving, db, visitor, view)
    gaps = doing.gaps(db, visitor.caller, view)
    for label in gaps.labels:
        giving.counted(db, visitor.caller, label)
    known = network.directory(db)
    told = network.known_to(known, visitor.caller)
    bodies = [(one.slug, one.name(visitor.caller.language)) for one in known.parties.values() if one.id in told]
    return page(
        request,
        visitor,
        "who_does_what.html",
        view=view,
        rows=rows,
        more=more,
        gaps=gaps,
        kinds=_kinds(visitor.caller.language),
        states=_states(visitor.caller.language),
        countries=[one.code for one in vocabulary.places().countries()],
        themes=[one.code for one in vocabulary.themes()],
        bodies=sorted(bodies, key=lambda one: one[1].casefold()),
    )


@router.get("/who-does-what.csv")
def who_table(
    giving: Gives,
    db: Read,
    visitor: VisitorIn,
    first: From = "",
    to: Asked = "",
    country: Asked = "",
    theme: Asked = "",
    organisation: Asked = "",
) -> Response:
    """The same for a spreadsheet, without the gaps."""
    visitor.caller.require("reports:read")
    view = _view(first, to, country, theme, organisation)
    rows, _more = _rows(giving, db, visitor, view)
    table: list[list[cells.Cell]] = [
        [one.what, one.reference, one.title, one.organisation, " ".join(one.countries), " ".join(one.themes), one.first,
         one.last, one.state, one.tlp]
        for one in rows
    ]  # fmt: skip
    name = {"Content-Disposition": f'attachment; filename="who-does-what-{view.last}.csv"'}
    return Response(cells.table(COLUMNS, table), media_type=cells.MEDIA_TYPE, headers=name)


def _rows(giving: Giving, session: Session, visitor: Visitor, view: View) -> tuple[list[Doing], bool]:
    caller = visitor.caller
    measures, more = doing.measures(session, caller, view)
    giving.note(session, caller, [one.reference for one in measures])
    asked, inquiries = doing.requests(session, caller, view)
    dialogue.noted(giving, session, caller, inquiries)
    tasks = doing.tasks(session, caller, view, Words(caller.language))
    for label in {one.tlp for one in tasks}:
        giving.counted(session, caller, label)
    return [*measures, *asked, *tasks], more


def _kinds(language: str) -> dict[str, str]:
    _ = translator(language).gettext
    return {"measure": _("Measure"), "request": _("Request"), "task": _("Task")}


def _states(language: str) -> dict[str, str]:
    _ = translator(language).gettext
    return {
        "done": _("told of"),
        "open": _("open"),
        "missing": _("overdue"),
        "overdue": _("overdue"),
        "answered": _("answered"),
        "closed": _("closed"),
        "withdrawn": _("withdrawn"),
    }


def _view(first: str, to: str, country: str, theme: str, organisation: str) -> View:
    last = day(to, "to") or clock.now().date()
    begin = day(first, "from") or _a_year_before(last)
    if begin > last:
        raise Invalid("The last day lies before the first.", field="to")
    if (last - begin).days > 3 * 366:
        raise Invalid("Ask for three years at most.", field="to")
    chosen("country", country, [one.code for one in vocabulary.places().countries()], lambda code, w: w.place(code))
    chosen("theme", theme, [one.code for one in vocabulary.themes()], lambda code, w: w.theme(code))
    return View(begin, last, country, theme, organisation)


def _a_year_before(last: date) -> date:
    return last - timedelta(days=365)
