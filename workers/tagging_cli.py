"""The commands under ``ewn tagging``: how well reports are read."""

from pathlib import Path
from typing import Annotated

import typer

from workers.terminal import Data, laid, say, settings_of

tagging = typer.Typer(name="tagging", no_args_is_help=True)
_UNUSABLE = 2


@tagging.callback()
def tagged() -> None:
    """What is read out of reports: how well it is done, and learning from what analysts say."""


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
        each = (lambda miss: typer.echo(line(miss), err=as_json)) if errors else None
        told = evaluate(file, each=each, warn=lambda said: typer.echo(said, err=True))
    except (OSError, BadLine, UnicodeDecodeError) as reason:
        typer.echo(f"{file} cannot be evaluated. {reason}", err=True)
        raise typer.Exit(_UNUSABLE) from None
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for one in table(told):
        typer.echo(one)


@tagging.command("train")
def tagging_train(
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON document.")] = False,
    use: Annotated[bool, typer.Option("--use", help="Suggest by it from now on; otherwise nothing changes.")] = False,
) -> None:
    """Learn each theme from what analysts confirmed, added and rejected, and tell whether that beats the words.

    From actual reports, CLEAR or GREEN, of which the model of the extra ewn[ai] has read the words; judged on incidents
    that are held out. With --use, what is better is told to analysts as a suggestion: it is no tag and counted nowhere.
    """
    import json

    laid(settings_of(data))
    from workers.training import lessons, lines, told, trained

    found = lessons()
    used = trained(found) if use else None
    if as_json:
        typer.echo(json.dumps({"themes": told(found), "used": used}, indent=1))
        return
    for one in lines(found, used):
        say(one)


definitions = typer.Typer(name="definitions", no_args_is_help=True, help="What makes a text speak of a theme, as YAML.")
tagging.add_typer(definitions)


@definitions.command("export")
def definitions_export(code: Annotated[str, typer.Argument(help="A theme of the pack.")]) -> None:
    """Print the pack's definition of a theme."""
    from workers.defining import Refused, export

    try:
        typer.echo(export(code), nl=False)
    except Refused as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(_UNUSABLE) from None


@definitions.command("check")
def definitions_check(file: Annotated[Path, typer.Argument(help="A definition as YAML or JSON.")]) -> None:
    """Judge a definition by all rules and try its examples, with the pack's other definitions beside it."""
    from workers.defining import Refused, check

    try:
        for one in check(file):
            typer.echo(one)
    except Refused as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(_UNUSABLE) from None
