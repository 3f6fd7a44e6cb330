"""The thread about a report: read, written in, closed by its owner."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from services import dialogue, reports
from services.console import administering
from services.console import form as forms
from services.console.form import Typed
from services.console.rendering import page
from services.console.visitors import Visitor, VisitorIn
from services.kernel import db as database
from services.kernel.routing import Router
from services.network import Read
from services.reports import Gives, Giving

router = Router()
SIZE = 50


@router.get("/reports/{reference}/thread")
def thread_page(
    request: Request,
    giving: Gives,
    db: Read,
    visitor: VisitorIn,
    reference: str,
    cursor: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """The messages about a report, the latest first, and a form to write one."""
    visitor.caller.require("reports:read")
    return _shown(request, giving, db, visitor, reference, cursor=cursor)


@router.post("/reports/{reference}/thread")
def act(
    request: Request,
    giving: Gives,
    visitor: VisitorIn,
    reference: str,
    act: Annotated[str, Form()] = "write",
    text: Annotated[str, Form()] = "",
    message: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Write; with `act=take` take a message of one's own back, with `close` and `open` close the thread or open it."""
    caller = visitor.caller
    caller.require("reports:read")
    caller.require("reports:write" if act in ("close", "open") else "threads:write")
    if act == "write":
        body = {"text": text.replace("\r\n", "\n")}
        given, faults = administering.read(dialogue.MessageIn, body, caller.language)
        if given is None:
            with database.reading() as session:
                return _shown(request, giving, session, visitor, reference, typed=Typed(body), faults=faults)
        with database.transaction() as session:
            dialogue.write(session, caller, reference, given)
    elif act == "take":
        with database.transaction() as session:
            dialogue.take_back(session, caller, reference, message)
    else:
        with database.transaction() as session:
            dialogue.close(session, caller, reference, dialogue.ThreadState(closed=act == "close"))
    return RedirectResponse(f"/reports/{reference}/thread", HTTPStatus.SEE_OTHER)


def _shown(
    request: Request,
    giving: Giving,
    db: Session,
    visitor: Visitor,
    reference: str,
    *,
    cursor: str = "",
    typed: Typed | None = None,
    faults: dict[str, str] | None = None,
) -> Response:
    found = dialogue.thread(db, visitor.caller, reference, cursor=cursor or None, size=SIZE)
    report = reports.get(db, visitor.caller, reference)
    (view,) = reports.views(db, visitor.caller, [report])
    giving.note(db, visitor.caller, [found.report])
    return page(
        request,
        visitor,
        "thread.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        found=found,
        report=view,
        begun=bool(cursor),
        typed=typed or Typed(),
        faults=forms.Faults(faults or {}),
    )
