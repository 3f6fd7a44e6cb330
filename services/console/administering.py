"""What administrators type and are told: forms read by the API's own schemas, refusals in the reader's language."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData

from services import network
from services.console.form import Typed
from services.console.mending import said
from services.console.sharing import Choice
from services.console.visitors import Visitor, VisitorIn, language_of
from services.kernel import db
from services.kernel.errors import Problem
from services.kernel.i18n import translator
from services.network import Caller

T = TypeVar("T", bound=BaseModel)
MANY = ("countries", "kinds", "members", "roles", "scopes")


def _administrator(visitor: VisitorIn) -> Visitor:
    visitor.caller.require("network:admin")
    return visitor


Administrator = Annotated[Visitor, Depends(_administrator)]


def typed(posted: FormData) -> Typed:
    """What stands in a posted form."""
    texts = [(name, value.strip()) for name, value in posted.multi_items() if isinstance(value, str)]
    many = {name: tuple(dict.fromkeys(value for n, value in texts if n == name)) for name in MANY}
    return Typed({name: value for name, value in texts if name not in MANY}, many)


def read(model: type[T], body: Mapping[str, Any], language: str) -> tuple[T | None, dict[str, str]]:
    """What a form holds, or what is wrong with it, by field."""
    try:
        return model.model_validate(body), {}
    except ValidationError as error:
        _ = translator(language).gettext
        faults: dict[str, str] = {}
        for one in error.errors(include_url=False, include_input=False):
            name = str(one["loc"][-1] if one["loc"] and one["loc"][0] == "rule" else (*one["loc"], "act")[0])
            faults.setdefault(name, said(one, _))
        return None, faults


def done(
    caller: Caller, model: type[T], body: Mapping[str, Any], act: Callable[[Session, T], object]
) -> dict[str, str]:
    """Do what a form asks in one transaction of its own, unless something is wrong with it: that, by field."""
    given, faults = read(model, body, caller.language)
    if given is not None:
        with db.transaction() as session:
            act(session, given)
    return faults


def tried(act: Callable[[], dict[str, str]], language: str) -> dict[str, str]:
    """What is wrong, by field, after an act: found in the form, or why it was refused. Other refusals are raised."""
    try:
        return act()
    except Problem as problem:
        if problem.status not in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY) and not problem.field:
            raise
        return refused(problem, language)


def chosen_password(
    password: str, again: str, request: Request, language: str = ""
) -> tuple[str | None, dict[str, str]]:
    """A password typed twice, or what is wrong with it."""
    language = language or language_of(request)
    new, faults = read(network.NewPassword, {"password": password}, language)
    if new is not None and password != again:
        return None, {"again": translator(language).gettext("This is not the same password.")}
    return (new.password if new is not None else None), faults


def refused(problem: Problem, language: str) -> dict[str, str]:
    """A refusal beside the field that it names, in words of the reader's language."""
    words = _refusals(translator(language).gettext)
    name = problem.field.rpartition(".")[2] or "act"
    return {name: words.get(problem.slug, words.get(name, words["act"]))}


def kinds(language: str) -> list[Choice]:
    """The kinds of organisations."""
    _ = translator(language).gettext
    return [
        Choice("state", _("Authority of a state")),
        Choice("un", _("United Nations entity")),
        Choice("regional", _("Regional organisation")),
        Choice("civil_society", _("Civil society")),
        Choice("expert", _("Experts")),
        Choice("panel", _("Community panel")),
        Choice("donor", _("Donor")),
        Choice("secretariat", _("Secretariat of the network")),
    ]


def roles(language: str) -> list[Choice]:
    """The roles, each with what it is for."""
    _ = translator(language).gettext
    return [
        Choice("focal_point", _("Focal point"), _("Hands in and reads reports; makes keys for its organisation.")),
        Choice("analyst", _("Analyst"), _("Reads and hands in reports, asks for more, makes drafts of editions.")),
        Choice("editor", _("Editor"), _("Reads reports and makes drafts of editions.")),
        Choice("approver", _("Approver"), _("Releases editions that somebody else made.")),
        Choice("integrator", _("Integrator"), _("Connects its organisation's systems: reads, hands in, makes keys.")),
        Choice(
            "administrator",
            _("Administrator"),
            _("Organisations, people, keys and groups. Reads no report: it meets no role that does."),
        ),
        Choice("auditor", _("Auditor"), _("Reads the audit record, and meets no other role.")),
    ]


def states(language: str) -> dict[str, str]:
    """The states of a membership."""
    _ = translator(language).gettext
    return {
        "applied": _("Has applied"),
        "active": _("Active member"),
        "suspended": _("Suspended"),
        "left": _("Has left"),
    }


def steps(state: str, language: str) -> list[Choice]:
    """The steps that lead on from a state, each with all that it does."""
    _ = translator(language).gettext
    every = {
        "activate": Choice("activate", _("Let it in"), _("It becomes an active member: its keys and people work.")),
        "suspend": Choice(
            "suspend",
            _("Suspend it"),
            _(
                "Its keys and sign-ins are refused at once, and bodies below it get nothing through it. All is kept: "
                "groups, parent, keys, people. What it told stays, as it was marked."
            ),
        ),
        "resume": Choice("resume", _("Make it active again"), _("Its keys and people work again, in the same groups.")),
        "depart": Choice(
            "depart",
            _("It leaves the network"),
            _(
                "For good: its keys are revoked, its people are no longer active and their offices end, it leaves all "
                "groups, and the links to its parent and to bodies below it are cut. What it told stays, as it was "
                "marked. If it comes back, it applies again and sees nothing that was shared before."
            ),
        ),
        "apply": Choice("apply", _("It applies again"), _("Nothing works yet: its people can be prepared.")),
    }
    leads = {
        "applied": ("activate", "depart"),
        "active": ("suspend", "depart"),
        "suspended": ("resume", "depart"),
        "left": ("apply",),
    }
    return [every[one] for one in leads[state]]


def alone(session: Session, caller: Caller) -> str:
    """The command with which the only administrator gives itself what it lacks to work alone; none for others."""
    if "network:admin" not in caller.scopes or network.scopes_of(network.ALONE) <= caller.scopes:
        return ""
    person = session.get(network.Member, caller.member_id)
    if person is None or network.administrators(session) > 1:
        return ""
    return f"EWN_SOLO=true .venv/bin/ewn roles {person.login} {' '.join(network.ALONE)}"


def _refusals(_: Callable[[str], str]) -> dict[str, str]:
    return {
        "name-taken": _("Another one has this name."),
        "not-a-step": _("The organisation is in another state by now: this step does not lead on from there."),
        "without-the-past": _("Who has left comes back without the past."),
        "not-a-parent": _("It cannot be the parent: it has left, or it lies below this organisation itself."),
        "last-administrator": _("Nobody would be left to administer the network."),
        "roles-meet": _(
            "These roles may not meet in one person: administrator with one that reads, auditor with any other. "
            "EWN_SOLO=true allows it where one person works alone."
        ),
        "has-left": _("The organisation has left: it has to apply again first."),
        "not-yet-member": _("Only active and suspended members can be in a group."),
        "already-in": _("It is in the group already, or a stay is planned."),
        "held-by-rule": _("The rule keeps it in: change the rule."),
        "no-such-organisation": _("There is no such organisation."),
        "no-such-member": _("There is no such person, or no longer."),
        "nothing-named": _("Nothing has this name."),
        "no-such-rule": _("This rule has ended already."),
        "no-such-hold": _("This hold is lifted already."),
        "held": _("A legal hold stands: nothing of it is erased."),
        "still-active": _("End the access of the person first."),
        "another-person": _("This is not the sign-in name of the person."),
        "not-yours-to-give": _("These rights are not yours to give to this organisation."),
        "key-ended": _("This key has ended: make another."),
        "already-rotated": _("This key has a successor: replace that one, or revoke it first."),
        "no-such-key": _("There is no such key."),
        "expires_at": _("A key lives 400 days at most."),
        "scopes": _("A test key hands in reports, reads them and reads indicators: no more."),
        "scope-missing": _("Your role does not include this."),
        "not-for-yourself": _("Change your own password on your profile, or ask another administrator."),
        "wrong-password": _("The password is not right."),
        "already-expected": _("The same report is expected for some of these days already: end that assignment first."),
        "nothing-expected": _("No report is expected of organisations of this kind."),
        "no-such-assignment": _("There is no such assignment, or it is struck out."),
        "organisation": _("This is no member of the network."),
        "form": _("This form is not in force."),
        "ends_on": _("The last day lies before the first."),
        "timezone": _("This is not a time zone such as UTC or Europe/Vienna."),
        "countries": _("This is not a country of the network."),
        "begins_on": _("A stay begins today or later, and its last day is not before its first."),
        "day": _("The period has not begun, or there is no such day."),
        "on": _("The last day lies before the first, or in the past."),
        "act": _(
            "This cannot be done: something has changed since you opened the page, or a value is not one we know."
        ),
    }
