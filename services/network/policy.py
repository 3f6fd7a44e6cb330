"""The policy in its SQL form: every exit of network data asks here which audiences a caller sees."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select
from sqlmodel import Session

from services.kernel import db
from services.kernel.errors import Forbidden
from services.kernel.model import table
from services.network.directory import Directory, directory, remembered
from services.network.marking import Attribution, Audience, Claim, Kind, Marking, Shown, Tlp, reach, shown
from services.network.models import AudienceReach, AudienceRow

REACH = table(AudienceReach)
AUDIENCE = table(AudienceRow)


class ScopeMissing(Forbidden):
    """The caller's key or roles do not include this act."""

    title = "Your key or role does not allow this"


class NotATest(Forbidden):
    """A test key hands in, or asks for, what is no test."""

    title = "A test key is for status test only"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks: a member in a browser, or a key; always for one organisation."""

    organisation_id: int | None
    member_id: int | None = None
    key_id: int | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    language: str = "en"
    test_only: bool = False
    """A test key: it hands in and reads `status: test` alone."""

    @property
    def viewer(self) -> str:
        """A name for sealing what is given to this caller alone."""
        return f"m{self.member_id}" if self.member_id is not None else f"k{self.key_id}"

    def require(self, scope: str) -> None:
        """Refuse unless the caller has this scope."""
        if scope not in self.scopes:
            raise ScopeMissing(f"It needs the scope {scope}.", scope=scope)

    def require_status(self, status: str) -> None:
        """Refuse a test key all that is no test."""
        if self.test_only and status != "test":
            raise NotATest("Write status: test, or use a live key.", field="status")


def claims(session: Session, caller: Caller) -> tuple[Claim, ...]:
    """The caller's claims as this transaction sees the network."""
    return directory(session).claims(caller.organisation_id, caller.member_id)


def visible(session: Session, caller: Caller) -> list[int]:
    """The ids of the audiences that the caller sees, resolved inside this transaction, in their order.

    The claims are made from the network in memory, and the one statement that uses them also tells the version that it
    found: had it changed meanwhile, the network is read and the statement asked again.
    """
    known = remembered(session)
    while True:
        claimed = known.claims(caller.organisation_id, caller.member_id)
        version, seen = _seen_by(session, claimed)
        if version == known.version:
            return seen
        known = directory(session)


def seen_by(session: Session, given: tuple[Claim, ...]) -> list[int]:
    """The ids of the audiences that these claims see: a caller's of another time. Who is asking now asks `visible`."""
    return _seen_by(session, given)[1]


def _seen_by(session: Session, given: tuple[Claim, ...]) -> tuple[int, list[int]]:
    """The network's version, and the ids of the audiences that these claims see: `marking.sees` as SQL.

    The answer is one row: SQLAlchemy takes longer for rows of one number than either database.
    """
    version, seen = db.one_row(session, _asking(given, lite=db.is_sqlite(session)))
    return version, list(_numbers(seen or ""))


@lru_cache(maxsize=256)
def _numbers(listed: str) -> tuple[int, ...]:
    return tuple(sorted({int(one) for one in listed.split(",")})) if listed else ()


@lru_cache(maxsize=256)
def _asking(given: tuple[Claim, ...], *, lite: bool) -> str:
    """The statement, never what it found. Each claim is written out: planned with its values, it reads little."""
    targets: dict[tuple[Kind, int, bool], list[int]] = {}
    for claim in given:
        targets.setdefault((claim.kind, claim.since, claim.through_parent), []).append(claim.target)
    met = [
        f"(kind = '{kind}' AND target IN ({','.join(map(str, some))}) AND generation >= {since}"
        f"{' AND inherited' if through_parent else ''})"
        for (kind, since, through_parent), some in targets.items()
    ]
    listed = "group_concat(audience_id)" if lite else "string_agg(audience_id::text, ',')"
    seen = f"SELECT {listed} FROM audience_reach WHERE {' OR '.join(met) or 'FALSE'}"  # noqa: S608 -- our own numbers
    return f"SELECT version, ({seen}) FROM network_state"  # noqa: S608 -- the same


def marking_of(row: AudienceRow) -> Marking:
    """The marking that an audience was stamped from."""
    named = {what: frozenset(row.marking.get(what, ())) for what in ("organisations", "groups", "persons")}
    return Marking(Tlp(row.tlp), row.originator_id, **named, attribution=Attribution(row.attribution))


def audience_of(row: AudienceRow) -> Audience:
    """An audience's row as the pure policy takes it."""
    return Audience(reach(marking_of(row)), row.generation)


def labels(session: Session, audiences: Iterable[int]) -> dict[int, Tlp]:
    """The label of each of these audiences."""
    found: dict[int, Tlp] = {}
    for some in db.batches(sorted(set(audiences)), 500):
        rows = session.execute(select(AUDIENCE.c.id, AUDIENCE.c.tlp).where(AUDIENCE.c.id.in_(some))).all()
        found |= {row.id: Tlp(row.tlp) for row in rows}
    return found


def shown_to(session: Session, caller: Caller, audiences: Iterable[AudienceRow]) -> dict[int, Shown]:
    """What the caller may learn of the sources behind each of these audiences, by their keys."""
    known = directory(session)
    own = known.parties.get(caller.organisation_id or 0)
    secretariat = own is not None and own.kind == "secretariat" and own.active
    held = known.claims(caller.organisation_id, caller.member_id)
    return {
        row.key: shown(held, audience_of(row), Attribution(row.attribution), secretariat=secretariat)
        if row.originator_id != caller.organisation_id
        else Shown(originator=True, names=True)
        for row in audiences
    }


def generation_of(known: Directory, marking: Marking) -> int:
    """The generation of an audience: the last change among the collectives that the marking names, 0 if none.

    An organisation counts as a collective that changes when it joins or returns without the past; all parent-child
    links together are one, which every AMBER audience names.
    """
    match marking.tlp:
        case Tlp.CLEAR | Tlp.RED:
            return 0
        case Tlp.GREEN:
            return known.network_changed
    changes = [known.group_changed[group] for group in marking.groups]
    changes += [known.parties[one].since for one in marking.organisations]
    if marking.tlp is Tlp.AMBER:
        changes.append(known.links_changed)
    return max(changes, default=0)


def stamp(session: Session, markings: Sequence[Marking]) -> list[int]:
    """The audience ids of these markings now; equal markings of one generation are one row."""
    known = directory(session)
    rows: dict[str, dict[str, object]] = {}
    digests: list[str] = []
    for marking in markings:
        body = {
            "organisations": sorted(marking.organisations),
            "groups": sorted(marking.groups),
            "persons": sorted(marking.persons),
        }
        generation = generation_of(known, marking)
        text = json.dumps([marking.tlp, marking.originator, marking.attribution, generation, body], sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        digests.append(digest)
        rows[digest] = {
            "digest": digest,
            "tlp": str(marking.tlp),
            "originator_id": marking.originator,
            "attribution": str(marking.attribution),
            "generation": generation,
            "marking": body,
        }
    found = _known(session, list(rows))
    # In one order for all, or two that make the same audiences wait for each other.
    missing = [rows[digest] for digest in sorted(rows) if digest not in found]
    if missing:
        made = db.insert_new(session, AUDIENCE, missing, returning=("id", "digest"))
        by_digest = dict(zip(digests, markings, strict=True))
        reached = [
            {
                "audience_id": row.id,
                "kind": str(one.kind),
                "target": one.target,
                "inherited": one.inherited,
                "generation": rows[row.digest]["generation"],
            }
            for row in made
            for one in reach(by_digest[row.digest])
        ]
        if reached:
            session.execute(REACH.insert(), reached)
        found = _known(session, list(rows))
    return [found[digest] for digest in digests]


def _known(session: Session, digests: list[str]) -> dict[str, int]:
    rows = session.execute(select(AUDIENCE.c.digest, AUDIENCE.c.id).where(AUDIENCE.c.digest.in_(digests))).all()
    return {row.digest: row.id for row in rows}
