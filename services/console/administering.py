"""What administrators type and are told: forms read by the API's own schemas, refusals in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from services.console.form import Typed, said
from services.console.sharing import Choice
from services.console.visitors import Visitor, VisitorIn
from services.kernel.errors import Problem
from services.kernel.i18n import translator

T = TypeVar("T", bound=BaseModel)
MOST_FIELDS = 500
MANY = ("countries", "kinds", "members", "roles")


async def _posted(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=MOST_FIELDS)


Posted = Annotated[FormData, Depends(_posted)]


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


def _refusals(_: Callable[[str], str]) -> dict[str, str]:
    return {
        "name-taken": _("Another one has this name."),
        "not-a-step": _("The organisation is in another state by now: this step does not lead on from there."),
        "without-the-past": _("Who has left comes back without the past."),
        "not-a-parent": _("It cannot be the parent: it has left, or it lies below this organisation itself."),
        "last-administrator": _("Nobody would be left to administer the network."),
        "roles-meet": _(
            "These roles may not meet in one person: administrator with one that reads, auditor with any other."
        ),
        "has-left": _("The organisation has left: it has to apply again first."),
        "not-yet-member": _("Only active and suspended members can be in a group."),
        "already-in": _("It is in the group already, or a stay is planned."),
        "held-by-rule": _("The rule keeps it in: change the rule."),
        "no-such-organisation": _("There is no such organisation."),
        "no-such-member": _("There is no such person, or no longer."),
        "timezone": _("This is not a time zone such as UTC or Europe/Vienna."),
        "countries": _("This is not a country of the network."),
        "begins_on": _("A stay begins today or later, and its last day is not before its first."),
        "day": _("The period has not begun, or there is no such day."),
        "on": _("The last day lies before the first, or in the past."),
        "act": _(
            "This cannot be done: something has changed since you opened the page, or a value is not one we know."
        ),
    }
