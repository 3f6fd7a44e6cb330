"""The commands ``ewn lists``."""

from pathlib import Path
from typing import Annotated

import typer

from workers.terminal import BROKEN, Data, laid, leave, say, settings_of

lists = typer.Typer(name="lists", no_args_is_help=True)


@lists.callback()
def listed(data: Data = None) -> None:
    """Lists of designated groups and persons: take one over, see which are held."""
    laid(settings_of(data))


@lists.command("import")
def lists_import(
    file: Annotated[Path, typer.Argument(help="XML in the format of the Security Council's Consolidated List.")],
    source: Annotated[str, typer.Option(help="A short name of a list that is not the Security Council's.")] = "un-sc",
    designated_by: Annotated[str, typer.Option(help="Who designated those on it.")] = "",
) -> None:
    """Take over a list, whole or not at all; tell what was added, removed and changed."""
    from workers.lists import Refused, take

    try:
        for line in take(file, source=source, designated_by=designated_by):
            say(line)
    except Refused as reason:
        leave(str(reason), BROKEN)


@lists.command("show")
def lists_show() -> None:
    """Show the lists that are held: of which day, how many persons and entities, designated by whom."""
    from workers.lists import held

    for line in held():
        say(line)
