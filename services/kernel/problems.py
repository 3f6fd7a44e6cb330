"""How every refusal and every fault becomes a problem document (RFC 9457), whoever raised it."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from services.kernel.errors import CONTENT_TYPE, Invalid, Malformed, NotFound, Problem, TooBusy, TooLarge

logger = logging.getLogger(__name__)
Page = Callable[[Request, Problem], Response | None]


class NoSuchPath(NotFound):
    title = "Nothing is served here"


class MethodNotAllowed(Problem):
    status = HTTPStatus.METHOD_NOT_ALLOWED
    title = "Not with this method"


class NotValidRequest(Invalid):
    """One or more fields break their rules; `errors` lists each, without the value that was sent."""

    title = "The request is not valid"


_BY_STATUS: dict[int, type[Problem]] = {400: Malformed, 404: NoSuchPath, 405: MethodNotAllowed, 413: TooLarge}


def install(app: FastAPI, page: Page) -> None:
    """Answer all exceptions of an application; `page` may answer a browser with a page instead of a document."""

    def answered(translate: Callable[[Any], Problem]) -> Callable[[Request, Exception], Response]:
        def handle(request: Request, error: Exception) -> Response:
            problem = translate(error)
            return page(request, problem) or JSONResponse(
                problem.document(), int(problem.status), headers=problem.headers, media_type=CONTENT_TYPE
            )

        return handle

    app.add_exception_handler(Problem, answered(lambda error: error))
    app.add_exception_handler(RequestValidationError, answered(_not_valid))
    app.add_exception_handler(HTTPException, answered(_http))
    app.add_exception_handler(OperationalError, answered(_database))
    app.add_exception_handler(Exception, answered(_fault))


def _not_valid(error: RequestValidationError) -> Problem:
    faults = []
    for one in error.errors()[:50]:
        if one["type"] == "json_invalid":
            return Malformed("The body is not readable as JSON.")
        field = ".".join(str(part)[:60] for part in one["loc"][1:]) or str(one["loc"][0])
        faults.append({"field": field, "rule": one["msg"].removeprefix("Value error, ")})
    first = faults[0]
    return NotValidRequest(f"{first['field']}: {first['rule']}.", field=first["field"], errors=faults)


def _http(error: HTTPException) -> Problem:
    known = _BY_STATUS.get(error.status_code, Problem)
    detail = error.detail if error.status_code == 413 else ""
    return known(detail, headers=dict(error.headers or {}))


def _database(error: OperationalError) -> Problem:
    logger.error("the database did not answer", exc_info=error)
    return TooBusy("The database does not answer just now: try again.", headers={"Retry-After": "5"})


def _fault(error: Exception) -> Problem:
    logger.error("unexpected", exc_info=error)
    return Problem("The fault is ours and has been logged.")
