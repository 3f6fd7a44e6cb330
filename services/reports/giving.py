"""What an answer gives of marked content goes on record before it leaves: who had which report, and one audit entry."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from services import network
from services.kernel import audit, db, log, merkle, seals
from services.kernel.errors import Problem, TooBusy, TooMany
from services.kernel.gathering import gathered
from services.kernel.together import Together
from services.network import Caller, Claim, Tlp
from services.reports.disclosure import Given, disclose_all, looked_up

logger = logging.getLogger(__name__)
LISTED = 50  # references that an entry names; of more it holds the number and the hash
GIVEN = "answer.given"
REFUSED = "answer.refused"
SURE = frozenset({Tlp.AMBER, Tlp.STRICT, Tlp.RED})  # durable before the first byte


@dataclass(frozen=True, slots=True)
class Answered:
    """What one answer gives, to be written down in one transaction with what others give at the same time."""

    caller: Caller
    entry: dict[str, Any] | None
    new: Sequence[Given]
    also: Sequence[Callable[[Session], None]] = ()
    trace: str = field(default_factory=log.trace.get)


class Giving:
    """What one request gives. A route notes it while it reads; it goes on record after that and before the answer
    leaves: AMBER and above, and what a reader has for the first time, durably; if it cannot, there is no answer."""

    def __init__(self, route: str, query: str) -> None:
        self._route = route
        self._query = query
        self._caller: Caller | None = None
        self._rights: tuple[Claim, ...] = ()
        self._labels: set[str] = set()
        self._references: set[str] = set()
        self._new: list[Given] = []
        self._also: list[Callable[[Session], None]] = []

    def note(self, session: Session, caller: Caller, references: Collection[str]) -> None:
        """Note that the caller is given the words of these reports, one look-up for all."""
        self._references_of(session, caller, references, words=True)

    def told(self, session: Session, caller: Caller, references: Collection[str]) -> None:
        """Note that the caller is told something of these reports, and none of their words."""
        self._references_of(session, caller, references, words=False)

    def counted(self, session: Session, caller: Caller, label: str | None) -> None:
        """Note that the caller is given what was made of several reports, under this label; None: nothing was."""
        self._is(session, caller)
        if label is not None:
            self._labels.add(str(label))

    def also(self, write: Callable[[Session], None]) -> None:
        """Write this down in the same transaction."""
        self._also.append(write)

    async def settle(self) -> None:
        """Put on record what was noted.

        Raises:
            TooBusy: it cannot be put on record now.
        """
        if self._caller is None:
            return
        label = network.strictest(self._labels) if self._labels else None
        entry = None
        if label is not None and label is not Tlp.CLEAR:
            entry = audit.entry(self._caller, GIVEN, self._route, **self._detail(label))
        sure = label in SURE or bool(self._new) or bool(self._also)
        if not sure and (entry is None or gathered.add(entry)):
            return
        await asyncio.wrap_future(records.hand_in(Answered(self._caller, entry, self._new, self._also)))

    def _references_of(self, session: Session, caller: Caller, references: Collection[str], *, words: bool) -> None:
        self._is(session, caller)
        found = looked_up(session, caller, references)
        self._references |= set(references)
        self._labels |= found.labels
        if words:
            self._new += found.new

    def _is(self, session: Session, caller: Caller) -> None:
        if self._caller is None:
            self._caller, self._rights = caller, network.claims(session, caller)

    def _detail(self, label: Tlp) -> dict[str, Any]:
        listed = sorted(self._references)
        detail: dict[str, Any] = {"label": str(label), "query": self._query, "rights": _rights(self._rights)}
        if len(listed) <= LISTED:
            return detail | {"references": listed}
        return detail | {"count": len(listed), "hash": hashlib.sha256(merkle.canonical(listed)).hexdigest()}


async def _giving(request: Request) -> AsyncIterator[Giving]:
    giving = Giving(_route(request), _query(request))
    yield giving
    await giving.settle()


# In a signature this stands before the reading transaction, which is then over when this one writes.
Gives = Annotated[Giving, Depends(_giving, scope="function")]


def refused(request: Request, problem: Problem) -> None:
    """Note that a known caller was refused; gathered, as it holds up nobody."""
    caller = network.caller_at(request)
    if caller is None or problem.status not in (401, 403, 404, 429):
        return
    if isinstance(problem, TooMany) and problem.again:
        return  # one entry for each wait: who goes on asking must not fill the record
    detail = {"status": int(problem.status), "problem": problem.slug, "query": _query(request)}
    gathered.add(audit.entry(caller, REFUSED, _route(request), **detail))


def searched(request: Request, auditor: Caller) -> None:
    """Note that an auditor looked into the audit."""
    gathered.add(audit.entry(auditor, "audit.searched", _route(request), query=_query(request)))


def _route(request: Request) -> str:
    """Method and path as the route is written, so that nothing of what was given stands in it, however it was spelt."""
    written: str = request.scope["route"].path  # without the prefix of its router, in which nothing is given
    before = request.scope["path"].split("/")[: -written.count("/")]
    return f"{request.method} {'/'.join(before)}{written}"


def _query(request: Request) -> str:
    """A keyed hash of what was asked, in any order: who reads it can compare, and not try guesses."""
    return seals.sign("query", [request.url.path, sorted(request.query_params.multi_items())])


@lru_cache(maxsize=1024)
def _rights(claims: tuple[Claim, ...]) -> str:
    return seals.sign("rights", sorted([str(one.kind), one.target, one.since, one.through_parent] for one in claims))


def write(answers: Sequence[Answered]) -> list[Problem | None]:
    """Put what many answers give on record in one commit; if that fails, each alone, so that none fails others."""
    try:
        with db.transaction() as session:
            disclose_all(session, [(one.caller, given) for one in answers for given in one.new])
            for one in answers:
                for further in one.also:
                    further(session)
            audit.record_all(session, [one.entry for one in answers if one.entry is not None])
        return [None] * len(answers)
    except SQLAlchemyError:
        logger.exception("what %d answers give was not put on record", len(answers))
        if len(answers) == 1:
            return [_unrecorded()]
        return [write([one])[0] for one in answers]


def _unrecorded() -> TooBusy:
    return TooBusy(
        "What is read here goes on record first, and cannot just now: try again.", headers={"Retry-After": "5"}
    )


records: Together[Answered, None] = Together(
    "records", write, busy="More is read than can be put on record: try again.", fault=_unrecorded
)


def stop() -> None:
    """Put on record what waits (before the process ends)."""
    records.stop()
    gathered.stop()
