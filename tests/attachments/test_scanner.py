"""The malware scanner of the operator's choice: asked before others are given anything, and nobody else hears of it."""

import stat
from pathlib import Path

import pytest
from sqlmodel import select

from services.attachments.models import Attachment
from services.kernel import clock, db
from services.kernel.config import settings
from tests.attachments import files
from tests.attachments.laid import attached, listed
from tests.world import World
from workers import schedule
from workers.doctor import examine

RESCAN = next(job for job in schedule.JOBS if job.name == "rescan")
BAD = b"X5O! a test file that the scanner knows"
# Finds what holds X5O!, fails while a file beside it says so.
SCRIPT = """#!/bin/sh
test -e "$(dirname "$0")/broken" && exit 2
test "$1" = "--quiet" || exit 3
grep -q 'X5O!' "$2" && exit 1
exit 0
"""


@pytest.fixture
def guarded(north: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A network whose operator has a scanner."""
    script = tmp_path / "scan it"
    script.write_text(SCRIPT)
    script.chmod(stat.S_IRWXU)
    monkeypatch.setenv("EWN_SCANNER", f"'{script}' --quiet")
    settings.cache_clear()
    return north


def test_what_the_scanner_passes_is_given_to_others(guarded: World) -> None:
    path = attached(guarded, "north", guarded.submit("north"))
    assert guarded.raw("south", path).status_code == 409
    guarded.settle()
    assert guarded.raw("south", path).content == files.text()
    with db.reading() as session:
        assert session.exec(select(Attachment)).one().scanned_at == clock.now()


def test_what_the_scanner_finds_is_held_and_only_its_owner_hears_of_it(guarded: World) -> None:
    reference = guarded.submit("north")
    path = attached(guarded, "north", reference, BAD)
    before = guarded.get("south", f"/v1/reports/{reference}/attachments"), guarded.raw("south", path).content
    guarded.settle()
    (own,) = listed(guarded, "north", reference)
    assert (own["state"], own["why"]) == ("held", ["scanner-found"])
    after = guarded.get("south", f"/v1/reports/{reference}/attachments"), guarded.raw("south", path).content
    assert after == before, "it looks as it did while it was being prepared"
    assert guarded.raw("south", f"{path}/text").status_code == 409
    assert not [one for one in guarded.get("south", f"/v1/reports/{reference}")["tags"] if one["attachment"]]
    assert guarded.raw("north", path).content == BAD
    assert guarded.client.delete(path, headers=guarded.auth("north")).status_code == 204


def test_while_the_scanner_is_silent_files_wait_and_are_given_once_it_answers(
    guarded: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken").touch()
    reference = guarded.submit("north")
    path = attached(guarded, "north", reference)
    guarded.settle()
    (own,) = listed(guarded, "north", reference)
    assert (own["state"], own["why"]) == ("waiting", ["scanner-silent"])
    (theirs,) = listed(guarded, "south", reference)
    assert (theirs["state"], theirs["why"]) == ("waiting", [])
    (tmp_path / "broken").unlink()
    schedule.do(RESCAN, clock.now())
    guarded.settle()
    assert guarded.raw("south", path).status_code == 409, "it is not asked again at once"
    monkeypatch.setenv("EWN_CLOCK", "2026-11-01T12:05:00+00:00")
    settings.cache_clear()
    schedule.do(RESCAN, clock.now())
    guarded.settle()
    assert guarded.raw("south", path).status_code == 200
    assert listed(guarded, "north", reference)[0]["why"] == []


@pytest.mark.parametrize("command", ["/nowhere/clamscan", "'unclosed", "false", "sh -c 'kill -9 $$'"])
def test_a_scanner_that_cannot_be_run_is_a_silent_one(
    north: World, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("EWN_SCANNER", command)
    settings.cache_clear()
    reference = north.submit("north")
    path = attached(north, "north", reference)
    north.settle()
    assert north.raw("south", path).status_code == 409
    why = listed(north, "north", reference)[0]["why"]
    assert why == (["scanner-found"] if command == "false" else ["scanner-silent"])


@pytest.mark.one_kind
def test_the_doctor_says_whether_the_scanner_answers(guarded: World, tmp_path: Path) -> None:
    def said() -> tuple[str, str]:
        (found,) = [one for one in examine(settings()) if one.about == "scanner"]
        return found.state, found.what

    assert said()[0] == "well"
    (tmp_path / "broken").touch()
    state, what = said()
    assert state == "broken"
    assert "does not answer" in what


@pytest.mark.one_kind
def test_the_doctor_says_that_there_is_no_scanner(north: World) -> None:
    (found,) = [one for one in examine(settings()) if one.about == "scanner"]
    assert (found.state, found.what) == ("doubtful", "none is asked about attached files")


@pytest.mark.one_kind
def test_the_doctor_looks_where_files_lie(north: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def said() -> list[str]:
        return [one.state for one in examine(settings()) if one.about == "attachments"]

    attached(north, "north", north.submit("north"))
    assert said() == ["well"]
    (settings().data_dir / "attachments").chmod(0o755)
    assert said() == ["doubtful"]
    taken = tmp_path / "a file"
    taken.touch()
    monkeypatch.setenv("EWN_ATTACHMENTS", str(taken))
    settings.cache_clear()
    assert said() == ["broken"]
