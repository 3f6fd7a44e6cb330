"""The doctor says what is wrong in words that lead to mending it."""

import os
import socket
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.kernel import db
from services.kernel.config import Settings
from tests.command import ewn
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


def test_a_beat_from_the_future_shows_no_living_worker():
    (finding,) = doctor.progress({"task": NOON + timedelta(seconds=4)}, NOON, serving=True)
    assert finding.state == "well"
    beats = {"task": NOON + timedelta(hours=1), "clock": NOON + timedelta(hours=1)}
    worker, other = doctor.progress(beats, NOON, serving=True)
    assert (worker.state, other.state) == ("broken", "doubtful")
    assert "3600 s in the future" in worker.what


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
    assert doctor.behind(["0002"], ["0002"], data=Path("here")).state == "well"
    for current in ([], ["0001"]):
        finding = doctor.behind(current, ["0002"], data=Path("here"))
        assert finding.state == "broken"
        assert "ewn migrate --data here" in finding.mend


def test_a_port_taken_by_another_program_is_named_with_its_process(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        finding = doctor.port(Settings(data_dir=tmp_path, port=number), None, locked=False)
    assert finding.state == "broken"
    assert f"EWN_PORT={number + 1}" in finding.mend
    if Path("/proc/net/tcp").exists():
        assert f"process {os.getpid()}" in finding.what


def test_our_own_port_is_no_trouble(tmp_path):
    with Embedded(Settings(data_dir=tmp_path, port=0), command=STAND_IN) as service:
        holder = Holder(supervisor=os.getpid(), url=service.url)
        assert doctor.port(service.settings, holder, locked=True).state == "well"
    finding = doctor.port(service.settings, holder, locked=True)  # the lock is kept, but nobody answers any more
    assert finding.state == "broken"
    assert "does not answer" in finding.what


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


def test_a_key_that_differs_by_machine_is_doubtful_and_an_empty_one_broken(tmp_path):
    full = Settings(data_dir=tmp_path, database_url="postgresql+psycopg://ewn@127.0.0.1:9/ewn", secret="")
    (finding,) = doctor.secret(full)
    assert finding.state == "doubtful"
    assert "EWN_SECRET" in finding.mend
    assert not list(doctor.secret(full.model_copy(update={"secret": SecretStr("s" * 32)})))
    assert not list(doctor.secret(Settings(data_dir=tmp_path, secret="")))
    (tmp_path / "secret").touch()
    (finding,) = doctor.secret(full)
    assert finding.state == "broken"


def test_solo_mode_is_told_and_is_silent_when_off(tmp_path):
    (finding,) = doctor.solo(Settings(data_dir=tmp_path, solo=True))
    assert (finding.about, finding.state) == ("solo mode", "doubtful")
    assert "EWN_SOLO" in finding.mend
    assert not list(doctor.solo(Settings(data_dir=tmp_path, solo=False)))
    assert finding in doctor.examine(Settings(data_dir=tmp_path, solo=True, port=0))


def test_a_folder_that_can_be_none_is_told(tmp_path):
    (tmp_path / "file").touch()
    for data in (tmp_path / "file", tmp_path / "file" / "below" / "it"):
        finding, _ = doctor.examine(Settings(data_dir=data))
        assert finding.state == "broken"
        assert "is no folder" in finding.what
    assert doctor.unusable(tmp_path / "not" / "there" / "yet") is None


def test_another_users_folder_is_told(tmp_path):
    if os.getuid() == 0:  # whom nothing is refused: ask as somebody else
        script = (
            "import os, sys; from pathlib import Path; from workers import doctor; os.setuid(65534); "
            "print(doctor.unusable(Path(sys.argv[1]) / 'data').what)"
        )
        words = [sys.executable, "-c", script, str(tmp_path)]
        said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    else:
        said = doctor.unusable(Path("/root")).what
    assert "by this user" in said


def test_the_command_leaves_with_1_when_something_is_broken(tmp_path):
    given = {"EWN_DATA_DIR": tmp_path, "EWN_PORT": 0}
    well, broken = ewn("doctor", **given), ewn("doctor", **given, EWN_REDIS_URL="redis://127.0.0.1:9/0")
    assert (well.returncode, broken.returncode) == (0, 1), well.stdout + well.stderr + broken.stderr
    assert "!!  redis" in broken.stdout


def test_a_folder_that_is_not_there_is_not_called_healthy(tmp_path):
    assert doctor.leftovers(tmp_path, None, locked=False).state == "well"
    told = doctor.leftovers(tmp_path / "typo", None, locked=False)
    assert (told.state, "no " in told.what, "--data" in told.mend) == ("doubtful", True, True)
