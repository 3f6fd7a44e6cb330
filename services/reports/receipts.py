"""Signed receipts: what was taken in and when, so that whoever handed it in can prove it later, without us."""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlmodel import Session

from services.kernel import keyfile, merkle
from services.kernel.config import settings
from services.kernel.errors import NotFound, TooBusy
from services.kernel.routing import Router
from services.network import Caller, CallerIn
from services.reports.history import HELD
from services.reports.models import Report
from services.reports.ownership import own
from services.reports.schemas import Receipt

BEFORE = b"ewn receipt\n"  # what this key signs is nothing else than a receipt
keys = Router(prefix="/v1/receipts", tags=["reports"])
_held: dict[Path, tuple[int, Ed25519PrivateKey]] = {}


class NoSuchRevision(NotFound):
    title = "No such revision"


class SignedReceipt(Receipt):
    """A receipt, signed. `docs/api.md` says over which bytes."""

    revised_at: datetime | None = Field(description="When this revision came in; null for the first.")
    key: str = Field(description="The name of the key that signed: see GET /v1/receipts/key.")
    signature: str = Field(description="Ed25519, in hexadecimal.")


class ReceiptKey(BaseModel):
    """A public key of receipts."""

    key: str = Field(description="The first 16 hexadecimal digits of the SHA-256 of the 32 bytes of `public`.")
    algorithm: str
    public: str = Field(description="32 bytes, in hexadecimal.")
    signs: bool = Field(description="Whether receipts are signed with it now; with others they were before.")


class ReceiptKeys(BaseModel):
    """The public keys of receipts. Keep them with your receipts: they prove as long as the key is known to be ours."""

    keys: list[ReceiptKey]


@keys.get("/key")
def read_receipt_keys(_caller: CallerIn) -> ReceiptKeys:
    """The public keys by which receipts are verified, the one that signs now first."""
    found = public()
    return ReceiptKeys(
        keys=[
            ReceiptKey(key=name, algorithm="Ed25519", public=raw.hex(), signs=n == 0)
            for n, (name, raw) in enumerate(found.items())
        ]
    )


def receipt(session: Session, caller: Caller, reference: str, revision: int | None = None) -> SignedReceipt:
    """The receipt of one of the caller's own reports, for its present or an earlier revision: all that a key gets of
    the RED that it sent.

    Raises:
        NoSuchReport, NotYourReport: as `own`.
        NoSuchRevision: the report has no revision of this number.
    """
    report = own(session, caller, reference, withdrawn=True, lock=False)
    wanted = report.revision if revision is None else revision
    digest = report.digest if wanted == report.revision else _digest_of(session, report, wanted)
    began = session.execute(
        select(func.max(HELD.c.replaced_at)).where(HELD.c.report_id == report.key, HELD.c.revision == wanted - 1)
    ).scalar()
    return signed(report.reference, wanted, report.handed_in_at, began, digest)


def signed(
    reference: str, revision: int, received_at: datetime, revised_at: datetime | None, digest: str
) -> SignedReceipt:
    """Sign what a receipt says.

    Raises:
        TooBusy: the key is not at hand.
    """
    try:
        key = _signer()
    except (keyfile.NoKey, OSError, ValueError) as reason:
        raise TooBusy("Receipts cannot be signed just now: try again.", headers={"Retry-After": "60"}) from reason
    made = SignedReceipt(
        reference=reference,
        revision=revision,
        received_at=received_at,
        revised_at=revised_at,
        digest=digest,
        key=keyfile.key_id(key.public_key()),
        signature="",
    )
    # Over the very texts of the answer, or whoever verifies would have to write its times anew.
    said = made.model_dump(mode="json", exclude={"signature"})
    return made.model_copy(update={"signature": key.sign(BEFORE + merkle.canonical(said)).hex()})


def public() -> dict[str, bytes]:
    """The public keys by their names, the signing one first; the key is made if there is none yet."""
    try:
        _signer()
        return {name: keyfile.raw(one) for name, one in keyfile.trusted(_place()).items()}
    except (keyfile.NoKey, OSError, ValueError) as reason:
        raise TooBusy("The key of receipts cannot be read just now.", headers={"Retry-After": "60"}) from reason


def _place() -> Path:
    return settings().receipt_key or settings().data_dir / "receipt-key"


def _signer() -> Ed25519PrivateKey:
    """The key that signs, read again when its file has changed."""
    path = _place()
    changed = path.stat().st_mtime_ns if path.exists() else -1
    held = _held.get(path)
    if held is None or held[0] != changed:
        key = keyfile.signer(path, make=True)
        held = _held[path] = (path.stat().st_mtime_ns, key)
    return held[1]


def _digest_of(session: Session, report: Report, revision: int) -> str:
    statement = select(HELD.c.digest).where(HELD.c.report_id == report.key, HELD.c.revision == revision)
    found = session.execute(statement.order_by(HELD.c.version.desc()).limit(1)).scalar()
    if found is None:
        raise NoSuchRevision("The report has no revision of this number.", field="revision")
    return str(found)
