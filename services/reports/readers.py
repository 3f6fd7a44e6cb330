"""Who would see this: before handing in, and after; and what another marking would change (docs/adr/0013)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import Session

from services import network
from services.kernel.model import table
from services.network import AudienceRow, Caller, Closed, Directory, Kind, Marking, MarkingIn, Member, Sight, Tlp
from services.reports.addressing import planned, resolve
from services.reports.ownership import own

MEMBER = table(Member)
LABELS = tuple(str(one) for one in Tlp)


class Asked(Closed):
    """A marking to try out."""

    marking: MarkingIn


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


class ReadersView(BaseModel):
    """Exactly who would see it, as far as the caller may know them."""

    tlp: str
    everybody: bool = Field(description="The public too.")
    organisations: list[ReaderView]
    persons: list[str] = Field(description="Sign-in names, of RED; else everybody who acts for the organisations.")
    unlisted: bool = Field(
        description="Also those it reaches that are not listed, if any: members that do not show it, and who is in a "
        "named group that is not your own."
    )
    unworked: bool = Field(description="RED that no analyst can see: nobody can work on it.")
    trace: list[str] = Field(description="What those may learn who may not read it; nothing without an assignment.")
    changes: list[ChangeView]


@dataclass(frozen=True, slots=True)
class Change:
    """A re-marking tried out: who would see it now and then."""

    before: ReadersView
    after: ReadersView


def would_read(session: Session, caller: Caller, marking: MarkingIn) -> ReadersView:
    """Who would see a report that the caller hands in with this marking. Stores nothing."""
    known = network.directory(session)
    planned(known, marking, caller)  # refuses what a submission would be refused for
    return _view(session, caller, known, resolve(known, marking, caller), LABELS)


def readers(session: Session, caller: Caller, reference: str) -> ReadersView:
    """Who sees one of the caller's own reports now."""
    report = own(session, caller, reference, lock=False)
    row = session.execute(select(AudienceRow).where(table(AudienceRow).c.id == report.audience_id)).scalar_one()
    known = network.directory(session)
    given = network.marking_of(row)
    found = network.sight(known, given, network.audience_of(row))
    return _told(session, caller, known, given, found, LABELS)


def try_marking(session: Session, caller: Caller, reference: str, marking: MarkingIn) -> Change:
    """What marking one of the caller's own reports anew would change. Stores nothing."""
    report = own(session, caller, reference, lock=False)
    known = network.directory(session)
    planned(known, marking, caller, submitter=report.member_id)
    wanted = resolve(known, marking, caller, submitter=report.member_id)
    return Change(readers(session, caller, reference), _view(session, caller, known, wanted, ()))


def _view(session: Session, caller: Caller, known: Directory, marking: Marking, labels: Iterable[str]) -> ReadersView:
    return _told(session, caller, known, marking, network.would_see(known, marking), labels)


def _told(
    session: Session, caller: Caller, known: Directory, marking: Marking, found: Sight, labels: Iterable[str]
) -> ReadersView:
    may_know, found = network.known_to(known, caller), _tellable(known, caller, found)
    return ReadersView(
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
        unworked=marking.tlp is Tlp.RED and not _worked(session, found.persons),
        trace=[],
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


def _worked(session: Session, persons: Iterable[int]) -> bool:
    rows = session.execute(select(MEMBER.c.roles).where(MEMBER.c.id.in_(list(persons)), MEMBER.c.active)).scalars()
    return any("analyst" in roles for roles in rows)
