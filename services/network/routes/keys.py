"""Routes of API keys: administrators keep all, focal points and integrators those of their own organisation."""

from typing import Annotated

from fastapi import Depends

from services.kernel.routing import Router
from services.network.access import issuing
from services.network.access.key_schemas import KeyIssued, KeyView, NewKey, Rotation
from services.network.access.roles import OWN_KEYS
from services.network.callers import CallerIn, Read, Write
from services.network.policy import Caller

router = Router(prefix="/v1")


def _keeper(caller: CallerIn) -> Caller:
    if not issuing.keeps(caller):
        caller.require(OWN_KEYS if caller.member_id is not None else "network:admin")  # what it could be given
    return caller


# In a signature this stands before the transaction: nobody takes the write lock before being known.
Keeper = Annotated[Caller, Depends(_keeper)]


@router.post("/keys", status_code=201)
def issue_key(body: NewKey, caller: Keeper, db: Write) -> KeyIssued:
    """Issue an API key, with scopes that are yours to give; its secret is in this answer and nowhere else."""
    row, key = issuing.issue(db, body, by=caller)
    return KeyIssued(key=key, **issuing.view(db, row).model_dump())


@router.get("/keys")
def list_keys(caller: Keeper, db: Read) -> list[KeyView]:
    """The keys that you keep, without their secrets."""
    return issuing.listed(db, by=caller)


@router.post("/keys/{prefix}/rotation", status_code=201)
def rotate_key(prefix: str, caller: Keeper, body: Rotation, db: Write) -> KeyIssued:
    """Replace a key by a successor with the same rights; the old one works on for the overlap, at most 30 days."""
    row, key = issuing.rotate(db, prefix, body, by=caller)
    return KeyIssued(key=key, **issuing.view(db, row).model_dump())


@router.delete("/keys/{prefix}")
def revoke_key(prefix: str, caller: Keeper, db: Write) -> KeyView:
    """Revoke a key, for good."""
    return issuing.view(db, issuing.revoke(db, prefix, by=caller))
