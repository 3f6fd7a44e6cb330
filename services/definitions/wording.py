"""The definitions in force, and what tells themes by them: made once per change, and shared by all of a process."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlmodel import Session

from services import texts
from services.definitions.models import IN_FORCE, DefinitionVersion
from services.kernel import db
from services.kernel.model import table
from services.texts import Definition, Lexicon, Themes

logger = logging.getLogger(__name__)
VERSION = table(DefinitionVersion)
CHANGING = "the definitions are changing in this transaction"
# A version that came into force stays in the table for good, so this number grows with each.
_GENERATION = select(func.count()).select_from(VERSION).where(VERSION.c.in_force_at.is_not(None))
_STANDING = select(VERSION.c.version, VERSION.c.body).where(VERSION.c.state == IN_FORCE).order_by(VERSION.c.code)


@dataclass(frozen=True, eq=False)
class Wording:
    """The definitions of one generation, and what tells themes by them."""

    generation: int
    pack: Lexicon
    own: tuple[Definition, ...]
    themes: Themes


_held: WeakKeyDictionary[Engine, Wording] = WeakKeyDictionary()


def generation(session: Session) -> int:
    """The number of times that a version of the network's own came into force."""
    return int(session.execute(_GENERATION).scalar_one())


def wording(session: Session) -> Wording:
    """What tells themes by the definitions in force as this transaction sees them. Asks for one number where it has not
    changed since."""
    pack = texts.lexicon()
    if session.info.get(CHANGING):
        return _made(session, pack)  # what may yet be rolled back is nobody else's
    where = db.engine()
    held = _held.get(where)
    if held is None or held.pack is not pack or held.generation != generation(session):
        _held[where] = held = _made(session, pack)
    return held


def tried(session: Session, definition: Definition) -> Themes:
    """What tells themes with this definition in the place of the one in force."""
    return texts.worded([*(one for one in own(session) if one.code != definition.code), definition])


def own(session: Session) -> list[Definition]:
    """The network's own definitions in force."""
    return _usable(texts.lexicon(), [_of(row) for row in session.execute(_STANDING).all()])


def _made(session: Session, pack: Lexicon) -> Wording:
    number = generation(session)
    found = own(session)
    return Wording(number, pack, tuple(found), texts.worded(found) if found else texts.packed())


def _of(row: Any) -> Definition:
    return Definition.model_validate({**row.body, "version": row.version})


def _usable(pack: Lexicon, definitions: Iterable[Definition]) -> list[Definition]:
    """Those that the pack has the groups, senses and theme for: a pack may have changed since they were written, and
    one that does not fit must not keep all reports from being tagged. The pack's own stands for it."""
    fitting = []
    for one in definitions:
        if wrong := pack.unknown_to(one) or ("" if pack.find(one.code) else "no such theme"):
            logger.error("the definition %s-%d does not fit the pack: %s", one.code, one.version, wrong)
        else:
            fitting.append(one)
    return fitting
