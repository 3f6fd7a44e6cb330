"""The one command, ``ewn``: the service as a whole, each of its processes, and the operator's tools."""

import gc
import importlib
import logging
import os
import signal
import socket
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workers.list_commands import lists
from workers.tagging_cli import tagging
from workers.terminal import BROKEN, UNUSABLE, Data
from workers.terminal import laid as _laid
from workers.terminal import leave as _leave
from workers.terminal import say as _say
from workers.terminal import settings_of as _settings

if TYPE_CHECKING:
    from services.kernel.config import Settings

app = typer.Typer(
    name="ewn",
    help="An early-warning network on one machine or many. Settings are EWN_* variables: see deploy/env.example.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
quarantine = typer.Typer(name="quarantine", no_args_is_help=True)
app.add_typer(quarantine)
audit = typer.Typer(name="audit", no_args_is_help=True)
app.add_typer(audit)
app.add_typer(tagging)
app.add_typer(lists)

TAKEN, GAVE_UP, INTERRUPTED = 3, 4, 130


def main() -> None:
    """Entry point of the console script."""
    # A start makes much that stays: to look through it again and again takes time, and finds nothing.
    gc.set_threshold(100_000)
    app()


@app.command()
def serve(data: Data = None) -> None:
    """Serve everything on this machine: Valkey, worker, relay, clock and API; the database is SQLite by default."""
    from workers.embedded import CannotServe, Embedded, Unusable
    from workers.folder import FolderTaken

    stop = _stop_signals()
    service = Embedded(_settings(data), stop=stop)
    try:
        with service:
            _first_administrator(service.environment)
            where = service.settings.public_url or service.url
            _say(f"Serving at {where}  (data in {service.settings.data_dir}; Ctrl-C stops)")
            service.wait(stop)
    except FolderTaken as taken:
        _leave(str(taken), TAKEN)
    except Unusable as reason:
        _leave(str(reason), UNUSABLE)
    except CannotServe as reason:
        _leave(str(reason), INTERRUPTED if stop.is_set() else GAVE_UP)


@app.command()
def api() -> None:
    """Run the API alone, on EWN_HOST and EWN_PORT."""
    from services.kernel.config import EmptySecret

    conf = _begin("api")
    try:
        conf.secret_key()
    except EmptySecret as reason:
        _leave(str(reason), UNUSABLE)
    _wire()
    import uvicorn

    from services.main import create_app
    from workers.handler import keep_what_is_loaded
    from workers.listener import Listener

    given = os.environ.pop("EWN_LISTEN_FD", "")
    config = uvicorn.Config(
        create_app(),
        host=conf.host,
        port=conf.port,
        log_config=None,
        access_log=False,
        server_header=False,
        http=Listener,
        ws="none",
        proxy_headers=False,  # whose word counts, EWN_TRUSTED_PROXIES says (services/kernel/peers.py)
        limit_concurrency=conf.connection_limit,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=30,
    )
    sockets = [socket.socket(fileno=int(given))] if given else None
    # Without this a full collection walks all that start-up made, and for 0.1 s nobody is answered.
    keep_what_is_loaded()
    uvicorn.Server(config).run(sockets=sockets)


@app.command()
def worker(
    concurrency: Annotated[int, typer.Option(help="Processes that work at the same time.")] = 2,
) -> None:
    """Run a worker: it tags, counts and tells, woken through Redis. Any number may run, on any number of machines."""
    conf = _begin("worker")
    _wire()
    from services import texts
    from workers.app import app as celery
    from workers.handler import keep_what_is_loaded

    texts.ready()
    keep_what_is_loaded()  # before the pool is forked: what nobody walks through stays shared memory
    # Processes, not threads: only a process can be ended at its hard time limit, and tagging wants the other core.
    words = ["worker", "--pool=prefork", f"--concurrency={concurrency}", f"--loglevel={conf.log_level}"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    celery.worker_main([*words, *quiet])


@app.command()
def relay() -> None:
    """Run a relay: it hands waiting work to the workers. Any number may run."""
    _begin("relay")
    _wire()
    from workers.handler import keep_what_is_loaded
    from workers.relay import run

    keep_what_is_loaded()
    run(_stop_signals())


@app.command()
def clock() -> None:
    """Run a clock: it does by the hour and the day what is due, such as editions. Any number may run."""
    _begin("clock")
    _wire()
    from workers.handler import keep_what_is_loaded
    from workers.schedule import run

    keep_what_is_loaded()
    run(_stop_signals())


@app.command()
def migrate(
    data: Data = None,
    role: Annotated[
        str, typer.Option(help="On PostgreSQL, as the owner: let the service's role do what it needs and no more.")
    ] = "",
) -> None:
    """Bring the database up to date; safe to repeat."""
    _settings(data)
    conf = _begin("migrate")
    try:
        conf.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        _leave(f"The data folder {conf.data_dir} cannot be used: {error.strerror}. Choose another: --data", UNUSABLE)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # which plug-ins it has, at each start
    from services.migrations import grants, upgrade

    upgrade()
    if role:
        try:
            grants.grant(role)
        except grants.NotPostgres as reason:
            _leave(str(reason), UNUSABLE)


@app.command()
def demo(
    data: Annotated[
        Path | None, typer.Option("--data", help="Data folder; otherwise EWN_DATA_DIR or var/demo.")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Assert every step of the story, leave summary.json, and end.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as one JSON document; what is told, on standard error.")
    ] = False,
) -> None:
    """Tell the whole story on bundled data, through the real API."""
    from workers.demo import run
    from workers.embedded import CannotServe, Unusable
    from workers.folder import FolderTaken

    conf = _settings(data or Path(os.environ.get("EWN_DATA_DIR") or "var/demo"))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # as Ctrl-C: the story breaks off, its service ends in order
    try:
        code = run(conf, once=once, as_json=as_json)
    except KeyboardInterrupt:
        _leave("Stopped before its end.", INTERRUPTED)
    except FolderTaken as taken:
        _leave(str(taken), TAKEN)
    except Unusable as reason:
        _leave(str(reason), UNUSABLE)
    except CannotServe as reason:
        _leave(str(reason), GAVE_UP)
    raise typer.Exit(code)


@app.command()
def doctor(data: Data = None) -> None:
    """Say in plain words what is wrong with this service and how to mend it; exit code 1 if anything is."""
    from workers.doctor import examine

    conf = _settings(data)
    findings = examine(conf)
    signs = {"well": "ok", "doubtful": "??", "broken": "!!"}
    for finding in findings:
        _say(f"{signs[finding.state]}  {finding.about}: {finding.what}")
        if finding.mend:
            _say(f"      {finding.mend}")
    raise typer.Exit(BROKEN if any(finding.state == "broken" for finding in findings) else 0)


@app.command()
def recount(
    data: Data = None,
    retag: Annotated[bool, typer.Option("--retag", help="Read the texts anew first: words or places changed.")] = False,
) -> None:
    """Count every report anew after an edit of the pack. The service goes on serving; its workers do the work."""
    _settings(data)
    _wire()
    from workers.recount import recount as count_anew

    _say(f"{count_anew(retag=retag)} reports handed to the workers")


@app.command("create-admin")
def create_admin(
    data: Data = None,
    if_none: Annotated[
        bool, typer.Option("--if-none", help="Do nothing when there is an administrator already.")
    ] = False,
    login: Annotated[str, typer.Option(help="Sign-in name; asked for when missing.")] = "",
    name: Annotated[str, typer.Option(help="The person's name; asked for when missing.")] = "",
    organisation: Annotated[str, typer.Option(help="Slug of the organisation that keeps the network.")] = "secretariat",
    role: Annotated[
        list[str] | None, typer.Option(help="A further role, with EWN_SOLO=true only; again for more.")
    ] = None,
) -> None:
    """Create an administrator. The password is asked for on the terminal, or read from EWN_ADMIN_PASSWORD."""
    _laid(_settings(data))
    from workers.first_run import create_administrator

    create_administrator(login=login, name=name, organisation=organisation, if_none=if_none, further=role or ())


@app.command()
def roles(
    login: Annotated[str, typer.Argument(help="Sign-in name of the person.")],
    role: Annotated[list[str], typer.Argument(help="Each role from now on, in place of those held before.")],
    data: Data = None,
) -> None:
    """Give a person roles, also whoever works alone and can ask nobody (with EWN_SOLO=true). It is on the record."""
    _laid(_settings(data))
    from workers.first_run import give_roles

    give_roles(login, role)


@app.command()
def recover(
    login: Annotated[str, typer.Argument(help="Sign-in name of the administrator.")],
    data: Data = None,
) -> None:
    """Print a link with which an administrator who lost password or second factor begins anew. It is on the record."""
    _laid(_settings(data))
    from workers.first_run import recovery_link

    link, until = recovery_link(login)
    _say(f"For {login} alone, to be used once until {until:%Y-%m-%d %H:%M} UTC:")
    _say(link)
    _say("It asks for a new password and ends the second factor and all sessions; until it is used, nothing changes.")


@quarantine.callback()
def quarantined(data: Data = None) -> None:
    """Work that failed all its tries: look at it, try it again."""
    _settings(data)


@quarantine.command("list")
def quarantine_list(data: Data = None) -> None:
    """List quarantined work: what failed, where in the code, and the trace to look for in the log."""
    _laid(_settings(data))
    from workers.quarantine import entries

    shown = entries()
    for entry in shown:
        told = f"{entry.reaction}  tries {entry.tries}  {entry.error}  {entry.trace}"
        _say(f"{entry.id}  {entry.at:%Y-%m-%d %H:%M:%SZ}  {told}")
    _say(f"{len(shown)} quarantined")
    if shown:
        _say("The worker's log tells more under the trace: keep it as a report, for it may hold words of one.")


@quarantine.command("retry")
def quarantine_retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers from ewn quarantine list; none: all.")] = None,
    data: Data = None,
) -> None:
    """Hand quarantined work to the workers once more; the relay takes it up by itself."""
    _laid(_settings(data))
    from workers.quarantine import retry

    _say(f"{retry(ids)} handed to the workers again")


@audit.callback()
def audited(data: Data = None) -> None:
    """What was done, as it was sealed: prove it, and sign what to keep elsewhere."""
    _laid(_settings(data))


@audit.command("verify")
def audit_verify(
    checkpoint: Annotated[Path | None, typer.Option(help="A checkpoint that was kept elsewhere.")] = None,
) -> None:
    """Recompute everything and name the first entry that is not what was sealed. Exit code: 0 clean, 1 tampered with,
    2 cannot be told."""
    from workers.auditing import verify

    verdict = verify(checkpoint)
    _say(f"{verdict.state}: {verdict.what}")
    raise typer.Exit({"clean": 0, "tampered": BROKEN, "untold": UNUSABLE}[verdict.state])


@audit.command("checkpoint")
def audit_checkpoint() -> None:
    """Seal what waits, sign what it comes to, and print it. Keep it where this machine cannot change it."""
    from workers.auditing import checkpoint

    try:
        _say(checkpoint())
    except LookupError as reason:
        _leave(str(reason), UNUSABLE)


def _begin(process: str) -> "Settings":
    """What every process of the service does first."""
    conf = _settings(None)
    from services.kernel import log
    from workers.processes import follow_parent

    follow_parent()
    log.configure(process)
    return conf


def _wire() -> None:
    """What every process does that publishes events or reacts to them."""
    importlib.import_module("workers.reactions")  # for what it does: it wires them
    from workers import nudge

    nudge.install()


def _stop_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _first_administrator(environment: dict[str, str]) -> None:
    from workers.embedded import EWN

    # A process of its own: the supervisor stays small, and Ctrl-C at a question leaves the service to us.
    command = [*EWN, "create-admin", "--if-none"]
    subprocess.run(command, env={**os.environ, **environment}, check=False)


if __name__ == "__main__":
    main()
