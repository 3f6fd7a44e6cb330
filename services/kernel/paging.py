"""Cursors sealed for one viewer: they hold only what that viewer saw, and nobody else can use or read them."""

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from services.kernel.config import settings
from services.kernel.errors import Malformed


class BadCursor(Malformed):
    """The cursor was not given to this caller for this list."""

    title = "Cursor not valid"


@lru_cache(maxsize=4)
def _cipher(secret: bytes) -> AESSIV:
    return AESSIV(hashlib.sha512(b"cursor" + secret).digest()[:64])


def seal(position: list[Any], *, viewer: str, scope: str) -> str:
    """A cursor to `position` of the list `scope`. The same input gives the same text (AES-SIV, RFC 5297)."""
    text = json.dumps(position, separators=(",", ":")).encode()
    return (
        base64.urlsafe_b64encode(_cipher(settings().secret_key()).encrypt(text, [viewer.encode(), scope.encode()]))
        .decode()
        .rstrip("=")
    )


def unseal(cursor: str, *, viewer: str, scope: str) -> list[Any]:
    """The position that a cursor holds.

    Raises:
        BadCursor: it is not ours, not this viewer's, or not of this list.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        opened = _cipher(settings().secret_key()).decrypt(raw, [viewer.encode(), scope.encode()])
    except (InvalidTag, ValueError):
        raise BadCursor("Start again without a cursor.", field="cursor") from None
    position: list[Any] = json.loads(opened)
    return position
