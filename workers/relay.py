"""The relay: leases waiting outbox rows and sends their ids to workers; an effect deletes the rows, never the relay."""

import logging
import socket
import threading
import time
from collections import defaultdict
from datetime import timedelta

import redis
from kombu.exceptions import OperationalError as BrokerDown
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from services.kernel import clock, db, health, sequencer
from services.kernel.config import settings
from services.kernel.events import Outbox, reactions
from services.kernel.model import table
from workers.nudge import CHANNEL

logger = logging.getLogger(__name__)
OUTBOX = table(Outbox)
AT_ONCE = 100
WINDOW = 3000  # rows out at a time and reaction: more would outlive their lease in the queue and be sent twice
ALONE_AFTER = 3  # rows sent this often go alone, so that one that kills its worker takes no neighbours along


def run(stop: threading.Event) -> None:
    """Relay until told to stop. Any number of relays may run."""
    tap = _Tap()
    name = f"relay:{socket.gethostname()}"
    beaten = 0.0
    while not stop.is_set():
        try:
            with db.transaction() as session:
                moved = sequencer.place(session)
            tap.reach()  # or a broker that is away would make every waiting row look as if its workers died of it
            moved += pass_on()
            if time.monotonic() - beaten > 5:
                health.beat(name)
                beaten = time.monotonic()
        except (SQLAlchemyError, redis.RedisError, BrokerDown, OSError) as error:
            logger.warning("the relay waits: %s", type(error).__name__)
            stop.wait(1)
            continue
        if not moved:
            tap.wait(settings().relay_poll_seconds)


def pass_on() -> int:
    """Lease what is due and send it; returns how many rows were sent."""
    from workers.app import react

    messages: list[tuple[str, list[int]]] = []
    with db.reading() as session:
        due = _due(session)
    if not due:
        return 0
    with db.transaction() as session:
        for reaction in due:
            messages += _lease(session, reaction)
    for reaction, ids in messages:
        react.apply_async((reaction, ids))
    return sum(len(ids) for _, ids in messages)


def _due(session: Session) -> list[str]:
    """The reactions that have rows to send."""
    now = clock.now()
    return [
        name
        for name in reactions()
        if session.execute(
            select(OUTBOX.c.id).where(OUTBOX.c.reaction == name, OUTBOX.c.due_at <= now).limit(1)
        ).first()
    ]


def _lease(session: Session, reaction: str) -> list[tuple[str, list[int]]]:
    now = clock.now()
    out = session.execute(
        select(func.count()).select_from(OUTBOX).where(OUTBOX.c.reaction == reaction, OUTBOX.c.due_at > now)
    ).scalar_one()
    room = min(WINDOW - out, AT_ONCE * 10)
    if room <= 0:
        return []
    rows = session.execute(
        select(OUTBOX.c.id, OUTBOX.c.sends)
        .where(OUTBOX.c.reaction == reaction, OUTBOX.c.due_at <= now)
        .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
        .limit(room)
        .with_for_update(skip_locked=True)
    ).all()
    until = now + timedelta(seconds=settings().relay_lease_seconds)
    for some in db.batches(rows, 500):
        ids = [row.id for row in some]
        session.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(due_at=until, sends=OUTBOX.c.sends + 1))
    together: dict[bool, list[int]] = defaultdict(list)
    for row in rows:
        together[row.sends >= ALONE_AFTER].append(row.id)
    return [(reaction, ids) for ids in db.batches(together[False], AT_ONCE)] + [
        (reaction, [one]) for one in together[True]
    ]


class _Tap:
    """Waits for a tap after a commit somewhere; without a broker it just waits."""

    def __init__(self) -> None:
        self._broker = redis.Redis.from_url(settings().redis_url, socket_timeout=2, socket_connect_timeout=2)
        self._heard: redis.client.PubSub | None = None

    def reach(self) -> None:
        """Raises what the broker's client raises when the broker is away."""
        self._broker.ping()

    def wait(self, seconds: float) -> None:
        """Until a tap, or for this long."""
        try:
            if self._heard is None:
                self._heard = self._broker.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis has no type for it
                self._heard.subscribe(CHANNEL)
            self._heard.get_message(timeout=seconds)
            while self._heard.get_message(timeout=0):
                pass
        except (redis.RedisError, OSError):
            self._heard = None
            time.sleep(seconds)
