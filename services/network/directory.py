"""The network at one moment as plain data: who is in it, in which groups, since when. Read once per version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from services.kernel import db
from services.network.lifecycle import SUSPENDED
from services.network.marking import Claim, Kind
from services.network.models import Group, GroupMember, Member, NetworkState, Organisation, OrganisationName


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation as the policy needs it."""

    id: int
    slug: str
    name_en: str
    name_ru: str
    kind: str
    countries: tuple[str, ...]
    parent_id: int | None
    parent_since: int
    since: int
    state: str
    hidden: bool
    reliability: str

    @property
    def active(self) -> bool:
        """Whether it takes part now."""
        return self.state == "active"

    def takes_part(self, *, resumed: bool) -> bool:
        """Whether it is active, or would be if whoever is suspended were back."""
        return self.active or (resumed and self.state == SUSPENDED)

    def name(self, language: str) -> str:
        """Its name in a language of the pages."""
        return self.name_ru if language == "ru" else self.name_en


@dataclass(frozen=True, slots=True)
class Directory:
    """A snapshot of the network; immutable, shared by all requests that see the same version."""

    version: int
    generation: int
    network_changed: int
    links_changed: int
    parties: Mapping[int, Party]
    slugs: Mapping[str, int]
    names: Mapping[str, int]
    groups: Mapping[str, int]
    group_names: Mapping[int, tuple[str, str, str]]
    group_changed: Mapping[int, int]
    memberships: Mapping[int, Mapping[int, int]]
    persons: Mapping[str, tuple[int, int]]
    called: tuple[tuple[str, tuple[str, ...]], ...]
    """Slug of each organisation with its names and aliases as they are written."""
    near: dict[tuple[int | None, bool], frozenset[int]] = field(default_factory=dict)  # `knowing.known_to`'s memory

    def claims(self, organisation_id: int | None, member_id: int | None, *, resumed: bool = False) -> tuple[Claim, ...]:
        """What a viewer may claim: nothing at all unless its organisation is active. `resumed`: as if whoever is
        suspended were back, which never gives sight; it says only what a viewer will find missing."""
        own = self.parties.get(organisation_id) if organisation_id is not None else None
        if own is None or not own.takes_part(resumed=resumed):
            return ()
        claims = [
            Claim(Kind.EVERYONE, 0, 0, False),
            Claim(Kind.ORIGINATOR, own.id, 0, False),
            Claim(Kind.NETWORK, 0, own.since, False),
            Claim(Kind.ORGANISATION, own.id, own.since, False),
            *self._groups(own, 0, through_parent=False),
        ]
        if member_id is not None:
            claims.append(Claim(Kind.PERSON, member_id, 0, False))  # RED names persons, whatever their organisation did
        child, link, seen = own, 0, {own.id}
        while child.parent_id is not None and child.parent_id not in seen:
            link = max(link, child.parent_since)
            child = self.parties[child.parent_id]
            if not child.takes_part(resumed=resumed):
                break  # whoever is above an organisation that is not active reaches nobody below it
            seen.add(child.id)
            claims.append(Claim(Kind.ORGANISATION, child.id, max(link, child.since), through_parent=True))
            claims += self._groups(child, link, through_parent=True)
        return tuple(claims)

    def _groups(self, party: Party, link: int, *, through_parent: bool) -> list[Claim]:
        """Groups count from the joining, which may bring a past older than the party's own stay in the network."""
        joined = self.memberships.get(party.id, {})
        return [Claim(Kind.GROUP, group, max(link, since), through_parent) for group, since in joined.items()]


CHANGING = "the network is changing in this transaction"
_KNOWN = "the network as this snapshot shows it"
_held: WeakKeyDictionary[Engine, Directory] = WeakKeyDictionary()
_VERSION = select(NetworkState.version)  # made once: every read asks it


def remembered(session: Session) -> Directory:
    """The network as somebody saw it last. Whoever uses it must ask whether its version is this transaction's."""
    held = None if session.info.get(CHANGING) else _held.get(db.engine())
    return held or directory(session)


def directory(session: Session) -> Directory:
    """The network as this transaction sees it; kept in memory until its version changes."""
    if session.info.get(CHANGING):
        return _read(session)  # its version may yet hold more changes: nobody else may take this for it
    known: Directory | None = session.info.get(_KNOWN)
    if known is not None:
        return known
    where = db.engine()
    held = _held.get(where)
    # Asked again after reading: in a write transaction PostgreSQL shows each statement what has committed by then.
    while held is None or held.version != session.execute(_VERSION).scalar_one():
        held = _read(session)
    _held[where] = held
    if session.info.get(db.SNAPSHOT):
        session.info[_KNOWN] = held
    return held


def _read(session: Session) -> Directory:
    state = session.exec(select(NetworkState)).one()
    parties = {
        row.key: Party(
            row.key, row.slug, row.name_en, row.name_ru, row.kind, tuple(row.countries), row.parent_id,
            row.parent_since, row.since, row.state, row.hidden, row.reliability,
        )
        for row in session.exec(select(Organisation)).all()
    }  # fmt: skip
    groups = session.exec(select(Group)).all()
    memberships: dict[int, dict[int, int]] = {}
    for member in session.exec(select(GroupMember)).all():
        memberships.setdefault(member.organisation_id, {})[member.group_id] = member.since
    names = session.exec(select(OrganisationName).order_by(col(OrganisationName.folded))).all()
    called = {party.id: [party.name_en, party.name_ru] for party in parties.values()}
    for row in names:
        if row.alias:
            called[row.organisation_id].append(row.text)
    return Directory(
        version=state.version,
        generation=state.generation,
        network_changed=state.network_changed,
        links_changed=state.links_changed,
        parties=parties,
        slugs={party.slug: party.id for party in parties.values()},
        names={row.folded: row.organisation_id for row in names},
        groups={group.slug: group.key for group in groups},
        group_names={group.key: (group.slug, group.name_en, group.name_ru) for group in groups},
        group_changed={group.key: group.changed for group in groups},
        memberships=memberships,
        persons={
            person.login: (person.key, person.organisation_id)
            for person in session.exec(select(Member).where(Member.active)).all()
        },
        called=tuple(sorted((parties[key].slug, tuple(given)) for key, given in called.items())),
    )
