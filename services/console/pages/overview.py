"""The overview: a map, the series that changed most, the latest reports; it opens on the latest month with data."""

import re
from datetime import date

from fastapi import Request, Response

from services import definitions, indicators, tagging, vocabulary
from services.console import watching
from services.console.filters import chosen
from services.console.rendering import page
from services.console.visitors import VisitorIn
from services.console.watching import View, shifted
from services.console.words import Words
from services.kernel import clock
from services.kernel.errors import Invalid
from services.kernel.routing import Router
from services.network import Read
from services.reports import STATUSES, Gives

router = Router()
LATEST = 8  # reports


@router.get("/")
def overview(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: VisitorIn,
    month: str = "",
    status: str = "",
    place: str = "",
    indicator: str = "",
) -> Response:
    """What the visitor's rights give of one month, one status and one place; the three stand in the address."""
    caller, words = visitor.caller, Words(visitor.caller.language)
    if not visitor.may("indicators:read"):
        return page(request, visitor, "overview_closed.html")
    latest = {one: watching.latest(db, caller, one) for one in STATUSES}
    shown = _status(status, latest)
    view = View(
        month=_month(month) or latest[shown] or clock.now().date().replace(day=1), status=shown, place=_place(place)
    )
    giving.counted(db, caller, watching.label(db, caller, view))
    rows = watching.leading(db, caller, view, words)
    shading = watching.shading(db, caller, view, words, indicator=indicator, rows=rows)
    root = vocabulary.places().root.code
    wanted = tagging.Wanted(status=shown, place=view.place if view.place != root else None)
    found = tagging.search(db, caller, wanted, size=LATEST).reports if visitor.may("reports:read") else []
    giving.note(db, caller, [one.reference for one in found])
    places = vocabulary.places()
    return page(
        request,
        visitor,
        "overview.html",
        view=view,
        latest=latest,
        statuses=[one for one in STATUSES if latest[one] or one in (shown, "actual", "exercise")],
        rows=rows,
        strictest=watching.strictest(rows),
        shading=shading,
        progress=definitions.progress(db, caller) if any(one.moves for one in rows) else None,
        reports=found,
        earlier=shifted(view.month, -1),
        later=shifted(view.month, 1) if view.month < (latest[shown] or view.month) else None,
        places=[places.root.code, *(one.code for one in places.countries())],
        indicators=[(one.code, one.named(caller.language)) for one in indicators.catalogue()],
        indicator=indicator if indicator in indicators.catalogue() else "",
    )


def _status(given: str, latest: dict[str, date | None]) -> str:
    """The status asked for; else actual, unless there is only something of another."""
    wanted = chosen("status", given, STATUSES, lambda one, w: w.statuses[one])
    return wanted or next((one for one in STATUSES if latest[one]), STATUSES[0])


def _month(given: str) -> date | None:
    if not given:
        return None
    met = re.fullmatch(r"(19\d\d|20\d\d)-(0[1-9]|1[0-2])", given.strip())
    if met is None:
        raise Invalid("A month is written as 2026-10: the year, a hyphen, the month.", field="month")
    return date(int(met[1]), int(met[2]), 1)


def _place(given: str) -> str:
    if not given:
        return vocabulary.places().root.code
    if given not in vocabulary.places():
        raise Invalid("That is not a place of this network.", field="place")
    return given
