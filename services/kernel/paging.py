"""Cursors sealed for one viewer: they hold only what that viewer saw, and nobody else can use or read them."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy import ColumnElement, Date, Select, tuple_
from sqlmodel import Session

from services.kernel.config import settings
from services.kernel.errors import Malformed


class BadCursor(Malformed):
    """The cursor was not given to this caller for this list."""

    title = "Cursor not valid"


@lru_cache(maxsize=4)
def _cipher(secret: bytes) -> AESSIV:
    return AESSIV(hashlib.sha512(b"cursor" + secret).digest()[:64])


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def seal(position: list[Any], *, viewer: str, scope: str) -> str:
    """A cursor to `position` of the list `scope`. The same input gives the same text (AES-SIV, RFC 5297)."""
    text = json.dumps(position, separators=(",", ":")).encode()
    return _written(_cipher(settings().secret_key()).encrypt(text, [viewer.encode(), scope.encode()]))


def unseal(cursor: str, *, viewer: str, scope: str) -> list[Any]:
    """The position that a cursor holds.

    Raises:
        BadCursor: it is not ours, not this viewer's, or not of this list.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        if _written(raw) != cursor:  # the last letter has bits that mean nothing: there is one way to write each
            raise ValueError(cursor)
        opened = _cipher(settings().secret_key()).decrypt(raw, [viewer.encode(), scope.encode()])
    except (InvalidTag, ValueError):
        raise BadCursor("Start again without a cursor.", field="cursor") from None
    position: list[Any] = json.loads(opened)
    return position


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of which list somebody asks for: the first without a cursor."""

    viewer: str
    scope: str
    cursor: str | None
    size: int


def latest_first(
    session: Session, statement: Select[Any], by: tuple[ColumnElement[Any], ColumnElement[Any]], asked: Asked
) -> tuple[list[Any], str | None]:
    """A page of a list, the latest first, and the cursor to the next; None where it ends.

    `by`: a time or a day, and what is unique beside it: columns that each row has under their names. A row that is one
    whole entity comes as that.

    Raises:
        BadCursor: as `unseal`.
    """
    whose = {"viewer": asked.viewer, "scope": asked.scope}
    if asked.cursor is not None:
        at, unique = unseal(asked.cursor, **whose)
        when = (date if isinstance(by[0].type, Date) else datetime).fromisoformat(at)
        statement = statement.where(tuple_(*by) < (when, unique))
    found = session.execute(statement.order_by(*(one.desc() for one in by)).limit(asked.size + 1))
    whole = len(statement.column_descriptions) == 1
    rows = list(found.scalars() if whole else found)
    if len(rows) <= asked.size:
        return rows, None
    last = rows[asked.size - 1]
    at, unique = (getattr(last, one.name) for one in by)
    return rows[: asked.size], seal([at.isoformat(), unique], **whose)
