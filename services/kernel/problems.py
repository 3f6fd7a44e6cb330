"""How every refusal and every fault becomes a problem document (RFC 9457), whoever raised it."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from http.client import responses
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from services.kernel.door import HEADERS, Refused
from services.kernel.errors import (
    CONTENT_TYPE,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Problem,
    TooBusy,
    TooLarge,
    Unauthenticated,
    UnsupportedType,
)

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


_BY_STATUS: dict[int, type[Problem]] = {
    400: Malformed,
    401: Unauthenticated,
    403: Forbidden,
    404: NoSuchPath,
    405: MethodNotAllowed,
    413: TooLarge,
    415: UnsupportedType,
}
_TO_DO: dict[type[Problem], str] = {
    NoSuchPath: "No route has this address: look for the right one in GET /v1/openapi.json.",
    MethodNotAllowed: "The address is served, but not with this method: use one that the header Allow names.",
}


def install(app: FastAPI, page: Page, note: Callable[[Request, Problem], None]) -> None:
    """Answer all exceptions of an application; `page` may answer a browser with a page instead of a document, `note` is
    told of each refusal."""

    def answered(translate: Callable[[Any], Problem]) -> Callable[[Request, Exception], Response]:
        def handle(request: Request, error: Exception) -> Response:
            problem = translate(error)
            note(request, problem)
            if problem.status == HTTPStatus.UNAUTHORIZED:  # RFC 9110 asks for it on each
                problem.headers.setdefault("WWW-Authenticate", "Bearer")
            if isinstance(problem, MethodNotAllowed):
                problem.headers["Allow"] = ", ".join(_methods(app, request))
            answer = page(request, problem) or JSONResponse(
                problem.document(), int(problem.status), headers=problem.headers, media_type=CONTENT_TYPE
            )
            for name, value in HEADERS.items():  # a fault is answered outside the door, which sets them on the rest
                answer.headers.setdefault(name, value)
            return answer

        return handle

    app.add_exception_handler(Problem, answered(lambda error: error))
    app.add_exception_handler(RequestValidationError, answered(_not_valid))
    app.add_exception_handler(HTTPException, answered(_http))
    app.add_exception_handler(OperationalError, answered(_database))
    app.add_exception_handler(NoConnection, answered(_database))
    app.add_exception_handler(DataError, answered(_no_data))
    app.add_exception_handler(ClientDisconnect, answered(_cut_off))
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
    if isinstance(error, Refused):
        return error.problem
    headers = dict(error.headers or {})
    known = _BY_STATUS.get(error.status_code)
    if known is not None:
        return known(_TO_DO.get(known, ""), headers=headers)
    problem = Problem(headers=headers)
    problem.status, problem.title = error.status_code, responses.get(error.status_code, problem.title)
    return problem


def _methods(app: FastAPI, request: Request) -> list[str]:
    """All that an address is served with: the framework names only those of the first route that has it."""
    asked = [{**request.scope, "method": method} for method in ("GET", "POST", "PUT", "PATCH", "DELETE")]
    return [one["method"] for one in asked if any(route.matches(one)[0] is Match.FULL for route in app.routes)]


def _database(error: OperationalError | NoConnection) -> Problem:
    logger.error("the database did not answer", exc_info=error)
    return TooBusy("The database does not answer just now: try again.", headers={"Retry-After": "5"})


def _no_data(error: DataError) -> Problem:
    logger.error("the database refused a value: %s", type(error.orig).__name__)
    return Invalid("A value holds what cannot be stored, such as the character U+0000 or a number out of range.")


def _cut_off(_error: ClientDisconnect) -> Problem:
    return Malformed("The body was cut off: send it again.")


def _fault(error: Exception) -> Problem:
    logger.error("unexpected", exc_info=error)
    return Problem("The fault is ours and has been logged.")
