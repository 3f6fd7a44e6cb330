"""Hashes that seal a log: a leaf of each entry, the Merkle tree of RFC 9162, and blocks that are chained."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

SIZE = 32  # bytes of a hash


def canonical(value: Any) -> bytes:
    """One text for one value: JSON with sorted names and without spaces, in UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def leaf(position: int, entry: dict[str, Any] | None) -> bytes:
    """The leaf of an entry at its position; of None, that there was none when it was sealed."""
    return hashlib.sha256(b"\x00" + canonical([position, entry])).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash over leaves (RFC 9162, section 2.1.1), at least one."""
    level = list(leaves)
    # Pairs from the left, an odd one carried up as it is: the same tree as halving at the largest power of two.
    while len(level) > 1:
        odd = [level[-1]] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0]


def chained(previous: str, number: int, first: int, last: int, tree: bytes) -> str:
    """The hash of a block, over the one before it."""
    return hashlib.sha256(b"\x02" + canonical([previous, number, first, last, tree.hex()])).hexdigest()
