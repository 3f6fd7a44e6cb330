"""Proving the audit: everything recomputed from the entries, and the first that is not what was sealed named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, select
from sqlmodel import Session

from services.kernel import checkpoints, merkle
from services.kernel.checkpoints import CHECKPOINT
from services.kernel.model import table
from services.kernel.sealing import AUDIT, BLOCK, content
from services.kernel.sequencer import SequenceHead

HEAD = table(SequenceHead)
BLOCKS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `position`: of the first entry that is not what was sealed, where there is one."""

    state: Literal["clean", "tampered", "untold"]
    what: str
    position: int | None = None


class _Tampered(Exception):
    """Carries the verdict out of the walk."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(what)
        self.verdict = Verdict("tampered", f"Entry {position}: {what}", position)


def verify(
    session: Session, keys: Mapping[str, Ed25519PublicKey] | None, kept: Mapping[str, Any] | None = None
) -> Verdict:
    """Recompute every block from its entries and compare it with the checkpoints: those of the database, and `kept`,
    one that was kept elsewhere. Without `keys` the chain is proved, and no signature."""
    signed = [checkpoints.plain(row) for row in session.execute(select(CHECKPOINT)).all()]
    signed += [dict(kept)] if kept is not None else []
    known = keys or {}
    doubts = [one for one in signed if checkpoints.genuine(one, known) is None]
    try:
        # One whose signature is wrong proves nothing; one by a key that is not at hand is compared all the same.
        for one in signed:
            if checkpoints.genuine(one, known) is False:
                raise _Tampered(one["last"], f"the checkpoint of block {one['block']} has a wrong signature.")
        blocks, last = _chain(session, signed)
        unsealed = _unsealed(session, last)
    except _Tampered as found:
        return found.verdict
    what = f"{last} entries in {blocks} blocks are what was sealed; {unsealed} wait to be sealed."
    if doubts:
        missing = sorted({str(one["key"]) for one in doubts})
        return Verdict("untold", f"{what} A checkpoint is signed by key {', '.join(missing)}, which is not at hand.")
    if not signed and known:  # the key is made with the first checkpoint: those there were may be gone
        return Verdict("untold", f"{what} There is a key, and no checkpoint: give one that was kept elsewhere.")
    if not signed:
        return Verdict("clean", f"{what} No checkpoint was signed yet.")
    return Verdict("clean", f"{what} {len(signed)} checkpoints agree.")


def _chain(session: Session, signed: list[dict[str, Any]]) -> tuple[int, int]:
    """Walk the chain; how many blocks there are, and the last position sealed."""
    by_block: dict[int, list[dict[str, Any]]] = {}
    for one in signed:
        by_block.setdefault(int(one["block"]), []).append(one)
    early = session.execute(select(func.min(AUDIT.c.position))).scalar()
    if early is not None and early < 1:
        raise _Tampered(early, "was added before the first.")
    number, last, previous = 0, 0, ""
    for block in _blocks(session):
        number += 1
        _entries(session, block)
        _whole(block, number, last + 1, previous)
        last, previous = block.last, block.hash
        for one in by_block.pop(number, []):
            if (one["last"], one["hash"]) != (last, previous):
                raise _Tampered(block.first, f"block {number} was written anew since the checkpoint of {one['at']}.")
    for beyond in by_block.values():
        one = beyond[0]
        raise _Tampered(last + 1, f"cut off: the checkpoint of {one['at']} proves entries up to {one['last']}.")
    return number, last


def _blocks(session: Session) -> Iterator[Any]:
    after = 0
    while True:
        statement = select(BLOCK).where(BLOCK.c.number > after).order_by(BLOCK.c.number).limit(BLOCKS_AT_ONCE)
        rows = session.execute(statement).all()
        yield from rows
        if not rows:
            return
        after = rows[-1].number


def _entries(session: Session, block: Any) -> None:
    """Each entry of a block against its leaf."""
    within = AUDIT.c.position.between(block.first, block.last)
    rows = {row.position: row for row in session.execute(select(AUDIT).where(within)).all()}
    for n, position in enumerate(range(block.first, block.last + 1)):
        leaf = block.leaves[n * merkle.SIZE : (n + 1) * merkle.SIZE]
        if position not in rows:
            raise _Tampered(position, "was removed.")
        if merkle.leaf(position, content(rows[position])) != leaf:
            what = "was added after its place was sealed." if merkle.leaf(position, None) == leaf else (
                "was changed or exchanged."
            )  # fmt: skip
            raise _Tampered(position, what)


def _whole(block: Any, number: int, first: int, previous: str) -> None:
    """A block against the one before it."""
    if block.number != number or block.first != first:
        raise _Tampered(first, f"its block was removed: after block {number - 1} comes block {block.number}.")
    leaves = [block.leaves[n : n + merkle.SIZE] for n in range(0, len(block.leaves), merkle.SIZE)]
    tree = merkle.root(leaves) if leaves else b""
    if len(leaves) != block.last - first + 1 or tree.hex() != block.root:
        raise _Tampered(first, f"it or another entry up to {block.last} was changed, with its leaf in block {number}.")
    if merkle.chained(previous, number, first, block.last, tree) != block.hash:
        raise _Tampered(first, f"block {number} was changed.")


def _unsealed(session: Session, last: int) -> int:
    """What has a position and no block yet: without gaps up to the last position that was given."""
    given = session.execute(select(HEAD.c.last).where(HEAD.c.name == AUDIT.name)).scalar() or 0
    expected = last
    beyond = select(AUDIT.c.position).where(AUDIT.c.position > last).order_by(AUDIT.c.position)
    for position in session.execute(beyond).scalars():
        expected += 1
        if position != expected:
            raise _Tampered(expected, "was removed before it was sealed.")
        if position > given:
            raise _Tampered(position, "was added beyond the last position that was given.")
    if given > expected:
        raise _Tampered(expected + 1, f"cut off: positions up to {given} were given.")
    return expected - last
