"""The API's connections: how large and how slow a request's head may be, before there is a request to refuse."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 20.0  # for the head of a request: 8 kB come in this time over the slowest line that is one
HEAD_BYTES = 65_536  # after the first piece (of 256 kB at most): the parser itself would take a head without end


class Listener(HttpToolsProtocol):
    """HTTP by httptools, which bounds neither the size of a head nor the time it takes."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._heading = False
        self._in_body = False
        self._head_bytes = 0
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its base
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for."""
        self._done()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a piece in; a head that goes on and on is refused, and nobody waits for a body already answered."""
        before = self._heading
        super().data_received(data)
        if before and self._heading:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self.send_400_response("The head of the request is too large.")
        elif self._in_body and self.cycle.response_complete:
            self._wait()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._heading, self._in_body, self._head_bytes = True, False, 0
        self._wait()

    def on_headers_complete(self) -> None:
        """The head is there: what follows, the door bounds."""
        self._heading = False
        self._done()
        super().on_headers_complete()
        self._in_body = True

    def on_message_complete(self) -> None:
        """The body is there."""
        self._in_body = False
        self._done()
        super().on_message_complete()

    def _wait(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._close)

    def _done(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.close()
