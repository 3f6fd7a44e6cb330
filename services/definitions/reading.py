"""What there is of definitions: those in force, the versions of one with who made them, and what changed."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlmodel import Session

from services import network, texts
from services.definitions import writing
from services.definitions.comparing import Change, compare
from services.definitions.models import DRAFT, IN_FORCE, REPLACED, REVIEWED, DefinitionVersion
from services.definitions.schemas import DefinitionLine, DefinitionView, VersionView, history, is_own, view
from services.definitions.wording import VERSION
from services.kernel.bulk import among
from services.kernel.model import table
from services.network import Caller

MEMBER = table(network.Member)


def makes(session: Session, caller: Caller) -> bool:
    """Whether the caller makes definitions, and so is shown drafts, examples and names."""
    party = network.directory(session).parties.get(caller.organisation_id or 0)
    admin = "network:admin" in caller.scopes
    return "definitions:write" in caller.scopes and (admin or (party is not None and party.kind == "secretariat"))


def listed(session: Session, caller: Caller) -> list[DefinitionLine]:
    """The definition in force of each theme, in the order of the pack."""
    states = (IN_FORCE, DRAFT, REVIEWED)
    rows = session.execute(select(DefinitionVersion).where(VERSION.c.state.in_(states))).scalars().all()
    standing = {row.code: row for row in rows if row.state == IN_FORCE}
    waiting = {row.code: row.state for row in rows if row.state != IN_FORCE} if makes(session, caller) else {}
    found = []
    for packed in texts.lexicon().definitions:
        row = standing.get(packed.code)
        found.append(
            DefinitionLine(
                code=packed.code,
                version=row.version if row else packed.version,
                own=row is not None and is_own(row),
                purpose=row.body["purpose"] if row else packed.purpose,
                review_on=row.body.get("review_on") if row else packed.review_on,
                draft=waiting.get(packed.code),
            )
        )
    return found


def get(session: Session, caller: Caller, code: str, version: int | None = None) -> DefinitionView:
    """A version that is or was in force, or NoSuchDefinition; its examples for whoever makes definitions."""
    return view(writing.find(session, code, version), examples=makes(session, caller))


def versions(session: Session, caller: Caller, code: str) -> list[VersionView]:
    """All versions, the latest first; a draft for whoever makes definitions."""
    maker = makes(session, caller)
    statement = select(DefinitionVersion).where(VERSION.c.code == code).order_by(VERSION.c.version.desc())
    rows = [row for row in session.execute(statement).scalars() if maker or row.state not in (DRAFT, REVIEWED)]
    if all(row.state in (DRAFT, REVIEWED) for row in rows):
        rows.append(writing.find(session, code))
    names = _names(session, rows) if maker else {}
    return [history(row, names) for row in rows]


def changes(
    session: Session, caller: Caller, code: str, *, version: int | None = None, draft: bool = False
) -> list[Change]:
    """What a version says otherwise than the one before it; what the draft does than the one in force."""
    if draft:
        row, before = writing.drafted(session, caller, code), writing.find(session, code)
    else:
        row = writing.find(session, code, version)
        was = (VERSION.c.state.in_((IN_FORCE, REPLACED)), VERSION.c.version < row.version)
        earlier = session.execute(select(func.max(VERSION.c.version)).where(VERSION.c.code == code, *was)).scalar()
        before = writing.find(session, code, earlier) if earlier is not None else row
    found = compare(before.body, row.body)
    return found if makes(session, caller) else [one for one in found if not one.part.startswith("examples")]


def _names(session: Session, rows: Collection[DefinitionVersion]) -> dict[int, str]:
    keys = {key for row in rows for key in (row.made_by, row.reviewed_by, row.in_force_by) if key is not None}
    found = session.execute(select(MEMBER.c.id, MEMBER.c.name).where(among(MEMBER.c.id)), {"keys": sorted(keys)}).all()
    return {row.id: row.name for row in found}
