"""Bytes that are to go: of what was emptied, of what nothing names; and those that must not, whoever is at work."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from services.attachments.copying import plan, write
from services.attachments.models import Attachment, AttachmentText
from services.attachments.service import ATTACHMENT
from services.attachments.store import Store, store
from services.kernel import clock, db
from services.kernel.config import settings
from tests.attachments import files
from tests.attachments.laid import attach, attached, listed, stored
from tests.keeping.clockwork import GONE, NOTICED, keeper, made_rule, turn
from tests.world import World
from workers import schedule

SWEEP = next(job for job in schedule.JOBS if job.name == "sweep")


def test_what_a_rule_empties_loses_its_files_and_their_words(north: World) -> None:
    north.enrol("office", "secretariat")
    reference = north.submit("north", title="A note", text="As agreed.", themes=[], place=None)
    path = attached(north, "north", reference, b"Smugglers carried heroin near Osh.")
    north.settle()
    before = [(one["scheme"], one["value"]) for one in north.get("south", f"/v1/reports/{reference}")["tags"]]
    made_rule(north, keeper())
    turn(north, NOTICED)
    assert north.raw("south", path).status_code == 200
    turn(north, GONE)
    assert north.raw("south", path).status_code == north.raw("north", path).status_code == 404
    assert listed(north, "south", reference) == []
    assert stored() == []
    with db.reading() as session:
        assert session.exec(select(AttachmentText)).all() == session.exec(select(Attachment)).all() == []
    after = north.get("south", f"/v1/reports/{reference}")["tags"]
    assert [(one["scheme"], one["value"]) for one in after] == before, "what it counts for stays"
    assert all(one["spans"] == [] for one in after)
    refused = attach(north, "north", reference)
    assert refused.json()["type"] == "/docs/problems#already-emptied"


def test_what_nothing_names_is_swept_and_nothing_else_is(north: World) -> None:
    attached(north, "north", north.submit("north"), files.picture(), "a.png")
    north.settle()
    named = stored()
    with store().scratch() as scratch:
        scratch.write_bytes(b"left by a process that was killed")
        store().put(scratch, "ab" * 32)
    assert len(stored()) == len(named) + 1
    schedule.do(SWEEP, clock.now())
    assert stored() == named


@pytest.mark.one_kind
def test_a_file_that_cannot_be_recorded_is_not_stored_for_good(north: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = north.submit("north")
    monkeypatch.setattr("services.attachments.service.audit.record", _fails)
    assert attach(north, "north", reference).status_code == 500
    assert listed(north, "north", reference) == []
    schedule.do(SWEEP, clock.now())
    assert stored() == []


def _fails(*_: object, **__: object) -> None:
    raise RuntimeError("the record is full")


def test_two_who_attach_the_same_bytes_while_they_are_removed_and_swept_lose_none(north: World) -> None:
    mine, theirs = north.submit("north"), north.submit("south")
    stop = threading.Event()

    def churn(slug: str, reference: str) -> list[str]:
        """Attach and remove the same bytes again and again; what is left at the end."""
        path = ""
        for _ in range(6):
            path = attach(north, slug, reference).headers["Location"]
            assert north.raw(slug, path).content == files.text()
            if slug == "north":
                assert north.client.delete(path, headers=north.auth(slug)).status_code == 204
        return [path]

    def sweeping() -> None:
        while not stop.is_set():
            schedule.do(SWEEP, clock.now())
            north.settle()

    with ThreadPoolExecutor(3) as pool:
        sweeper = pool.submit(sweeping)
        kept = [pool.submit(churn, slug, reference) for slug, reference in (("north", mine), ("south", theirs))]
        paths = [one.result() for one in kept]
        stop.set()
        sweeper.result()
    assert north.raw("south", paths[1][0]).content == files.text()


def test_the_same_bytes_sent_many_times_at_once_are_one_file(north: World) -> None:
    reference = north.submit("north")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: attach(north, "north", reference), range(6)))
    assert sorted(one.status_code for one in answers) == [200] * 5 + [201]
    assert len({one.json()["reference"] for one in answers}) == 1
    assert len(listed(north, "north", reference)) == len(stored()) == 1


def test_a_copy_that_was_made_for_what_is_gone_meanwhile_is_put_nowhere(north: World) -> None:
    reference = north.submit("north")
    path = attached(north, "north", reference)
    with db.reading() as session:
        key = session.exec(select(ATTACHMENT.c.id)).one()
        made = plan(session, [key])
    north.client.delete(path, headers=north.auth("north"))
    with db.transaction() as session:
        write(session, made)
    north.settle()
    assert stored() == []
    assert not [one for one in store().incoming.iterdir() if one.is_file()]


def test_a_batch_does_what_it_has_time_for_and_comes_again_for_the_rest(
    north: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.attachments.copying.ENOUGH_SECONDS", 0.0)
    reference = north.submit("north")
    for number in range(3):
        attached(north, "north", reference, b"Note %d." % number)
    with db.reading() as session:
        keys = session.exec(select(ATTACHMENT.c.id)).all()
        made = plan(session, keys)
    assert len(made.steps) == 1
    assert len(made.later) == 2
    north.settle()
    assert {one["state"] for one in listed(north, "south", reference)} == {"ready"}


def test_the_store_may_be_anything_that_fsspec_reaches(configured: Path) -> None:
    held = Store("memory://ewn-attachments")
    assert not held.local
    name = "cd" * 32
    with held.scratch() as scratch:
        scratch.write_bytes(b"bytes")
        held.put(scratch, name)
    assert not list(held.incoming.iterdir())
    assert list(held.held()) == [name]
    with held.lent(name) as path:
        assert path.read_bytes() == b"bytes"
    with held.open(name) as there:
        assert there.read() == b"bytes"
    held.remove(name)
    held.remove(name)
    assert list(held.held()) == []
    with pytest.raises(ValueError, match="no hash"):
        held.open("../../etc/passwd")


@pytest.mark.one_kind
def test_files_lie_where_the_operator_says(north: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("EWN_ATTACHMENTS", str(elsewhere))
    settings.cache_clear()
    path = attached(north, "north", north.submit("north"))
    assert [one for one in elsewhere.rglob("*") if one.is_file()]
    assert stored() == []
    assert north.raw("north", path).content == files.text()
