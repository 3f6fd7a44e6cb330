"""Making definitions: drafted by one person, reviewed by another, put in force, taken back; each step on the record."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from services import network, texts
from services.definitions import running
from services.definitions.as_yaml import judged, refusal
from services.definitions.comparing import compare
from services.definitions.definition import Fault, OwnDefinition, failing, faults, plain
from services.definitions.models import DRAFT, IN_FORCE, REPLACED, REVIEWED, DefinitionVersion
from services.definitions.schemas import digest
from services.definitions.wording import CHANGING, VERSION, tried
from services.kernel import audit, clock, db
from services.kernel.config import settings
from services.kernel.errors import Conflict, Forbidden, NotFound
from services.network import Caller
from services.texts import Definition


class NoSuchDefinition(NotFound):
    title = "There is no such definition"


class NotYoursToDefine(Forbidden):
    title = "Definitions are the secretariat's to make"


class YourOwnDefinition(Forbidden):
    title = "Somebody else has to review it"


class NotReviewed(Conflict):
    title = "The draft is not reviewed"


class RewrittenMeanwhile(Conflict):
    title = "Written anew since it was read"


class InForceAlready(Conflict):
    title = "The version is in force"


def may_write(session: Session, caller: Caller) -> None:
    """Refuse whoever may not make definitions for the whole network: administrators and the secretariat's analysts may,
    as persons."""
    caller.require("definitions:write")
    party = network.directory(session).parties.get(caller.organisation_id or 0)
    if "network:admin" not in caller.scopes and (party is None or not party.active or party.kind != "secretariat"):
        raise NotYoursToDefine("Send your proposal to the secretariat.")


def draft(
    session: Session, caller: Caller, code: str, wanted: OwnDefinition, *, over: str | None = None
) -> DefinitionVersion:
    """Write the draft of a definition's next version, in the place of the one that there may be, reviewed or not.
    `over`: what the caller began from, as `written` tells it; None takes the place of whatever there is.

    Raises:
        DefinitionNotValid: the code is not that of the address, a part breaks a rule, or an example does not hold.
        InForceAlready: nothing differs from the version in force.
        RewrittenMeanwhile: somebody wrote it anew since the caller began.
    """
    may_write(session, caller)
    if wanted.code != code:
        raise refusal([Fault("code", "is not the code of the address")])
    if wrong := faults(wanted, texts.lexicon()):
        raise refusal(wrong)
    if not compare(find(session, code).body, plain(wanted)):
        raise InForceAlready("Nothing in it differs from the version in force: change something, then keep it.")
    try_out(session, wanted)
    _alone(session, code)
    row = _draft(session, code)
    if over not in (None, _written(row)):
        raise RewrittenMeanwhile("Somebody wrote the draft anew since you began: look at theirs, then keep yours.")
    if row is None:
        row = DefinitionVersion(code=code, version=_next(session, code), state=DRAFT, made_at=clock.now())
    row.state, row.body = DRAFT, plain(wanted)
    row.made_by, row.made_at, row.reviewed_by, row.reviewed_at = caller.member_id, clock.now(), None, None
    _keep(session, row)
    audit.record(session, caller, "definition.drafted", code, revision=row.version)
    return row


def written(session: Session, caller: Caller, code: str) -> str:
    """Tells the draft as it is now from any other, and from none."""
    may_write(session, caller)
    return _written(_draft(session, code))


def try_out(session: Session, wanted: Definition) -> None:
    """Try a definition on its own examples, with all others as they are in force.

    Raises:
        DefinitionNotValid: one does not hold.
    """
    if wrong := failing(wanted, tried(session, wanted)):
        raise refusal(wrong)


def drafted(session: Session, caller: Caller, code: str) -> DefinitionVersion:
    """The draft of a definition, reviewed or not.

    Raises:
        NoSuchDefinition: it has none.
    """
    may_write(session, caller)
    return _there(_draft(session, code))


def drop_draft(session: Session, caller: Caller, code: str) -> None:
    """Throw the draft away; its number is given again."""
    may_write(session, caller)
    _alone(session, code)
    row = _there(_draft(session, code))
    session.delete(row)
    audit.record(session, caller, "definition.draft_dropped", code, revision=row.version)


def review(session: Session, caller: Caller, code: str, *, read: str) -> DefinitionVersion:
    """Say that the draft is right: somebody else than whoever wrote it last, but in solo mode. `read`: the digest of
    what the caller has read, or its author could change it under the reviewer's hand.

    Raises:
        NoSuchDefinition: there is no draft.
        YourOwnDefinition: the caller wrote it.
        RewrittenMeanwhile: it says something else now.
        DefinitionNotValid: it breaks a rule that is newer than the draft, or an example does not hold any more.
    """
    may_write(session, caller)
    _alone(session, code)
    row = _there(_draft(session, code))
    if not may_review(caller, row):
        raise YourOwnDefinition("Whoever wrote the draft does not review it: ask a colleague.")
    if digest(row.body) != read:
        raise RewrittenMeanwhile("It was written anew since you opened it: read it again.")
    _judged_again(session, row)
    row.state, row.reviewed_by, row.reviewed_at = REVIEWED, caller.member_id, clock.now()
    _keep(session, row)
    audit.record(session, caller, "definition.reviewed", code, revision=row.version)
    return row


def may_review(caller: Caller, row: DefinitionVersion) -> bool:
    """Whether this caller is another person than whoever wrote a draft last; in solo mode there is no other."""
    return settings().solo or row.made_by != caller.member_id


def publish(session: Session, caller: Caller, code: str) -> DefinitionVersion:
    """Put the reviewed draft in force: what is tagged from now on is tagged by it, and the past in its turn. It does
    not change any more.

    Raises:
        NoSuchDefinition: there is no draft.
        NotReviewed: nobody else has looked at it since it was written.
        DefinitionNotValid: it breaks a rule that is newer than the draft, or an example does not hold any more.
    """
    may_write(session, caller)
    _alone(session, code)
    row = _there(_draft(session, code))
    if row.state != REVIEWED:
        raise NotReviewed("Ask a colleague to review the draft first.")
    _judged_again(session, row)
    _in_force(session, caller, row)
    audit.record(session, caller, "definition.in_force", code, revision=row.version)
    return row


def roll_back(session: Session, caller: Caller, code: str, version: int) -> DefinitionVersion:
    """Bring an earlier version back, as a new one in force at once: it was reviewed in its time, and harm does not wait
    for a second person. A draft that is being written stays, with the number after.

    Raises:
        NoSuchDefinition: there was no such version in force.
        InForceAlready: it is in force, or its words are: the same act twice begins no second run.
        DefinitionNotValid: the pack has no longer what it names.
    """
    may_write(session, caller)
    _alone(session, code)
    earlier = find(session, code, version)
    if earlier.state == IN_FORCE:
        raise InForceAlready("It is in force already.")
    if earlier.state != REPLACED:
        raise NoSuchDefinition("The definition had no such version in force: see GET /v1/definitions/{code}/versions.")
    if find(session, code).body == earlier.body:
        raise InForceAlready("Its words are in force already.")
    wanted = Definition.model_validate({**earlier.body, "version": version})
    if wrong := texts.lexicon().unknown_to(wanted):
        raise refusal([Fault("", f"the pack has it no longer: {wrong}")])
    waiting, number = _draft(session, code), _next(session, code)
    if waiting is not None:
        number, waiting.version = waiting.version, number
        _keep(session, waiting)
    row = DefinitionVersion(
        code=code, version=number, state=DRAFT, body=earlier.body, restores=version, made_by=caller.member_id,
        made_at=clock.now(), reviewed_by=earlier.reviewed_by, reviewed_at=earlier.reviewed_at,
    )  # fmt: skip
    _in_force(session, caller, row)
    audit.record(session, caller, "definition.rolled_back", code, revision=row.version, before=version)
    return row


def find(session: Session, code: str, version: int | None = None) -> DefinitionVersion:
    """A version that is or was in force; without a number the one in force. The pack's has no row until the network
    writes its own.

    Raises:
        NoSuchDefinition: there is none.
    """
    statement = select(DefinitionVersion).where(VERSION.c.code == code)
    known = statement.where(VERSION.c.state == IN_FORCE) if version is None else statement.where(
        VERSION.c.version == version, VERSION.c.state.in_((IN_FORCE, REPLACED))
    )  # fmt: skip
    row: DefinitionVersion | None = session.execute(known).scalar_one_or_none()
    if row is None and session.execute(statement.where(VERSION.c.in_force_at.is_not(None)).limit(1)).first() is None:
        packed = texts.lexicon().find(code)
        row = _of_pack(packed, IN_FORCE) if packed and version in (None, packed.version) else None
    if row is None:
        raise NoSuchDefinition("No definition has this code and version: see GET /v1/definitions.")
    return row


def wanted(session: Session, caller: Caller, code: str, version: int | None) -> Definition:
    """What is to be tried: the draft, or a version that is or was in force. For whoever makes definitions.

    Raises:
        NoSuchDefinition: there is none.
    """
    may_write(session, caller)
    row = _there(_draft(session, code)) if version is None else find(session, code, version)
    return Definition.model_validate({**row.body, "version": row.version})


def _judged_again(session: Session, row: DefinitionVersion) -> None:
    """Once more: rules, the pack and other definitions may have changed since it was written."""
    made = judged(row.body)
    if made.review_on <= clock.now().date():
        raise refusal([Fault("review_on", "lies not ahead: set the day by which the definition is looked at again")])
    try_out(session, made)


def _in_force(session: Session, caller: Caller, row: DefinitionVersion) -> None:
    """Let a version take the place of the one in force, and begin to tag the past by it. Nobody tags meanwhile, so that
    what is tagged by the old one was told before and is gone through."""
    at = clock.now()
    db.alone(session, "tagging")
    standing = select(DefinitionVersion).where(VERSION.c.code == row.code, VERSION.c.state == IN_FORCE)
    before = session.execute(standing).scalar_one_or_none()
    if before is None:
        packed = texts.lexicon().find(row.code)
        before = _of_pack(packed, REPLACED) if packed else None
        if packed and packed.version >= row.version:  # the pack has gone on since the draft was begun
            row.version = packed.version + 1
    if before is not None:
        before.state, before.replaced_at = REPLACED, at
        _keep(session, before)
    row.state, row.in_force_by, row.in_force_at = IN_FORCE, caller.member_id, at
    _keep(session, row)
    session.info[CHANGING] = True
    running.begin(session, row.code, row.version, at=at)


def _of_pack(packed: Definition, state: str) -> DefinitionVersion:
    return DefinitionVersion(
        code=packed.code, version=packed.version, state=state, body=plain(packed), made_at=clock.now()
    )


def _next(session: Session, code: str) -> int:
    packed = texts.lexicon().find(code)
    highest = select(func.coalesce(func.max(VERSION.c.version), 0)).where(VERSION.c.code == code)
    return max(int(session.execute(highest).scalar_one()), packed.version if packed else 0) + 1


def _alone(session: Session, code: str) -> None:
    """One after another per definition: two must not take one number, or put in force what a third is writing."""
    db.alone(session, f"definition {code}")


def _keep(session: Session, row: Any) -> None:
    session.add(row)
    session.flush()


def _draft(session: Session, code: str) -> DefinitionVersion | None:
    statement = select(DefinitionVersion).where(VERSION.c.code == code, VERSION.c.state.in_((DRAFT, REVIEWED)))
    return session.execute(statement).scalar_one_or_none()


def _written(row: DefinitionVersion | None) -> str:
    return digest(row.body) if row is not None else "none"


def _there(row: DefinitionVersion | None) -> DefinitionVersion:
    if row is None:
        raise NoSuchDefinition("The definition has no draft: write one with PUT /v1/definitions/{code}/draft.")
    return row
