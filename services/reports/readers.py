"""Who would see this: before handing in, and after; and what another marking would change (docs/adr/0013)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import Session

from services import forms, network
from services.kernel.model import table
from services.network import AudienceRow, Caller, Closed, Directory, Kind, Marking, MarkingIn, Member, Sight, Tlp
from services.reports import dates
from services.reports.addressing import planned
from services.reports.dates import Dated
from services.reports.ownership import own
from services.reports.remarking import waiting_for
from services.reports.tracing import About, TraceView, traces

MEMBER = table(Member)
ANY = About()
LABELS = tuple(str(one) for one in Tlp)


class Asked(Closed):
    """A marking to try out."""

    marking: MarkingIn
    kind: forms.Kind | None = Field(default=None, description="With what follows, of the report: for `trace`.")
    form: str | None = Field(default=None, max_length=40)
    status: Literal["actual", "exercise", "test"] = "actual"
    occurred_from: date | None = None
    occurred_to: date | None = None

    @property
    def about(self) -> About:
        """What it says of the report."""
        return About(self.kind, self.form, self.status, self.occurred_from, self.occurred_to)


class ReaderView(BaseModel):
    """An organisation that would see it, and why."""

    slug: str
    name: str
    by: list[str] = Field(description="own, name, group:SLUG, parent:SLUG (through the organisation above), network")


class ChangeView(BaseModel):
    """What another label, with the same recipients, would change."""

    tlp: str
    everybody: bool = Field(description="Whether the public would see it.")
    gains: list[str]
    loses: list[str]


class SeenView(BaseModel):
    """Exactly who would see it under one marking, as far as the caller may know them."""

    tlp: str
    everybody: bool = Field(description="The public too.")
    organisations: list[ReaderView]
    persons: list[str] = Field(description="Sign-in names, of RED; else everybody who acts for the organisations.")
    unlisted: bool = Field(
        description="Also those it reaches that are not listed, if any: members that do not show it, and who is in a "
        "named group that is not your own."
    )
    unworked: bool = Field(
        description="RED that no analyst can see, of a secretariat or of your own organisation: nobody there can work "
        "on it. Who is an analyst elsewhere is not told."
    )
    trace: list[TraceView] = Field(
        description="What those may learn who may not read it: that a report came which is expected of you."
    )
    changes: list[ChangeView]


class ThenView(BaseModel):
    """What the marking becomes by itself: at the end of an embargo, or at a review."""

    at: datetime
    why: Literal["embargo", "review"]
    readers: SeenView


class ReadersView(SeenView):
    """Exactly who would see it at once, under embargo its owner alone, and who from which date on."""

    then: list[ThenView] = Field(description="By date. What is seen by then is told as if it were given now.")


@dataclass(frozen=True, slots=True)
class Change:
    """A re-marking tried out: who would see it now and then."""

    before: ReadersView
    after: ReadersView


def would_read(session: Session, caller: Caller, marking: MarkingIn, about: About = ANY) -> ReadersView:
    """Who would see a report that the caller hands in with this marking, and what others would learn of it. Stores
    nothing."""
    known = network.directory(session)
    present, waiting = planned(known, marking, caller)  # refuses what a submission would be refused for
    found = network.would_see(known, present)
    return _over_time(session, caller, known, present, found, waiting, LABELS, traces(session, caller, about))


def readers(session: Session, caller: Caller, reference: str) -> ReadersView:
    """Who sees one of the caller's own reports now, and who will by its dates."""
    report = own(session, caller, reference, lock=False)
    row = session.execute(select(AudienceRow).where(table(AudienceRow).c.id == report.audience_id)).scalar_one()
    known = network.directory(session)
    given = network.marking_of(row)
    found = network.sight(known, given, network.audience_of(row))
    waiting = waiting_for(session, [report.key]).get(report.key, ())
    dated = [
        Dated(one.due_at, one.why, dates.read(one.marking, report.organisation_id), one.set_at)
        for one in waiting
        if one.marking is not None
    ]
    told = traces(session, caller, About.of(report))
    return _over_time(session, caller, known, given, found, dated, LABELS, told)


def reached_by(session: Session, caller: Caller, audience_id: int) -> SeenView:
    """Who sees what is marked for an audience, as far as the caller may know them."""
    row = session.execute(select(AudienceRow).where(table(AudienceRow).c.id == audience_id)).scalar_one()
    known, given = network.directory(session), network.marking_of(row)
    return _told(session, caller, known, given, network.sight(known, given, network.audience_of(row)), ())


def try_marking(session: Session, caller: Caller, reference: str, marking: MarkingIn) -> Change:
    """What marking one of the caller's own reports anew would change. Stores nothing."""
    report = own(session, caller, reference, lock=False)
    known = network.directory(session)
    present, waiting = planned(known, marking, caller, submitter=report.member_id)
    told = traces(session, caller, About.of(report))
    after = _over_time(session, caller, known, present, network.would_see(known, present), waiting, (), told)
    return Change(readers(session, caller, reference), after)


def _over_time(
    session: Session,
    caller: Caller,
    known: Directory,
    present: Marking,
    found: Sight,
    waiting: Sequence[Dated],
    labels: Sequence[str],
    trace: Sequence[TraceView],
) -> ReadersView:
    """Who sees it at once, and who by each date. Under embargo other labels are told of what it becomes."""

    def seen(marking: Marking, found: Sight, labels: Sequence[str]) -> SeenView:
        return _told(session, caller, known, marking, found, labels, trace)

    then = [
        ThenView(
            at=one.due_at,
            why="embargo" if one.why == "embargo" else "review",
            readers=seen(one.marking, network.would_see(known, one.marking), labels if one.why == "embargo" else ()),
        )
        for one in waiting
        if one.marking is not None
    ]
    closed = any(one.why == "embargo" for one in then)
    return ReadersView(**dict(seen(present, found, () if closed else labels)), then=then)


def _told(
    session: Session,
    caller: Caller,
    known: Directory,
    marking: Marking,
    found: Sight,
    labels: Iterable[str],
    trace: Sequence[TraceView] = (),
) -> SeenView:
    may_know, found = network.known_to(known, caller), _tellable(known, caller, found)
    return SeenView(
        tlp=str(marking.tlp),
        everybody=found.everybody,
        organisations=sorted(
            (
                ReaderView(
                    slug=known.parties[one.organisation].slug,
                    name=known.parties[one.organisation].name(caller.language),
                    by=_reasons(known, one.by),
                )
                for one in found.organisations
                if one.organisation in may_know
            ),
            key=lambda one: one.name.casefold(),
        ),
        persons=_names(known, found.persons),
        unlisted=marking.tlp is not Tlp.RED,
        unworked=marking.tlp is Tlp.RED and not _worked(session, caller, known, found.persons),
        trace=list(trace),
        changes=[_change(known, caller, marking, found, label) for label in labels if label != marking.tlp],
    )


def _change(known: Directory, caller: Caller, marking: Marking, now: Sight, label: str) -> ChangeView:
    then = _tellable(known, caller, network.would_see(known, network.relabelled(marking, Tlp(label), caller.member_id)))
    gained, lost = network.changed(known, now, then)
    return ChangeView(
        tlp=label, everybody=then.everybody, gains=_called(known, caller, gained), loses=_called(known, caller, lost)
    )


def _tellable(known: Directory, caller: Caller, found: Sight) -> Sight:
    """Less what is seen as a member of a group that is not the caller's own: who is in a group is told to its members
    only, and to try a marking out must not tell it."""
    if "network:admin" in caller.scopes:
        return found
    own = known.memberships.get(caller.organisation_id or 0, {})
    seers = [
        replace(one, by=tuple(way for way in one.by if way[0] is not Kind.GROUP or way[1] in own))
        for one in found.organisations
    ]
    return replace(found, organisations=tuple(one for one in seers if one.by))


def _called(known: Directory, caller: Caller, keys: Iterable[tuple[str, int]]) -> list[str]:
    may_know = network.known_to(known, caller)
    told = [known.parties[key].slug for what, key in keys if what == "organisation" and key in may_know]
    return sorted(told) + _names(known, [key for what, key in keys if what == "person"])


def _names(known: Directory, persons: Iterable[int]) -> list[str]:
    logins = {person: login for login, (person, _) in known.persons.items()}
    return sorted(logins[one] for one in persons if one in logins)


def _reasons(known: Directory, by: Iterable[tuple[Kind, int, bool]]) -> list[str]:
    """Why an organisation sees it."""
    found = set()
    for kind, target, through_parent in by:
        if through_parent and kind is Kind.ORGANISATION:
            found.add(f"parent:{known.parties[target].slug}")
        elif kind is Kind.GROUP:
            found.add(f"group:{known.group_names[target][0]}")
        else:
            found.add({Kind.ORIGINATOR: "own", Kind.ORGANISATION: "name"}.get(kind, "network"))
    return sorted(found)


def _worked(session: Session, caller: Caller, known: Directory, persons: Iterable[int]) -> bool:
    """Whether an analyst is among them whom the caller may know as one: its own organisation's, or a secretariat's."""
    colleagues = {
        one.id for one in known.parties.values() if one.kind == "secretariat" or one.id == caller.organisation_id
    }
    held = select(MEMBER.c.roles).where(MEMBER.c.id.in_(list(persons)), MEMBER.c.active)
    rows = session.execute(held.where(MEMBER.c.organisation_id.in_(sorted(colleagues)))).scalars()
    return any("analyst" in roles for roles in rows)
