"""The audit's chain over real rows: each way to tamper is shown and the first entry named, on both databases."""

import hashlib
import json
import shutil
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from services.kernel import audit, checkpoints, clock, db, merkle, proving, sealing, sequencer
from services.kernel.config import settings
from services.kernel.proving import Verdict
from services.kernel.sealing import AUDIT, BLOCK

ENTRIES, SIZE = 23, 5


def write(number: int) -> None:
    """Entries with positions, and not sealed."""
    for n in range(number):
        with db.transaction() as session:
            audit.record(session, None, "test.done", f"Один {n}", values=n, fields=["a", "b"])
    with db.transaction() as session:
        sequencer.place(session)


def seal() -> None:
    while sealing.seal_once(SIZE):
        pass


def verdict(kept: dict[str, Any] | None = None) -> Verdict:
    with db.reading() as session:
        try:
            return proving.verify(session, checkpoints.trusted(), kept)
        except checkpoints.NoAuditKey:
            return proving.verify(session, None, kept)


def told(kept: dict[str, Any] | None = None) -> tuple[str, int | None]:
    found = verdict(kept)
    return found.state, found.position


def do(*statements: Any) -> None:
    with db.transaction() as session:
        for one in statements:
            session.execute(text(one) if isinstance(one, str) else one)


def move(position: int, to: int) -> Any:
    return update(AUDIT).where(AUDIT.c.position == position).values(position=to)


def shift(first: int, by: int) -> list[Any]:
    """All from a position on moved, by way of numbers that nobody has: positions are unique."""
    return [
        update(AUDIT).where(AUDIT.c.position >= first).values(position=AUDIT.c.position + 1_000_000),
        update(AUDIT).where(AUDIT.c.position >= 1_000_000).values(position=AUDIT.c.position - 1_000_000 + by),
        f"update sequencehead set last = last + ({by}) where name = 'audit'",
    ]


@pytest.fixture
def chain(database: str) -> dict[str, Any]:
    """A sealed log with a signed checkpoint, and a few entries that wait."""
    write(ENTRIES)
    seal()
    kept = checkpoints.sign_latest()
    assert kept is not None
    return kept


def forged(position: int) -> str:
    return (
        "insert into audit (at, action, subject, detail, trace, address, position) "
        f"values ('2026-11-01 12:00:00.000000', 'test.forged', '', '{{}}', '', '', {position})"
    )


@pytest.mark.one_kind
def test_what_nobody_touched_is_clean(chain: dict[str, Any]) -> None:
    assert told() == told(chain) == ("clean", None)
    write(3)
    assert "3 wait to be sealed" in verdict().what
    assert sealing.seal_once() == 3
    assert told(chain) == ("clean", None)


@pytest.mark.parametrize(
    ("column", "value"),
    [("action", "'other'"), ("subject", "'Один 7 '"), ("detail", "'{}'"), ("member_id", "1"), ("address", "'00'"),
     ("organisation_id", "9"), ("key_id", "9"), ("trace", "'T'"), ("at", "'2026-11-01 12:00:00.000001'")],
)  # fmt: skip
def test_a_changed_entry_is_named_whichever_of_its_columns(chain: dict[str, Any], column: str, value: str) -> None:
    do(f"update audit set {column} = {value} where position = 8")
    assert told() == ("tampered", 8)


def test_the_first_of_two_exchanged_entries_is_named(chain: dict[str, Any]) -> None:
    do(move(4, 999), move(17, 4), move(999, 17))
    assert told() == ("tampered", 4)


@pytest.mark.one_kind
def test_an_entry_removed_in_the_middle_is_named(chain: dict[str, Any]) -> None:
    do(delete(AUDIT).where(AUDIT.c.position == 12))
    assert told() == ("tampered", 12)
    assert "removed" in verdict().what


def test_an_entry_removed_with_the_gap_closed_is_named(chain: dict[str, Any]) -> None:
    do(delete(AUDIT).where(AUDIT.c.position == 12), *shift(13, -1))
    assert told() == ("tampered", 12)


def test_an_entry_put_in_is_named(chain: dict[str, Any]) -> None:
    do(*shift(6, 1), forged(6))
    assert told() == ("tampered", 6)


@pytest.mark.parametrize("position", [0, -3])
def test_an_entry_before_the_first_is_named(chain: dict[str, Any], position: int) -> None:
    do(forged(position))
    assert told() == ("tampered", position)


@pytest.mark.one_kind
def test_an_entry_beyond_what_was_given_is_named(chain: dict[str, Any]) -> None:
    do(forged(ENTRIES + 1))
    assert told() == ("tampered", ENTRIES + 1)


def test_an_entry_changed_together_with_its_leaf_names_its_block(chain: dict[str, Any]) -> None:
    do("update audit set subject = 'other' where position = 8")
    with db.reading() as session:
        row = session.execute(select(AUDIT).where(AUDIT.c.position == 8)).one()
        block = session.execute(select(BLOCK).where(BLOCK.c.first <= 8, BLOCK.c.last >= 8)).one()
    at = (8 - block.first) * merkle.SIZE
    leaves = block.leaves[:at] + merkle.leaf(8, sealing.content(row)) + block.leaves[at + merkle.SIZE :]
    do(update(BLOCK).where(BLOCK.c.number == block.number).values(leaves=leaves))
    found = verdict()
    assert (found.state, found.position) == ("tampered", block.first)
    assert f"up to {block.last}" in found.what
    tree = merkle.root([leaves[n : n + merkle.SIZE] for n in range(0, len(leaves), merkle.SIZE)]).hex()
    do(update(BLOCK).where(BLOCK.c.number == block.number).values(root=tree))
    assert told() == ("tampered", block.first)


def test_a_block_taken_out_is_named_by_its_first_entry(chain: dict[str, Any]) -> None:
    do(delete(BLOCK).where(BLOCK.c.number == 2))
    assert told() == ("tampered", SIZE + 1)


def test_what_was_removed_before_it_was_sealed_shows_and_holds_up_nothing(chain: dict[str, Any]) -> None:
    write(4)
    do(delete(AUDIT).where(AUDIT.c.position == ENTRIES + 2))
    assert told() == ("tampered", ENTRIES + 2)
    seal()
    with db.reading() as session:
        assert sealing.latest(session).last == ENTRIES + 4
    assert told() == ("tampered", ENTRIES + 2)
    do(forged(ENTRIES + 2))
    assert told() == ("tampered", ENTRIES + 2)


@pytest.mark.one_kind
def test_the_last_of_the_waiting_cannot_be_taken_away_unseen(chain: dict[str, Any]) -> None:
    write(2)
    do(delete(AUDIT).where(AUDIT.c.position == ENTRIES + 2))
    assert told() == ("tampered", ENTRIES + 2)


def cut() -> None:
    """All that was sealed after the second block goes, as if it had never been."""
    do(
        "delete from audit_block where number > 2", f"delete from audit where position > {2 * SIZE}",
        f"update sequencehead set last = {2 * SIZE} where name = 'audit'",
    )  # fmt: skip


def test_a_cut_tail_shows_by_a_checkpoint_alone(chain: dict[str, Any]) -> None:
    cut()
    assert told() == told(chain) == ("tampered", 2 * SIZE + 1)
    do("delete from audit_checkpoint")
    assert told() == ("untold", None)
    assert told(chain) == ("tampered", 2 * SIZE + 1)
    assert "cut off" in verdict(chain).what


def test_a_log_that_was_never_signed_is_clean_and_one_whose_checkpoints_are_gone_is_not(database: str) -> None:
    write(1)
    seal()
    assert told() == ("clean", None)
    checkpoints.sign_latest()
    assert told() == ("clean", None)
    do("delete from audit_checkpoint", "delete from audit_block", "delete from audit")
    do("update sequencehead set last = 0 where name = 'audit'")
    assert told()[0] == "untold"


def test_what_is_written_anew_shows_by_a_checkpoint_alone(chain: dict[str, Any]) -> None:
    do("update audit set subject = 'other' where position = 13", "delete from audit_block")
    do("delete from audit_checkpoint")
    seal()
    assert told() == ("untold", None)
    assert told(chain) == ("tampered", 21)  # a checkpoint proves the whole up to it: the block that it signs is named


def test_a_checkpoint_changed_or_signed_by_another_key_proves_nothing(chain: dict[str, Any]) -> None:
    assert told(chain | {"last": ENTRIES + 1})[0] == "tampered"
    assert told(chain | {"signature": "00"})[0] == "tampered"
    do("update audit_checkpoint set signature = '00'")
    assert told()[0] == "tampered"


@pytest.mark.one_kind
def test_without_the_key_nothing_can_be_told_and_none_is_made_anew(chain: dict[str, Any]) -> None:
    write(1)
    seal()
    key = settings().data_dir / "audit-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    away = key.rename(key.with_suffix(".away"))
    assert told()[0] == "untold"
    with pytest.raises(checkpoints.NoAuditKey):
        checkpoints.sign_latest()
    assert not key.exists()
    do("update audit set subject = 'other' where position = 3")
    assert told() == ("tampered", 3)  # what the chain itself tells needs no key
    away.rename(key)


@pytest.mark.one_kind
def test_an_older_key_still_proves_what_it_signed(chain: dict[str, Any]) -> None:
    key = settings().data_dir / "audit-key"
    old = key.read_bytes()
    key.unlink()
    do("delete from audit_checkpoint")
    fresh = checkpoints.sign_latest()
    assert fresh is not None
    assert told(chain)[0] == "untold"
    key.write_bytes(key.read_bytes() + old)
    assert told(chain) == ("clean", None)
    assert fresh["key"] != chain["key"]


@pytest.mark.one_kind
def test_a_checkpoint_lies_as_a_file_too_and_is_read_back(chain: dict[str, Any]) -> None:
    (file,) = (settings().data_dir / "checkpoints").glob("*.json")
    assert checkpoints.read(file) == chain
    file.unlink()
    checkpoints.sign_latest()
    assert file.exists()
    file.write_text(json.dumps({"block": 1}), encoding="ascii")
    with pytest.raises(ValueError, match="not a checkpoint"):
        checkpoints.read(file)


def test_many_sealers_at_once_make_one_chain(database: str) -> None:
    write(60)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(30):
                sealing.seal_once(3)
        except BaseException as error:  # noqa: BLE001 -- shown below
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed
    with db.reading() as session:
        assert sealing.latest(session).last == 60
    assert told() == ("clean", None)


def test_a_sealer_killed_before_its_commit_has_done_nothing(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(7)
    alone = db.alone

    def killed(session: Any, what: str) -> None:
        alone(session, what)
        raise KeyboardInterrupt

    monkeypatch.setattr(db, "alone", killed)
    with pytest.raises(KeyboardInterrupt):
        sealing.seal_once()
    monkeypatch.undo()
    assert sealing.seal_once() == 7
    assert told() == ("clean", None)


def test_a_restored_database_is_sealed_on_and_a_later_checkpoint_tells_that_it_was(sqlite: str, tmp_path: Path) -> None:
    write(ENTRIES)
    seal()
    path = Path(str(db.engine().url.database))
    db.disconnect()
    saved = shutil.copy(path, tmp_path / "saved.db")
    write(4)
    seal()
    kept = checkpoints.sign_latest()
    db.disconnect()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    Path(saved).replace(path)
    write(9)
    seal()
    assert told() == ("untold", None)  # the key has signed, and what it signed is not there
    assert checkpoints.sign_latest() is not None
    assert told()[0] == "clean"
    assert told(kept)[0] == "tampered"
    assert len(list((settings().data_dir / "checkpoints").glob("*.json"))) == 2


@pytest.mark.one_kind
def test_only_what_has_a_position_is_sealed(database: str) -> None:
    with db.transaction() as session:
        audit.record(session, None, "test.done")
    assert sealing.seal_once() == 0
    with db.reading() as session:
        assert sealing.oldest_waiting(session) == clock.now()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 64, 65])
def test_the_root_is_that_of_rfc_9162(size: int) -> None:
    """Against the recursive definition, over the same leaves."""
    leaves = [merkle.leaf(n, {"n": n}) for n in range(size)]

    def tree(some: list[bytes]) -> bytes:
        if len(some) == 1:
            return some[0]
        half = 1
        while half * 2 < len(some):
            half *= 2
        return hashlib.sha256(b"\x01" + tree(some[:half]) + tree(some[half:])).digest()

    assert merkle.root(leaves) == tree(leaves)
