"""The rights by which a reader of the change feed holds what it holds: its claims, and what they show of sources."""

import hashlib
import json
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import network
from services.exchange.models import FeedSight
from services.kernel import db
from services.kernel.model import table
from services.kernel.paging import BadCursor
from services.network import Caller, Claim, Kind

SIGHT = table(FeedSight)


@dataclass(frozen=True, slots=True)
class Rights:
    """Claims in a fixed order. `told`: of a secretariat, which is told more of sources where claims name it."""

    claims: tuple[Claim, ...]
    told: bool

    @property
    def body(self) -> dict[str, Any]:
        """As the table keeps them."""
        claims = [[str(one.kind), one.target, one.since, one.through_parent] for one in self.claims]
        return {"claims": claims, "told": self.told}

    @property
    def digest(self) -> str:
        """Their name in cursors."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()[:32]


NONE = Rights((), told=False)


def rights_of(session: Session, caller: Caller) -> Rights:
    """The caller's rights as this transaction sees the network."""
    own = network.directory(session).parties.get(caller.organisation_id or 0)
    claims = sorted(network.claims(session, caller), key=astuple)
    return Rights(tuple(claims), told=own is not None and own.kind == "secretariat")


def recalled(session: Session, digest: str) -> Rights:
    """The rights of this name.

    Raises:
        BadCursor: they are not known here.
    """
    if digest == NONE.digest:
        return NONE
    body = session.execute(select(SIGHT.c.rights).where(SIGHT.c.digest == digest)).scalar_one_or_none()
    if body is None:
        raise BadCursor("Start again without a cursor.", field="cursor")
    claims = (Claim(Kind(kind), target, since, through) for kind, target, since, through in body["claims"])
    return Rights(tuple(claims), told=body["told"])


def known(session: Session, digest: str) -> bool:
    """Whether rights of this name are kept."""
    return session.execute(select(SIGHT.c.digest).where(SIGHT.c.digest == digest)).first() is not None


def keep(session: Session, rights: Rights) -> None:
    """Keep rights, so that a cursor can name them."""
    db.insert_new(session, SIGHT, [{"digest": rights.digest, "rights": rights.body}], returning=("digest",))
