"""A process that has loaded the service and does nothing but fork: what is started from it is as fresh as a start from
nothing, without the two seconds of the processor that each start takes to load the same modules.

The tests of the supervisor, of the demo and of the command line start from nothing; those of two of everything, and of
what is killed, start from here. What is forked is a process of its own in every respect: own session, own settings,
ended and awaited by its id.
"""

import atexit
import ctypes
import functools
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.architecture.tree import ROOT

# All that the four kinds of processes load but workers.app, which reads the settings as it is loaded.
LOADED = (
    "workers.reactions", "workers.handler", "workers.relay", "workers.schedule", "workers.listener", "workers.nudge",
    "services.main", "uvicorn", "celery.bin.worker", "celery.worker.worker", "celery.concurrency.prefork",
    "kombu.transport.redis",
)  # fmt: skip


class Child:
    """A process forked from the loaded one; as much of `subprocess.Popen` as the tests ask for."""

    def __init__(self, pid: int, line: "_Line") -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._line = line

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._line.ask(ended=self.pid)
        return self.returncode

    def wait(self, timeout: float = 60.0) -> int:
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Line:
    """The line to the loaded process: a question and an answer, JSON lines both."""

    def __init__(self, end: socket.socket, process: subprocess.Popen[bytes]) -> None:
        self._file = end.makefile("rw", encoding="utf-8")
        self._end, self._process = end, process

    def close(self) -> None:
        """Nobody asks any more: it ends."""
        self._file.close()
        self._end.close()
        self._process.wait(10)

    def ask(self, **question: Any) -> Any:
        self._file.write(json.dumps(question) + "\n")
        self._file.flush()
        return json.loads(self._file.readline())


def start(words: list[str], given: Mapping[str, str], *, log: Path) -> Child:
    """Start `ewn` with these words and this environment, and no other; what it says goes to the log."""
    line = _loaded()
    return Child(line.ask(words=words, given=dict(given), log=str(log)), line)


@functools.cache
def _loaded() -> _Line:
    """The one process of this test process that has loaded the service. It ends when the line does, and with it what it
    forked."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.loaded", str(theirs.fileno())],
            cwd=ROOT,
            env={"LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    line = _Line(ours, process)
    atexit.register(line.close)
    return line


def _answer(line: socket.socket) -> list[str]:
    """Fork and tell what has ended, until nobody asks any more. In what was forked: the words of its command."""
    gc.set_threshold(100_000)
    for name in LOADED:
        importlib.import_module(name)
    importlib.import_module("services.texts").ready()
    importlib.import_module("services.kernel.config").settings.cache_clear()  # each has its own
    gc.set_threshold(700)
    file = line.makefile("rw", encoding="utf-8")
    for asked in file:
        question = json.loads(asked)
        if "ended" in question:
            answer = _status(question["ended"])
        elif not (answer := _fork()):
            file.detach()
            line.close()
            _become(question["given"], question["log"])
            return list(question["words"])
        file.write(json.dumps(answer) + "\n")
        file.flush()
    return []


def _status(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _fork() -> int:
    """Fork; the child leads a session of its own by the time its process is told."""
    parent = os.getpid()
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.setsid()
        _die_with(parent)
        os.close(reading)
    os.close(writing)
    if pid:
        os.read(reading, 1)  # its end is closed once it leads
        os.close(reading)
    return pid


def _become(given: dict[str, str], log: str) -> None:
    """A process with this environment alone, that reads nothing, writes to the log and stands in its folder."""
    os.chdir(Path(log).parent)
    os.environ.clear()
    os.environ.update(given)
    sys.path[1:1] = filter(None, given.get("PYTHONPATH", "").split(os.pathsep))  # where a start from nothing has it
    for numbers, path, flags in (
        ((0,), os.devnull, os.O_RDONLY),
        ((1, 2), log, os.O_WRONLY | os.O_APPEND | os.O_CREAT),
    ):
        file = os.open(path, flags, 0o644)
        for number in numbers:
            os.dup2(file, number)
        os.close(file)


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, where the kernel can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    words = _answer(socket.socket(fileno=int(sys.argv[1])))
    if words:
        from workers.cli import main

        sys.argv = ["ewn", *words]
        main()
