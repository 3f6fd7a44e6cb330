"""The bytes of attachments, by their SHA-256: whole or not there, on a folder or whatever else fsspec reaches."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import fsspec  # type: ignore[import-untyped]  # it has no types

from services.kernel import clock
from services.kernel.config import settings

INCOMING = "incoming"
FORGOTTEN_SECONDS = 86_400.0  # what came in and was neither stored nor refused: its process was killed
CHUNK = 1 << 16


class Store:
    """Bytes under their hash, two letters of it as folder. Who may not read the folder may read none of it."""

    def __init__(self, where: str) -> None:
        self._files: Any
        self._files, root = fsspec.core.url_to_fs(where)
        self._root = str(root).rstrip("/")
        self.local = "file" in _protocols(self._files)
        self.incoming = Path(self._root if self.local else settings().data_dir.resolve()) / INCOMING

    def spare(self) -> Path:
        """A new empty file that only this service may read, on the disk of the store: to be put, or removed."""
        self._folder(self.incoming)
        made, name = tempfile.mkstemp(dir=self.incoming)  # its mode is 0600
        os.close(made)
        return Path(name)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A spare file, gone afterwards unless it was put."""
        made = self.spare()
        try:
            yield made
        finally:
            made.unlink(missing_ok=True)

    @contextmanager
    def lent(self, digest: str) -> Iterator[Path]:
        """The bytes under a path, for a program that reads it. FileNotFoundError: they are not there."""
        if self.local:
            yield Path(self._place(digest))
            return
        with self.scratch() as copy:
            with self.open(digest) as source, copy.open("wb") as target:
                while some := source.read(CHUNK):
                    target.write(some)
            yield copy

    def put(self, file: Path, digest: str) -> None:
        """Move a scratch file that is on the disk to its place. What lies there already is the same, and replaced."""
        place = self._place(digest)
        if not self.local:
            self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
            self._files.put_file(str(file), place)
            return
        folder = Path(place).parent
        self._folder(folder)
        file.replace(place)
        _synced(folder)

    def open(self, digest: str) -> IO[bytes]:
        """The bytes to read. FileNotFoundError: they are not there."""
        opened: IO[bytes] = self._files.open(self._place(digest), "rb")
        return opened

    def remove(self, digest: str) -> None:
        """Destroy the bytes, if they are there."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._place(digest))

    def held(self) -> Iterator[str]:
        """The hashes of all that lies here."""
        with suppress(FileNotFoundError):
            for found in self._files.find(self._root):
                name = str(found).rpartition("/")[2]
                if len(name) == 64 and f"/{INCOMING}/" not in str(found):
                    yield name

    def forget_incoming(self) -> None:
        """Remove what came in long ago and was left."""
        if not self.incoming.exists():
            return
        before = clock.machine().timestamp() - FORGOTTEN_SECONDS
        for file in self.incoming.iterdir():
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < before:
                    file.unlink()

    def _folder(self, folder: Path) -> None:
        """Make a folder, and the store's own above it, for this service's eyes: `parents` would take no mode."""
        if self.local:
            Path(self._root).mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _place(self, digest: str) -> str:
        if len(digest) != 64 or not digest.isalnum():  # a hash that we made, or no path
            raise ValueError("no hash")
        return f"{self._root}/{digest[:2]}/{digest}"


def store() -> Store:
    """The store of this process's settings."""
    return _store(settings().attached)


@lru_cache(maxsize=4)
def _store(where: str) -> Store:
    return Store(where)


def _protocols(files: Any) -> tuple[str, ...]:
    given = files.protocol
    return (given,) if isinstance(given, str) else tuple(given)


def synced(file: IO[bytes]) -> None:
    """Have what was written on the disk."""
    file.flush()
    os.fsync(file.fileno())


def _synced(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
