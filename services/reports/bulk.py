"""Bulk upload: NDJSON read line by line in flat memory, each line answered on its own."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import IO

from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool

from services.kernel import db
from services.kernel.config import settings
from services.kernel.errors import Problem, TooLarge
from services.network import Caller
from services.reports.intake import commit
from services.reports.personal import checked
from services.reports.reading import parse
from services.reports.repeats import Outcome, Submission
from services.reports.schemas import NewReport
from services.reports.submission import check

CHUNK = 500
CHUNK_BYTES = 4 << 20  # long lines are stored sooner: memory stays flat whatever is sent


async def take(body: AsyncIterator[bytes], caller: Caller, *, dry: bool) -> Iterator[bytes]:
    """Store an NDJSON body chunk by chunk. The answers wait in a temporary file until the body has been read whole,
    because a client that is still sending does not read."""
    answers: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 -- its reader closes it
    try:
        await _answer_all(body, caller, dry, answers)
    except BaseException:  # a body cut off, or a stop: nobody will read the answers
        answers.close()
        raise
    answers.seek(0)
    return _drain(answers)


async def _answer_all(body: AsyncIterator[bytes], caller: Caller, dry: bool, answers: IO[bytes]) -> None:
    limit = settings().bulk_limit
    waiting: list[tuple[int, bytes]] = []
    number = held = 0
    async for line in lines(body):
        number += 1
        if number > limit:
            break
        if line.strip():
            waiting.append((number, line))
            held += len(line)
        if len(waiting) == CHUNK or held > CHUNK_BYTES:
            answers.write(await run_in_threadpool(_chunk, waiting, caller, dry))
            waiting, held = [], 0
    if waiting:
        answers.write(await run_in_threadpool(_chunk, waiting, caller, dry))
    if number > limit:
        answers.write(_refused(number, TooLarge(f"At most {limit} lines: send the rest apart.")))


async def lines(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The lines of a body, without their ends; one over the limit comes cut, so that memory stays bounded."""
    limit = settings().line_limit
    held = b""
    skipping = False
    async for chunk in body:
        *whole, rest = (held + chunk).split(b"\n")
        for line in whole:
            if not skipping:
                yield line
            skipping = False
        held = rest
        if len(held) > limit:
            if not skipping:
                yield held[: limit + 1]
            held, skipping = b"", True
    if held and not skipping:
        yield held


def _chunk(waiting: list[tuple[int, bytes]], caller: Caller, dry: bool) -> bytes:
    outcomes: dict[int, Outcome | None] = {}
    ready: list[tuple[int, Submission]] = []
    for number, line in waiting:
        try:
            if len(line) > settings().line_limit:
                raise TooLarge(f"A line may have {settings().line_limit} bytes.")
            ready.append((number, Submission(caller, parse(NewReport, line))))
            outcomes[number] = None
        except Problem as problem:
            outcomes[number] = problem
    given = [submission for _, submission in ready]
    if given:
        outcomes.update(zip((number for number, _ in ready), _checked(given) if dry else commit(given), strict=True))
    of = {number: submission.report for number, submission in ready}
    return b"".join(
        _answer(number, outcome, of.get(number) if dry else None) for number, outcome in outcomes.items()
    )  # still in the order of the lines


def _checked(given: list[Submission]) -> list[Outcome | None]:
    with db.reading() as session:
        return check(session, given)


def _answer(number: int, outcome: Outcome | None, tried: NewReport | None) -> bytes:
    """One line's answer; `tried`: the report, where it was only checked."""
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
