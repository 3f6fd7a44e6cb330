"""Random public names of things: references that tell nothing of order or number."""

import random
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_source: random.Random = secrets.SystemRandom()


def seed(value: int | None) -> None:
    """Make the names that follow repeatable (tests); None returns to the system's randomness."""
    global _source
    _source = secrets.SystemRandom() if value is None else random.Random(value)  # noqa: S311 -- tests only


def reference(prefix: str = "EWN") -> str:
    """A random reference such as EWN-7KQ4-M2XF-9T3B (60 bits)."""
    letters = "".join(_source.choices(ALPHABET, k=12))
    return f"{prefix}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def token() -> str:
    """A secret of 256 bits, URL-safe; never from the repeatable source."""
    return secrets.token_urlsafe(32)
