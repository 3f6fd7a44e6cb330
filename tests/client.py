"""A client of the application in this process: a request that comes alone is answered in one step of the client's loop.

What costs much here is to change threads, and it shows nothing: how the routes do in threads of their own is shown
where requests come at the same time, which they do in threads also here, and by the tests that start a real server.
"""

import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any

import httpx2
from anyio import Event, to_thread
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.world import SOMEWHERE

_alone: ContextVar[bool] = ContextVar("alone", default=False)  # whether this request is the only one
_in_a_thread = to_thread.run_sync


async def _run_sync(function: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """What a route does, on the loop if nobody else waits for it; else in a thread, as in service."""
    if _alone.get():
        return copy_context().run(function, *given)
    return await _in_a_thread(function, *given, **more)


to_thread.run_sync = _run_sync


class _Turns:
    """Who asks. The main thread asks alone if no other thread is asking; one that comes meanwhile waits for its answer,
    for on a loop that is held up neither would get on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asking = 0
        self._alone = False

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """For the time of one request: whether it is alone."""
        main = threading.current_thread() is threading.main_thread()
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            alone = self._alone = main and not self._asking
            self._asking += 1
        try:
            yield alone
        finally:
            with self._changed:
                self._asking -= 1
                self._alone = False if alone else self._alone
                self._changed.notify_all()


_turns = _Turns()


class _Whole(httpx2.BaseTransport):
    """Asks the application on the client's loop, and takes its answer whole."""

    def __init__(self, client: TestClient, address: tuple[str, int]) -> None:
        self._portal = client._portal_factory
        self._application: Any = client.app
        self._address = address

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()  # a body that comes in pieces
        with self._portal() as portal, _turns.taken() as alone:
            return portal.call(self._ask, request, alone)

    async def _ask(self, request: httpx2.Request, alone: bool) -> httpx2.Response:
        _alone.set(alone)
        url = request.url
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "scheme": url.scheme, "path": url.path, "raw_path": url.raw_path.split(b"?")[0],
            "query_string": url.query, "server": (url.host, url.port), "client": self._address, "root_path": "",
        }  # fmt: skip
        body = [request.content, b""]
        answered = Event()
        start: dict[str, Any] = {"status": 500, "headers": []}
        parts: list[bytes] = []

        async def receive() -> dict[str, Any]:
            if not body:
                await answered.wait()
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": body.pop(0), "more_body": bool(body)}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b"") if request.method != "HEAD" else b"")
                if not message.get("more_body", False):
                    answered.set()

        try:
            await self._application(scope, receive, send)
        except Exception:  # noqa: BLE001 -- it has answered 500 before it raises, and a server goes on too
            answered.set()
        return httpx2.Response(start["status"], headers=start["headers"], stream=httpx2.ByteStream(b"".join(parts)))


def client_of(application: FastAPI, address: tuple[str, int] = SOMEWHERE, **more: Any) -> TestClient:
    """A client whose failures are answers, as they are over a line."""
    client = TestClient(application, raise_server_exceptions=False, client=address, **more)
    client._transport = _Whole(client, address)
    return client
