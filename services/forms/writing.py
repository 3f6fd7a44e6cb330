"""Making forms: a draft is written, published and retired, each step on the record; what is published never changes."""

from sqlalchemy import func, select
from sqlmodel import Session

from services import network
from services.forms.as_yaml import FormNotValid, judged
from services.forms.definition import Definition, Form, kept, plain
from services.forms.models import DRAFT, PUBLISHED, RETIRED, FormVersion
from services.forms.service import NoSuchForm
from services.forms.shelf import CHANGING, VERSION, form_of, shelf
from services.kernel import audit, clock, db
from services.kernel.errors import Conflict, Forbidden
from services.network import Caller


class NotOfTheSecretariat(Forbidden):
    title = "That is the secretariat's to do"


class AlreadyRetired(Conflict):
    title = "The version is retired"


def may_write(session: Session, caller: Caller) -> None:
    """Refuse whoever may not make forms for the whole network: administrators and the secretariat's analysts may."""
    caller.require("forms:write")
    party = network.directory(session).parties.get(caller.organisation_id or 0)
    if "network:admin" not in caller.scopes and (party is None or not party.active or party.kind != "secretariat"):
        raise NotOfTheSecretariat("Send your proposal to the secretariat.")


def draft(session: Session, caller: Caller, code: str, wanted: Definition) -> Form:
    """Write the draft of a form's next version, in the place of the one that there may be.

    Raises:
        FormNotValid: the code is not that of the address, or the kind not that of earlier versions.
    """
    may_write(session, caller)
    if wanted.code != code:
        raise _fault("code", "is not the code of the address")
    _alone(session, code)
    known = shelf(session).forms.get(code, {})
    if any(one.kind != wanted.kind for one in known.values()):
        raise _fault("kind", "is not that of the form's earlier versions: choose another code")
    row = _draft(session, code)
    if row is None:
        highest = select(func.coalesce(func.max(VERSION.c.version), 0)).where(VERSION.c.code == code)
        number = max(session.execute(highest).scalar_one(), *known, 0) + 1
        row = FormVersion(code=code, version=number, state=DRAFT, made_by=caller.member_id, made_at=clock.now())
    row.body, row.made_by, row.made_at = plain(wanted), caller.member_id, clock.now()
    session.add(row)
    session.flush()
    audit.record(session, caller, "form.drafted", code, revision=row.version)
    return form_of(row)


def drafted(session: Session, caller: Caller, code: str) -> Form:
    """The draft of a form.

    Raises:
        NoSuchForm: it has none.
    """
    caller.require("forms:write")
    return form_of(_there(_draft(session, code)))


def drop_draft(session: Session, caller: Caller, code: str) -> None:
    """Throw the draft away; its number may be given again."""
    may_write(session, caller)
    _alone(session, code)
    row = _there(_draft(session, code))
    session.delete(row)
    audit.record(session, caller, "form.draft_dropped", code, revision=row.version)


def publish(session: Session, caller: Caller, code: str) -> Form:
    """Put the draft in force. From now on it does not change.

    Raises:
        NoSuchForm: there is no draft.
        FormNotValid: it breaks a rule that is newer than the draft, or its day of review is not ahead.
    """
    may_write(session, caller)
    _alone(session, code)
    row = _there(_draft(session, code))
    judged(row.body)  # once more: the rules may have become stricter since it was written
    form = kept({**row.body, "version": row.version, "state": PUBLISHED})
    if form.review_on <= clock.now().date():
        raise _fault("review_on", "lies not ahead: set the day by which the form is looked at again")
    row.state, row.published_at = PUBLISHED, clock.now()
    session.add(row)
    _changed(session)
    audit.record(session, caller, "form.published", code, revision=row.version)
    return form


def retire(session: Session, caller: Caller, code: str, version: int) -> None:
    """Take a version out of force: no new report is written with it, and those that were keep it.

    Raises:
        NoSuchForm: there is no such version.
        AlreadyRetired: it is out of force.
    """
    may_write(session, caller)
    _alone(session, code)
    form = shelf(session).find(code, version)
    if form is None:
        raise NoSuchForm("The form has no such version: see GET /v1/forms.")
    if form.state == RETIRED:
        raise AlreadyRetired("It is out of force already.")
    statement = select(FormVersion).where(VERSION.c.code == code, VERSION.c.version == version)
    row = session.execute(statement).scalar_one_or_none() or FormVersion(
        code=code, version=version, state=PUBLISHED, body=plain(form), made_at=clock.now(), published_at=clock.now()
    )
    row.state, row.retired_at = RETIRED, clock.now()
    session.add(row)
    _changed(session)
    audit.record(session, caller, "form.retired", code, revision=version)


def versions(session: Session, code: str) -> list[Form]:
    """All versions that reports were or may be written with, the latest first.

    Raises:
        NoSuchForm: there is no form of this code.
    """
    found = shelf(session).forms.get(code)
    if not found:
        raise NoSuchForm("No form has this code: see GET /v1/forms.")
    return [found[number] for number in sorted(found, reverse=True)]


def drafts(session: Session, caller: Caller) -> list[Form]:
    """All drafts, by code."""
    caller.require("forms:write")
    rows = session.execute(select(FormVersion).where(VERSION.c.state == DRAFT).order_by(VERSION.c.code)).scalars()
    return [form_of(row) for row in rows]


def _alone(session: Session, code: str) -> None:
    """One after another per form: two must not take the same number, or publish what a third is writing."""
    db.alone(session, f"form {code}")


def _changed(session: Session) -> None:
    session.flush()
    session.info[CHANGING] = True


def _draft(session: Session, code: str) -> FormVersion | None:
    statement = select(FormVersion).where(VERSION.c.code == code, VERSION.c.state == DRAFT)
    return session.execute(statement).scalar_one_or_none()


def _there(row: FormVersion | None) -> FormVersion:
    if row is None:
        raise NoSuchForm("The form has no draft: write one with PUT /v1/forms/{code}/draft.")
    return row


def _fault(field: str, rule: str) -> FormNotValid:
    return FormNotValid(f"{field}: {rule}.", field=field, errors=[{"field": field, "rule": rule}])
