"""What may be done with forms: read them, draft a version, publish it, retire it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from services.forms.answering import Given, given
from services.forms.definition import Form, plain
from services.forms.models import PUBLISHED
from services.forms.packed import packed
from services.forms.shelf import VERSION, shelf
from services.kernel import clock, db
from services.kernel.errors import NotFound


class NoSuchForm(NotFound):
    title = "There is no such form"


def get(session: Session, code: str, version: int | None = None) -> Form:
    """A published or retired version; without a number the version in force.

    Raises:
        NoSuchForm: there is none.
    """
    found = shelf(session).find(code, version)
    if found is None:
        raise NoSuchForm("No form in force has this code and version: see GET /v1/forms.")
    return found


def given_by(
    session: Session, code: str | None, version: int | None, answers: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[Given]]:
    """What a report's stored answers say to each indicator that its form feeds. A form that has left the pack without
    having been taken in feeds nothing."""
    if code is None or not answers:
        return {}
    form = shelf(session).find(code, version)
    return given(form, answers) if form is not None else {}


def listed(session: Session, *, kind: str | None = None) -> list[Form]:
    """The version in force of every form, or of every form of a kind."""
    return [one for one in shelf(session) if kind is None or one.kind == kind]


def prepare(session: Session) -> None:
    """Take the pack's forms in, each version once: what reports were written with stays what it was, whatever becomes
    of the pack."""
    rows = [
        {
            "code": one.code,
            "version": one.version,
            "state": PUBLISHED,
            "body": plain(one),
            "made_by": None,
            "made_at": clock.now(),
            "published_at": clock.now(),
            "retired_at": None,
        }
        for one in packed()
    ]
    db.insert_new(session, VERSION, rows, returning=("code", "version"))
