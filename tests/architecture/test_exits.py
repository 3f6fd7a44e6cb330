"""Every exit is in the register of exits, with what lets it give data; and nothing is in it that is gone."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from typer.main import get_command

from services.kernel.events import reactions
from services.main import create_app
from services.reports.giving import _giving
from tests import exits
from workers import reactions as wired  # noqa: F401 -- for what it does: it wires them
from workers.cli import app as cli
from workers.schedule import JOBS


def routes(app: FastAPI) -> Iterator[tuple[str, Any]]:
    """Method and path of everything that the application answers, with its route."""
    for one in app.routes:
        nested: Any = getattr(one, "effective_route_contexts", None)
        for route in nested() if nested else [one]:
            path = getattr(route, "path_format", None) or route.path
            for method in getattr(route, "methods", None) or ["MOUNT"]:
                yield f"{method} {path}", route


def commands(group: Any, before: str = "") -> Iterator[str]:
    """Every command with those below it."""
    for name, one in getattr(group, "commands", {}).items():
        yield f"{before}{name}"
        yield from commands(one, f"{before}{name} ")


def test_every_route_is_registered() -> None:
    assert sorted(name for name, _ in routes(create_app())) == sorted(exits.ROUTES)


def notes(dependant: Any) -> bool:
    """Whether a route, or anything that it asks for, notes what is given; what is mounted asks for nothing."""
    return any(one.call is _giving or notes(one) for one in getattr(dependant, "dependencies", ()))


def test_whatever_gives_marked_content_notes_it_before_it_leaves() -> None:
    marked = {name for name, one in exits.ROUTES.items() if one.by in (exits.POLICY, exits.OWNER)}
    assert marked >= exits.WRITTEN | exits.UNMARKED
    assert not any(name.startswith("GET ") for name in exits.WRITTEN)
    assert marked - exits.WRITTEN - exits.UNMARKED == {
        name for name, route in routes(create_app()) if notes(getattr(route, "dependant", None))
    }


def test_every_reaction_job_and_command_is_registered() -> None:
    assert sorted(reactions()) == sorted(exits.REACTIONS)
    assert sorted(job.name for job in JOBS) == sorted(exits.JOBS)
    assert sorted(commands(get_command(cli))) == sorted(exits.COMMANDS)


@pytest.mark.parametrize("register", ["ROUTES", "REACTIONS", "JOBS", "COMMANDS"])
def test_every_exit_is_let_by_something_or_says_what_it_gives_instead(register: str) -> None:
    for name, one in getattr(exits, register).items():
        by = (exits.POLICY, exits.OWNER, exits.KEEPER, exits.ADMINISTRATOR, exits.AUDITOR, exits.NONE)
        assert one.by in by, name
        assert one.by not in (exits.NONE, exits.KEEPER) or one.why, name


def test_every_route_that_is_read_has_an_example() -> None:
    without = [name for name, one in exits.ROUTES.items() if name.startswith("GET ") and not one.asks]
    assert without == []
