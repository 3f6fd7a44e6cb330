"""``ewn doctor``: what is wrong with this service, in plain words, and how to mend it."""

import os
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services import search
from services.kernel import health
from services.kernel.config import Settings
from workers import at_rest, auditing, filed, folder
from workers.findings import Finding
from workers.folder import Holder

SLOW = timedelta(seconds=health.STALE_SECONDS)
SKEW = timedelta(seconds=health.AHEAD_SECONDS)
LEAST_BYTES = 1_000_000_000
LEAST_SHARE = 0.05


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; never raises for what it finds."""
    data = settings.data_dir
    amiss = unusable(data)
    if amiss is not None:
        return [amiss, set_clock(settings.clock)]
    holder = folder.read(data)
    locked = folder.is_locked(data)
    looks: dict[str, Callable[[], Iterable[Finding]]] = {
        "data folder": lambda: [leftovers(data, holder, locked=locked)],
        "port": lambda: [port(settings, holder, locked=locked)],
        "disk": lambda: [disk(data, *_space(data))],
        "clock setting": lambda: [set_clock(settings.clock)],
        "solo mode": lambda: solo(settings),
        "secret": lambda: secret(settings),
        "key files": lambda: at_rest.keys(settings),
        "encryption": lambda: at_rest.at_rest(settings),
        "attachments": lambda: filed.files(settings),
        "scanner": lambda: filed.scanner(settings),
        "model suggestions": suggestions,
        "database": lambda: database(settings, serving=locked),
        "redis": lambda: [redis(settings, holder, locked=locked)],
    }
    findings: list[Finding] = []
    for about, look in looks.items():
        try:
            findings += look()
        except Exception as error:  # noqa: BLE001 -- a doctor who faints helps nobody
            findings.append(Finding(about, "broken", f"could not be looked at: {type(error).__name__}: {error}"))
    return findings


def unusable(data: Path) -> Finding | None:
    """Why this cannot be our data folder, if it cannot: a file is there or above it, or it is another user's."""
    about, mend = "data folder", "Choose another: --data folder, or EWN_DATA_DIR"
    place = data.absolute()
    try:
        while not os.path.lexists(place):  # a folder that we may not enter looks empty: see below
            place = place.parent
        if not place.is_dir():
            return Finding(about, "broken", f"{place} is no folder", mend)
        if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
            mend = f"Run it as that folder's user, or choose another: --data folder. Owner: user {place.stat().st_uid}"
            return Finding(about, "broken", f"{place} may not be read and written by this user", mend)
    except OSError as error:
        return Finding(about, "broken", f"{data} cannot be looked at: {error.strerror}", mend)
    return None


def secret(settings: Settings) -> Iterator[Finding]:
    """Whether all machines of one network seal with one key."""
    if settings.secret.get_secret_value():
        return
    path = settings.data_dir / "secret"
    if path.exists() and not path.stat().st_size:
        yield Finding(
            "secret", "broken", f"{path} is empty", "Put the key back, or remove the file: a new one is made."
        )
    elif not settings.database.startswith("sqlite"):
        what = f"EWN_SECRET is not set: the key lies in {settings.data_dir}, and each machine would make one of its own"
        mend = "Right on one machine. On more, give all the same EWN_SECRET, or one refuses the pages of another."
        yield Finding("secret", "doubtful", what, mend)


def leftovers(data: Path, holder: Holder | None, *, locked: bool) -> Finding:
    """Who holds the data folder: a service, nobody, or what is left of one that was killed."""
    about = "data folder"
    if not data.exists():
        mend = "Right before the first start; otherwise give the folder: --data, or EWN_DATA_DIR."
        return Finding(about, "doubtful", f"there is no {data} yet", mend)
    if not locked:
        return Finding(about, "well", f"{data} is free; nothing serves it")
    if holder is None:
        return Finding(
            about, "broken", f"{data} is locked by a process that has not said who it is", "Try again in a moment."
        )
    alive = holder.alive()
    if "supervisor" in alive:
        return Finding(about, "well", f"{data} is served by process {holder.supervisor}")
    names = ", ".join(f"{name} ({pid})" for name, pid in alive.items()) or "processes it did not name"
    mend = (
        f"They should end within a minute. If not: kill {' '.join(str(pid) for pid in alive.values())}" if alive else ""
    )
    return Finding(about, "broken", f"supervisor {holder.supervisor} has gone, but left orphans: {names}", mend)


def port(settings: Settings, holder: Holder | None, *, locked: bool) -> Finding:
    """Whether the API's port is free, ours, or another's."""
    about = "port"
    if locked and holder is not None and holder.url:
        from workers.embedded import healthy

        if healthy(holder.url):
            return Finding(about, "well", f"the service answers at {holder.url}")
        mend = "Just started? Try again in a moment. Otherwise see logs/api.log and logs/supervisor.log."
        return Finding(about, "broken", f"the service does not answer at {holder.url}", mend)
    if settings.port == 0 or _is_free(settings.host, settings.port):
        return Finding(about, "well", f"{settings.port or 'any free port'} is free")
    pid = _listener(settings.port)
    who = f"process {pid} ({_name(pid)})" if pid else "another program"
    mend = f"End it, or choose another port: EWN_PORT={settings.port + 1}"
    return Finding(about, "broken", f"{settings.port} is taken by {who}", mend)


def disk(data: Path, free: int, total: int) -> Finding:
    """Whether there is room: below 5 % or 1 GB the service is close to refusing reports."""
    share = free / total if total else 0.0
    room = f"{free / 1e9:.1f} GB free ({share:.0%}) where {data} lies"
    if free < LEAST_BYTES or share < LEAST_SHARE:
        return Finding(
            "disk", "broken", f"nearly full: {room}", "Make room; reports are refused, not lost, when it is full."
        )
    return Finding("disk", "well", room)


def set_clock(clock: str) -> Finding:
    """Whether the service lives in the present."""
    if clock == "system":
        return Finding("clock setting", "well", "the system's time")
    kind = "shifted by" if clock[:1] in "+-" else "frozen at"
    return Finding(
        "clock setting",
        "doubtful",
        f"time is {kind} {clock}",
        "Right for a replay or a test; otherwise unset EWN_CLOCK.",
    )


def solo(settings: Settings) -> Iterator[Finding]:
    """Whether one person may do what otherwise takes two."""
    if settings.solo:
        what = "on: roles may meet in one person, who may release an edition alone; every edition prints it"
        yield Finding("solo mode", "doubtful", what, "Right for a secretariat of one; otherwise unset EWN_SOLO.")


def suggestions() -> list[Finding]:
    """Whether a model suggests themes and related reports: nothing depends on it."""
    about = "model suggestions"
    if not search.installed():
        what = f"off: {search.MODEL} is not installed; the service works without it"
        return [
            Finding(
                about, "well", what, "To have them: .venv/bin/uv pip install --require-hashes -r requirements-ai.lock"
            )
        ]
    return [Finding(about, "well", f"on: {search.MODEL} is installed; what it says is told as a suggestion")]


def skew(ours: datetime, theirs: datetime) -> Finding:
    """Our time against the database server's."""
    apart = abs(ours - theirs)
    if apart <= SKEW:
        return Finding("clock", "well", "agrees with the database server's")
    what = f"is {apart.total_seconds():.0f} s away from the database server's"
    return Finding("clock", "broken", what, "Set both by NTP: deadlines, leases and sign-ins depend on it.")


def progress(beats: Mapping[str, datetime], now: datetime, *, serving: bool) -> list[Finding]:
    """Whether the workers work: the age of the last heartbeat task that was really executed, not of a ping."""
    if not serving:
        return [Finding("worker", "well", "not running")]
    last = beats.get(health.TASK)
    if last is None:
        mend = "Just started? Try again in a minute. Otherwise see logs/worker.log, logs/relay.log and logs/clock.log."
        return [Finding("worker", "doubtful", "has not executed a heartbeat task yet", mend)]
    findings = [Finding("worker", "well", f"made progress {_seconds(now - last)} ago")]
    if last - now > SKEW:
        mend = "The clock was set back, or two machines disagree: set all by NTP. It is well again at the next beat."
        findings = [Finding("worker", "broken", f"made progress {_seconds(last - now)} in the future", mend)]
    if now - last > SLOW:
        mend = "Restart the worker, and see logs/worker.log; work is kept in the database and goes on by itself."
        findings = [Finding("worker", "broken", f"has made no progress for {_seconds(now - last)}", mend)]
    for name, at in sorted(beats.items()):
        if name != health.TASK and now - at > SLOW:
            mend = "Restart it; if it was taken away on purpose, others do its work."
            findings.append(Finding(name, "doubtful", f"not heard of for {_seconds(now - at)}", mend))
        elif name != health.TASK and at - now > SKEW:
            findings.append(Finding(name, "doubtful", f"was heard of {_seconds(at - now)} in the future", ""))
    return findings


def behind(current: Sequence[str], newest: Sequence[str], *, data: Path) -> Finding:
    """Whether the tables are those this version expects."""
    if sorted(current) == sorted(newest):
        return Finding("tables", "well", "up to date")
    what = f"are at {', '.join(current)}, this version needs {', '.join(newest)}" if current else "have not been made"
    return Finding("tables", "broken", what, f"Run: .venv/bin/ewn migrate --data {data}")


def database(settings: Settings, *, serving: bool) -> Iterator[Finding]:
    """Whether the database answers, is up to date, agrees on the time, and shows the workers working."""
    from sqlalchemy import inspect, text
    from sqlalchemy.exc import SQLAlchemyError
    from sqlmodel import select

    from services.kernel import clock, db
    from services.kernel.events import Heartbeat

    db.connect(settings.database)
    shown = db.engine().url.render_as_string(hide_password=True)
    if db.engine().dialect.name == "sqlite" and not Path(db.engine().url.database or "").exists():
        mend = f"ewn serve or ewn migrate makes it: .venv/bin/ewn migrate --data {settings.data_dir}"
        yield Finding("database", "doubtful", f"{shown} is not there yet", mend)
        return
    try:
        with db.engine().connect() as connection:
            theirs = connection.execute(text("select current_timestamp")).scalar_one()
            at = (
                connection.execute(text("select version_num from alembic_version")).scalars().all()
                if inspect(connection).has_table("alembic_version")
                else ()
            )
        yield Finding("database", "well", f"{shown} answers")
        if isinstance(theirs, datetime):
            yield skew(datetime.now(UTC), theirs)
        state = behind(at, db.heads(), data=settings.data_dir)
        yield state
        if state.state != "well":
            return
        with db.reading() as session:
            beats = {beat.name: beat.at for beat in session.exec(select(Heartbeat)).all()}
            running = serving or db.engine().dialect.name != "sqlite"
            audited = list(auditing.findings(session, clock.now(), serving=running))
        yield from progress(beats, clock.now(), serving=running)
        yield from audited
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        mend = (
            "Start the database server, or mend EWN_DATABASE_URL."
            if settings.database_url
            else "Check the data folder."
        )
        yield Finding("database", "broken", f"{shown} does not answer: {reason}", mend)


def redis(settings: Settings, holder: Holder | None, *, locked: bool) -> Finding:
    """Whether the broker answers: the embedded one while it runs, or the operator's."""
    from workers import valkey

    own = "redis_url" in settings.model_fields_set and settings.redis_url
    address = own or (holder.redis_url if locked and holder else "")
    if not address:
        return Finding("redis", "well", "embedded; it starts with the service")
    if valkey.answers(address):
        return Finding("redis", "well", "answers")
    shown = address.rsplit("@", 1)[-1]
    mend = "Start it, or mend EWN_REDIS_URL. Reports are accepted meanwhile, and processed when it is back."
    return Finding("redis", "broken", f"{shown} does not answer", mend)


def _seconds(span: timedelta) -> str:
    return f"{max(span, timedelta()).total_seconds():.0f} s"


def _space(data: Path) -> tuple[int, int]:
    there = next(place for place in (data.resolve(), *data.resolve().parents) if place.exists())
    usage = shutil.disk_usage(there)
    return usage.free, usage.total


def _is_free(host: str, number: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError:
            return False
    return True


def _listener(number: int) -> int | None:
    """Who listens on a TCP port, where the system lets us know."""
    inodes: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                words = line.split()
                if words[3] == "0A" and int(words[1].rsplit(":", 1)[1], 16) == number:
                    inodes.add(f"socket:[{words[9]}]")
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if any(str(handle.readlink()) in inodes for handle in (process / "fd").iterdir()):
                return int(process.name)
    return None


def _name(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    return "unknown"
