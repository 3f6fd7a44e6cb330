"""The first administrator of a new network, asked for on the terminal; what the server alone can do for a person."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Never

import typer
from pydantic import ValidationError
from sqlmodel import Session, select

from services import network
from services.kernel import db
from services.kernel.config import settings
from services.kernel.errors import Problem

BEFOREHAND = """
This network has no administrator yet. Two things to know before there is one:
  - The embedded service carries about 30 organisations on one machine. For more, or for two machines,
    give it PostgreSQL and Redis: EWN_DATABASE_URL, EWN_REDIS_URL, and one EWN_SECRET for all (deploy/env.example).
  - Whoever is root on this machine can read everything in it, whatever its marking.
"""
APART = """
An administrator reads no reports and hands none in: other people do that, whom it invites.
Will you work alone? Stop here (Ctrl-C, twice) and begin again with EWN_SOLO=true: one person then has all roles.
"""
TOGETHER = """
EWN_SOLO is on: the first person gets every role that one needs who works alone ({roles}).
Nobody else need look at what that person makes; each edition says so. Set it at every start.
"""

FACTOR = "At the first sign-in the second factor is set up: have an authenticator app at hand (any that knows TOTP)."

RULES = {
    "roles": f"The roles are {', '.join(network.ROLES)}.",
    "login": "The sign-in name has 2 to 101 characters: a to z, 0 to 9 and . _ @ - and begins with a letter or digit.",
    "name": "The full name has 2 to 200 characters.",
    "organisation": "The organisation is named by its slug: small letters, digits and hyphens, such as secretariat.",
    "slug": "The organisation is named by its slug: small letters, digits and hyphens, such as secretariat.",
    "password": "The password has 12 to 200 characters.",
}
HOW = (
    "This network has no administrator yet. Create one on this machine:  "
    "{set}.venv/bin/ewn create-admin --data {folder}"
)


def create_administrator(
    *, login: str, name: str, organisation: str, if_none: bool, further: Sequence[str] = ()
) -> None:
    """Enrol the organisation if it is missing and invite its administrator; ask for what is not given. `further`: roles
    beside that of the administrator, which meet it in solo mode only; there the first person has all, unless told.

    Raises:
        typer.Exit: something given is not acceptable; the message says what.
    """
    with db.reading() as session:
        there = network.administrators(session)
    if there and if_none:
        return
    asking = sys.stdin.isatty() and sys.stdout.isatty()
    password = os.environ.get("EWN_ADMIN_PASSWORD", "")
    if not asking and not (login and password):
        if if_none:
            typer.echo(HOW.format(set="EWN_SOLO=true " if settings().solo else "", folder=settings().data_dir))
            return
        _refuse("Not on a terminal: give --login, --name, and the password in EWN_ADMIN_PASSWORD.")
    alone = settings().solo and not there and not further
    roles = list(network.ALONE if alone else dict.fromkeys(["administrator", *further]))
    if asking and not there:
        typer.echo(BEFOREHAND + (TOGETHER.format(roles=", ".join(roles)) if settings().solo else APART))
    login = login or typer.prompt("Sign-in name", default="admin")
    name = name or (typer.prompt("Full name", default=login) if asking else login)
    password = password or typer.prompt("Password (at least 12 characters)", hide_input=True, confirmation_prompt=True)
    try:
        given = {"login": login, "name": name, "organisation": organisation, "roles": roles}
        person = network.NewMember.model_validate(given)
        hashed = network.hash_password(network.NewPassword(password=password).password)
        with db.transaction() as session:
            _organisation(session, organisation)
            network.add_member(session, person, password_hash=hashed, by=None)
    except ValidationError as error:
        _refuse("; ".join(sorted({_plainly(str(one["loc"][0])) for one in error.errors(include_input=False)})))
    except Problem as problem:
        _refuse(str(problem.detail))
    typer.echo(f"{login} can sign in now, as {', '.join(roles)} of {organisation}.")
    if settings().second_factor == "required":
        typer.echo(FACTOR)


def give_roles(login: str, roles: Sequence[str]) -> None:
    """Give a person these roles in place of those held before, on the record: what nobody can do for themselves.

    Raises:
        typer.Exit: these cannot be given; the message says why.
    """
    try:
        wanted = network.NewRoles.model_validate({"roles": roles})
        with db.transaction() as session:
            held = network.assign(session, login, wanted.roles, by=None).roles
    except ValidationError:
        _refuse(RULES["roles"])
    except Problem as problem:
        _refuse(str(problem))
    typer.echo(f"{login} is {', '.join(held)} now. Sign in again.")


def recovery_link(login: str) -> tuple[str, datetime]:
    """A link with which an administrator who lost password or second factor begins anew, and when it ends.

    Raises:
        typer.Exit: there is no such administrator; the message says so.
    """
    try:
        with db.transaction() as session:
            if "administrator" not in network.member_of(session, login).roles:
                _refuse(f"{login} is no administrator: an administrator makes a link for that person, under People.")
            made = network.invitations.reset(session, login, by=None, second_factor=True)
    except Problem as problem:
        _refuse(str(problem.detail))
    return made.link, made.row.expires_at


def _organisation(session: Session, slug: str) -> None:
    if session.exec(select(network.Organisation).where(network.Organisation.slug == slug)).first() is None:
        new = network.NewOrganisation(slug=slug, name_en="Secretariat", name_ru="Секретариат", kind="secretariat")
        network.enrol(session, new, by=None)


def _plainly(field: str) -> str:
    return RULES.get(field, f"{field} cannot be used")


def _refuse(why: str) -> Never:
    typer.echo(why, err=True)
    raise typer.Exit(1)
