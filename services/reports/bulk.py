"""Bulk upload: NDJSON taken in chunk by chunk in flat memory, each line answered on its own.

While one chunk is stored the next is read: a thread waits for the database, another thinks.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import IO

from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool

from services.kernel import db
from services.kernel.config import settings
from services.kernel.errors import Problem, TooLarge
from services.network import Caller
from services.reports.intake import commit, has_room
from services.reports.personal import checked
from services.reports.reading import parse
from services.reports.repeats import Outcome, Submission
from services.reports.schemas import NewReport
from services.reports.submission import check
from services.reports.unpacking import Cutter, unpacked
from services.reports.uploads.keeping import Keeper, Untold, begin

CHUNK = 500
PATIENCE = 60  # seconds without room for one chunk
CHUNK_BYTES = 4 << 20  # long lines are stored sooner: memory stays flat whatever is sent


@dataclass(frozen=True, slots=True)
class Asked:
    """How an upload is to be taken in, and who keeps count of it."""

    caller: Caller
    dry: bool = False
    gzip: bool = False
    keeper: Keeper | Untold = field(default_factory=Untold)


@dataclass(slots=True)
class _Chunk:
    """Lines on their way: those that are reports, and those that are refused already."""

    ready: list[tuple[int, Submission]]
    outcomes: dict[int, Outcome | None]


def keeper_of(caller: Caller, upload: str | None, *, dry: bool) -> Keeper | Untold:
    """Who keeps count of a body that is about to be sent: of an upload that its sender announced, or of none.

    Raises:
        Problem: it is not the caller's, or in use.
    """
    if upload is None:
        return Untold()
    with db.transaction() as session:
        return begin(session, caller, upload, checked=dry)


async def take(body: AsyncIterator[bytes], asked: Asked) -> Iterator[bytes]:
    """Store an NDJSON body chunk by chunk. The answers wait in a temporary file until the body has been read whole,
    because a client that is still sending does not read. What ends it early is the last answer; the first, if no line
    was read before it.

    Raises:
        Problem: the body is not what it says, and holds no line.
    """
    answers: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 -- its reader closes it
    taking = _Taking(asked, answers)
    ended: BaseException | None = None
    try:
        await taking.all_of(body)
    except BaseException as error:  # a body cut off, or a stop: nobody will read the answers
        ended = error
        answers.close()
        raise
    finally:
        await asyncio.shield(taking.settle(ended))
    answers.seek(0)
    return _drain(answers)


class _Taking:
    """One body on its way in."""

    def __init__(self, asked: Asked, answers: IO[bytes]) -> None:
        self._asked = asked
        self._answers = answers
        self._storing: asyncio.Future[bytes] | None = None
        self._number = 0
        self._problem: Problem | None = None

    async def all_of(self, body: AsyncIterator[bytes]) -> None:
        """Take in all lines."""
        try:
            await self._lines(body)
        except Problem as problem:
            if self._number == 0:
                raise
            self._number += 1
            self._problem = problem
        await self._stored()
        if self._problem is not None:
            self._answers.write(_refused(self._number, self._problem))

    async def settle(self, ended: BaseException | None) -> None:
        """Wait for what is being stored, and say how it ended."""
        if self._storing is not None:
            await asyncio.wait([self._storing])
        why = ended if isinstance(ended, Problem) else self._problem
        await run_in_threadpool(self._asked.keeper.end, why, cut=ended is not None and not isinstance(ended, Problem))

    async def _lines(self, body: AsyncIterator[bytes]) -> None:
        cutter, limit = Cutter(), settings().bulk_limit
        waiting: list[tuple[int, bytes]] = []
        held = 0
        try:
            async for lines in _cut(unpacked(body, gzip=self._asked.gzip), cutter):
                for line in lines:
                    if self._number == limit:
                        raise TooLarge(f"At most {limit} lines: send the rest apart.")
                    self._number += 1
                    if line.strip():
                        waiting.append((self._number, line))
                        held += len(line)
                    if len(waiting) == CHUNK or held > CHUNK_BYTES:
                        await self._store(waiting)
                        waiting, held = [], 0
        except Problem:
            await self._store(waiting)  # whole lines that came before
            raise
        await self._store(waiting)

    async def _store(self, waiting: list[tuple[int, bytes]]) -> None:
        """Read these lines while the ones before are stored, then begin to store them."""
        if not waiting:
            return
        chunk = await run_in_threadpool(_read, waiting, self._asked.caller)
        await self._stored()
        if not self._asked.dry:
            await _room()
        self._storing = asyncio.ensure_future(run_in_threadpool(_settled, chunk, self._asked, self._number))

    async def _stored(self) -> None:
        if self._storing is not None:
            self._answers.write(await asyncio.shield(self._storing))
            self._storing = None


async def _room() -> None:
    """Hold the sender up while more work waits than the operator allows, so that a file larger than that goes in.
    Where nothing gets done the lines that follow are refused."""
    for _ in range(PATIENCE):
        if await run_in_threadpool(has_room):
            return
        await asyncio.sleep(1)


async def _cut(pieces: AsyncIterator[bytes], cutter: Cutter) -> AsyncIterator[list[bytes]]:
    async for piece in pieces:
        yield cutter.feed(piece)
    yield cutter.end()


def _read(waiting: list[tuple[int, bytes]], caller: Caller) -> _Chunk:
    chunk = _Chunk([], {})
    limit = settings().line_limit
    for number, line in waiting:
        try:
            if len(line) > limit:
                raise TooLarge(f"A line may have {limit} bytes.")
            chunk.ready.append((number, Submission(caller, parse(NewReport, line))))
            chunk.outcomes[number] = None
        except Problem as problem:
            chunk.outcomes[number] = problem
    return chunk


def _settled(chunk: _Chunk, asked: Asked, last: int) -> bytes:
    """Store what can be stored; the answers, in the order of the lines."""
    given = [submission for _, submission in chunk.ready]
    if given:
        found = _checked(given) if asked.dry else commit(given)
        chunk.outcomes.update(zip((number for number, _ in chunk.ready), found, strict=True))
    asked.keeper.note(chunk.outcomes, last=last)
    tried = dict(chunk.ready) if asked.dry else {}
    return b"".join(_answer(number, outcome, tried.get(number)) for number, outcome in chunk.outcomes.items())


def _checked(given: list[Submission]) -> list[Outcome | None]:
    with db.reading() as session:
        return check(session, given)


def _answer(number: int, outcome: Outcome | None, tried: Submission | None) -> bytes:
    """One line's answer; `tried`: what was handed in, where it was only checked."""
    if isinstance(outcome, Problem):
        return _refused(number, outcome)
    if tried is not None:
        return to_json({"line": number, "status": 200, **checked(outcome, tried).model_dump()}) + b"\n"
    if outcome is None:  # only a check leaves it open
        raise ValueError("a line that was handed in has no outcome")
    body = {"line": number, "status": 202, **outcome.receipt.model_dump(mode="json"), "replayed": outcome.replayed}
    return to_json(body) + b"\n"


def _refused(number: int, problem: Problem) -> bytes:
    return to_json({"line": number, **problem.document()}) + b"\n"


def _drain(answers: IO[bytes]) -> Iterator[bytes]:
    with answers:
        while chunk := answers.read(65_536):
            yield chunk
