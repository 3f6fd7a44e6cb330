"""Editions: built when due, each period exactly once, or on demand; rendered by each reader's own rights."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from services import indicators, network
from services.digests.composition import compose
from services.digests.document import Document, as_json
from services.digests.freezing import ARRIVED, LINE, freeze, history, salted
from services.digests.models import Block, Edition, Rendering
from services.digests.rights import Rights, reader, resolve
from services.digests.schedule import Period, Schedule, due_between, period, schedules
from services.digests.viewing import Facts, view
from services.kernel import clock, db, jobs
from services.kernel.errors import Invalid, NotFound
from services.kernel.i18n import LANGUAGES
from services.kernel.model import table
from services.network import Caller

EDITION = table(Edition)
BLOCK = table(Block)
RENDERING = table(Rendering)


class NoSuchEdition(NotFound):
    title = "No such edition"


class NoSuchSchedule(NotFound):
    title = "No such schedule"


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition in a list."""

    reference: str
    name: dict[str, str]
    schedule: str
    start: date
    end: date
    cut_off: datetime
    on_demand: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """One rendering of an edition, and what it was made from beside the edition's blocks."""

    edition_id: int
    salt: str
    rights: Rights
    document: Document

    @property
    def hash(self) -> str:
        return salted(self.salt, asdict(self.rights))


def build_due(session: Session, *, at: datetime, since: datetime) -> list[Edition]:
    """Freeze every edition of an enabled schedule that fell due after `since`, up to `at`, and is not there yet."""
    built = []
    for schedule in schedules():
        if not schedule.enabled:
            continue
        for one in due_between(schedule, since, at):
            if jobs.once(session, f"digest:{schedule.code}", one.start.isoformat()):
                edition = freeze(session, schedule, one, cut_off=one.due)
                built.append(edition)
    return built


def build(session: Session, caller: Caller, code: str, day: date) -> Edition:
    """Freeze, for the caller's organisation, the edition of the period that holds a day, with all that is known now."""
    schedule = schedules().get(code)
    if schedule is None:
        raise NoSuchSchedule(f"The pack has no schedule {code[:80]}.", field="schedule")
    if day > clock.now().date():
        raise Invalid("The period has not begun.", field="day")
    wanted: Period = period(schedule, day)
    return freeze(session, schedule, wanted, cut_off=clock.now(), owner=caller)


def editions(session: Session, caller: Caller, *, most: int = 200) -> list[EditionView]:
    """The editions that this caller may open, latest period first."""
    if not network.claims(session, caller):
        return []
    statement = (
        select(EDITION)
        .where(_mine_or_all(caller))
        .order_by(EDITION.c.start.desc(), EDITION.c.frozen_at.desc(), EDITION.c.reference)
    )
    return [summary(row) for row in session.execute(statement.limit(most)).all()]


def find(session: Session, caller: Caller, reference: str) -> Any:
    """The edition's row, or NoSuchEdition: hidden and missing are one."""
    row = session.execute(select(EDITION).where(EDITION.c.reference == reference, _mine_or_all(caller))).first()
    if row is None or not network.claims(session, caller):
        raise NoSuchEdition("There is no such edition, or it is not yours.")
    return row


def _mine_or_all(caller: Caller) -> Any:
    return or_(EDITION.c.owner_id.is_(None), EDITION.c.owner_id == caller.organisation_id)


def summary(row: Any) -> EditionView:
    """An edition as it stands in lists."""
    schedule = schedules().get(row.schedule)
    name = schedule.name if schedule else {"en": row.schedule, "ru": row.schedule}
    return EditionView(row.reference, name, row.schedule, row.start, row.end, row.cut_off, row.owner_id is not None)


def rendered(session: Session, caller: Caller, reference: str, language: str) -> Rendered:
    """The edition for this caller, with all that it is made from."""
    if language not in LANGUAGES:
        raise Invalid(f"Editions are in {', '.join(LANGUAGES)}.", field="language")
    row = find(session, caller, reference)
    facts = facts_of(session, row)
    found = resolve(session, caller, facts, partial(_arrived, session, row), language)
    return Rendered(row.id, row.salt, found, make(facts, found, schedules()[row.schedule]))


def render(session: Session, caller: Caller, reference: str, language: str) -> Document:
    """The edition for this caller, from its frozen blocks and the caller's rights now."""
    return rendered(session, caller, reference, language).document


def make(facts: Facts, rights: Rights, schedule: Schedule) -> Document:
    """Render, purely: the same edition and rights, which hold the language, give the same document."""
    name = {"en": rights.network, "ru": rights.network}
    return compose(view(facts, reader(rights), schedule, name), rights.language)


def known(session: Session, caller: Caller, given: Rendered) -> bool:
    """Whether this rendering is on record for this caller."""
    where = (RENDERING.c.edition_id == given.edition_id, RENDERING.c.hash == given.hash)
    statement = select(RENDERING.c.hash).where(*where, RENDERING.c.viewer == caller.viewer)
    return session.execute(statement).first() is not None


def record(session: Session, caller: Caller, given: Rendered) -> None:
    """Put on record what is given to a caller, and what it was made from; once, however often it is given."""
    row = {
        "edition_id": given.edition_id,
        "hash": given.hash,
        "viewer": caller.viewer,
        "rights": asdict(given.rights),
        "document": salted(given.salt, as_json(given.document)),
        "given_at": clock.now(),
    }
    db.insert_new(session, RENDERING, [row], returning=("hash",))


def again(session: Session, reference: str, hash_: str) -> Document:
    """A rendering given before, made again from its edition and the rights on record."""
    row = session.execute(select(EDITION).where(EDITION.c.reference == reference)).one()
    where = (RENDERING.c.edition_id == row.id, RENDERING.c.hash == hash_)
    held = session.execute(select(RENDERING.c.rights).where(*where).limit(1)).scalar_one()
    return make(facts_of(session, row), Rights(**held), schedules()[row.schedule])


def verify(session: Session, reference: str) -> dict[str, str]:
    """Each block of an edition by its address: "whole", "differs" or "missing"; so too the manifest, as "manifest"."""
    row = session.execute(select(EDITION).where(EDITION.c.reference == reference)).one()
    held = {one.hash: one for one in session.execute(select(BLOCK).where(BLOCK.c.edition_id == row.id)).all()}
    states = {"manifest": "whole" if salted(row.salt, row.manifest) == row.digest else "differs"}
    for name, kind in row.manifest:
        if name not in held:
            states[name] = "missing"
        else:
            states[name] = "whole" if salted(row.salt, [kind, held[name].body]) == name else "differs"
    return states


def facts_of(session: Session, row: Any) -> Facts:
    """What an edition's blocks say; all but those that only a taking back asks for."""
    blocks: dict[str, list[Any]] = {}
    statement = select(BLOCK).where(BLOCK.c.edition_id == row.id, BLOCK.c.kind != ARRIVED)
    held = {(one.hash, one.kind): one.body for one in session.execute(statement).all()}
    for name, kind in row.manifest:
        if kind != ARRIVED:
            blocks.setdefault(kind, []).append(held[(name, kind)])
    return Facts(
        reference=row.reference,
        grain=row.grain,
        start=row.start,
        end=row.end,
        cut_off=row.cut_off,
        frozen_at=row.frozen_at,
        buckets=tuple(indicators.buckets(history(row.start, row.grain), row.start, row.grain)),
        counts=indicators.Frozen(**blocks["counts"][0]),
        received=blocks["received"][0],
        reports=blocks.get("report", []),
        links=blocks["links"][0],
        lines=blocks.get(LINE, []),
    )


def _arrived(session: Session, row: Any, wanted: Collection[int]) -> dict[int, int]:
    """The rows in which an edition counts these reports as received."""
    statement = select(BLOCK.c.body).where(BLOCK.c.edition_id == row.id, BLOCK.c.kind == ARRIVED)
    body = session.execute(statement).scalar_one()
    texts = {str(key) for key in wanted}
    return {int(key): n for n, (_, keys) in enumerate(body) for key in keys.split(",") if key in texts}
