"""Handing in a report through a form that needs no script."""

import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services import network, vocabulary
from services.console import form as forms
from services.console import sharing
from services.console.form import Typed
from services.console.pages.reading import place_choices
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.console.words import FIGURES
from services.kernel import clock, db
from services.reports import KINDS, STATUSES, Accepted, Submission, commit

router = APIRouter()
ROUTE = "POST /submit"
MOST_FIELDS = 500


async def _posted(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=MOST_FIELDS)


Posted = Annotated[FormData, Depends(_posted)]


@router.get("/submit")
def form_page(request: Request, visitor: VisitorIn) -> Response:
    """An empty form: strictest practical label, the secretariat ticked, attribution left to be chosen."""
    visitor.caller.require("reports:write")
    with db.reading() as session:
        first, _others = sharing.bodies(network.directory(session), visitor.caller)
    return _form(request, visitor, forms.blank([one.value for one in first]), secrets.token_urlsafe(18))


@router.post("/submit")
def submit(request: Request, visitor: VisitorIn, posted: Posted) -> Response:
    """Store the report and go to its receipt. Sent twice, the same form stores once; `act=check` stores nothing."""
    visitor.caller.require("reports:write")
    typed = forms.typed(posted.multi_items())
    key = str(posted.get("key", ""))
    key = key if key.isascii() and key.isprintable() and 0 < len(key) <= 100 else secrets.token_urlsafe(18)
    report, faults = forms.read(typed, visitor.caller.language)
    if report is None or posted.get("act") == "check":
        return _form(request, visitor, typed, key, faults=faults, checked=report is not None)
    (outcome,) = commit([Submission(visitor.caller, report, ROUTE, key)])
    if isinstance(outcome, Accepted):
        return RedirectResponse(f"/reports/{outcome.receipt.reference}/receipt", HTTPStatus.SEE_OTHER)
    if outcome.field and outcome.field != "Idempotency-Key" and outcome.status in (409, 422):
        return _form(request, visitor, typed, key, faults=forms.refused(outcome, visitor.caller.language))
    raise outcome


def _form(
    request: Request,
    visitor: Visitor,
    typed: Typed,
    key: str,
    *,
    faults: dict[str, str] | None = None,
    checked: bool = False,
) -> Response:
    """The form with what was typed, its faults, and who would read it."""
    caller = visitor.caller
    with db.reading() as session:
        known = network.directory(session)
    first, others = sharing.bodies(known, caller)
    readers = sharing.readers(
        known,
        caller,
        tlp=typed["tlp"],
        organisations=typed.many.get("organisations", ()),
        chosen=typed.many.get("groups", ()),
        persons=typed["persons"].replace(",", " ").split(),
    )
    return page(
        request,
        visitor,
        "submit.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        typed=typed,
        key=key,
        faults=forms.Faults(faults or {}),
        checked=checked,
        readers=readers,
        kinds=KINDS,
        statuses=STATUSES,
        themes=list(vocabulary.themes()),
        places=place_choices(caller.language, typed["place"], region=False),
        languages=[one for one in vocabulary.languages() if one.scripts],
        labels=sharing.labels(caller.language),
        first=first,
        others=others,
        groups=sharing.groups(known, caller),
        figures=FIGURES,
        today=clock.now().date().isoformat(),
    )
