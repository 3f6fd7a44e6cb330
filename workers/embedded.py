"""The whole service on one machine: Valkey, worker, relay, clock and API as children of one supervisor.

with Embedded(settings()) as service:
    service.url, service.pids(), service.kill("worker")
"""

import http.client
import ipaddress
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from services.kernel.config import Settings, written_as
from workers import valkey
from workers.folder import FolderLock, Holder
from workers.processes import Child, Program, Tell

EWN = (sys.executable, "-P", "-m", "workers.cli")  # -P: nothing from the folder that we are called in
LISTEN = "EWN_LISTEN_FD"
STOP_ORDER = ("api", "clock", "relay", "worker", "valkey")
START_PATIENCE = 60.0
STOPPED = "Stopped while starting."


class CannotServe(Exception):
    """The service cannot start or go on; the message says why and what to do."""


class Unusable(CannotServe):
    """What was given to it is at fault: a data folder that can be none."""


class Embedded:
    """Starts, watches and stops the service in a data folder. Use it as a context manager."""

    def __init__(
        self,
        settings: Settings,
        *,
        stop: threading.Event | None = None,
        tell: Tell | None = None,
        command: Sequence[str] = EWN,
        pause: float = 0.1,
    ) -> None:
        """Ends once ``stop`` is set, also while it starts.

        ``pause``: seconds before a child's first restart; each further one in a minute waits three times longer.
        """
        self._pause = pause
        self._command = command
        self.settings = settings.model_copy(update={"data_dir": settings.data_dir.resolve()})
        self.failed = ""
        self._tell = tell or _say
        self._lock = FolderLock(self.settings.data_dir)
        self._children: dict[str, Child] = {}
        self._guard = threading.RLock()
        self._ready = threading.Event()
        self._stop = stop or threading.Event()
        self._thread = threading.Thread(target=self._life, name="supervisor")
        self._own_valkey = "redis_url" not in settings.model_fields_set
        self._listener: socket.socket | None = None
        self._socket: Path | None = None
        self._lifeline = (-1, -1)
        self._environment: dict[str, str] = {}

    @property
    def url(self) -> str:
        """Where the API answers, seen from this machine."""
        assert self._listener is not None
        host, port = self._listener.getsockname()[:2]
        if ipaddress.ip_address(host).is_unspecified:
            host = "::1" if ":" in host else "127.0.0.1"
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{port}"

    @property
    def redis_url(self) -> str:
        """The broker the children use."""
        return valkey.url(self._socket) if self._socket else self.settings.redis_url

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the children, for a further process of the same service."""
        return dict(self._environment)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Lock the folder, start everything, return when the API answers. Raises FolderTaken, CannotServe."""
        try:
            self._lock.take(stop=self._stop)
            self._listener = _listen(self.settings.host, self.settings.port)
            self._lifeline = os.pipe()
            if self._own_valkey:
                self._socket = valkey.socket_path(self.settings.data_dir / "valkey")
            host, port = self._listener.getsockname()[:2]
            changed = {"redis_url": self.redis_url, "host": host, "port": port}
            self._environment = environment(self.settings.model_copy(update=changed))
            self._thread.start()
            self._ready.wait()
            if self.failed:
                raise CannotServe(self.failed)
        except OSError as error:
            self.stop()
            what = f"The data folder {self.settings.data_dir} cannot be used: {error.strerror or error}."
            raise Unusable(f"{what} Choose another: --data") from error
        except BaseException:  # Ctrl-C too: the children end with us, in their order
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the children in order: API, clock, relay, worker, Valkey. Then unlock the folder."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._release()

    def pids(self) -> dict[str, int]:
        """The process id of every child."""
        with self._guard:
            return {name: child.pid for name, child in self._children.items()}

    def kill(self, name: str, signum: signal.Signals = signal.SIGKILL) -> int:
        """Kill a child, as a crash would; it is started again. Answers the id of the process killed."""
        with self._guard:
            child = self._children[name]
            child.kill(signum)
            return child.pid

    def wait(self, stop: threading.Event) -> None:
        """Serve until ``stop`` is set or a child is given up (then ``CannotServe``)."""
        while not stop.wait(0.2):
            if self.failed:
                raise CannotServe(self.failed)

    def _life(self) -> None:
        # One thread makes all children and outlives them: the kernel ties a child to the thread that made it.
        try:
            self._start_all()
            self._ready.set()
            while not self._stop.wait(0.05):
                self._look_after()
        except (CannotServe, valkey.NoValkey) as reason:
            self.failed = str(reason)
        except Exception as error:  # noqa: BLE001 -- whatever it was, nobody looks after the children any more
            self.failed = f"The supervisor failed: {type(error).__name__}: {error}"
        finally:
            try:
                self._stop_all()
            finally:
                self._ready.set()

    def _start_all(self) -> None:
        if self._socket is not None:
            self._make(valkey.program(self.settings.data_dir / "valkey", self._socket))
            self._until("Valkey", lambda: valkey.answers(self.redis_url))
        self._migrate()
        assert self._listener is not None
        listening = {LISTEN: str(self._listener.fileno())}
        self._make(self._ewn("worker", patience=25.0))
        self._make(self._ewn("relay"))
        self._make(self._ewn("clock"))
        self._make(self._ewn("api", inherits=(self._listener.fileno(),), more=listening))
        self._until("The API", lambda: healthy(self.url))

    def _ewn(
        self, name: str, *, patience: float = 10.0, inherits: tuple[int, ...] = (), more: dict[str, str] | None = None
    ) -> Program:
        command = [*self._command, name]
        return Program(name, command, patience, inherits=inherits, environment={**self._environment, **(more or {})})

    def _make(self, program: Program) -> Child:
        with self._guard:
            child = Child(
                program,
                logs=self.settings.data_dir / "logs",
                lifeline=self._lifeline[0],
                inherits=(self._lock.descriptor,),
                tell=self._tell,
                pause=self._pause,
            )
            self._children[program.name] = child
            self._sign()
        return child

    def _migrate(self) -> None:
        child = self._make(self._ewn("migrate"))
        while child.ended() is None:  # as long as it takes: a large database is not brought up to date in a minute
            if self._stop.wait(0.02):
                raise CannotServe(STOPPED)
        code = child.wait(2)
        with self._guard:
            del self._children["migrate"]
        child.stop()
        if code != 0:
            raise CannotServe("The database could not be brought up to date:\n" + "\n".join(child.tail))

    def _until(self, what: str, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_PATIENCE
        while not holds():
            self._look_after()
            if self._stop.wait(0.02):
                raise CannotServe(STOPPED)
            if time.monotonic() > deadline:
                raise CannotServe(
                    f"{what} did not answer within {START_PATIENCE:.0f} s; see {self.settings.data_dir}/logs"
                )

    def _look_after(self) -> None:
        for child in list(self._children.values()):
            if child.due_at is not None:
                if time.monotonic() >= child.due_at:
                    with self._guard:
                        child.restart()
                        self._sign()
                continue
            code = child.ended()
            if code is None:
                continue
            self._tell(f"{child.name} {child.pid} ended ({_told(code)}); starting it again")
            if not child.plan_restart():
                last = "\n".join(child.tail)
                raise CannotServe(f"{child.name} ended too often within a minute; giving up. It last said:\n{last}")
            if child.name == "valkey" and child.failures > 2:
                valkey.set_aside(self.settings.data_dir / "valkey")

    def _stop_all(self) -> None:
        for name in STOP_ORDER:
            with self._guard:
                child = self._children.get(name)
            if child is not None:
                with suppress(OSError):  # a full disk: the others must still end, in their order
                    child.stop()
                    self._note(f"stopped {name}")
        for child in self._children.values():
            with suppress(OSError):
                child.stop()

    def _sign(self) -> None:
        pids = {name: child.pid for name, child in self._children.items()}
        with suppress(OSError):  # a full disk: the children matter more than the note of who they are
            self._lock.write(Holder(supervisor=os.getpid(), url=self.url, redis_url=self.redis_url, children=pids))

    def _note(self, line: str) -> None:
        with (self.settings.data_dir / "logs" / "supervisor.log").open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {line}\n")

    def _release(self) -> None:
        for end in self._lifeline:
            if end >= 0:
                os.close(end)
        self._lifeline = (-1, -1)
        if self._listener is not None:
            self._listener.close()
        if self._socket is not None and self.settings.data_dir not in self._socket.parents:
            with suppress(OSError):
                self._socket.unlink(missing_ok=True)
                self._socket.parent.rmdir()
        self._lock.release()


def environment(settings: Settings) -> dict[str, str]:
    """Every setting as an ``EWN_*`` variable (empty: its default), so that all children share them."""
    return {f"EWN_{name.upper()}": written_as(getattr(settings, name)) for name in type(settings).model_fields}


def _say(line: str) -> None:
    with suppress(OSError):  # whoever read it may have gone
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise CannotServe(
            f"Cannot listen on {host}:{port} ({error.strerror}). "
            f"Is another program there? Choose another port: EWN_PORT={port + 1}, or 0 for any free one."
        ) from error
    return listener


def healthy(url: str) -> bool:
    """Whether an API answers at an address."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == HTTPStatus.OK
    except (http.client.HTTPException, OSError):
        return False
    finally:
        connection.close()


def _told(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
