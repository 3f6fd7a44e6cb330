"""Keyed signatures and sealed texts, each for one use, whose keys are derived from the service's secret."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kernel.config import settings


def sign(use: str, said: Any) -> str:
    """HMAC-SHA-256 over plain values, in hexadecimal. It holds as long as the secret does."""
    key = hmac.digest(settings().secret_key(), b"seal " + use.encode(), hashlib.sha256)
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def signed(use: str, said: Any, signature: object) -> bool:
    """Whether `sign` made this signature."""
    return isinstance(signature, str) and hmac.compare_digest(sign(use, said).encode(), signature.encode())


def seal(use: str, text: str) -> str:
    """A text that only this service can read and nobody can change: AES-256-GCM, the nonce before it, in base64."""
    nonce = secrets.token_bytes(12)
    return base64.urlsafe_b64encode(nonce + AESGCM(_key(use)).encrypt(nonce, text.encode(), use.encode())).decode()


def unseal(use: str, sealed: str) -> str | None:
    """What `seal` was given for the same use; None where it did not make this, or with another secret."""
    try:
        held = base64.b64decode(sealed.encode(), altchars=b"-_", validate=True)
        return AESGCM(_key(use)).decrypt(held[:12], held[12:], use.encode()).decode()
    except (binascii.Error, InvalidTag, ValueError):
        return None


def _key(use: str) -> bytes:
    return hmac.digest(settings().secret_key(), b"sealed " + use.encode(), hashlib.sha256)
