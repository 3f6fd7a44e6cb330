"""All versions that reports were or may be written with, as plain data in memory: read once per change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, case, func, select
from sqlmodel import Session

from services.forms.definition import Form, kept
from services.forms.models import DRAFT, PUBLISHED, RETIRED, FormVersion
from services.forms.packed import packed
from services.kernel import db
from services.kernel.model import table

VERSION = table(FormVersion)
CHANGING = "the forms are changing in this transaction"
# A version goes from draft to published to retired and never back, so this number grows with every change of the shelf.
_AGE = select(
    func.coalesce(func.sum(case((VERSION.c.state == PUBLISHED, 1), (VERSION.c.state == RETIRED, 2), else_=0)), 0)
)


@dataclass(frozen=True, eq=False)  # one snapshot is itself: what is made of it is kept by it
class Shelf:
    """A snapshot of all published and retired forms; immutable, shared by all that see the same age."""

    age: int
    pack: tuple[Form, ...]
    forms: Mapping[str, Mapping[int, Form]]

    def __iter__(self) -> Iterator[Form]:
        """The version in force of every form that has one."""
        latest = (self.latest(code) for code in self.forms)
        return (one for one in latest if one is not None)

    def latest(self, code: str) -> Form | None:
        """The version in force: the highest that is not retired."""
        versions = self.forms.get(code, {})
        standing = [number for number, one in versions.items() if one.state == PUBLISHED]
        return versions[max(standing)] if standing else None

    def find(self, code: str, version: int | None = None) -> Form | None:
        """A version, also a retired one; without a number the version in force."""
        return self.latest(code) if version is None else self.forms.get(code, {}).get(version)


_held: WeakKeyDictionary[Engine, Shelf] = WeakKeyDictionary()


def shelf(session: Session) -> Shelf:
    """The forms as this transaction sees them; kept in memory until one is published or retired."""
    pack = packed()
    if session.info.get(CHANGING):
        return _read(session, pack)  # what may yet be rolled back is nobody else's
    where = db.engine()
    held = _held.get(where)
    while held is None or held.pack is not pack or held.age != session.execute(_AGE).scalar_one():
        held = _read(session, pack)
    _held[where] = held
    return held


def _read(session: Session, pack: tuple[Form, ...]) -> Shelf:
    """Rows, and those forms of the pack that have none: of one version the row is what reports were written with."""
    age = session.execute(_AGE).scalar_one()
    made: dict[str, dict[int, Form]] = {one.code: {one.version: one} for one in pack}
    statement = select(VERSION.c.code, VERSION.c.version, VERSION.c.state, VERSION.c.body)
    for row in session.execute(statement.where(VERSION.c.state != DRAFT).order_by(VERSION.c.id)).all():
        made.setdefault(row.code, {})[row.version] = form_of(row)
    return Shelf(age, pack, made)


def form_of(row: Any) -> Form:
    """A row as a form. It was judged when it was written: a stricter rule of today does not unmake it."""
    return kept({**row.body, "version": row.version, "state": row.state})
