"""Recognising what was sent before: the same thing again has no second effect, another under its key is refused."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from services.kernel import audit, bulk, clock, db, ids, log
from services.kernel.bulk import among
from services.kernel.config import settings
from services.kernel.errors import Conflict, Invalid, Problem
from services.kernel.model import table
from services.network import Caller, Marking, Tlp
from services.reports.dates import Dated
from services.reports.models import Idempotency
from services.reports.ownership import AUDIENCE, REPORT, owns
from services.reports.schemas import NewReport, Receipt

OWN_REFERENCE = "own-reference"
_KEPT = ("organisation_id", "route", "key", "fingerprint", "answer", "expires_at")
IDEMPOTENCY = table(Idempotency)
# Of one fixed text: a condition for each claim cost more than all else of a report together.
_HELD = select(IDEMPOTENCY.c.key, IDEMPOTENCY.c.fingerprint, IDEMPOTENCY.c.answer).where(
    IDEMPOTENCY.c.organisation_id == bindparam("organisation"),
    IDEMPOTENCY.c.route == bindparam("route"),
    among(IDEMPOTENCY.c.key),
)


class KeyReused(Invalid):
    title = "Idempotency-Key was used with another body"


class OwnReferenceTaken(Conflict):
    title = "You have sent another report under this reference of yours"


@dataclass(frozen=True, slots=True)
class Submission:
    """One report handed in, with the caller and the key under which a repeat is recognised."""

    caller: Caller
    report: NewReport
    route: str = ""
    key: str = ""
    trace: str = field(default_factory=log.trace.get)
    address: str = field(default_factory=audit.origin.get)
    fingerprint: str = field(init=False)
    """Made here, where nobody waits for a write lock."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "fingerprint", self.report.fingerprint())


@dataclass(frozen=True, slots=True)
class Accepted:
    """The receipt; `replayed` where the same thing had been sent before."""

    receipt: Receipt
    replayed: bool = False


Outcome = Accepted | Problem


Claim = tuple[int, str, str]


@dataclass(slots=True)
class Case:
    """One submission on its way through a batch."""

    submission: Submission
    fingerprint: str
    claims: list[Claim]
    marking: Marking | None = None
    dates: tuple[Dated, ...] = ()
    line: Marking | None = None
    origin: str = ""
    form_version: int | None = None
    corrects_id: int | None = None
    path: list[str] = field(default_factory=list)
    received_at: datetime = field(default_factory=clock.now)
    reference: str = field(default_factory=ids.reference)
    outcome: Outcome | None = None

    def receipt(self) -> Receipt:
        """What its submitter will keep."""
        return Receipt(reference=self.reference, revision=1, received_at=self.received_at, digest=self.fingerprint)


def keys_of(submission: Submission) -> list[Claim]:
    """The keys under which a submission is recognised when it is sent again."""
    caller, report = submission.caller, submission.report
    # What is RED is its sender's alone: nobody else of the organisation may learn from a repeat that it is there.
    # A test key's have a space of their own: a rehearsal must not take the number of what is to come in earnest.
    whose = f" of {caller.viewer}" if report.marking.tlp == Tlp.RED else " of tests" if caller.test_only else ""
    given = ((submission.route, submission.key), (OWN_REFERENCE, report.own_reference))
    return [(caller.organisation_id or 0, route + whose, key) for route, key in given if key]


def replay(session: Session, cases: list[Case]) -> None:
    """Answer those whose key is known: with the answer given then, or with a refusal if the body differs."""
    found = _held(session, (claim for case in cases for claim in case.claims))
    red = _red(session, {row.answer["reference"] for row in found.values()})
    for case in cases:
        for claim in case.claims:
            held = found.get(claim)
            if held is not None and case.outcome is None:
                report = red.get(held.answer["reference"])
                own = report is None or owns(case.submission.caller, report, red=True)
                case.outcome = _again(case, claim, held.fingerprint, held.answer) if own else _taken(claim)


def _held(session: Session, claims: Iterable[Claim]) -> dict[Claim, Any]:
    """What these keys stand for, of those that are taken."""
    wanted: dict[tuple[int, str], list[str]] = {}
    for organisation, route, key in claims:
        wanted.setdefault((organisation, route), []).append(key)
    found: dict[Claim, Any] = {}
    for (organisation, route), keys in wanted.items():
        rows = session.execute(_HELD, {"organisation": organisation, "route": route, "keys": keys})
        found |= {(organisation, route, row.key): row for row in rows}
    return found


def _red(session: Session, references: set[str]) -> dict[str, Any]:
    """Those of these reports that are RED now: their sender's alone, whatever they were when the key was taken."""
    found: dict[str, Any] = {}
    for some in db.batches(sorted(references), 200):
        statement = (
            select(REPORT.c.reference, REPORT.c.organisation_id, REPORT.c.member_id, REPORT.c.key_id)
            .join(AUDIENCE, AUDIENCE.c.id == REPORT.c.audience_id)
            .where(REPORT.c.reference.in_(some), AUDIENCE.c.tlp == str(Tlp.RED))
        )
        found |= {row.reference: row for row in session.execute(statement).all()}
    return found


def _taken(claim: Claim) -> Problem:
    """A key that stands for what is no longer this caller's: it cannot be used again, and no more is said."""
    if claim[1].startswith(OWN_REFERENCE):
        return OwnReferenceTaken("Your organisation has used it before: choose another.", field="own_reference")
    return KeyReused("Use a new Idempotency-Key for a new report.", field="Idempotency-Key")


def _again(case: Case, claim: Claim, fingerprint: str, answer: dict[str, Any]) -> Outcome:
    if fingerprint == case.fingerprint:
        return Accepted(Receipt.model_validate(answer), replayed=True)
    if claim[1].startswith(OWN_REFERENCE):
        return OwnReferenceTaken(
            f"It is {answer['reference']}. To change it, send a revision: PUT /v1/reports/{answer['reference']}.",
            field="own_reference",
            reference=answer["reference"],
        )
    return KeyReused(
        f"It stands for {answer['reference']}. Use a new Idempotency-Key for a new report.",
        field="Idempotency-Key",
        reference=answer["reference"],
    )


def take_keys(session: Session, cases: list[Case]) -> list[Case]:
    """Take the keys of new submissions; returns those that hold all of theirs."""
    held: set[Claim] = set()
    rows, candidates = [], []
    now = clock.now()
    for case in cases:
        if any(claim in held for claim in case.claims):
            continue  # the same key twice in one batch: answered once it is known who holds it
        candidates.append(case)
        held.update(case.claims)
        for claim in case.claims:
            lasting = claim[1].startswith(OWN_REFERENCE)
            expires = None if lasting else now + settings().idempotency_kept
            rows.append((*claim, case.fingerprint, case.receipt().model_dump(mode="json"), expires))
    rows.sort(key=itemgetter(0, 1, 2))  # in one order for all, or two batches deadlock
    written = bulk.insert(session, IDEMPOTENCY, rows, columns=_KEPT, then="ON CONFLICT DO NOTHING")
    if written == len(rows):
        return candidates
    mine = {case.reference for case in candidates}
    taken = {claim for claim, row in _held(session, held).items() if row.answer["reference"] in mine}
    won, lost = [], []
    for case in candidates:
        if all(claim in taken for claim in case.claims):
            won.append(case)
        else:
            lost += [claim for claim in case.claims if claim in taken]
    for o, r, k in lost:  # it holds one of two keys: give that back
        session.execute(
            IDEMPOTENCY.delete().where(
                IDEMPOTENCY.c.organisation_id == o, IDEMPOTENCY.c.route == r, IDEMPOTENCY.c.key == k
            )
        )
    return won
