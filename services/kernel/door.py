"""What every request passes: one id for its logs and effects, bounds on address, headers and body, safe headers on its
answer."""

import asyncio
import re

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kernel import audit, log, peers
from services.kernel.config import settings
from services.kernel.errors import (
    CONTENT_TYPE,
    AddressTooLong,
    HeadersTooLarge,
    Malformed,
    Problem,
    TooLarge,
    TooSlow,
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ADDRESS_BYTES = 8_192  # path and query; what servers and browsers commonly take, and four times our longest form
HEADER_BYTES = 32_768  # all names and values; cookies, a key and what proxies add stay below 8 kB
HEADERS_MOST = 100
BODY_SECONDS = 60.0  # for a whole body: 256 kB over a slow line of 40 kbit/s
PIECE_SECONDS = 60.0  # between two pieces of an upload that may take hours
DEEPEST = 32  # brackets inside one another; our deepest body has five, and no parser works hard at 32
_BRACKETS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)  # possessive: no way back to try


class Refused(HTTPException):
    """A problem met while the body is read: the framework hands on what is of its own kind, and hides all else."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(int(problem.status), problem.detail)
        self.problem = problem


class Door:
    """ASGI middleware. `unbounded` names the paths that bound their bodies themselves, piece by piece; `streamed` is
    what further such paths look like."""

    def __init__(
        self, app: ASGIApp, unbounded: frozenset[str] = frozenset(), streamed: re.Pattern[str] | None = None
    ) -> None:
        self.app = app
        self.unbounded = unbounded
        self.streamed = streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        log.new_trace()
        audit.origin.set(str(peers.address_of(HTTPConnection(scope)) or ""))

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        problem = _head_fault(scope)
        if problem is not None:
            answer = JSONResponse(problem.document(), int(problem.status), media_type=CONTENT_TYPE)
            await answer(scope, receive, guarded)
            return
        path = scope["path"]
        apart = path in self.unbounded or (self.streamed is not None and self.streamed.fullmatch(path) is not None)
        body = _pieces(receive) if apart else _whole(receive, scope)
        await self.app(scope, body, guarded)


def _head_fault(scope: Scope) -> Problem | None:
    """What is wrong with a request before its body is looked at."""
    headers = scope["headers"]
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > ADDRESS_BYTES:
        return AddressTooLong(f"An address may have {ADDRESS_BYTES} bytes.")
    if len(headers) > HEADERS_MOST or sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES:
        return HeadersTooLarge(f"A request may have {HEADERS_MOST} headers of {HEADER_BYTES} bytes together.")
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        # No database of ours keeps this character and no name holds it: refused here once, for every route.
        return Malformed("The address holds the character U+0000: remove it.", field="address")
    return None


def _whole(receive: Receive, scope: Scope) -> Receive:
    """The body as one message once it is asked for, so that no parser sees one that is too large or too deep."""
    limit = settings().body_limit
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        headers = dict(scope["headers"])
        told = headers.get(b"content-length", b"0")
        if told.isdigit() and (len(told) > 18 or int(told) > limit):
            raise Refused(TooLarge(f"A body may have {limit} bytes."))
        message = await _body(receive, limit)
        form = headers.get(b"content-type", b"").startswith((b"application/x-www-form", b"multipart/"))
        if not form and too_deep(message.get("body", b"")):
            raise Refused(Malformed(f"The body nests more than {DEEPEST} deep."))
        return message

    return once


async def _body(receive: Receive, limit: int) -> Message:
    held: list[bytes] = []
    taken = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return message
                held.append(message.get("body", b""))
                taken += len(held[-1])
                if taken > limit:
                    raise Refused(TooLarge(f"A body may have {limit} bytes."))
                if not message.get("more_body", False):
                    return {"type": "http.request", "body": b"".join(held), "more_body": False}
    except TimeoutError:
        raise Refused(TooSlow(f"A body may take {BODY_SECONDS:.0f} seconds: use a bulk upload for more.")) from None


def _pieces(receive: Receive) -> Receive:
    """A body of any length, as long as it keeps coming."""
    ended = False

    async def piece() -> Message:
        nonlocal ended
        if ended:  # what comes now is the end of the connection, for which one may wait
            return await receive()
        try:
            async with asyncio.timeout(PIECE_SECONDS):
                message = await receive()
        except TimeoutError:
            raise Refused(TooSlow(f"Nothing came for {PIECE_SECONDS:.0f} seconds.")) from None
        ended = not message.get("more_body", False)
        return message

    return piece


def too_deep(body: bytes) -> bool:
    """Whether brackets stand more than DEEPEST inside one another, were it JSON. A count decides it for what is small;
    texts with many brackets are walked once."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for found in _BRACKETS.finditer(body):
        one = found.group()
        depth += one in (b"[", b"{")
        depth -= one in (b"]", b"}")
        if depth > DEEPEST:
            return True
    return False
