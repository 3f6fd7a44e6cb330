"""Keyed signatures, each for one use, whose key is derived from the service's secret."""

import hashlib
import hmac
import json
from typing import Any

from services.kernel.config import settings


def sign(use: str, said: Any) -> str:
    """HMAC-SHA-256 over plain values, in hexadecimal. It holds as long as the secret does."""
    key = hmac.digest(settings().secret_key(), b"seal " + use.encode(), hashlib.sha256)
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def signed(use: str, said: Any, signature: object) -> bool:
    """Whether `sign` made this signature."""
    return isinstance(signature, str) and hmac.compare_digest(sign(use, said).encode(), signature.encode())
