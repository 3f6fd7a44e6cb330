"""Organisations over time: each step, link and edit with all that it starts and ends, in one transaction."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from services import vocabulary
from services.kernel import audit, clock
from services.kernel.errors import Conflict, Invalid
from services.network import changes, memberships, names, people, rating
from services.network.access import keys
from services.network.changes import NameTaken
from services.network.lifecycle import ACTIVE, LEFT, STEPS
from services.network.models import ApiKey, Group, Member, NetworkState, Organisation, OrganisationName
from services.network.policy import Caller, ScopeMissing
from services.network.schemas import EditOrganisation, NewOrganisation

UNKNOWN = "F"  # the reliability of whom nobody has judged yet


class NotAStep(Conflict):
    title = "This step does not lead on from here"


class WithoutThePast(Conflict):
    title = "It comes back without the past"


class NotAParent(Conflict):
    title = "That organisation cannot be its parent"


def enrol(session: Session, new: NewOrganisation, *, by: Caller | None) -> Organisation:
    """Enrol an organisation: as an active member at once, or as one that has applied."""
    changes.check_zone(new.timezone)
    _check_countries(new.countries)
    state = changes.begin(session)
    if session.exec(select(Organisation).where(Organisation.slug == new.slug)).first():
        raise NameTaken(f"{new.slug} is enrolled already.", field="slug")
    parent = changes.organisation_of(session, new.parent) if new.parent else None
    row = Organisation(**new.model_dump(exclude={"parent", "past", "aliases"}))
    session.add(row)
    session.flush()
    if parent is not None:
        _check_parent(session, row, parent)
        row.parent_id = parent.key
    _call(session, row, new.aliases)
    if row.state == ACTIVE and not new.past:
        _begin_anew(state, row)
    if new.reliability != UNKNOWN:
        row.reliability = UNKNOWN
        rating.note(session, row, new.reliability, by=by)
    memberships.follow_rules(session, state, by=by)
    audit.record(session, by, "organisation.enrolled", row.slug, state=row.state)
    return row


def activate(session: Session, slug: str, *, past: bool, by: Caller | None) -> Organisation:
    """Let in whoever applied, with or without what was shared with the network before; who had left, without."""
    state, row = _step(session, slug, "activate")
    if past and row.left_at is not None:
        raise WithoutThePast(f"{slug} left the network before: give past=false.", field="past")
    if not past:
        _begin_anew(state, row)
    return _stepped(session, state, row, by, past=past)


def suspend(session: Session, slug: str, *, by: Caller | None) -> Organisation:
    """Suspend an organisation: all is refused to its keys and people from this transaction on, and kept for them."""
    state, row = _step(session, slug, "suspend")
    state.network_changed = changes.following(state)
    if row.parent_id is not None or _children(session, row):
        state.links_changed = state.network_changed
    return _stepped(session, state, row, by)


def resume(session: Session, slug: str, *, past: bool, by: Caller | None) -> Organisation:
    """Make a suspended organisation active again, with or without what was shared before.

    Without: its place in the network, in its groups and below its parent all begin anew in this generation.
    """
    state, row = _step(session, slug, "resume")
    if not past:
        _begin_anew(state, row)
        memberships.begin_anew(session, row)
    return _stepped(session, state, row, by, past=past)


def depart(session: Session, slug: str, *, by: Caller | None) -> Organisation:
    """An organisation leaves, or its application is turned down: everything it had of the network ends for good."""
    state, row = _step(session, slug, "depart")
    now = clock.now()
    row.left_at = now
    memberships.cut(session, state, row, by=by)
    children = _children(session, row)
    state.network_changed = changes.following(state)
    if row.parent_id is not None or children:
        state.links_changed = state.network_changed
    for child in (row, *children):
        child.parent_id, child.parent_since = None, 0
        session.add(child)
    for key in session.exec(select(ApiKey).where(ApiKey.organisation_id == row.key)).all():
        key.revoked_at = key.revoked_at or now
        session.add(key)
    for person in session.exec(select(Member).where(Member.organisation_id == row.key, Member.active)).all():
        people.end(session, person, now)
    for group in session.exec(select(Group).where(Group.owner_id == row.key)).all():
        group.owner_id = None
        session.add(group)
    return _stepped(session, state, row, by)


def apply(session: Session, slug: str, *, by: Caller | None) -> Organisation:
    """Whoever has left applies again."""
    state, row = _step(session, slug, "apply")
    return _stepped(session, state, row, by)


def link(session: Session, slug: str, parent: str, *, past: bool, by: Caller | None) -> Organisation:
    """Put an organisation below a parent, with or without what the parent was told before."""
    state = changes.begin(session)
    row, above = changes.organisation_of(session, slug), changes.organisation_of(session, parent)
    people.refuse_left(row)
    _check_parent(session, row, above)
    if past and row.left_at is not None:
        raise WithoutThePast(f"{slug} left the network before: give past=false.", field="past")
    if row.parent_id is not None or not past:
        state.links_changed = changes.following(state)
    row.parent_id, row.parent_since = above.key, 0 if past else state.links_changed
    session.add(row)
    audit.record(session, by, "organisation.linked", row.slug, parent=above.slug, past=past)
    return row


def unlink(session: Session, slug: str, *, by: Caller | None) -> Organisation:
    """Take an organisation from below its parent: it loses what the parent gave it."""
    state = changes.begin(session)
    row = changes.organisation_of(session, slug)
    if row.parent_id is not None:
        row.parent_id, row.parent_since = None, 0
        state.links_changed = changes.following(state)
        session.add(row)
        audit.record(session, by, "organisation.unlinked", row.slug)
    return row


def edit(session: Session, slug: str, change: EditOrganisation, *, by: Caller | None) -> Organisation:
    """Change what an organisation is. Its own focal point may say whether it hides its membership, and nothing else."""
    given = change.model_dump(exclude_unset=True)
    state = changes.begin(session)
    if by is not None and "network:admin" not in by.scopes:
        own = changes.mine(session, by)
        if own is None or own.slug != slug or given.keys() != {"hidden"}:
            raise ScopeMissing("It needs the scope network:admin.", scope="network:admin")
    row = changes.organisation_of(session, slug)
    if "timezone" in given:
        changes.check_zone(given["timezone"])
    _check_countries(given.get("countries", ()))
    if given.get("hidden") and not row.hidden:
        memberships.keep_by_hand(session, row, clock.now())
    aliases = given.pop("aliases", None)
    why, letter = given.pop("why", ""), given.pop("reliability", row.reliability)
    if letter != row.reliability:
        rating.note(session, row, letter, why=why, by=by)
    for name, value in given.items():
        setattr(row, name, value)
    session.add(row)
    _call(session, row, aliases)
    memberships.follow_rules(session, state, by=by)
    audit.record(session, by, "organisation.edited", row.slug, fields=sorted(change.model_fields_set))
    return row


def aliases_of(session: Session, row: Organisation) -> list[str]:
    """The further names of an organisation."""
    statement = select(OrganisationName.text).where(OrganisationName.organisation_id == row.key, OrganisationName.alias)
    return sorted(session.exec(statement).all())


def _step(session: Session, slug: str, verb: str) -> tuple[NetworkState, Organisation]:
    """The locked network and the organisation, in the state to which the step leads."""
    state = changes.begin(session)
    row = changes.organisation_of(session, slug)
    come_from, leads_to = STEPS[verb]
    if row.state not in come_from:
        allowed = " or ".join(sorted(come_from))
        raise NotAStep(f"{slug} is {row.state}: only who is {allowed} can {verb}.", state=row.state)
    with people.administered(session):
        row.state = leads_to
        session.add(row)
    return state, row


def _stepped(
    session: Session, state: NetworkState, row: Organisation, by: Caller | None, **detail: bool
) -> Organisation:
    session.add(row)
    session.flush()
    memberships.follow_rules(session, state, by=by)
    keys.forget_after(session)
    audit.record(session, by, f"organisation.{row.state}", row.slug, **detail)
    return row


def _begin_anew(state: NetworkState, row: Organisation) -> None:
    """Whatever it sees begins in this generation: as a member, by name, and below its parent if it has one."""
    row.since = state.network_changed = changes.following(state)
    if row.parent_id is not None:
        row.parent_since = state.links_changed = row.since


def _children(session: Session, row: Organisation) -> Sequence[Organisation]:
    return session.exec(select(Organisation).where(Organisation.parent_id == row.key)).all()


def _check_parent(session: Session, row: Organisation, parent: Organisation) -> None:
    if parent.state == LEFT:
        raise NotAParent(f"{parent.slug} has left the network.", field="parent")
    above: Organisation | None = parent
    while above is not None:
        if above.key == row.key:
            raise NotAParent(f"{parent.slug} is {row.slug} itself, or below it.", field="parent")
        above = session.get(Organisation, above.parent_id) if above.parent_id is not None else None


def _check_countries(codes: Sequence[str]) -> None:
    places = vocabulary.places()
    for code in codes:
        if code not in places or places[code].level != vocabulary.COUNTRY:
            raise Invalid(f"{code[:20]} is not a country of the pack.", field="countries")


def _call(session: Session, row: Organisation, aliases: Sequence[str] | None) -> None:
    """Write down what it may be called; without `aliases`, those it has stay."""
    aliases = aliases_of(session, row) if aliases is None else aliases
    session.execute(delete(OrganisationName).where(col(OrganisationName.organisation_id) == row.key))
    called = {names.fold(text): (text, field) for field, text in reversed(_texts(row, aliases))}
    for folded, (text, field) in called.items():
        if not folded:
            raise Invalid("A name needs a letter or a digit.", field=field)
        held = session.exec(select(OrganisationName).where(OrganisationName.folded == folded)).first()
        if held is not None:
            raise NameTaken(f"Another organisation is called {text[:80]}.", field=field)
        session.add(
            OrganisationName(folded=folded, text=text, alias=field == "aliases", organisation_id=row.key)
        )  # fmt: skip
    session.flush()


def _texts(row: Organisation, aliases: Sequence[str]) -> list[tuple[str, str]]:
    own = [("slug", row.slug), ("name_en", row.name_en), ("name_ru", row.name_ru)]
    return own + [("aliases", one) for one in aliases]
