"""Refusals as pages: a browser that asked for a page gets one in the reader's language, a program its document."""

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.console import administering
from services.console.filters import NoSuchChoice
from services.console.rendering import page
from services.console.visitors import Visitor, known_visitor, language_of, sign_in_address
from services.console.words import Words
from services.kernel import db
from services.kernel.errors import Problem, Unauthenticated
from services.kernel.i18n import translator

PASSING = ("cursor", "was")  # of an address: what is no filter and of one moment


def problem_page(request: Request, problem: Problem) -> Response | None:
    """The page of a refusal; None where no page was asked for. Whoever is not signed in is led to the sign-in page."""
    if request.url.path.startswith("/v1/") or "text/html" not in request.headers.get("accept", ""):
        return None
    if isinstance(problem, Unauthenticated):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(sign_in_address(asked if request.method == "GET" else "/"), HTTPStatus.SEE_OTHER)
    visitor = None if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR else _looking(request)
    language = visitor.caller.language if visitor else language_of(request)
    if isinstance(problem, NoSuchChoice):
        choices = [(_address(request, problem.field, value), name) for value, name in problem.named(Words(language))]
        shown = {
            "field": problem.field,
            "given": problem.given,
            "choices": choices,
            "all": _address(request, problem.field),
        }
        answer = page(request, visitor, "no_such_choice.html", status=int(problem.status), **shown)
    else:
        title, text = words(problem, language)
        told = {
            "title": title,
            "text": text,
            "detail": _detail(problem),
            "alone": _alone(visitor) if problem.status == HTTPStatus.FORBIDDEN else "",
        }
        answer = page(request, visitor, "problem.html", status=int(problem.status), **told)
    answer.headers.update(problem.headers)
    return answer


def _address(request: Request, field: str, value: str = "") -> str:
    """The same list from its beginning, with another value of one filter; empty where the address is of a form."""
    if request.method != "GET":
        return ""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in (field, *PASSING)]
    query = urlencode([*kept, *([(field, value)] if value else [])])
    return f"{request.url.path}?{query}" if query else request.url.path


def _looking(request: Request) -> Visitor | None:
    try:
        return known_visitor(request)
    except Problem:
        return None


def _alone(visitor: Visitor | None) -> str:
    if visitor is None:
        return ""
    with db.reading() as session:
        return administering.alone(session, visitor.caller)


def _detail(problem: Problem) -> str:
    """The rule that was broken, for refusals that the reader can mend. Never for 404: it must not tell cases apart."""
    return problem.detail if problem.status in (400, 403, 409, 413, 422, 503) else ""


def words(problem: Problem, language: str) -> tuple[str, str]:
    """What a refusal is called, and what its reader can do."""
    _ = translator(language).gettext
    known = {
        400: (_("Not readable"), _("Go back, or start again from the overview.")),
        403: (_("Not allowed"), _("Your role does not include this. Ask your network's administrator if it should.")),
        404: (_("Not found"), _("There is no such page, or what it shows is not shared with you.")),
        405: (_("Not to be opened"), _("This address takes forms only. Start again from the overview.")),
        409: (_("Already done"), _("Something has changed since you opened the page.")),
        413: (_("Too large"), _("Send long documents in parts.")),
        422: (_("Not valid"), _("One of the values is not one that we know.")),
        408: (_("Too slow"), _("The line broke off before all had come. Send it again.")),
        429: (_("Too many tries"), _("Too much came from you in a short time. Wait a quarter of an hour, then go on.")),
        503: (_("Try again shortly"), _("Nothing was stored. Wait a little and send it again.")),
    }
    if problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return known.get(int(problem.status), (_("Not accepted"), _("Go back, or start again from the overview.")))
    ours = (_("Something went wrong"), _("The fault is ours and has been logged. Try again later."))
    return known.get(int(problem.status), ours)
