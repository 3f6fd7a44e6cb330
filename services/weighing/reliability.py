"""How reliable who tells is held to be: proposed from a record, decided by a person, kept with its reason."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import network, reports, screening
from services.kernel import audit, clock
from services.kernel.errors import NotFound
from services.kernel.model import table
from services.network import AudienceRow, Caller, Member, Party, ReliabilityChange, ScopeMissing
from services.reports import Report
from services.weighing.models import SourceReliability
from services.weighing.proposing import Proposal, proposal
from services.weighing.records import Records, is_source, own_eyes, records
from services.weighing.schemas import NewReliability, ProposalView, RatingView, ReliabilityView, SubjectView

RATING = table(SourceReliability)
REPORT, AUDIENCE, MEMBER = table(Report), table(AudienceRow), table(Member)
UNKNOWN = "F"


class NoSourceNamed(NotFound):
    title = "The report names no source to you"


class NotTheSecretariat(ScopeMissing):
    title = "An organisation's letter is the secretariat's to decide"


def overview(session: Session, caller: Caller) -> tuple[ReliabilityView, Records]:
    """All organisations that the caller knows of, and the sources that its organisation knows from reports: each with
    the letter that was decided, the one that is proposed, and the history. With the records that it rests on."""
    caller.require("reports:grade")
    found = records(session, caller)
    view = ReliabilityView(
        may_decide=network.in_secretariat(session, caller),
        organisations=_organisations(session, caller, found),
        sources=_sources(session, caller, found),
    )
    return view, found


def rate_organisation(session: Session, caller: Caller, slug: str, given: NewReliability) -> SubjectView:
    """Decide an organisation's letter for the whole network, on the record with what was proposed.

    Raises:
        NotTheSecretariat: the caller is no analyst of a secretariat, or the organisation is its own.
        NoSuchOrganisation: the caller knows of none.
    """
    caller.require("reports:grade")
    known = network.directory(session)
    party = known.parties.get(known.slugs.get(slug, 0))
    if not network.in_secretariat(session, caller) or (party is not None and party.id == caller.organisation_id):
        raise NotTheSecretariat("Its analysts decide for all, and nobody for itself.", scope="reports:grade")
    if party is None or party.id not in network.known_to(known, caller):
        raise network.NoSuchOrganisation(f"No organisation {slug[:80]} is enrolled.", field="organisation")
    proposed = records(session, caller).organisations.get(party.id, proposal(0, 0))
    network.rate(session, slug, given.reliability, why=given.reason, by=caller, proposed=_kept(proposed))
    return next(one for one in overview(session, caller)[0].organisations if one.organisation == slug)


def rate_source(session: Session, caller: Caller, reference: str, given: NewReliability) -> SubjectView:
    """Decide, for the caller's organisation, the letter of the document or source that a report is relayed from.

    Raises:
        NoSuchReport: it is not there for the caller.
        NoSourceNamed: it names none, or none that the caller's organisation may know: the two are one.
    """
    caller.require("reports:grade")
    report = reports.get(session, caller, reference)
    if report.key not in named(session, caller, [report]):
        raise NoSourceNamed("It is no relay of a document or a named source that your organisation may know.")
    proposed = records(session, caller).sources.get(report.origin, proposal(0, 0))
    before = letters(session, caller, [report.origin]).get(report.origin, UNKNOWN)
    session.add(
        SourceReliability(
            source=report.origin,
            organisation_id=caller.organisation_id or 0,
            before=before,
            after=given.reliability,
            why=given.reason,
            proposed=_kept(proposed),
            member_id=caller.member_id or 0,
            at=clock.now(),
        )
    )
    session.flush()
    audit.record(session, caller, "source.rated", report.reference, before=before, after=given.reliability)
    return _source(report, proposed, _history(session, caller, [report.origin])[report.origin])


def letters(session: Session, caller: Caller, sources: Collection[str]) -> dict[str, str]:
    """The letters that the caller's organisation has given these sources."""
    mine = (RATING.c.organisation_id == caller.organisation_id, RATING.c.source.in_(sorted(sources)))
    rows = session.execute(select(RATING.c.source, RATING.c.after).where(*mine).order_by(RATING.c.id)).all()
    return {row.source: row.after for row in rows}


def named(session: Session, caller: Caller, told: Collection[Report]) -> dict[int, Report]:
    """Those of these reports whose document or named source the caller's organisation as such may know."""
    eyes = own_eyes(caller)
    seen = set(network.visible(session, eyes))
    wanted = sorted({one.audience_id for one in told} & seen)
    rows = session.execute(select(AudienceRow).where(AUDIENCE.c.id.in_(wanted))).scalars()
    shown = network.shown_to(session, eyes, rows)
    return {
        one.key: one
        for one in told
        if is_source(one.origin) and one.audience_id in shown and shown[one.audience_id].names
    }


def _organisations(session: Session, caller: Caller, found: Records) -> list[SubjectView]:
    known = network.directory(session)
    may_know = network.known_to(known, caller)
    parties = [one for one in known.parties.values() if one.id in may_know and one.state != "left"]
    return [
        SubjectView(
            organisation=party.slug,
            report=None,
            name=party.name(caller.language),
            reliability=party.reliability,
            proposed=_shown(found.organisations.get(party.id, proposal(0, 0))),
            history=_ratings(session, caller, network.ratings(session, party.id), known.parties, may_know),
        )
        for party in sorted(parties, key=lambda one: one.name(caller.language).casefold())
    ]


def _sources(session: Session, caller: Caller, found: Records) -> list[SubjectView]:
    """Each by the latest report that names it; one that no report names any more has lost its name, and is left out."""
    mine = RATING.c.organisation_id == caller.organisation_id
    rated = set(session.execute(select(RATING.c.source).where(mine).distinct()).scalars())
    seen = network.visible(session, own_eyes(caller))
    keys = sorted(rated | found.sources.keys())
    statement = select(Report).where(
        REPORT.c.origin.in_(keys), REPORT.c.audience_id.in_(seen), REPORT.c.withdrawn_at.is_(None)
    )
    rows = session.execute(statement.order_by(REPORT.c.received_at, REPORT.c.reference)).scalars().all()
    latest = {one.origin: one for one in named(session, caller, rows).values() if one.source}
    history = _history(session, caller, list(latest))
    made = [_source(report, found.sources.get(key, proposal(0, 0)), history[key]) for key, report in latest.items()]
    return sorted(made, key=lambda one: (one.name.casefold(), one.report or ""))


def _source(report: Report, proposed: Proposal, history: list[RatingView]) -> SubjectView:
    return SubjectView(
        organisation=None,
        report=report.reference,
        name=said(report.source),
        reliability=history[-1].after if history else UNKNOWN,
        proposed=_shown(proposed),
        history=history,
    )


def said(source: Mapping[str, Any]) -> str:
    """The document or name that a report comes from in the end, in its sender's words."""
    last = (source.get("chain") or [source])[-1]
    return screening.told(str(last.get("document") or last.get("name") or ""))


def _history(session: Session, caller: Caller, sources: Collection[str]) -> dict[str, list[RatingView]]:
    mine = (RATING.c.organisation_id == caller.organisation_id, RATING.c.source.in_(sorted(sources)))
    rows = session.execute(select(RATING).where(*mine).order_by(RATING.c.id)).all()
    known = network.directory(session)
    names = _names(session, {row.member_id for row in rows})
    found: dict[str, list[RatingView]] = {one: [] for one in sources}
    for row in rows:
        found[row.source].append(
            RatingView(
                before=row.before,
                after=row.after,
                at=row.at,
                why=row.why,
                decided_by=known.parties[row.organisation_id].slug,
                person=names.get(row.member_id),
                proposed=ProposalView.model_validate(row.proposed),
            )
        )
    return found


def _ratings(
    session: Session,
    caller: Caller,
    rows: Collection[ReliabilityChange],
    parties: Mapping[int, Party],
    may_know: Collection[int],
) -> list[RatingView]:
    """The steps of an organisation's letter. Why, by whom and from what proposal is told to the organisation that
    decided: it may rest on what others do not see."""
    names = _names(session, {row.member_id for row in rows if row.decided_by == caller.organisation_id})
    made = []
    for row in rows:
        mine = row.decided_by == caller.organisation_id
        made.append(
            RatingView(
                before=row.before,
                after=row.after,
                at=row.at,
                why=row.why if mine else None,
                decided_by=parties[row.decided_by].slug if row.decided_by and row.decided_by in may_know else None,
                person=names.get(row.member_id),
                proposed=ProposalView.model_validate(row.proposed) if mine and row.proposed else None,
            )
        )
    return made


def _names(session: Session, members: Collection[int | None]) -> dict[int | None, str]:
    wanted = sorted(one for one in members if one is not None)
    return {
        row.id: row.name for row in session.execute(select(MEMBER.c.id, MEMBER.c.name).where(MEMBER.c.id.in_(wanted)))
    }


def _kept(proposed: Proposal) -> dict[str, Any]:
    return _shown(proposed).model_dump(mode="json")


def _shown(proposed: Proposal) -> ProposalView:
    return ProposalView(
        letter=proposed.letter,
        low=round(proposed.low, 4),
        high=round(proposed.high, 4),
        verified=proposed.verified,
        refuted=proposed.refuted,
    )
