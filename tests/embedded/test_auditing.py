"""What the doctor says of the audit: entries that wait too long, and a key that is gone."""

from datetime import timedelta

from services.kernel import audit, checkpoints, clock, db, sealing, sequencer
from services.kernel.config import settings
from workers import auditing
from workers.findings import Finding


def told(*, later: timedelta = timedelta(), serving: bool = True) -> list[Finding]:
    with db.reading() as session:
        return list(auditing.findings(session, clock.now() + later, serving=serving))


def test_the_doctor_tells_what_waits_to_be_sealed_and_a_missing_key(database: str) -> None:
    assert [one.state for one in told()] == ["well"]
    with db.transaction() as session:
        audit.record(session, None, "test.done")
    assert [one.state for one in told(later=timedelta(seconds=59))] == ["well"]
    (late,) = told(later=timedelta(seconds=90))
    assert (late.state, "90 s" in late.what) == ("doubtful", True)
    assert [one.state for one in told(later=timedelta(seconds=90), serving=False)] == ["well"]
    with db.transaction() as session:
        sequencer.place(session)
    sealing.seal_all()
    checkpoints.sign_latest()
    assert [one.state for one in told(later=timedelta(days=1))] == ["well"]
    (settings().data_dir / "audit-key").unlink()
    sealed, key = told()
    assert (sealed.state, key.about, key.state) == ("well", "audit key", "broken")


def test_the_commands_tell_apart_clean_tampered_and_what_cannot_be_told(database: str) -> None:
    with db.transaction() as session:
        audit.record(session, None, "test.done")
    kept = settings().data_dir / "kept.json"
    kept.write_text(auditing.checkpoint(), encoding="utf-8")
    assert auditing.verify(None).state == auditing.verify(kept).state == "clean"
    assert auditing.verify(settings().data_dir / "none.json").state == "untold"
    (settings().data_dir / "audit-key").write_text("no key", encoding="ascii")
    assert auditing.verify(kept).state == "untold"
