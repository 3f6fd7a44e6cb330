"""The commands under ``ewn tagging``: how well reports are read."""

from pathlib import Path
from typing import Annotated

import typer

tagging = typer.Typer(name="tagging", no_args_is_help=True)
_UNUSABLE = 2


@tagging.callback()
def tagged() -> None:
    """What is read out of reports: how well it is done."""


@tagging.command("evaluate")
def tagging_evaluate(
    file: Annotated[Path, typer.Argument(help="JSON lines: id, language, text, themes, countries, subdivisions.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON document.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="List what was wrong with its evidence first.")] = False,
) -> None:
    """Tag labelled passages by their words alone and print precision, recall and F1, with intervals at 95 %.

    Places are where the event or measure is, not who speaks (ISO 3166). With --json, errors go to standard error.
    """
    import json

    from services.texts import BadLine
    from workers.evaluation import evaluate, line, table

    try:
        told = evaluate(file, each=(lambda miss: typer.echo(line(miss), err=as_json)) if errors else None)
    except (OSError, BadLine, UnicodeDecodeError) as reason:
        typer.echo(f"{file} cannot be evaluated. {reason}", err=True)
        raise typer.Exit(_UNUSABLE) from None
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for one in table(told):
        typer.echo(one)
