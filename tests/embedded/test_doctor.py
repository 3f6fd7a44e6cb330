"""The doctor says what is wrong in words that lead to mending it."""

import os
import socket
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.kernel import db
from services.kernel.config import Settings
from tests.embedded.supervise import STAND_IN
from workers import doctor
from workers.embedded import Embedded
from workers.folder import Holder

ROOT = Path(__file__).parents[2]
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _database_let_go():
    yield
    db.disconnect()


def states(findings):
    return [finding.state for finding in findings]


def test_a_worker_without_progress_is_broken_after_a_minute():
    (finding,) = doctor.progress({"task": NOON - timedelta(seconds=59)}, NOON, serving=True)
    assert finding.state == "well"
    (finding,) = doctor.progress({"task": NOON - timedelta(seconds=61)}, NOON, serving=True)
    assert finding.state == "broken"
    assert "no progress for 61 s" in finding.what


def test_a_relay_not_heard_of_is_doubtful_for_another_may_do_its_work():
    beats = {"task": NOON, "relay:here": NOON, "relay:there": NOON - timedelta(hours=2)}
    _, finding = doctor.progress(beats, NOON, serving=True)
    assert (finding.about, finding.state) == ("relay:there", "doubtful")


def test_a_worker_that_never_beat_is_doubtful_only_while_something_serves():
    assert states(doctor.progress({}, NOON, serving=True)) == ["doubtful"]
    assert states(doctor.progress({}, NOON, serving=False)) == ["well"]


@pytest.mark.parametrize(
    ("free", "total", "state"),
    [(50e9, 100e9, "well"), (4e9, 100e9, "broken"), (0.9e9, 10e9, "broken"), (1.1e9, 10e9, "well"), (0, 0, "broken")],
)
def test_a_disk_is_nearly_full_below_five_percent_or_a_gigabyte(free, total, state):
    assert doctor.disk(Path("data"), int(free), int(total)).state == state


@pytest.mark.parametrize(("apart", "state"), [(0, "well"), (5, "well"), (-6, "broken"), (3600, "broken")])
def test_a_clock_apart_from_the_databases_is_broken(apart, state):
    assert doctor.skew(NOON + timedelta(seconds=apart), NOON).state == state


@pytest.mark.parametrize(
    ("clock", "state"), [("system", "well"), ("2030-01-01T00:00:00Z", "doubtful"), ("+86400", "doubtful")]
)
def test_a_clock_that_is_set_is_shown(clock, state):
    finding = doctor.set_clock(clock)
    assert finding.state == state
    assert state == "well" or clock in finding.what


def test_tables_behind_this_version_are_broken_and_migrate_mends_them():
    assert doctor.behind(["0002"], ["0002"]).state == "well"
    for current in ([], ["0001"]):
        finding = doctor.behind(current, ["0002"])
        assert finding.state == "broken"
        assert "ewn migrate" in finding.mend


def test_a_port_taken_by_another_program_is_named_with_its_process(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        finding = doctor.port(Settings(data_dir=tmp_path, port=number), None, locked=False)
    assert finding.state == "broken"
    assert f"EWN_PORT={number + 1}" in finding.mend
    if Path("/proc/net/tcp").exists():
        assert f"process {os.getpid()}" in finding.what


def test_our_own_port_is_no_trouble(tmp_path):
    holder = Holder(supervisor=os.getpid(), url="http://127.0.0.1:8080")
    assert doctor.port(Settings(data_dir=tmp_path), holder, locked=True).state == "well"


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path):
    settings = Settings(data_dir=tmp_path, database_url="postgresql+psycopg://ewn:geheim@127.0.0.1:9/ewn")
    (finding,) = doctor.database(settings, serving=False)
    assert finding.state == "broken"
    assert "geheim" not in finding.what + finding.mend
    assert "EWN_DATABASE_URL" in finding.mend


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "ewn.db").write_bytes(b"not a database at all" * 100)
    findings = list(doctor.database(Settings(data_dir=tmp_path), serving=False))
    assert findings[-1].state == "broken"
    assert "not a database" in findings[-1].what


def test_an_empty_database_wants_migrating(tmp_path):
    sqlite3.connect(tmp_path / "ewn.db").close()
    findings = list(doctor.database(Settings(data_dir=tmp_path), serving=False))
    assert findings[-1].state == "broken"
    assert "have not been made" in findings[-1].what


def test_redis_that_is_away_is_told_and_the_embedded_one_answers(tmp_path):
    away = Settings(data_dir=tmp_path, redis_url="redis://someone:geheim@127.0.0.1:9/0")
    finding = doctor.redis(away, None, locked=False)
    assert finding.state == "broken"
    assert "geheim" not in finding.what + finding.mend
    with Embedded(Settings(data_dir=tmp_path, port=0), command=STAND_IN) as service:
        holder = Holder(supervisor=os.getpid(), redis_url=service.redis_url)
        assert doctor.redis(service.settings, holder, locked=True).state == "well"


def test_the_command_leaves_with_1_when_something_is_broken(tmp_path):
    def run(**more):
        environment = {**os.environ, "EWN_DATA_DIR": str(tmp_path), "EWN_PORT": "0", **more}
        command = [sys.executable, "-m", "workers.cli", "doctor"]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    well, broken = run(), run(EWN_REDIS_URL="redis://127.0.0.1:9/0")
    assert (well.returncode, broken.returncode) == (0, 1), well.stdout + well.stderr + broken.stderr
    assert "!!  redis" in broken.stdout
