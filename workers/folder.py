"""The data folder and its lock: one service per folder, and whoever is left over of a dead one keeps it locked."""

import fcntl
import json
import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO


@dataclass
class Holder:
    """Who holds a data folder, as written into its lock file."""

    supervisor: int
    host: str = field(default_factory=socket.gethostname)
    url: str = ""
    redis_url: str = ""
    children: dict[str, int] = field(default_factory=dict)

    def alive(self) -> dict[str, int]:
        """The processes of it that still run, the supervisor among them."""
        everyone = {"supervisor": self.supervisor, **self.children}
        return {name: pid for name, pid in everyone.items() if runs(pid)}


class FolderTaken(Exception):
    """Another service holds this data folder."""

    def __init__(self, folder: Path, holder: Holder | None) -> None:
        self.folder = folder
        self.holder = holder
        super().__init__(_who(folder, holder))


class FolderLock:
    """An flock on ``<data>/lock``. Children inherit the descriptor, so orphans keep the lock until they end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: IO[str] | None = None

    @property
    def descriptor(self) -> int:
        """To be inherited by every child."""
        assert self._file is not None
        return self._file.fileno()

    def take(self, *, patience: float = 15.0, stop: threading.Event | None = None) -> None:
        """Lock the folder or raise ``FolderTaken``; orphans of a dead supervisor get some time to end.

        Waits no longer once ``stop`` is set. Raises OSError where there can be no such folder.
        """
        stop = stop or threading.Event()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        path = self.folder / "lock"
        path.touch(mode=0o600)
        self._file = path.open("r+", encoding="utf-8")
        began = time.monotonic()
        while not _flock(self._file, fcntl.LOCK_EX):
            holder = read(self.folder)
            orphans = holder is not None and not runs(holder.supervisor)
            # A moment in any case: somebody may just be looking (is_locked).
            if stop.is_set() or time.monotonic() - began > (patience if orphans else 0.3):
                self._file.close()
                self._file = None
                raise FolderTaken(self.folder, holder)
            stop.wait(0.05)

    def write(self, holder: Holder) -> None:
        """Say who holds it. In place: the lock belongs to the file, not to its name."""
        assert self._file is not None
        self._file.seek(0)
        self._file.write(json.dumps(asdict(holder)) + "\n")
        self._file.truncate()
        self._file.flush()

    def release(self) -> None:
        """Let go; still locked for as long as a child lives."""
        if self._file is not None:
            with suppress(OSError):  # a full disk: what could not be written is tried again here
                self._file.seek(0)
                self._file.truncate()
            with suppress(OSError):
                self._file.close()
            self._file = None


def read(folder: Path) -> Holder | None:
    """Who wrote the lock file last; None when nobody did."""
    with suppress(OSError, ValueError, TypeError):
        return Holder(**json.loads((folder / "lock").read_text(encoding="utf-8")))
    return None


def is_locked(folder: Path) -> bool:
    """Whether any process holds the folder."""
    try:
        with (folder / "lock").open("r", encoding="utf-8") as file:
            return not _flock(file, fcntl.LOCK_SH)
    except (FileNotFoundError, NotADirectoryError):
        return False


def runs(pid: int) -> bool:
    """Whether a process with this id exists and is no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with suppress(OSError, IndexError):
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()[0] != "Z"
        )
    return True


def _flock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file.fileno(), kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _who(folder: Path, holder: Holder | None) -> str:
    if holder is None:
        return f"The data folder {folder} is in use by another process that has not said who it is."
    alive = holder.alive()
    if "supervisor" in alive:
        where = f" at {holder.url}" if holder.url else ""
        return f"The data folder {folder} is in use: process {holder.supervisor} on {holder.host} serves it{where}."
    left = ", ".join(f"{name} {pid}" for name, pid in alive.items()) or "unknown"
    return (
        f"The data folder {folder} is held by what is left of a service that was killed ({left}). "
        f"They should end by themselves within a minute; otherwise end them: kill {' '.join(map(str, alive.values()))}"
    )
