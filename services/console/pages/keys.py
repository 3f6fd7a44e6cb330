"""Machines' keys: made with what one may give, replaced, revoked. A secret is shown on the page that made it, once."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from services import network
from services.console import administering
from services.console.administering import typed
from services.console.form import Faults, Typed
from services.console.rendering import page
from services.console.sharing import Choice
from services.console.visitors import Posted, Visitor, VisitorIn
from services.kernel import clock, db
from services.kernel.errors import NotFound, Problem
from services.kernel.i18n import translator
from services.kernel.routing import Router
from services.network import KeyView

router = Router()
OPENS = {"kind": "live", "overlap_hours": "24"}


def _keeper(visitor: VisitorIn) -> Visitor:
    visitor.caller.require(network.OWN_KEYS)
    return visitor


Keeper = Annotated[Visitor, Depends(_keeper)]


@router.get("/keys")
def list_page(request: Request, visitor: Keeper) -> Response:
    """The keys that one keeps, and a form to make one."""
    return _page(request, visitor)


@router.post("/keys")
def make(request: Request, visitor: Keeper, posted: Posted) -> Response:
    """Make a key and show its secret."""
    form = typed(posted)
    body: dict[str, Any] = {name: form[name] for name in ("name", "organisation", "kind")}
    body |= {"scopes": list(form.many.get("scopes", ())), "networks": form["networks"].split()}
    if form["expires_at"]:
        body["expires_at"] = f"{form['expires_at']}T23:59:59Z"
    new, faults = administering.read(network.NewKey, body, visitor.caller.language)
    if new is None:
        return _page(request, visitor, form, faults)
    try:
        with db.transaction() as session:
            row, secret = network.issue(session, new, by=visitor.caller)
    except Problem as problem:
        return _page(request, visitor, form, _refused(problem, visitor))
    return _page(request, visitor, made=(row.name, secret))


@router.post("/keys/{prefix}/{what}")
def change(request: Request, visitor: Keeper, prefix: str, what: str, posted: Posted) -> Response:
    """Replace a key and show the secret of its successor, or revoke it."""
    form = typed(posted)
    try:
        match what:
            case "rotation":
                how, faults = administering.read(
                    network.Rotation, {"overlap_hours": form["overlap_hours"] or "24"}, visitor.caller.language
                )
                if how is None:
                    return _page(request, visitor, form, faults)
                with db.transaction() as session:
                    row, secret = network.rotate(session, prefix, how, by=visitor.caller)
                return _page(request, visitor, made=(row.name, secret))
            case "revocation":
                with db.transaction() as session:
                    network.revoke(session, prefix, by=visitor.caller)
                return RedirectResponse("/keys", HTTPStatus.SEE_OTHER)
            case _:
                raise NotFound
    except Problem as problem:
        return _page(request, visitor, form, _refused(problem, visitor))


def _refused(problem: Problem, visitor: Visitor) -> dict[str, str]:
    if problem.status not in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY) and not problem.field:
        raise problem
    return administering.refused(problem, visitor.caller.language)


def _page(
    request: Request,
    visitor: Visitor,
    form: Typed | None = None,
    faults: dict[str, str] | None = None,
    made: tuple[str, str] | None = None,
) -> Response:
    now, language = clock.now(), visitor.caller.language
    with db.reading() as session:
        known = network.directory(session)
        rows = network.listed(session, by=visitor.caller)
        owners = _owners(session, visitor)
    working = [one for one in rows if network.working(one, now)]
    one = OPENS | {"organisation": owners[0].slug if len(owners) == 1 else ""} | (dict(form.one) if form else {})
    return page(
        request,
        visitor,
        "keys.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        working=sorted(working, key=_by_owner),
        ended=sorted((row for row in rows if row not in working), key=_by_owner),
        replaced={row.replaces for row in rows if row.revoked_at is None},
        names={party.slug: party.name(language) for party in known.parties.values()},
        owners=owners,
        scopes=_scopes(visitor),
        kinds=_kinds(language),
        typed=Typed(one, form.many if form else {}),
        faults=Faults(faults or {}),
        made=made,
        latest=(now + timedelta(days=399)).date().isoformat(),
        today=now.date().isoformat(),
    )


def _by_owner(row: KeyView) -> tuple[str, str, str]:
    return row.organisation, row.name, row.prefix


def _owners(session: Session, visitor: Visitor) -> list[network.Party]:
    """The organisations that one may make keys for."""
    parties = network.directory(session).parties
    if visitor.may("network:admin"):
        return sorted((one for one in parties.values() if one.state != "left"), key=lambda one: one.slug)
    return [parties[visitor.caller.organisation_id or 0]]


def _scopes(visitor: Visitor) -> list[Choice]:
    """What may be given, in words, each under the name that the API knows."""
    _ = translator(visitor.caller.language).gettext
    every = [
        Choice("reports:write", _("Hand in, revise and withdraw reports")),
        Choice("reports:read", _("Read reports that are shared with the organisation")),
        Choice("indicators:read", _("Read indicators")),
        Choice("digests:read", _("Read digests")),
        Choice("requests:write", _("Ask the owner of a report to let it go further")),
        Choice("tear-lines:ask", _("Ask for a tear-line")),
        Choice("digests:build", _("Build an edition")),
        Choice("observations:write", _("Store values of external series")),
        Choice("network:admin", _("Administer the network")),
        Choice("inquiries:write", _("Ask others for information, and answer")),
        Choice("threads:write", _("Write in the threads on reports")),
        Choice("translations:write", _("Give titles and summaries in other languages")),
        Choice("outcomes:tell", _("Tell what came of reports")),
        Choice("assignments:write", _("Say which reports are expected of whom")),
        Choice("forms:write", _("Make forms")),
        Choice("digests:release", _("Release editions")),
        Choice("members:read", _("See who is a member")),
        Choice("retention:read", _("See what the retention rules will do")),
        Choice("holds:write", _("Put reports under a legal hold")),
        Choice("audit:read", _("Read the audit")),
        Choice("replay", _("Hand in reports of the past as of their time")),
    ]
    caller = visitor.caller
    offered = {one for one in network.KEY_SCOPES if network.may_issue(caller, caller.organisation_id or 0, {one})}
    known = {one.value for one in every}
    return [one for one in every if one.value in offered] + [Choice(one, one) for one in sorted(offered - known)]


def _kinds(language: str) -> list[Choice]:
    _ = translator(language).gettext
    return [
        Choice("live", _("Live"), _("For the system that reports in earnest.")),
        Choice("test", _("Test"), _("Hands in reports with the status test, and reads nothing else.")),
    ]
