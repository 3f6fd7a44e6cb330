"""What every request passes: one id for its logs and effects, a bound on its body, safe headers on its answer."""

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kernel import audit, log
from services.kernel.config import settings
from services.kernel.errors import CONTENT_TYPE, Malformed

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Door:
    """ASGI middleware. `unbounded` names the paths that bound their bodies themselves, line by line."""

    def __init__(self, app: ASGIApp, unbounded: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.unbounded = unbounded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        log.new_trace()
        audit.origin.set((scope.get("client") or ("",))[0])
        limit = None if scope["path"] in self.unbounded else settings().body_limit
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if limit is not None and taken > limit:
                raise HTTPException(413, f"A body may have {limit} bytes.")
            return message

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            # No database of ours keeps this character and no name holds it: refused here once, for every route.
            problem = Malformed("The address holds the character U+0000: remove it.", field="address")
            answer = JSONResponse(problem.document(), int(problem.status), media_type=CONTENT_TYPE)
            await answer(scope, receive, guarded)
            return
        await self.app(scope, bounded, guarded)
