"""What every command of ``ewn`` needs of its terminal: settings that can be used, a line told, an end with its code."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

if TYPE_CHECKING:
    from services.kernel.config import Settings

Data = Annotated[Path | None, typer.Option("--data", help="Data folder; otherwise EWN_DATA_DIR or var/data.")]
BROKEN, UNUSABLE = 1, 2


def settings_of(data: Path | None) -> "Settings":
    """The settings, with the data folder if one is given; leave with a word where they cannot be used."""
    from services.kernel.config import settings

    if data is not None:
        os.environ["EWN_DATA_DIR"] = str(data.resolve())
        settings.cache_clear()
    try:
        return settings()
    except ValidationError as error:
        wrong = (
            f"EWN_{str(one['loc'][0]).upper()}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_input=False)
        )
        leave("A setting cannot be used. " + "; ".join(wrong) + " (see deploy/env.example)", UNUSABLE)
    except SettingsError:  # it names no variable; this is the one that is more than a word
        leave('EWN_OUTBOUND_ALLOW must be a list in JSON, such as ["partner.example"].', UNUSABLE)


def laid(conf: "Settings") -> None:
    """Leave with a word where there is no database to work on yet."""
    from workers.doctor import database

    for finding in database(conf, serving=False):
        if finding.about in {"database", "tables"} and finding.state != "well":
            leave(f"The {finding.about}: {finding.what}. {finding.mend}", UNUSABLE)


def say(line: str) -> None:
    """Tell a line."""
    typer.echo(line)


def leave(reason: str, code: int) -> Never:
    """End with a reason and its code."""
    typer.echo(reason, err=True)
    raise typer.Exit(code)
