"""How right tagging was and how much it found, by what analysts said of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from fastapi import Query, Request, Response

from services import desk
from services.console.filters import chosen
from services.console.pages.desk import Analyst
from services.console.rendering import page
from services.desk import Measured, MeasuredView
from services.kernel.routing import Router
from services.network import Read
from services.reports import Gives

router = Router()
Status: TypeAlias = Literal["actual", "exercise", "test"]
SHOWN: tuple[Status, ...] = ("actual", "exercise", "test")


@dataclass(frozen=True, slots=True)
class Line:
    """A definition in one language: a theme, or with an empty code all places; as a whole and by version."""

    theme: str
    language: str
    whole: Measured
    versions: tuple[tuple[str, Measured], ...]


@router.get("/precision")
def precision_page(
    request: Request, giving: Gives, db: Read, visitor: Analyst, status: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Precision and recall of each definition in each language, on the reports that the visitor sees."""
    wanted: Status = chosen("status", status, SHOWN, lambda one, w: w.statuses[one]) or "actual"
    view, label = desk.precision(db, visitor.caller, wanted)
    giving.counted(db, visitor.caller, label)
    found = lines(view.definitions)
    return page(request, visitor, "precision.html", view=view, lines=found, statuses=SHOWN)


def lines(measured: Sequence[MeasuredView]) -> list[Line]:
    """One line for each theme and language, and one for all places: these are found by one definition together."""
    by: dict[tuple[str, str], dict[str, Measured]] = defaultdict(lambda: defaultdict(Measured))
    for one in measured:
        of = by[one.value if one.scheme == "theme" else "", one.language]
        for each in one.versions:
            of[each.version] += Measured(each.confirmed, each.rejected, each.added, each.found, each.missed)
    return [
        Line(theme, language, desk.together(versions.values()), tuple(sorted(versions.items())))
        for (theme, language), versions in sorted(by.items())
    ]
