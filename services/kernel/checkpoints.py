"""Checkpoints: what the chain of blocks came to, signed with a key outside the database, to be kept elsewhere."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select
from sqlmodel import Field, Session, SQLModel

from services.kernel import clock, db, keyfile, merkle, sealing
from services.kernel.config import settings
from services.kernel.keyfile import NoKey, key_id
from services.kernel.model import BigKey, Utc, table

EVERY = timedelta(hours=1)
SAID = ("block", "last", "hash", "at", "key")
NoAuditKey = NoKey  # a new one would not fit the checkpoints that there are


class AuditCheckpoint(SQLModel, table=True):
    """A block's hash, signed. `key`: the beginning of the hash of the public key."""

    __tablename__ = "audit_checkpoint"
    block: int = Field(primary_key=True, sa_type=BigKey)
    last: int = Field(sa_type=BigKey)
    hash: str
    at: datetime = Field(sa_type=Utc)
    key: str
    signature: str


CHECKPOINT = table(AuditCheckpoint)


def place() -> Path:
    """Where the key lies."""
    return settings().audit_key or settings().data_dir / "audit-key"


def trusted() -> dict[str, Ed25519PublicKey]:
    """The public keys by their ids: of every key in the file, whose first is the one that signs.

    Raises:
        NoAuditKey: there is no file, or none of Ed25519 in it.
    """
    return keyfile.trusted(place())


def sign_latest() -> dict[str, Any] | None:
    """Sign what the chain has come to, unless that is signed already, and lay it down as a file too; None where nothing
    is sealed.

    Raises:
        NoAuditKey: the key is missing though it has signed before: whoever took it away must not get a new one made.
    """
    with db.reading() as session:
        block, held = sealing.latest(session), latest(session)
    if block is None:
        return held
    if held is None or held["block"] < block.number:
        said = _said(block, keyfile.signer(place(), make=held is None))
        with db.transaction() as session:
            row = said | {"at": datetime.fromisoformat(said["at"])}
            db.insert_new(session, CHECKPOINT, [row], returning=("block",))
            held = latest(session)
    if held is not None:
        _lay_down(held)
    return held


def due(session: Session, at: datetime) -> bool:
    """Whether something is sealed that no checkpoint of the last hour proves."""
    block, held = sealing.latest(session), latest(session)
    if block is None or (held is not None and held["block"] >= block.number):
        return False
    return held is None or at - datetime.fromisoformat(held["at"]) >= EVERY


def latest(session: Session) -> dict[str, Any] | None:
    """The last checkpoint as it is printed, or None."""
    row = session.execute(select(CHECKPOINT).order_by(CHECKPOINT.c.block.desc()).limit(1)).first()
    return plain(row) if row is not None else None


def plain(row: Any) -> dict[str, Any]:
    """A checkpoint's row as it is printed and signed."""
    said = {name: getattr(row, name) for name in (*SAID, "signature")}
    return said | {"at": row.at.astimezone(UTC).isoformat(timespec="microseconds")}


def genuine(checkpoint: Mapping[str, Any], keys: Mapping[str, Ed25519PublicKey]) -> bool | None:
    """Whether one of these keys signed it; None where the key that it names is not among them."""
    key = keys.get(str(checkpoint["key"]))
    if key is None:
        return None
    try:
        key.verify(bytes.fromhex(str(checkpoint["signature"])), _signed(checkpoint))
    except (InvalidSignature, ValueError):
        return False
    return True


def read(path: Path) -> dict[str, Any]:
    """A checkpoint that was kept elsewhere.

    Raises:
        ValueError: the file holds none.
    """
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or set(found) != {*SAID, "signature"}:
        raise ValueError("it is not a checkpoint")
    if not all(isinstance(found[name], int) for name in ("block", "last")):
        raise ValueError("it is not a checkpoint")
    return found


def _said(block: Any, signer: Ed25519PrivateKey) -> dict[str, Any]:
    at = clock.now().astimezone(UTC).isoformat(timespec="microseconds")
    key = key_id(signer.public_key())
    said = {"block": block.number, "last": block.last, "hash": block.hash, "at": at, "key": key}
    return said | {"signature": signer.sign(_signed(said)).hex()}


def _signed(checkpoint: Mapping[str, Any]) -> bytes:
    return b"ewn audit checkpoint\n" + merkle.canonical({name: checkpoint[name] for name in SAID})


def _lay_down(checkpoint: Mapping[str, Any]) -> None:
    folder = settings().data_dir / "checkpoints"
    path = folder / f"{checkpoint['block']:08d}-{checkpoint['hash'][:12]}.json"
    if not path.exists():  # one of a state that a restore took back stays beside it
        folder.mkdir(parents=True, exist_ok=True)
        keyfile.written(folder, json.dumps(checkpoint, indent=1).encode() + b"\n").replace(path)
