"""Routes of retention rules, legal holds and a person's rights: one call each."""

from typing import Annotated

from fastapi import Depends, Response

from services.kernel.gathering import gathered
from services.kernel.routing import Router
from services.network import Caller, CallerIn, Read, Write
from services.reports.keeping import holds, personal, ruling
from services.reports.keeping.schemas import Dossier, Erase, Erased, HoldView, NewHold, NewRule, RuleView

retention = Router(prefix="/v1", tags=["retention"])


def _keeper(caller: CallerIn) -> Caller:
    caller.require("retention:read")
    return caller


def _holder(caller: CallerIn) -> Caller:
    caller.require("holds:write")
    return caller


def _administrator(caller: CallerIn) -> Caller:
    caller.require("network:admin")
    return caller


Keeper = Annotated[Caller, Depends(_keeper)]
Holder = Annotated[Caller, Depends(_holder)]
Administrator = Annotated[Caller, Depends(_administrator)]


@retention.get("/retention/rules")
def list_rules(_caller: Keeper, db: Read) -> list[RuleView]:
    """The retention rules that stand; none deletes unless an administrator made it."""
    return ruling.rules(db)


@retention.post("/retention/rules", status_code=201)
def make_rule(body: NewRule, caller: Administrator, db: Write) -> RuleView:
    """Add a rule. The owners are told first; nothing goes within a month. Try it out before: dry-run."""
    return ruling.make_rule(db, caller, body)


@retention.delete("/retention/rules/{reference}", status_code=204)
def end_rule(reference: str, caller: Administrator, db: Write) -> None:
    """End a rule."""
    ruling.end_rule(db, caller, reference)


@retention.get("/holds")
def list_holds(_caller: Holder, db: Read) -> list[HoldView]:
    """The legal holds that stand, the latest first."""
    return holds.standing_holds(db)


@retention.post("/holds", status_code=201)
def set_hold(body: NewHold, caller: Holder, db: Write) -> HoldView:
    """Set a legal hold: while it stands, nothing of that is emptied or erased."""
    return holds.set_hold(db, caller, body)


@retention.delete("/holds/{reference}", status_code=204)
def lift_hold(reference: str, caller: Holder, db: Write) -> None:
    """Lift a legal hold."""
    holds.lift_hold(db, caller, reference)


def _settled(_caller: CallerIn) -> None:
    """All that was done until now is on the record before it is read."""
    gathered.settle()


Settled = Annotated[None, Depends(_settled)]


@retention.get("/me/export")
def export_own(caller: CallerIn, _settled: Settled, db: Write, response: Response) -> Dossier:
    """All that is held on you, as one file: facts and references, no report's words, no secrets."""
    response.headers["Content-Disposition"] = 'attachment; filename="held-on-me.json"'
    return personal.export_own(db, caller)


@retention.get("/members/{login}/export")
def export_member(login: str, caller: Administrator, _settled: Settled, db: Write) -> Dossier:
    """All that is held on a person, for that person; on the record."""
    return personal.export(db, caller, login)


@retention.post("/members/{login}/erase")
def erase_member(login: str, body: Erase, caller: Administrator, db: Write) -> Erased:
    """Forget who a person was whose access has ended, for good: the sign-in name is asked for once more."""
    return personal.erase(db, caller, login, typed=body.login)
