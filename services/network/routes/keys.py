"""Routes of API keys: for administrators, and for those who may make one for their own organisation."""

from fastapi import APIRouter
from sqlmodel import col, select

from services.network.access import keys
from services.network.callers import Administrator, KeyMaker, Read, Write
from services.network.directory import directory
from services.network.models import ApiKey, Organisation
from services.network.schemas import KeyIssued, KeyView, NewKey

router = APIRouter()


@router.post("/keys", status_code=201)
def issue_key(body: NewKey, caller: KeyMaker, db: Write) -> KeyIssued:
    """Issue an API key, with no more than you may give; its secret is in this answer and nowhere else."""
    row, key = keys.issue(db, body, by=caller)
    return KeyIssued(key=key, **_view(row, body.organisation).model_dump())


@router.get("/keys")
def list_keys(_caller: Administrator, db: Read) -> list[KeyView]:
    """All keys without their secrets, for administrators."""
    rows = db.exec(
        select(ApiKey, Organisation)
        .join(Organisation, col(Organisation.id) == col(ApiKey.organisation_id))
        .order_by(ApiKey.prefix)
    ).all()
    return [_view(row, owner.slug) for row, owner in rows]


@router.delete("/keys/{prefix}")
def revoke_key(prefix: str, caller: Administrator, db: Write) -> KeyView:
    """Revoke a key."""
    row = keys.revoke(db, prefix, by=caller)
    return _view(row, directory(db).parties[row.organisation_id].slug)


def _view(row: ApiKey, organisation: str) -> KeyView:
    return KeyView(
        prefix=row.prefix, name=row.name, organisation=organisation, scopes=row.scopes,
        expires_at=row.expires_at, revoked_at=row.revoked_at,
    )  # fmt: skip
