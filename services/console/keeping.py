"""A form that outlives its session: sealed for whoever typed it, and given back to the same person after signing in."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.kernel import clock, seals
from services.network import Caller

LASTS = timedelta(hours=24)
OWN, WHOSE = "kept", "whose"  # fields of a form, not of a report
_TYPED, _WRITER = "form typed", "form writer"
_SLOT, _KEY = "draft slot", "draft key"


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was typed: where it goes to, and its fields in order."""

    address: str
    fields: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a page needs to keep a form in its browser: no script can do it without, and nobody else is given it."""

    slot: str
    """Under which name; the same for a person, and it tells nobody whose it is."""
    keys: str
    """Of today, then of yesterday: what is older than two days, no page opens again."""


def draft(caller: Caller) -> Draft:
    """The keys of this person's drafts."""
    today = clock.now().date()
    keys = [seals.sign(_KEY, [caller.member_id, day.isoformat()]) for day in (today, today - timedelta(days=1))]
    return Draft(seals.sign(_SLOT, [caller.member_id])[:16], " ".join(keys))


def writer(caller: Caller) -> str:
    """Whom a form is given to: it comes back with it, when the session that could have told is over."""
    return seals.seal(_WRITER, json.dumps([caller.member_id, clock.now().isoformat()]))


def keep(address: str, items: Sequence[tuple[str, Any]]) -> str:
    """A posted form as a text that its writer alone can have opened again; empty where it does not say whose it is."""
    fields = [(name, value) for name, value in items if isinstance(value, str)]
    whose = _opened(_WRITER, dict(fields).get(WHOSE, ""))
    if whose is None:
        return ""
    member, _at = whose
    rest = [one for one in fields if one[0] not in (OWN, WHOSE, "act")]
    text = json.dumps([member, clock.now().isoformat(), address, rest], ensure_ascii=False)
    packed = urlsafe_b64encode(zlib.compress(text.encode())).decode()
    return seals.seal(_TYPED, packed)


def kept(sealed: str, member_id: int | None) -> Kept | None:
    """What was kept for this person; None where it is another's, too old, or none of ours."""
    packed = seals.unseal(_TYPED, sealed)
    if packed is None:
        return None
    member, at, address, fields = json.loads(zlib.decompress(urlsafe_b64decode(packed)))
    if member != member_id or not _fresh(at):
        return None
    return Kept(address, [(name, value) for name, value in fields])


def _opened(use: str, sealed: str) -> tuple[int, str] | None:
    text = seals.unseal(use, sealed)
    if text is None:
        return None
    member, at = json.loads(text)
    return (member, at) if _fresh(at) else None


def _fresh(at: str) -> bool:
    return clock.now() - datetime.fromisoformat(at) < LASTS
