"""The demo as a newcomer runs it: from an empty folder to a story that holds, and once more without adding anything."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import ewn


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def told(folder: Path) -> list[dict]:
    """The summaries of runs of the demo on one folder: of two in the long runs."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EWN_")}
    summaries = []
    for _ in range(2 if os.environ.get("EWN_TEST_PROFILE") == "deep" else 1):
        command = [sys.executable, "-m", "workers.cli", "demo", "--once", "--json", "--data", str(folder)]
        ended = subprocess.run(command, env=clean, capture_output=True, text=True, timeout=500, check=False)
        assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
        kept = (folder / "summary.json").read_text(encoding="utf-8")
        assert ended.stdout == f"{kept}\n", "the figures alone"
        summaries.append({**json.loads(kept), "told": ended.stderr})
    return summaries


def test_every_step_of_the_story_holds(told):
    assert [step["held"] for step in told[0]["story"].values()] == [True] * 4


def test_all_that_was_accepted_was_processed_and_nothing_is_quarantined(told):
    first = told[0]
    assert first["accepted"] == first["processed"] == first["tagged"] == first["counted"] > 1_800
    assert first["quarantined"] == 0


def test_the_worker_was_killed_in_the_middle_and_nothing_was_lost_or_doubled(told):
    drill = told[0]["story"]["step_4"]
    assert drill["kills"][0]["waiting"] > 0
    assert (drill["lost"], drill["doubled"], drill["counted_in_series"]) == (0, 0, drill["sent"])
    assert drill["not_kept"] == 0


def test_the_rumour_is_one_incident_whichever_telling_is_asked(told):
    rumour = told[0]["story"]["step_3"]
    assert (rumour["tellings"], rumour["incidents"], rumour["origins"]) == (3, 1, 1)


def test_the_two_months_stand_out_for_the_two_countries(told):
    assert len(told[0]["stand_out"]) == 4
    assert all(told[0]["stand_out"].values())


def test_the_story_is_told_in_sentences_and_lines(told):
    story, said = told[0]["story"], told[0]["told"].partition("The story")[2].partition("What it comes to")[0]
    assert not re.search(r'[{}"\[\]]|_', said)
    items = story["step_1"]["items"]
    lines = [re.search(rf"^ +\S.* \({login}\) +{count} items$", said, re.MULTILINE) for login, count in items.items()]
    assert all(lines)
    assert len({one[0].index(f"{count} items") for one, count in zip(lines, items.values(), strict=True)}) == 1
    moved = story["step_2"]
    rows = {
        role: f"{moved['before'][role]:g} before, {moved['after'][role]:g} after" for role in ("may see it", "may not")
    }
    assert all(re.search(rf", who {role} +{counts}$", said, re.MULTILINE) for role, counts in rows.items())
    assert "it counts as 1 incident of 1 origin." in said
    assert f"(process {story['step_4']['kills'][0]['pid']}) was killed when" in said
    assert re.search(rf"^ +counted in the series +{story['step_4']['counted_in_series']}$", said, re.MULTILINE)


def test_the_digests_are_there_as_page_data_and_paper_in_both_languages(told):
    paths = [Path(path) for path in told[0]["digests"]]
    assert {path.suffix for path in paths} == {".html", ".json", ".pdf"}
    assert any(path.stem.endswith("-ru") for path in paths)
    assert all(path.stat().st_size > 5_000 for path in paths)


@pytest.mark.deep
def test_a_second_run_adds_nothing(told):
    first, second = told
    assert second["new"] == 0
    assert (second["accepted"], second["editions"]) == (first["accepted"], first["editions"])


def audit(folder, *words):
    """An `ewn audit` command on the demo's folder: its exit code and what it says."""
    ended = ewn("audit", "--data", folder, *words)
    return ended.returncode, ended.stdout + ended.stderr


def change(folder, statement):
    with sqlite3.connect(folder / "ewn.db") as connection:
        connection.execute(statement)
    connection.close()


def test_the_audit_of_the_story_is_clean_and_each_tampering_is_named(told, folder, tmp_path):
    code, said = audit(folder, "checkpoint")
    assert code == 0, said
    kept = tmp_path / "kept.json"
    kept.write_text(said, encoding="utf-8")
    for words in ([], ["--checkpoint", str(kept)]):
        code, said = audit(folder, "verify", *words)
        assert (code, said.partition(":")[0]) == (0, "clean"), said
    last = json.loads(kept.read_text(encoding="utf-8"))["last"]
    assert last > 1_800
    (folder / "audit-key").rename(tmp_path / "audit-key")
    assert audit(folder, "verify")[0] == 2
    (tmp_path / "audit-key").rename(folder / "audit-key")
    change(folder, "update audit set subject = subject || '.' where position = 1234")
    assert audit(folder, "verify") == (1, "tampered: Entry 1234: was changed or exchanged.\n")
    change(folder, "update audit set subject = rtrim(subject, '.') where position = 1234")
    change(folder, "delete from audit_checkpoint")
    change(folder, "delete from audit where position > 1000")
    change(folder, "delete from audit_block where first > 1000 or last > 1000")
    with sqlite3.connect(folder / "ewn.db") as connection:
        sealed = connection.execute("select max(last) from audit_block").fetchone()[0]
        connection.execute("delete from audit where position > ?", [sealed])
        connection.execute("update sequencehead set last = ? where name = 'audit'", [sealed])
    connection.close()
    assert audit(folder, "verify")[0] == 2, "a key that signed, and no checkpoint: nothing tells"
    code, said = audit(folder, "verify", "--checkpoint", str(kept))
    assert (code, f"Entry {sealed + 1}: cut off" in said) == (1, True), said
