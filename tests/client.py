"""A client of the application in this process, in one step of its loop for each request."""

from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.world import SOMEWHERE


class _Whole(httpx2.BaseTransport):
    """Asks the application on the client's loop, and takes its answer whole.

    Starlette's own transport hands each chunk over from thread to thread, so that an answer may be read while it is
    made; that costs more than many an answer, and the tests of streams start a real server.
    """

    def __init__(self, client: TestClient, address: tuple[str, int]) -> None:
        self._portal = client._portal_factory
        self._application = httpx2.ASGITransport(client.app, raise_app_exceptions=False, client=address)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()  # a body that comes in pieces
        with self._portal() as portal:
            return portal.call(self._ask, request)

    async def _ask(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._application.handle_async_request(request)
        body = await answer.aread()
        return httpx2.Response(answer.status_code, headers=answer.headers.raw, stream=httpx2.ByteStream(body))


def client_of(application: FastAPI, address: tuple[str, int] = SOMEWHERE, **more: Any) -> TestClient:
    """A client whose failures are answers, as they are over a line."""
    client = TestClient(application, raise_server_exceptions=False, client=address, **more)
    client._transport = _Whole(client, address)
    return client
