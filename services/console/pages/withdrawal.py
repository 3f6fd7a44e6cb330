"""Taking a report back: its originator only, with a reason."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from services import reports
from services.console.pages.reading import shown
from services.console.visitors import VisitorIn
from services.kernel import db
from services.kernel.i18n import translator
from services.kernel.routing import Router

router = Router()


@router.post("/reports/{reference}/withdrawal")
def withdraw(
    request: Request, giving: reports.Gives, visitor: VisitorIn, reference: str, reason: Annotated[str, Form()] = ""
) -> Response:
    """Withdraw a report of one's own and show it as withdrawn; ask again where the reason will not do."""
    visitor.caller.require("reports:write")
    try:
        given = reports.Reason(reason=reason)
    except ValidationError:
        _ = translator(visitor.caller.language).gettext
        wrong = _("Say why in 3 to 500 characters.")
        with db.reading() as session:
            return shown(request, giving, session, visitor, reference, reason=reason, wrong=wrong, status=422)
    with db.transaction() as session:
        reports.withdraw(session, visitor.caller, reference, reason=given.reason)
    return RedirectResponse(f"/reports/{reference}", HTTPStatus.SEE_OTHER)
