"""The relay: leases waiting outbox rows and sends their ids to workers; an effect deletes the rows, never the relay."""

import logging
import socket
import threading
import time
from datetime import timedelta

import redis
from kombu.exceptions import OperationalError as BrokerDown
from sqlalchemy import select, update
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
QUEUED = 10  # messages that wait in the broker; more would outlive their lease there, be sent again, and pile up
ALONE_AFTER = 3  # rows sent this often go alone, so that one that kills its worker takes no neighbours along
APART = timedelta(seconds=30)  # between the clocks of two machines, at most
FULL_SECONDS = 0.02  # between looks at a full queue


def run(stop: threading.Event) -> None:
    """Relay until told to stop. Any number of relays may run."""
    tap = _Tap()
    name = f"relay:{socket.gethostname()}"
    beaten = 0.0
    while not stop.is_set():
        try:
            room = tap.room()
            moved = pass_on(max(0, room or 0))
            if time.monotonic() - beaten > 5:
                health.beat(name)
                with db.transaction() as session:
                    wind_back(session)
                beaten = time.monotonic()
        except (SQLAlchemyError, redis.RedisError, BrokerDown, OSError) as error:
            logger.warning("the relay waits: %s", type(error).__name__)
            room = None
            moved = 0
        if room is None:
            stop.wait(1)
        elif room <= 0:
            tap.wait_for_room(settings().relay_poll_seconds)
        elif moved < AT_ONCE:  # what was committed since has tapped
            tap.wait(settings().relay_poll_seconds)


def pass_on(room: int = QUEUED) -> int:
    """Give positions, lease what is due and send it in at most about `room` messages; how many rows were moved."""
    from workers.app import react

    messages: list[tuple[str, list[int]]] = []
    due: list[str] = []
    if room > 0:
        with db.reading() as session:
            due = _in_turn(_due(session), room)
    share = max(1, room // len(due)) if due else 0  # so that a backlog of one reaction does not keep others waiting
    with db.transaction() as session:  # of both, as each commit waits for the disk
        moved = sequencer.place(session)
        for reaction in due:
            most = 1 if reactions()[reaction].behind else share
            messages += [(reaction, ids) for ids in _lease(session, reaction, most)]
    for reaction, ids in messages:
        react.apply_async((reaction, ids))
    return moved + sum(len(ids) for _, ids in messages)


def _due(session: Session) -> list[str]:
    """The reactions that have rows to send."""
    now = clock.machine()
    return [
        name
        for name in reactions()
        if session.execute(
            select(OUTBOX.c.id).where(OUTBOX.c.reaction == name, OUTBOX.c.due_at <= now).limit(1)
        ).first()
    ]


def _in_turn(due: list[str], room: int) -> list[str]:
    """Those of the reactions whose turn it is: what goes behind all else waits until the queue is empty and nothing
    else is due."""
    live = [name for name in due if not reactions()[name].behind]
    return live if live or room < QUEUED else due


def _lease(session: Session, reaction: str, most: int) -> list[list[int]]:
    """Lease rows that are due, the oldest first: at most this many messages of row ids."""
    now = clock.machine()
    rows = session.execute(
        select(OUTBOX.c.id, OUTBOX.c.sends)
        .where(OUTBOX.c.reaction == reaction, OUTBOX.c.due_at <= now)
        .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
        .limit(most * AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    alone = [[row.id] for row in rows if row.sends >= ALONE_AFTER]
    together = list(db.batches((row.id for row in rows if row.sends < ALONE_AFTER), AT_ONCE))
    half = max(1, most // 2)
    messages = (alone[:half] + together + alone[half:])[:most]
    until = now + timedelta(seconds=settings().relay_lease_seconds)
    for ids in messages:
        session.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(due_at=until, sends=OUTBOX.c.sends + 1))
    return messages


def pause(tries: int) -> timedelta:
    """How long a row rests after this many failed tries."""
    return timedelta(seconds=0.5 * 2**tries)


def wind_back(session: Session) -> None:
    """Make due what no lease and no pause can have put off so far: the machine's clock was set back."""
    now = clock.machine()
    longest = max(timedelta(seconds=settings().relay_lease_seconds), pause(settings().reaction_tries - 1))
    put_off = OUTBOX.c.reaction.in_(reactions()), OUTBOX.c.due_at > now + longest + APART
    session.execute(update(OUTBOX).where(*put_off).values(due_at=now))


class _Tap:
    """Waits for a tap after a commit somewhere; without a broker it just waits."""

    def __init__(self) -> None:
        self._broker = redis.Redis.from_url(settings().redis_url, socket_timeout=2, socket_connect_timeout=2)
        self._heard: redis.client.PubSub | None = None

    def room(self) -> int | None:
        """How many messages the queue has room for; None if the broker is away: nothing may be leased then."""
        from workers.app import app

        try:
            return QUEUED - int(self._broker.llen(app.conf.task_default_queue))
        except (redis.RedisError, OSError) as error:
            logger.warning("the broker is away: %s", type(error).__name__)
            return None

    def wait_for_room(self, seconds: float) -> None:
        """Until the queue has room, or for this long."""
        until = time.monotonic() + seconds
        while (room := self.room()) is not None and room <= 0 and time.monotonic() < until:
            time.sleep(FULL_SECONDS)

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
