"""A network for tests of sight: organisations and their persons, and markings stamped for them."""

from sqlmodel import Session, select

from services import network
from services.kernel import db
from services.network import Attribution, Audience, AudienceReach, AudienceRow, Caller, Kind, Marking, Reach, Tlp


def found(slugs: dict[str, str | None], *, past: bool = True) -> None:
    """Enrol organisations, each with its parent if it has one, and one person of each."""
    with db.transaction() as session:
        for slug, parent in slugs.items():
            new = network.NewOrganisation(
                slug=slug, name_en=slug.title(), name_ru=slug.title(), kind="state", parent=parent, past=past
            )
            row = network.enrol(session, new, by=None)
            session.add(network.Member(login=slug, name=slug.title(), organisation_id=row.key))


def form(slug: str, *members: str) -> None:
    """Form a group."""
    new = network.NewGroup(slug=slug, name_en=slug.title(), name_ru=slug.title(), members=list(members))
    with db.transaction() as session:
        network.form_group(session, new, by=None)


def mark(
    tlp: str,
    by: str,
    organisations: frozenset[str] = frozenset(),
    groups: frozenset[str] = frozenset(),
    persons: frozenset[str] = frozenset(),
    attribution: str = "named",
) -> int:
    """Stamp a marking now; only what its label can carry is kept. The audience's key."""
    label = Tlp(tlp)
    amber, red = label in (Tlp.AMBER, Tlp.STRICT), label is Tlp.RED
    with db.transaction() as session:
        known = network.directory(session)
        marking = Marking(
            tlp=label,
            originator=known.slugs[by],
            organisations=frozenset(known.slugs[one] for one in organisations) if amber else frozenset(),
            groups=frozenset(known.groups[one] for one in groups) if amber else frozenset(),
            persons=frozenset(known.persons[one][0] for one in persons) if red else frozenset(),
            attribution=Attribution(attribution),
        )
        return network.stamp(session, [marking])[0]


def viewer(session: Session, slug: str, *, person: bool) -> Caller:
    """An organisation's key, or its person."""
    known = network.directory(session)
    key, owner = known.persons[slug]
    return Caller(owner, member_id=key) if person else Caller(owner, key_id=owner)


def seen_by(slug: str, *, person: bool = False) -> set[int]:
    """The audiences that the policy's SQL form gives."""
    with db.reading() as session:
        return set(network.visible(session, viewer(session, slug, person=person)))


def stamped(session: Session) -> dict[int, Audience]:
    """All audiences as the pure policy knows them, read back from their rows."""
    reach: dict[int, set[Reach]] = {}
    for row in session.exec(select(AudienceReach)).all():
        reach.setdefault(row.audience_id, set()).add(Reach(Kind(row.kind), row.target, row.inherited))
    rows = session.exec(select(AudienceRow)).all()
    return {row.key: Audience(frozenset(reach.get(row.key, ())), row.generation) for row in rows}
