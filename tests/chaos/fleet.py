"""The service as separate processes on a database and a broker of our own, ended by their ids, awaited by polling."""

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from tests import loaded
from tests.servers import Process

PATIENCE = 90.0


def eventually(holds: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Poll until it holds; fail with what was waited for when the deadline has passed."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, f"it did not come about: {what}"
        time.sleep(0.05)


def shifted_to(instant: datetime) -> str:
    """A clock setting under which it is this instant now, and time goes on."""
    return f"{(instant - datetime.now(UTC)).total_seconds():+.3f}"


@dataclass
class Fleet:
    """Processes of one service, by name: `api`, `worker`, `relay`, `clock`; a second of a kind is `worker-2`."""

    folder: Path
    database: str
    redis: str
    clock: str
    packages: Path | None = None
    """A folder of packages that what is started has besides those of this environment."""
    running: dict[str, Process] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start processes, or start them again; an API is waited for, the others come when they come."""
        for name in names:
            self.running[name] = self._spawn(name)
        for name in names:
            if name in self.urls:
                eventually(lambda url=self.urls[name]: _answers(url), f"{name} answers")

    def _spawn(self, name: str) -> Process:
        kind = name.partition("-")[0]
        settings = {
            "EWN_DATA_DIR": str(self.folder),
            "EWN_DATABASE_URL": self.database,
            "EWN_REDIS_URL": self.redis,
            "EWN_SECRET": "a secret for tests only",
            "EWN_CLOCK": self.clock,
            "EWN_RELAY_LEASE_SECONDS": "3",
            "EWN_RATE_PER_MINUTE": "1000000",  # more than these tests send: what they kill is not the rate
            "PGAPPNAME": name,
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder),
            "TZ": "UTC",
        }
        if self.packages is not None:
            settings["PYTHONPATH"] = str(self.packages)
        if kind == "api":
            port = _free_port()
            settings["EWN_PORT"] = str(port)
            self.urls[name] = f"http://127.0.0.1:{port}"
        log = self.folder / f"{name}.log"
        return Process(loaded.start([kind], settings, log=log), log)

    def keep(self, name: str) -> bool:
        """Start a process again that has ended by itself, as whoever runs the service does; always true."""
        if self.running[name].child.poll() is not None:
            self.start(name)
        return True

    def kill(self, name: str) -> None:
        """SIGKILL a process and its pool, as a power cut would."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # a group of its own: it was started as the leader of a session
        process.child.wait()

    def kill_one_of_the_pool(self, name: str) -> None:
        """SIGKILL one working process of a worker, which goes on."""
        tasks = Path(f"/proc/{self.running[name].pid}/task/{self.running[name].pid}/children")
        if tasks.exists():
            for child in tasks.read_text(encoding="ascii").split()[:1]:
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGKILL)

    def stop(self, name: str) -> int:
        """SIGTERM a process and wait for it; its exit code."""
        process = self.running.pop(name)
        process.stop()
        return int(process.child.returncode)

    def log(self, name: str) -> str:
        """All that a process has written."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """End whatever still runs."""
        for name in list(self.running):
            self.kill(name)


@contextmanager
def fleet(folder: Path, database: str, redis: str, *, clock: str) -> Iterator[Fleet]:
    """A fleet that is ended with the block; pytest shows the ends of its logs with a test that failed."""
    made = Fleet(folder, database, redis, clock)
    try:
        yield made
    finally:
        made.close()
        for log in sorted(folder.glob("*.log")):
            sys.stderr.write(f"--- {log.name}\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}\n")


def json_lines(text: str) -> list[dict[str, object]]:
    """Log lines, each of which must be JSON."""
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
