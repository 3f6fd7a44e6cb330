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
from contextlib import contextmanager

from tests.architecture.tree import ROOT
from workers import folder
from workers.embedded import STOP_ORDER


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


@contextmanager
def serving(data):
    """`ewn serve` from nothing, on this folder: its process, and where it answers."""
    command = [sys.executable, "-m", "workers.cli", "serve", "--data", str(data)]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "EWN_PORT": "0"}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    try:
        with process.stdout:
            told = next(line for line in iter(process.stdout.readline, b"") if b"Serving at http://127.0.0.1:" in line)
            yield process, told.split()[2].decode()
    finally:
        process.kill()
        process.wait()


def pids(data):
    return folder.read(data).children


def end(process, signum, data):
    """End the service; all of its processes end, and the folder is free."""
    there = pids(data)
    assert set(there) == set(STOP_ORDER)
    process.send_signal(signum)
    process.wait(60)
    eventually(lambda: not any(folder.runs(pid) for pid in there.values()))
    eventually(lambda: not folder.is_locked(data), 30)


def killed(data, name):
    """Kill a process of the service by its id; which it was."""
    pid = pids(data)[name]
    os.kill(pid, signal.SIGKILL)
    return pid


def test_what_is_killed_comes_back_and_works_the_whole_dies_whole_and_stops_in_order_when_asked_to(tmp_path):
    """One service for all of it: each that is started anew loads everything in six processes."""
    with serving(tmp_path) as (process, url):
        eventually(lambda: ready(url))
        for name in STOP_ORDER:
            gone = killed(tmp_path, name)
            eventually(lambda name=name, gone=gone: pids(tmp_path)[name] != gone)
            eventually(lambda: ready(url))
        before = last_beat(tmp_path)
        eventually(lambda: ready(url) and last_beat(tmp_path) != before)
        _a_killed_pool_process_is_replaced(pids(tmp_path)["worker"])
        assert process.poll() is None
        end(process, signal.SIGKILL, tmp_path)
    with serving(tmp_path) as (process, _):
        end(process, signal.SIGTERM, tmp_path)
        assert process.returncode == 0
    stopped = [line.split()[-1] for line in (tmp_path / "logs" / "supervisor.log").read_text().splitlines()]
    assert stopped == list(STOP_ORDER)


def _a_killed_pool_process_is_replaced(worker):
    tasks = f"/proc/{worker}/task/{worker}/children"
    if not os.path.exists(tasks):  # noqa: PTH110 - a file of the kernel
        return  # where the system does not tell whose child a process is, this is not shown

    def pool():
        with open(tasks) as file:  # noqa: PTH123 - a file of the kernel
            return [int(pid) for pid in file.read().split()]

    eventually(lambda: len(pool()) == 2)
    victim = pool()[0]
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: len(pool()) == 2 and victim not in pool())
