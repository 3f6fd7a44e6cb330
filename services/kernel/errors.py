"""Refusals: each a named exception with a status that leaves as an RFC 9457 problem document."""

from http import HTTPStatus
from typing import Any

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """A refusal that the caller is told about. Subclass it where a client must tell cases apart."""

    status: int = HTTPStatus.INTERNAL_SERVER_ERROR
    title: str = "Something went wrong"

    def __init__(
        self, detail: str = "", *, field: str = "", headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.field = field
        self.headers = headers or {}
        self.extra = extra

    @property
    def slug(self) -> str:
        """The problem's name in docs/problems.md and in its type: CamelCase becomes camel-case."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))

    def document(self) -> dict[str, Any]:
        """The problem document of RFC 9457, with the field and the rule where they are known."""
        body: dict[str, Any] = {"type": f"/docs/problems#{self.slug}", "title": self.title, "status": int(self.status)}
        if self.detail:
            body["detail"] = self.detail
        if self.field:
            body["field"] = self.field
        return body | self.extra


class NotFound(Problem):
    status = HTTPStatus.NOT_FOUND
    title = "Not found"


class Unauthenticated(Problem):
    status = HTTPStatus.UNAUTHORIZED
    title = "Sign in or send a valid API key"


class Forbidden(Problem):
    status = HTTPStatus.FORBIDDEN
    title = "Not allowed"


class Conflict(Problem):
    status = HTTPStatus.CONFLICT
    title = "In conflict with what is there"


class Invalid(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "Not valid"


class Malformed(Problem):
    status = HTTPStatus.BAD_REQUEST
    title = "Not readable"


class TooLarge(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "Too large"


class AddressTooLong(Problem):
    status = HTTPStatus.REQUEST_URI_TOO_LONG
    title = "The address is too long"


class HeadersTooLarge(Problem):
    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    title = "The headers are too large"


class TooSlow(Problem):
    status = HTTPStatus.REQUEST_TIMEOUT
    title = "The body came too slowly"


class UnsupportedType(Problem):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    title = "Content type not accepted"


class TooMany(Problem):
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many requests"
    again = False
    """Whether its caller was told so before, and has not waited."""


class TooBusy(Problem):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Try again shortly"


class Stale(Exception):
    """What a plan was made from has changed: prepare it again."""
