"""Editions: built when due, each period exactly once, or on demand; rendered by each reader's own rights."""

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services import indicators, network
from services.digests import releasing
from services.digests.composition import compose
from services.digests.document import Document, as_json
from services.digests.erasing import LINE, is_tombstone, rightly_erased, unspoken
from services.digests.freezing import ABOUT, ARRIVED, freeze, gather, history, salted, store
from services.digests.models import Block, Edition, Rendering
from services.digests.releasing import EditionView, listed, summary
from services.digests.reporting import EXPECTED
from services.digests.rights import Rights, reader, resolve
from services.digests.schedule import Period, Schedule, due_between, period, schedules, series_grain
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
class Rendered:
    """One rendering of an edition, and what it was made from beside the edition's blocks."""

    edition_id: int
    salt: str
    rights: Rights
    document: Document

    @property
    def hash(self) -> str:
        return salted(self.salt, asdict(self.rights))


def due(session: Session, *, at: datetime, since: datetime) -> list[tuple[Schedule, Period]]:
    """The editions of enabled schedules that fell due after `since`, up to `at`, and are not there yet."""
    found = []
    for schedule in schedules():
        if schedule.enabled:
            built = jobs.done(session, _job(schedule))
            periods = due_between(schedule, since, at)
            found += [(schedule, one) for one in periods if one.start.isoformat() not in built]
    return found


def build_once(*, schedule: Schedule, period: Period) -> Edition | None:
    """Freeze the edition of a period, in transactions of its own; None where another clock has.

    Counting is held up for the instant in which the state to be read is fixed, not while it is read.
    """
    with ExitStack() as held:
        with db.transaction() as session:
            mark, at = indicators.mark(session), clock.now()
            reading = held.enter_context(db.snapshot())
        found = gather(reading, schedule, period, cut_off=period.due, mark=mark, at=at)
    with db.transaction() as session:
        taken = jobs.once(session, _job(schedule), period.start.isoformat())
        return store(session, found) if taken else None


def _job(schedule: Schedule) -> str:
    return f"digest:{schedule.code}"


def build(session: Session, caller: Caller, code: str, day: date) -> Edition:
    """Freeze, for the caller's organisation, the edition of the period that holds a day, with all that is known now."""
    schedule = schedules().get(code)
    if schedule is None:
        raise NoSuchSchedule(f"The pack has no schedule {code[:80]}.", field="schedule")
    if day > clock.now().date():
        raise Invalid("The period has not begun.", field="day")
    wanted: Period = period(schedule, day)
    return freeze(session, schedule, wanted, cut_off=clock.now(), owner=caller)


def release(session: Session, caller: Caller, reference: str) -> EditionView:
    """Release a draft that somebody else made; with the refusals of `releasing.release`, and NoSuchEdition."""
    releasing.release(session, caller, find(session, caller, reference))
    return edition(session, caller, reference)


def editions(session: Session, caller: Caller, *, most: int = 200) -> list[EditionView]:
    """The editions that this caller may open, latest period first."""
    if not network.claims(session, caller):
        return []
    statement = listed(caller).order_by(EDITION.c.start.desc(), EDITION.c.frozen_at.desc(), EDITION.c.reference)
    return [summary(row, caller) for row in session.execute(statement.limit(most)).all()]


def edition(session: Session, caller: Caller, reference: str) -> EditionView:
    """One edition as it stands in lists, or NoSuchEdition."""
    return summary(find(session, caller, reference), caller)


def find(session: Session, caller: Caller, reference: str) -> Any:
    """The edition's row, or NoSuchEdition: hidden and missing are one."""
    row = session.execute(listed(caller).where(EDITION.c.reference == reference)).first()
    if row is None or not network.claims(session, caller):
        raise NoSuchEdition("There is no such edition, or it is not yours.")
    return row


def rendered(session: Session, caller: Caller, reference: str, language: str) -> Rendered:
    """The edition for this caller, with all that it is made from."""
    if language not in LANGUAGES:
        raise Invalid(f"Editions are in {', '.join(LANGUAGES)}.", field="language")
    row = find(session, caller, reference)
    facts = facts_of(session, row)
    draft = row.released_at is None
    found = resolve(session, caller, facts, partial(_arrived, session, row), language, draft=draft)
    return Rendered(row.id, row.salt, found, make(facts, found))


def render(session: Session, caller: Caller, reference: str, language: str) -> Document:
    """The edition for this caller, from its frozen blocks and the caller's rights now."""
    return rendered(session, caller, reference, language).document


def make(facts: Facts, rights: Rights) -> Document:
    """Render, purely: the same edition and rights, which hold the language, give the same document."""
    name = {"en": rights.network, "ru": rights.network}
    return compose(view(facts, reader(rights), name), rights.language)


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
        "rights": unspoken(session, asdict(given.rights)),
        "document": salted(given.salt, as_json(given.document)),
        "given_at": clock.now(),
    }
    db.insert_new(session, RENDERING, [row], returning=("hash",))


def again(session: Session, reference: str, hash_: str) -> Document:
    """A rendering given before, made again from its edition and the rights on record."""
    row = session.execute(select(EDITION).where(EDITION.c.reference == reference)).one()
    where = (RENDERING.c.edition_id == row.id, RENDERING.c.hash == hash_)
    held = session.execute(select(RENDERING.c.rights).where(*where).limit(1)).scalar_one()
    return make(facts_of(session, row), Rights(**held))


def verify(session: Session, reference: str) -> dict[str, str]:
    """Each block of an edition by its address: "whole", "erased" (its report was recalled), "differs" or "missing"; so
    too the manifest, as "manifest"."""
    row = session.execute(select(EDITION).where(EDITION.c.reference == reference)).one()
    held = {one.hash: one for one in session.execute(select(BLOCK).where(BLOCK.c.edition_id == row.id)).all()}
    states = {"manifest": "whole" if salted(row.salt, row.manifest) == row.digest else "differs"}
    for name, kind in row.manifest:
        if name not in held:
            states[name] = "missing"
        elif is_tombstone(kind, held[name].body) and rightly_erased(row.reference, name, held[name].body):
            states[name] = "erased"
        else:
            states[name] = "whole" if salted(row.salt, [kind, held[name].body]) == name else "differs"
    return states


def facts_of(session: Session, row: Any) -> Facts:
    """What an edition's blocks say; all but those that only a taking back asks for, and those that were erased."""
    blocks: dict[str, list[Any]] = {}
    statement = select(BLOCK).where(BLOCK.c.edition_id == row.id, BLOCK.c.kind != ARRIVED)
    held = {(one.hash, one.kind): one.body for one in session.execute(statement).all()}
    for name, kind in row.manifest:
        if kind != ARRIVED and not is_tombstone(kind, held[(name, kind)]):
            blocks.setdefault(kind, []).append(held[(name, kind)])
    counts = indicators.Frozen(**blocks["counts"][0])
    every = series_grain(row.grain)
    last = indicators.bucket(min(row.end, max(row.start, row.cut_off.date())), every)
    return Facts(
        reference=row.reference,
        name=blocks[ABOUT][0]["name"],
        overview=blocks[ABOUT][0]["overview"],
        solo=blocks[ABOUT][0]["solo"],
        grain=row.grain,
        start=row.start,
        end=row.end,
        cut_off=row.cut_off,
        frozen_at=row.frozen_at,
        buckets=tuple(indicators.buckets(history(row.start, every), last, every)),
        counts=counts,
        whole=indicators.Frozen(**blocks["whole"][0]) if "whole" in blocks else counts,
        received=blocks["received"][0],
        reports=blocks.get("report", []),
        links=blocks["links"][0],
        lines=blocks.get(LINE, []),
        expected=blocks.get(EXPECTED, [{}])[0],
    )


def _arrived(session: Session, row: Any, wanted: Collection[int]) -> dict[int, int]:
    """The rows in which an edition counts these reports as received."""
    statement = select(BLOCK.c.body).where(BLOCK.c.edition_id == row.id, BLOCK.c.kind == ARRIVED)
    body = session.execute(statement).scalar_one()
    texts = {str(key) for key in wanted}
    return {int(key): n for n, (_, keys) in enumerate(body) for key in keys.split(",") if key in texts}
