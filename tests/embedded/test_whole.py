"""The real service under its supervisor: what is killed comes back and works, and nothing outlives the supervisor."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from services.kernel.config import Settings
from tests.architecture.tree import ROOT
from workers import folder
from workers.embedded import STOP_ORDER, Embedded


def eventually(holds, patience=60.0):
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)


def ready(url):
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=10) as answer:
            return set(json.load(answer).values()) == {"ok"}
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def last_beat(data):
    """When a task was last really executed."""
    with sqlite3.connect(f"file:{data / 'ewn.db'}?mode=ro", uri=True, timeout=30) as connection:
        row = connection.execute("select at from heartbeat where name = 'task'").fetchone()
    connection.close()
    return row[0] if row else ""


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with Embedded(Settings(data_dir=tmp_path_factory.mktemp("whole"), port=0), tell=lambda _: None) as running:
        eventually(lambda: ready(running.url))
        yield running


def test_after_kill_minus_9_of_each_in_turn_the_service_is_ready_and_executes_tasks_again(service):
    for name in STOP_ORDER:
        killed = service.kill(name)
        eventually(lambda name=name, killed=killed: service.pids()[name] != killed)
        eventually(lambda: ready(service.url))
    before = last_beat(service.settings.data_dir)
    eventually(lambda: ready(service.url) and last_beat(service.settings.data_dir) != before)
    assert service.failed == ""


def test_a_killed_pool_process_is_replaced(service):
    tasks = f"/proc/{service.pids()['worker']}/task/{service.pids()['worker']}/children"
    if not os.path.exists(tasks):  # noqa: PTH110 - a file of the kernel
        pytest.skip("the system does not tell whose child a process is")

    def pool():
        with open(tasks) as file:  # noqa: PTH123 - a file of the kernel
            return [int(pid) for pid in file.read().split()]

    eventually(lambda: len(pool()) == 2)
    victim = pool()[0]
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: len(pool()) == 2 and victim not in pool())


def test_ewn_serve_stops_in_order_when_asked_to_and_dies_whole_when_killed(tmp_path):
    for signum in (signal.SIGTERM, signal.SIGKILL):
        command = [sys.executable, "-m", "workers.cli", "serve", "--data", str(tmp_path)]
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "EWN_PORT": "0"}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        with process.stdout:
            assert any(b"Serving at http://127.0.0.1:" in line for line in iter(process.stdout.readline, b""))
            pids = folder.read(tmp_path).children
            assert set(pids) == set(STOP_ORDER)
            process.send_signal(signum)
            process.wait(60)
        eventually(lambda pids=pids: not any(folder.runs(pid) for pid in pids.values()))
        eventually(lambda: not folder.is_locked(tmp_path), 30)
    stopped = [line.split()[-1] for line in (tmp_path / "logs" / "supervisor.log").read_text().splitlines()]
    assert stopped == list(STOP_ORDER)
