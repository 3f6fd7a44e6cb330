"""The segments of a JPEG without those that draw nothing: for pictures inside a PDF, whose points stay as packed."""

from services.attachments.opening.limits import Refused

_SOI, _EOI, _SOS, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_JFIF, _ADOBE = b"JFIF\0", b"Adobe"


def bare(data: bytes) -> bytes:
    """The same picture without comments, application data and thumbnails, and without what follows its end.

    Raises:
        Refused: it is not put together as a JPEG is.
    """
    if data[:2] != b"\xff\xd8":
        raise Refused("damaged")
    kept, at = [data[:2]], 2
    while True:
        start = at
        if data[at : at + 1] != b"\xff":
            raise Refused("damaged")
        while data[at : at + 1] == b"\xff":
            at += 1
        marker = data[at] if at < len(data) else _EOI
        at += 1
        if marker == _EOI:
            kept.append(b"\xff\xd9")
            return b"".join(kept)
        if marker in _ALONE:
            kept.append(data[start:at])
            continue
        end = at + int.from_bytes(data[at : at + 2], "big")
        if end < at + 2 or end > len(data):
            raise Refused("damaged")
        kept.append(_segment(marker, data[at + 2 : end]))
        at = end
        if marker == _SOS:
            end = _scan(data, at)
            kept.append(data[at:end])
            at = end


def _segment(marker: int, body: bytes) -> bytes:
    """What is left of a segment: of application data, what says how the colours are meant."""
    if marker == 0xE0:
        body = body[:12] + b"\0\0" if body.startswith(_JFIF) and len(body) >= 14 else b""
    elif marker == 0xEE:
        body = body[:12] if body.startswith(_ADOBE) else b""
    elif marker == _COMMENT or 0xE0 <= marker <= 0xEF:
        body = b""
    if not body:
        return b""
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def _scan(data: bytes, at: int) -> int:
    """Where the packed points that begin here end: at the next marker that is none of theirs."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Refused("damaged")
        if data[at + 1] != 0 and data[at + 1] not in _ALONE and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
