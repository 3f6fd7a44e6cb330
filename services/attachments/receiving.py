"""A form with one file in it, written to the disk as it comes: hashed, counted, and cut off where it is too large."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from services.attachments.store import store, synced
from services.kernel.config import settings
from services.kernel.errors import Invalid, Malformed, TooLarge, UnsupportedType

FILE = "file"
MOST_FIELDS = 20
MOST_FIELD_BYTES = 4_096
HEADROOM = 65_536  # what a form needs around a file


class NoFile(Invalid):
    """The form holds no file, or several."""

    title = "No file was sent"


class FileTooLarge(TooLarge):
    """The file has more bytes than one may have."""

    title = "The file is too large"


@dataclass
class Upload:
    """A file that has come in whole: its name as sent, and its bytes in a scratch file."""

    path: Path
    name: str = ""
    size: int = 0
    digest: str = ""


@dataclass
class _Part:
    """A part of the form that is being read."""

    headers: dict[bytes, bytes] = field(default_factory=dict)
    name: str = ""
    is_file: bool = False
    size: int = 0


class _Reader:
    """What the parser tells, part by part; bytes of the file go straight to the disk."""

    def __init__(self, upload: Upload, target: IO[bytes]) -> None:
        self._upload = upload
        self._target = target
        self._hash = hashlib.sha256()
        self._part = _Part()
        self._header = (bytearray(), bytearray())
        self._fields = 0
        self.files = 0
        self.ended = False

    def begin(self) -> None:
        self._part = _Part()

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def header_end(self) -> None:
        name, value = self._header
        self._part.headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def headers_end(self) -> None:
        _, options = parse_options_header(self._part.headers.get(b"content-disposition", b""))
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        self._fields += 1
        if self._fields > MOST_FIELDS:
            raise Malformed(f"A form may have {MOST_FIELDS} fields.")
        # A browser whose file field was left empty sends one without a name.
        self._part.is_file = self._part.name == FILE and bool(options.get(b"filename"))
        if self._part.is_file:
            self.files += 1
            if self.files > 1:
                raise NoFile("Send one file at a time.", field=FILE)
            self._upload.name = options[b"filename"].decode("utf-8", "replace")

    def data(self, data: bytes, start: int, end: int) -> None:
        some = data[start:end]
        if not self._part.is_file:
            self._part.size += len(some)
            if self._part.size > MOST_FIELD_BYTES:
                raise TooLarge(f"A field beside the file may have {MOST_FIELD_BYTES} bytes.")
            return
        self._upload.size += len(some)
        if self._upload.size > settings().attachment_limit:
            raise FileTooLarge(f"A file may have {settings().attachment_limit} bytes.", field=FILE)
        self._hash.update(some)
        self._target.write(some)

    def end(self) -> None:
        self.ended = True
        self._upload.digest = self._hash.hexdigest()


@asynccontextmanager
async def received(request: Request) -> AsyncIterator[Upload]:
    """The file that a request brings, whole and on the disk while the block runs.

    Raises:
        UnsupportedType: the body is no form with files.
        Malformed: it was cut off, or is not put together as it should be.
        NoFile: there is none in the field `file`, or it is empty.
        FileTooLarge: it has more bytes than one may have.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise UnsupportedType("Send Content-Type: multipart/form-data with the field file.", field="Content-Type")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedType("Send the body uncompressed.", field="Content-Encoding")
    most = settings().attachment_limit + HEADROOM
    told = request.headers.get("content-length", "0")
    if told.isdigit() and (len(told) > 18 or int(told) > most):
        raise FileTooLarge(f"A file may have {settings().attachment_limit} bytes.", field=FILE)
    with store().scratch() as path:
        upload = Upload(path)
        with path.open("wb") as target:
            reader = _Reader(upload, target)
            await _read(request, reader, options[b"boundary"], most)
            synced(target)
        if not reader.files or not upload.size:
            raise NoFile("Send the file in the field file; it may not be empty.", field=FILE)
        yield upload


async def _read(request: Request, reader: _Reader, boundary: bytes, most: int) -> None:
    taken = 0
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": reader.begin,
                "on_header_field": reader.header_name,
                "on_header_value": reader.header_value,
                "on_header_end": reader.header_end,
                "on_headers_finished": reader.headers_end,
                "on_part_data": reader.data,
                "on_end": reader.end,
            },
        )
        async for some in request.stream():
            taken += len(some)
            if taken > most:
                raise FileTooLarge(f"A file may have {settings().attachment_limit} bytes.", field=FILE)
            parser.write(some)
        parser.finalize()
    except FormParserError:
        raise Malformed("The form is not put together as multipart/form-data is.") from None
    if not reader.ended:
        raise Malformed("The body was cut off: send it again.")
