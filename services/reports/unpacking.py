"""The bytes of a bulk upload: unpacked as they come and cut into lines, in flat memory whatever is sent."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator

from services.kernel.config import settings
from services.kernel.errors import Malformed, TooLarge

PIECE = 1 << 16
RATIO = 200  # bytes of one packed byte; JSON of reports comes to 5 to 20, a file of equal lines to 100, a bomb to 1,000
SLACK = 1 << 20  # of which so much does no harm
_GZIP = 31  # of zlib: with the header and the sums of gzip


class NotGzip(Malformed):
    """The body is not gzip to its end, though its Content-Encoding says so."""

    title = "The body is not what its Content-Encoding says"


class PackedTooTightly(TooLarge):
    title = "The body is packed too tightly"


async def unpacked(body: AsyncIterator[bytes], *, gzip: bool) -> AsyncIterator[bytes]:
    """The bytes of a body, in small pieces.

    Raises:
        NotGzip: it is not gzip, or ends before its last sum.
        PackedTooTightly: it unpacks to far more than reports do.
        TooLarge: it has more bytes than a bulk upload may have.
    """
    taken, limit = 0, settings().bulk_bytes
    async for piece in _inflated(body) if gzip else body:
        taken += len(piece)
        if taken > limit:
            raise TooLarge(f"A bulk upload may have {limit} bytes: send the rest apart.")
        yield piece


async def _inflated(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    gzip = _Gzip()
    async for packed in body:
        for piece in gzip.unpack(packed):
            yield piece
            await asyncio.sleep(0)  # one packed piece may be thousands of lines: others have their turn
    if not gzip.whole:
        raise NotGzip("It ends before its end: send it again, whole.", field="Content-Encoding")


class _Gzip:
    """Unpacks piece by piece. Several files in one are gzip too (RFC 1952, section 2.2)."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP)
        self._came = self._made = 0
        self.whole = True

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """What these bytes unpack to, and what still lay before them, in small pieces."""
        self._came += len(packed)
        more = bool(packed)
        while more:
            piece = self._piece(packed)
            if piece:
                yield piece
            ended = self.whole = self._inflate.eof
            packed = self._inflate.unused_data if ended else self._inflate.unconsumed_tail
            more = bool(packed) or (len(piece) == PIECE and not ended)
            if ended:
                self._inflate = zlib.decompressobj(_GZIP)

    def _piece(self, packed: bytes) -> bytes:
        try:
            piece = self._inflate.decompress(packed, PIECE)
        except zlib.error:
            raise NotGzip("Pack it again, or leave Content-Encoding out.", field="Content-Encoding") from None
        self._made += len(piece)
        if self._made > SLACK and self._made > self._came * RATIO:
            raise PackedTooTightly(f"It unpacks to more than {RATIO} times its size: send it as it is.")
        return piece


class Cutter:
    """Cuts bytes into lines, without their ends; one over the limit comes cut, so that memory stays bounded."""

    def __init__(self) -> None:
        self._limit = settings().line_limit
        self._held = b""
        self._skipping = False

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that end in this piece, and the beginning of one that is too long."""
        *whole, self._held = (self._held + piece).split(b"\n")
        if self._skipping and whole:
            del whole[0]
            self._skipping = False
        if len(self._held) > self._limit:
            if not self._skipping:
                whole.append(self._held[: self._limit + 1])
            self._held, self._skipping = b"", True
        return whole

    def end(self) -> list[bytes]:
        """The last line, if it has no end."""
        return [] if self._skipping or not self._held else [self._held]
