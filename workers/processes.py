"""Child processes that end with their parent, and whose output goes to a log file that does not grow for ever."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

# Runs between fork and the program. On Linux the kernel signals the child when the parent dies; the request survives
# exec, and unlike preexec_fn this is safe in a process with threads. Elsewhere a program that cannot watch the
# lifeline by itself is watched by this script, which stays.
_LAUNCH = """
import ctypes, os, signal, sys, threading
parent, lifeline, tied, watches, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5:]
if tied == "yes":
    ctypes.CDLL(None).prctl(1, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
if "yes" in (tied, watches):
    os.execv(command[0], command)
child = os.posix_spawn(command[0], command, os.environ)
end = lambda *_: os.kill(child, signal.SIGTERM)
signal.signal(signal.SIGTERM, end)
threading.Thread(target=lambda: (os.read(lifeline, 1), end()), daemon=True).start()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 127)
"""

LIFELINE = "EWN_LIFELINE"
KERNEL_TIES = sys.platform == "linux"
Tell = Callable[[str], None]
QUICK = 60.0
MOST_RESTARTS = 5


@dataclass(frozen=True)
class Program:
    """What to run, and how long it may take to stop."""

    name: str
    command: Sequence[str]
    patience: float = 10.0
    watches: bool = True  # ends by itself when the lifeline closes
    inherits: tuple[int, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """One running program. Make and restart it in a thread that lives as long as the service."""

    def __init__(
        self, program: Program, *, logs: Path, lifeline: int, inherits: Sequence[int], tell: Tell, pause: float
    ) -> None:
        self.program = program
        self.name = program.name
        self.tail: deque[str] = deque(maxlen=20)
        self.due_at: float | None = None
        self._restarts: deque[float] = deque()
        self._lifeline = lifeline
        self._inherits = inherits
        self._tell = tell
        self._pause = pause
        self._log = _rotating(logs / f"{program.name}.log")
        self._pump: threading.Thread | None = None
        self._process = self._start()

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        return self._process.pid

    def ended(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._process.poll()

    @property
    def failures(self) -> int:
        """How often it was started again within the last minute."""
        return len(self._restarts)

    def plan_restart(self) -> bool:
        """Set ``due_at`` after a pause that grows; False when it has ended too often within a minute."""
        now = time.monotonic()
        while self._restarts and now - self._restarts[0] > QUICK:
            self._restarts.popleft()
        if len(self._restarts) >= MOST_RESTARTS:
            return False
        self.due_at = now + self._pause * 3 ** len(self._restarts)
        self._restarts.append(now)
        return True

    def restart(self) -> None:
        """Run it again."""
        self.due_at = None
        self._process = self._start()

    def kill(self, signum: signal.Signals = signal.SIGKILL) -> None:
        """Signal this process, by its id."""
        self._process.send_signal(signum)

    def stop(self) -> None:
        """Ask it to end, and insist when its patience is over."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(self.program.patience)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._pump is not None:
            self._pump.join(2)
        self._log.close()

    def wait(self, patience: float) -> int:
        """The exit code of a program that ends by itself."""
        code = self._process.wait(patience)
        if self._pump is not None:
            self._pump.join(2)
        return code

    def _start(self) -> subprocess.Popen[str]:
        program = self.program
        how = ["yes" if KERNEL_TIES else "no", "yes" if program.watches else "no"]
        launcher = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid()), str(self._lifeline), *how]
        process = subprocess.Popen(
            [*launcher, *program.command],
            env={**os.environ, **program.environment, LIFELINE: str(self._lifeline)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(*self._inherits, *program.inherits, self._lifeline),
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which knows the order
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._pump = threading.Thread(target=self._drain, args=(process,), name=f"log {program.name}", daemon=True)
        self._pump.start()
        return process

    def _drain(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.tail.append(line.rstrip("\n"))
                self._log.handle(logging.makeLogRecord({"msg": line.rstrip("\n")}))
                error = _error(line)
                if error:
                    self._tell(f"{self.name}: {error}")


def follow_parent(patience: float = 5.0) -> None:
    """In a child: end when the parent does, also where the kernel does not see to it."""
    lifeline = os.environ.pop(LIFELINE, None)
    if lifeline is not None:
        threading.Thread(target=_follow, args=(int(lifeline), patience), name="lifeline", daemon=True).start()


def _follow(lifeline: int, patience: float) -> None:
    os.read(lifeline, 1)  # nobody writes: this returns when the parent's end has closed
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(patience)
    os._exit(70)


def _error(line: str) -> str | None:
    """The message of a JSON log line at level ERROR or above."""
    if '"ERROR"' not in line and '"CRITICAL"' not in line:
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return str(entry.get("message")) if entry.get("level") in {"ERROR", "CRITICAL"} else None


def _rotating(path: Path) -> RotatingFileHandler:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(path, maxBytes=5_000_000, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(message)s"))
    return handler
