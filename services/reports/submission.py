"""Taking reports in: many at once in one transaction, each answered on its own, a repeat having no second effect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, or_, select
from sqlmodel import Session

from services import network
from services.kernel import audit, clock, db, ids, log
from services.kernel.config import settings
from services.kernel.errors import Conflict, Forbidden, Invalid, Problem
from services.kernel.events import publish_all
from services.kernel.model import table
from services.network import Attribution, Caller, Directory, Marking, MarkingIn, SightIn, Tlp
from services.reports.dates import Dated, dates_of
from services.reports.events import ReportSubmitted
from services.reports.models import Idempotency, Remarking, Report
from services.reports.provenance import origin
from services.reports.schemas import NewReport, Receipt

OWN_REFERENCE = "own-reference"
REPORT = table(Report)
IDEMPOTENCY = table(Idempotency)


class KeyReused(Invalid):
    title = "Idempotency-Key was used with another body"


class OwnReferenceTaken(Conflict):
    title = "You have sent another report under this reference of yours"


class NotAReplay(Forbidden):
    title = "as_of is for replays by an administrator's key"


@dataclass(frozen=True, slots=True)
class Submission:
    """One report handed in, with the caller and the key under which a repeat is recognised."""

    caller: Caller
    report: NewReport
    route: str = ""
    key: str = ""
    trace: str = field(default_factory=log.trace.get)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The receipt; `replayed` where the same thing had been sent before."""

    receipt: Receipt
    replayed: bool = False


Outcome = Accepted | Problem
_Claim = tuple[int, str, str]


@dataclass(slots=True)
class _Case:
    """One submission on its way through a batch."""

    submission: Submission
    fingerprint: str
    claims: list[_Claim]
    marking: Marking | None = None
    dates: tuple[Dated, ...] = ()
    origin: str = ""
    received_at: datetime = field(default_factory=clock.now)
    reference: str = field(default_factory=ids.reference)
    outcome: Outcome | None = None

    def receipt(self) -> Receipt:
        return Receipt(reference=self.reference, revision=1, received_at=self.received_at, digest=self.fingerprint)


def accept(session: Session, submissions: Sequence[Submission]) -> list[Outcome]:
    """Store what is new, replay what is known, refuse what is wrong: one outcome per submission, in order.

    All that was accepted is durable when the caller's transaction commits, and nothing before.
    """
    known = network.directory(session)
    cases = [_case(known, submission) for submission in submissions]
    _replay(session, [case for case in cases if case.outcome is None])
    fresh = [case for case in cases if case.outcome is None]
    won = _claim(session, fresh)
    _store(session, won)
    late = [case for case in fresh if case.outcome is None]
    _replay(session, late)  # the same key twice in this batch, or committed by another process a moment ago
    for case in late:
        case.outcome = case.outcome or Conflict("The same key is being used right now: send it again.")
    return [case.outcome or Problem() for case in cases]


def check(session: Session, submission: Submission) -> None:
    """Whether `accept` would take it; stores nothing. Raises what `accept` would answer."""
    case = _case(network.directory(session), submission)
    if case.outcome is None:
        _replay(session, [case])
    if isinstance(case.outcome, Problem):
        raise case.outcome


def resolve(known: Directory, marking: SightIn, caller: Caller, *, submitter: int | None = None) -> Marking:
    """A marking with its recipients found; refuses those that its label cannot have.

    `submitter`: the person who handed the report in, who stays among the readers of RED whoever marks it so; without
    one, whoever marks it.
    """
    tlp = Tlp(marking.tlp)
    named = {"organisations": marking.organisations, "groups": marking.groups, "persons": marking.persons}
    allowed = {
        Tlp.AMBER: {"organisations", "groups"},
        Tlp.STRICT: {"organisations", "groups"},
        Tlp.RED: {"persons"},
    }.get(tlp, set())
    for what, given in named.items():
        if given and what not in allowed:
            raise Invalid(
                f"TLP:{tlp} takes no {what}: leave them out, or choose another label.", field=f"marking.{what}"
            )
    persons = _found(marking.persons, lambda one: network.person_named(known, caller, one), "persons")
    sender = submitter if submitter is not None else caller.member_id
    if tlp is Tlp.RED and sender is not None:
        persons.add(sender)
    if tlp is Tlp.RED and not persons:
        raise Invalid("RED reaches named persons only, and a key is none: name at least one.", field="marking.persons")
    return Marking(
        tlp=tlp,
        originator=caller.organisation_id or 0,
        organisations=frozenset(
            _found(marking.organisations, lambda one: network.organisation_named(known, caller, one), "organisations")
        ),
        groups=frozenset(_found(marking.groups, known.groups.get, "groups")),
        persons=frozenset(persons),
        attribution=Attribution(marking.attribution),
    )


def planned(
    known: Directory, marking: MarkingIn, caller: Caller, *, submitter: int | None = None
) -> tuple[Marking, tuple[Dated, ...]]:
    """The marking to stamp now, and what it becomes by date; refuses dates that are past or too far."""
    whole = resolve(known, marking, caller, submitter=submitter)
    later = None
    if marking.review_to is not None:
        later = resolve(known, marking.review_to, caller, submitter=submitter)
    return dates_of(marking, whole, later, now=clock.now(), submitter=submitter or caller.member_id)


def _found(given: list[str], find: Callable[[str], int | None], what: str) -> set[int]:
    found = {one: find(one) for one in given}
    for one, key in found.items():
        if key is None:
            raise Invalid(f"{one[:80]} is not known here.", field=f"marking.{what}")
    return {key for key in found.values() if key is not None}


def _case(known: Directory, submission: Submission) -> _Case:
    caller, report = submission.caller, submission.report
    owner = caller.organisation_id or 0
    fingerprint = report.fingerprint()
    # What is RED is its sender's alone: nobody else of the organisation may learn from a repeat that it is there.
    whose = f" of {caller.viewer}" if report.marking.tlp == Tlp.RED else ""
    claims: list[_Claim] = []
    if submission.key:
        claims.append((owner, submission.route + whose, submission.key))
    if report.own_reference:
        claims.append((owner, OWN_REFERENCE + whose, report.own_reference))
    case = _Case(submission, fingerprint, claims)
    try:
        party = known.parties.get(owner)
        if party is None or not party.active:
            raise Forbidden("Your organisation is not active in this network.")
        case.marking, case.dates = planned(known, report.marking, caller)
        case.origin = origin_of(known, report, caller)
        if report.as_of is not None:
            if "replay" not in caller.scopes:
                raise NotAReplay("Leave as_of out: the time of receipt is ours to set.", field="as_of")
            if report.as_of > clock.now():
                raise Invalid("as_of lies in the future.", field="as_of")
            case.received_at = report.as_of
    except Problem as problem:
        case.outcome = problem
    return case


def origin_of(known: Directory, report: Any, caller: Caller) -> str:
    """The origin key of a report by this originator; refuses a source organisation that is not known."""
    source, heard = report.source, None
    if source.organisation is not None:
        heard = network.organisation_named(known, caller, source.organisation, forgiving=True)
        if heard is None:
            raise Invalid(f"{source.organisation[:80]} is not known here.", field="source.organisation")
    originator = caller.organisation_id or 0
    return origin(source.kind, originator=originator, organisation=heard, document=source.document, name=source.name)


def _replay(session: Session, cases: list[_Case]) -> None:
    """Answer those whose key is known: with the answer given then, or with a refusal if the body differs."""
    wanted = [claim for case in cases for claim in case.claims]
    found: dict[_Claim, Any] = {}
    for some in db.batches(wanted, 200):
        met = or_(
            *(
                and_(IDEMPOTENCY.c.organisation_id == o, IDEMPOTENCY.c.route == r, IDEMPOTENCY.c.key == k)
                for o, r, k in some
            )
        )
        for row in session.execute(select(IDEMPOTENCY).where(met)).all():
            found[(row.organisation_id, row.route, row.key)] = row
    for case in cases:
        for claim in case.claims:
            held = found.get(claim)
            if held is not None and case.outcome is None:
                case.outcome = _again(case, claim, held.fingerprint, held.answer)


def _again(case: _Case, claim: _Claim, fingerprint: str, answer: dict[str, Any]) -> Outcome:
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


def _claim(session: Session, cases: list[_Case]) -> list[_Case]:
    """Take the keys of new submissions; returns those that hold all of theirs."""
    held: set[_Claim] = set()
    rows, candidates = [], []
    now = clock.now()
    for case in cases:
        if any(claim in held for claim in case.claims):
            continue  # the same key twice in one batch: answered once it is known who holds it
        candidates.append(case)
        held.update(case.claims)
        for claim in case.claims:
            lasting = claim[1].startswith(OWN_REFERENCE)
            rows.append(
                {
                    "organisation_id": claim[0],
                    "route": claim[1],
                    "key": claim[2],
                    "fingerprint": case.fingerprint,
                    "answer": case.receipt().model_dump(mode="json"),
                    "expires_at": None if lasting else now + settings().idempotency_kept,
                }
            )
    taken = {
        tuple(row) for row in db.insert_new(session, IDEMPOTENCY, rows, returning=("organisation_id", "route", "key"))
    }
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


def _store(session: Session, cases: list[_Case]) -> None:
    if not cases:
        return
    markings = [case.marking for case in cases if case.marking is not None]
    distinct = list(dict.fromkeys(markings))  # many reports of a file are marked alike
    stamped = dict(zip(distinct, network.stamp(session, distinct), strict=True))
    audiences = [stamped[marking] for marking in markings]
    keys = db.next_keys(session, REPORT, len(cases))
    db.insert_all(
        session,
        REPORT,
        [
            {**row_of(case.submission.report), **_facts(case), "id": key, "audience_id": audience}
            for key, audience, case in zip(keys, audiences, cases, strict=True)
        ],
    )
    waiting = [dated.row(key) for key, case in zip(keys, cases, strict=True) for dated in case.dates]
    if waiting:
        session.execute(insert(Remarking), waiting)
    log.traces.set({key: case.submission.trace for key, case in zip(keys, cases, strict=True)})
    publish_all(session, ReportSubmitted, keys)
    audit.record_all(
        session,
        [
            audit.entry(case.submission.caller, "report.submitted", case.reference, **_logical(case))
            | {"trace": case.submission.trace}
            for case in cases
        ],
    )
    for case in cases:
        case.outcome = Accepted(case.receipt())


COLUMNS = (
    "title", "text", "kind", "status", "occurred_from", "occurred_to", "place", "themes", "figures", "language",
    "source", "credibility", "selection", "terms",
)  # fmt: skip


def row_of(report: Any) -> dict[str, Any]:
    """The columns of a report that its sender filled in."""
    return {
        "title": report.title,
        "text": report.text,
        "kind": report.kind,
        "status": report.status,
        "occurred_from": report.occurred_from,
        "occurred_to": report.occurred_to,
        "place": report.place,
        "themes": report.themes,
        "figures": report.figures,
        "language": report.language,
        "source": report.source.model_dump(),
        "credibility": report.credibility,
        "selection": report.selection,
        "terms": report.marking.terms.stored(),
    }


def _facts(case: _Case) -> dict[str, Any]:
    caller, report = case.submission.caller, case.submission.report
    return {
        "reference": case.reference,
        "organisation_id": caller.organisation_id,
        "member_id": caller.member_id,
        "key_id": caller.key_id,
        "own_reference": report.own_reference,
        "origin": case.origin,
        "received_at": case.received_at,
        "handed_in_at": case.received_at,
        "withdrawn_at": None,
        "withdrawn_why": None,
        "digest": case.fingerprint,
        "revision": 1,
        "version": 1,
    }


def _logical(case: _Case) -> dict[str, str]:
    return {"as_of": case.received_at.isoformat()} if case.submission.report.as_of is not None else {}
