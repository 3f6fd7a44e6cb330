"""What the rows are measured on: real servers, a migrated database with parties, and processes of the service."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import cast

from fastapi.testclient import TestClient

import workers.reactions  # noqa: F401 -- what is published must find its reactions wired
from services import migrations, network, reports
from services.kernel import db
from services.kernel.config import settings
from services.network import Caller
from services.reports import NewReport, Submission
from tests.bench import texts
from tests.servers import Postgres, Valkey
from tests.world import World

CLOCK = "2026-11-01T12:00:00+00:00"
ENGINES = {"sqlite": "SQLite FULL", "postgresql": "PostgreSQL"}


class Servers:
    """Valkey, and a PostgreSQL that keeps fsync on: started when first asked for, stopped at the end."""

    def __init__(self) -> None:
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None

    @property
    def postgres(self) -> Postgres:
        if self._postgres is None:
            self._postgres = Postgres(durable=True)
            self._postgres.start()
        return self._postgres

    @property
    def valkey(self) -> Valkey:
        if self._valkey is None:
            self._valkey = Valkey()
            self._valkey.start()
        return self._valkey

    def close(self) -> None:
        for server in (self._postgres, self._valkey):
            if server is not None:
                server.close()


@dataclass
class Stage:
    """One fresh database with its parties, bound in this process and shared by the processes it starts."""

    folder: Path
    url: str
    valkey: Valkey
    environment: dict[str, str]
    world: World
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _lifelines: list[int] = field(default_factory=list)
    _seeds: Iterator[int] = field(default_factory=lambda: count(1))

    def seed(self) -> int:
        """A seed for texts that were not used here before."""
        return next(self._seeds)

    def caller(self, slug: str) -> Caller:
        """An organisation's key as a caller."""
        with db.reading() as session:
            return network.by_key(session, self.world.keys[slug])

    def accept(self, bodies: int, *slugs: str, **overrides: object) -> None:
        """Take reports in through the intake's own commit, without HTTP, from these organisations in turn."""
        seed, callers = self.seed(), [self.caller(slug) for slug in slugs or ("one",)]
        ready = (
            Submission(callers[n % len(callers)], reports.parse(NewReport, texts.raw(n, seed=seed, **overrides)))
            for n in range(bodies)
        )
        for some in db.batches(ready, 500):
            for outcome in reports.commit(some):
                assert isinstance(outcome, reports.Accepted), outcome

    def api(self) -> "Api":
        """The API under uvicorn, in a process of its own, ready to answer."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        process = self.run("api", EWN_PORT=str(port))
        deadline = time.monotonic() + 30
        while True:
            with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                return Api(port, process.pid, self.world.keys["one"])
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the API does not answer:\n{(self.folder / 'api.log').read_text()[-2000:]}")
            time.sleep(0.05)

    def run(self, *command: str, **more: str) -> "subprocess.Popen[bytes]":
        """A process of the service; it ends with the stage."""
        ours, theirs = os.pipe()[::-1]
        with (self.folder / f"{command[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "workers.cli", *command],
                env={**os.environ, **self.environment, **more, "EWN_LIFELINE": str(theirs)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(theirs,),
                start_new_session=True,
            )
        os.close(theirs)
        self._lifelines.append(ours)
        self._processes.append(process)
        return process

    def stop(self, *some: "subprocess.Popen[bytes]") -> None:
        """End these processes, or all."""
        ending = some or tuple(self._processes)
        for process in ending:
            process.terminate()
        for process in ending:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes = [one for one in self._processes if one not in ending]
        if not self._processes:
            for end in self._lifelines:
                os.close(end)
            self._lifelines = []


@dataclass(frozen=True)
class Api:
    """Where the API answers, and the process that does."""

    port: int
    pid: int
    key: str

    def memory(self) -> int:
        """The most memory in kB that the process has held since `forget_memory`."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))

    def forget_memory(self) -> None:
        """Begin anew with what it holds now."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5", encoding="ascii")


@contextmanager
def stage(engine: str, servers: Servers, parties: int = 1, **more: str) -> Iterator[Stage]:
    """A fresh migrated database with organisations named one, p1, p2 ... and what was started on it ended after."""
    folder = Path(tempfile.mkdtemp(prefix="ewn-bench-"))
    url = f"sqlite:///{folder / 'ewn.db'}" if engine == "sqlite" else servers.postgres.create_database()
    environment = {
        "EWN_DATA_DIR": str(folder),
        "EWN_DATABASE_URL": url,
        "EWN_REDIS_URL": servers.valkey.fresh_url(),
        "EWN_SECRET": "a secret for the bench only",
        "EWN_CLOCK": "system",
        "EWN_OUTBOX_LIMIT": "2000000",
        "EWN_RATE_PER_MINUTE": "1000000000",  # requests are counted as ever, and none is refused
        "EWN_QUOTA_PER_DAY": "1000000000",
        **more,
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    settings.cache_clear()
    db.connect(url)
    migrations.upgrade()
    world = World(cast(TestClient, None))
    world.enrol("one", "state")
    for number in range(1, parties):
        world.enrol(f"p{number}", "civil_society")
    made = Stage(folder, url, servers.valkey, environment, world)
    try:
        yield made
    finally:
        made.stop()
        db.disconnect()
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        settings.cache_clear()
        if engine != "sqlite":
            servers.postgres.drop_database(url)
        shutil.rmtree(folder, ignore_errors=True)
