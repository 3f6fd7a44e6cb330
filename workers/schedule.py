"""The clock: says what is due and nothing else; any number of clocks run, each period of each job is done once."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

import redis
from kombu.exceptions import OperationalError as BrokerDown
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from services import (
    assignments,
    attachments,
    definitions,
    dialogue,
    digests,
    exchange,
    network,
    reports,
    search,
    tagging,
)
from services.kernel import checkpoints, clock, daykeys, db, health, jobs, sealing

logger = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
BEAT_SECONDS = 10.0
REPLAYED = "replay"  # the job under which stands how far the days were replayed
Work: TypeAlias = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Job:
    """Work by the clock: `run(session, at, since)` does what fell due after `since`, and may run twice.

    Prompt jobs are short and must be at most a minute late: they have a loop of their own, which no long one holds up.
    A job `apart` only reads, and gives the works that are due: each has transactions of its own, so that none waits for
    another, and one that fails undoes no other. What a job `daily` does depends on the day on which it runs; any other
    does at the end of many days what it would have done on each.
    """

    name: str
    every: timedelta
    run: Callable[[Session, datetime, datetime], Any]
    prompt: bool = False
    apart: bool = False
    daily: bool = False


def _digests(session: Session, at: datetime, since: datetime) -> list[Work]:
    due = digests.due(session, at=at, since=since)
    return [partial(digests.build_once, schedule=schedule, period=period) for schedule, period in due]


def _keys(session: Session, at: datetime, _since: datetime) -> object:
    return reports.forget_keys(session, at=at)


def _groups(session: Session, at: datetime, _since: datetime) -> object:
    return network.groups_due(session, at=at)


def _remarkings(session: Session, at: datetime, _since: datetime) -> object:
    return reports.remarkings_due(session, at)


def _uploads(session: Session, at: datetime, _since: datetime) -> object:
    return reports.forget_uploads(session, at=at)


def _feeds(session: Session, _at: datetime, _since: datetime) -> object:
    return exchange.forget_feeds(session)


def _wash(session: Session, at: datetime, _since: datetime) -> object:
    return reports.wash_due(session, at=at)


def _requests(session: Session, at: datetime, _since: datetime) -> object:
    return reports.requests_due(session, at)


def _inquiries(session: Session, at: datetime, _since: datetime) -> object:
    return dialogue.inquiries_due(session, at)


def _expected(session: Session, at: datetime, _since: datetime) -> list[Work]:
    due = assignments.reminders_due(session, at)
    return [partial(assignments.remind, some, at=at) for some in db.batches(due, 200)]


def _retention(session: Session, at: datetime, _since: datetime) -> list[Work]:
    return [partial(reports.keep, some, at=at) for some in reports.retention_due(session, at=at)]


def _screenings(session: Session, _at: datetime, _since: datetime) -> list[Work]:
    return [partial(tagging.screen_again, some) for some in tagging.screenings_due(session)]


def _meanings(session: Session, _at: datetime, _since: datetime) -> list[Work]:
    return [partial(search.make, some) for some in search.meanings_due(session)]


def _retag(session: Session, at: datetime, _since: datetime) -> list[Work]:
    return [partial(definitions.retag_once, at=at)] if definitions.open_run(session) is not None else []


def _rescans(session: Session, at: datetime, _since: datetime) -> object:
    return attachments.rescans_due(session, at=at)


def _sweep(session: Session, _at: datetime, _since: datetime) -> list[Work]:
    return [partial(attachments.sweep, some) for some in attachments.sweep_due(session)]


def _sign_ins(session: Session, at: datetime, _since: datetime) -> None:
    network.forget_sign_ins(session, at=at)
    network.invitations.forget_due(session, at=at)


def _seal(session: Session, _at: datetime, _since: datetime) -> list[Work]:
    blocks = -(-sealing.waiting(session) // sealing.MOST)
    return [sealing.seal_once] * min(blocks, sealing.AT_ONCE)


def _checkpoint(session: Session, at: datetime, _since: datetime) -> list[Work]:
    return [_sign] if checkpoints.due(session, at) else []


def _sign() -> None:
    try:
        checkpoints.sign_latest()
    except checkpoints.NoAuditKey as reason:
        logger.error("no checkpoint was signed: %s", reason)  # noqa: TRY400 -- said in full, and again in a while


def _day_keys(session: Session, at: datetime, _since: datetime) -> None:
    daykeys.forget(session, at)


JOBS = (
    Job("groups", timedelta(seconds=5), _groups, prompt=True, daily=True),
    Job("remarkings", timedelta(seconds=5), _remarkings, prompt=True, daily=True),
    Job("requests", timedelta(seconds=5), _requests, prompt=True, daily=True),
    Job("inquiries", timedelta(minutes=1), _inquiries, daily=True),
    Job("digests", timedelta(seconds=20), _digests, apart=True, daily=True),
    Job("expected", timedelta(minutes=1), _expected, apart=True, daily=True),
    Job("retention", timedelta(minutes=10), _retention, apart=True),
    Job("screenings", timedelta(minutes=1), _screenings, apart=True),
    Job("meanings", timedelta(minutes=1), _meanings, apart=True),
    Job("retag", timedelta(seconds=1), _retag, apart=True),
    Job("rescan", timedelta(minutes=1), _rescans),
    Job("sweep", timedelta(hours=1), _sweep, apart=True),
    Job("forget-keys", timedelta(hours=1), _keys),
    Job("forget-uploads", timedelta(minutes=10), _uploads),
    Job("forget-feeds", timedelta(hours=1), _feeds),
    Job("forget-beats", timedelta(hours=1), health.forget_beats),
    Job("forget-sign-ins", timedelta(hours=1), _sign_ins),
    Job("seal", timedelta(seconds=5), _seal, apart=True),
    Job("checkpoint", timedelta(minutes=5), _checkpoint, apart=True),
    Job("forget-day-keys", timedelta(hours=1), _day_keys),
    Job("wash", timedelta(minutes=1), _wash),
)


def run(stop: threading.Event) -> None:
    """Run what is due until told to stop: what must be prompt in a thread, everything else here."""
    db.engine()  # made once, before two threads ask for it
    prompt = threading.Thread(target=_loop, args=(stop, [job for job in JOBS if job.prompt]), name="prompt-jobs")
    prompt.start()
    try:
        _loop(stop, [job for job in JOBS if not job.prompt], each=_Beat())
    finally:
        stop.set()
        prompt.join()


def _loop(stop: threading.Event, jobs: Sequence[Job], each: Callable[[], None] = lambda: None) -> None:
    due: dict[str, float] = {}  # by the time that nobody sets back: an hour less on the wall stops no job
    while not stop.is_set():
        each()
        for job in jobs:
            if due.get(job.name, 0.0) <= time.monotonic():
                due[job.name] = time.monotonic() + job.every.total_seconds()
                _run(job)
        stop.wait(LOOK_SECONDS)


class _Beat:
    """Says every ten seconds that the clock is alive."""

    def __init__(self) -> None:
        self._beaten = float("-inf")

    def __call__(self) -> None:
        from workers.app import beat

        if time.monotonic() - self._beaten <= BEAT_SECONDS:
            return
        try:
            self._beaten = time.monotonic()
            health.beat("clock")
            beat.apply_async(expires=60)
        except (redis.RedisError, BrokerDown, SQLAlchemyError, OSError) as error:
            logger.warning("no heartbeat was sent: %s", type(error).__name__)


def _run(job: Job) -> None:
    with _logged(job):
        do(job, clock.now())


def do(job: Job, at: datetime, since: datetime | None = None) -> None:
    """Do what is due of a job: all of it in one transaction, or each work apart, a failing one logged."""
    with db.reading() if job.apart else db.transaction() as session:
        works = job.run(session, at, since or network.began(session))
    for work in works if job.apart else ():
        with _logged(job):
            work()


@contextmanager
def _logged(job: Job) -> Iterator[None]:
    try:
        yield
    except Exception:  # a bug in one job must not stop the clock for the others
        logger.exception("the job %s failed and is tried again", job.name)


def replay(first: datetime, last: datetime) -> int:
    """Run the due jobs of each day that was not yet replayed, in order; returns how many days. Deliveries stay off."""
    with db.reading() as session:
        reached = max(jobs.done(session, REPLAYED), default="")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    fresh = [at for at in days if at.isoformat() > reached]
    daily = [job for job in JOBS if job.daily]
    for some in db.batches(fresh, 100):
        for at in some:
            with db.transaction() as session:  # one for all of a day: nobody waits, and thousands of days go by
                for job in daily:
                    if not job.apart:
                        job.run(session, at, first)
            for job in daily:
                if job.apart:
                    do(job, at, first)
        with db.transaction() as session:
            jobs.once(session, REPLAYED, some[-1].isoformat())
    for job in JOBS:
        do(job, last, first)
    return len(fresh)
