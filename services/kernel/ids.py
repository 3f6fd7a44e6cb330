"""Random public names of things: references that tell nothing of order or number."""

import random
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_LETTERS = ALPHABET.encode() * 8  # of each byte: 256 is a multiple of 32, so all letters are equally likely
_source: random.Random = secrets.SystemRandom()


def seed(value: int | None) -> None:
    """Make the names that follow repeatable (tests); None returns to the system's randomness."""
    global _source
    _source = secrets.SystemRandom() if value is None else random.Random(value)  # noqa: S311 -- tests only


def reference(prefix: str = "EWN") -> str:
    """A random reference such as EWN-7KQ4-M2XF-9T3B (60 bits)."""
    # One draw; `choices` asks the system for every letter, which takes ten times as long.
    letters = _source.randbytes(12).translate(_LETTERS).decode("ascii")
    return f"{prefix}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def token() -> str:
    """A secret of 256 bits, URL-safe; never from the repeatable source."""
    return secrets.token_urlsafe(32)
