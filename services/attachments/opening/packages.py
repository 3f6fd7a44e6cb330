"""A zip package of parts, looked at before anything is unpacked: how many, how large, how tightly packed, where."""

import posixpath
import zipfile
from pathlib import Path

from services.attachments.opening.limits import MOST_ENTRIES, MOST_RATIO, MOST_UNPACKED, MOST_XML, RATIO_FROM, Refused

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Package:
    """The parts of a package by their names. What a part says of its size is held to while it is read."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            Refused: it is damaged, locked, or unpacks to more than it may.
        """
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
            raise Refused("damaged") from None
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
            raise Refused("bomb")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for one in entries:
            self._admit(one)

    def _admit(self, one: zipfile.ZipInfo) -> None:
        if one.flag_bits & 0x1:
            raise Refused("locked")
        if one.compress_type not in _METHODS:
            raise Refused("damaged")
        if one.file_size > RATIO_FROM and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise Refused("bomb")
        name = one.filename
        inside = not name.startswith("/") and "\\" not in name and posixpath.normpath(name).split("/")[0] != ".."
        # Two parts of one name: readers differ in which of the two they take.
        if not inside or name.casefold() in self._entries:
            raise Refused("damaged")
        self._entries[name.casefold()] = one

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._entries

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        return [one.filename for one in self._entries.values()]

    def read(self, name: str, *, most: int = MOST_XML) -> bytes:
        """A part, unpacked."""
        one = self._entries.get(name.casefold())
        if one is None:
            raise Refused("damaged")
        if one.file_size > most:
            raise Refused("bomb")
        try:
            with self._zip.open(one) as part:
                data = part.read(most + 1)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, zipfile.zlib.error):  # type: ignore[attr-defined]
            raise Refused("damaged") from None
        if len(data) > most:
            raise Refused("bomb")
        return data
