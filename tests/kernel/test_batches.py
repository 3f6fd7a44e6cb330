"""Rows handed to the driver in a batch arrive as if the ORM had bound them; names are drawn evenly."""

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlmodel import col, select

from services.kernel import audit, db, ids
from services.kernel.audit import AuditEntry
from services.kernel.model import table

pytestmark = pytest.mark.one_kind

EAST = datetime(2026, 11, 1, 17, tzinfo=timezone(timedelta(hours=5)))


def row(subject: str) -> dict[str, object]:
    return audit.entry(None, "batch.tried", subject, fields=["один", "two"]) | {"at": EAST}


def tried() -> list[AuditEntry]:
    with db.reading() as session:
        of = select(AuditEntry).where(AuditEntry.action == "batch.tried").order_by(col(AuditEntry.id))
        return list(session.exec(of).all())


@pytest.mark.usefixtures("database")
def test_times_and_structures_come_back_as_they_were_given() -> None:
    with db.transaction() as session:
        db.insert_all(session, table(AuditEntry), [row("one"), row("two")])
    found = tried()
    assert [one.subject for one in found] == ["one", "two"]
    assert {one.at for one in found} == {EAST.astimezone(UTC)}
    assert all(one.detail == {"fields": ["один", "two"]} and one.position is None for one in found)


@pytest.mark.usefixtures("database")
def test_a_batch_of_none_asks_the_database_nothing_and_a_failed_one_leaves_nothing() -> None:
    with db.transaction() as session:
        db.insert_all(session, table(AuditEntry), [])
    with pytest.raises(ValueError, match="without a zone"), db.transaction() as session:
        db.insert_all(session, table(AuditEntry), [row("one")])
        db.insert_all(session, table(AuditEntry), [row("two") | {"at": datetime(2026, 1, 1)}])  # noqa: DTZ001 -- the point
    assert tried() == []


def test_references_use_all_letters_evenly_and_repeat_under_a_seed() -> None:
    drawn = [ids.reference() for _ in range(8_000)]
    assert len(set(drawn)) == len(drawn)
    letters = Counter("".join(one.removeprefix("EWN").replace("-", "") for one in drawn))
    assert set(letters) == set(ids.ALPHABET)
    assert max(letters.values()) < 1.2 * min(letters.values())  # 3,000 of each: ten standard deviations
    seen = []
    for _ in range(2):
        ids.seed(7)
        seen.append([ids.reference() for _ in range(3)])
    ids.seed(None)
    assert seen[0] == seen[1]
