"""A tap on the relay's shoulder after a commit: from a thread of its own, so that no request waits for the broker."""

import threading

import redis

from services.kernel import db
from services.kernel.config import settings

CHANNEL = "ewn:nudge"
_wanted = threading.Event()
_thread: threading.Thread | None = None
_never = threading.Event()


def install() -> None:
    """Tap after every commit of this process that published something."""
    if nudge not in db.hooks():
        db.after_commit(nudge)


def nudge() -> None:
    """Ask for a tap; returns at once. Lost taps cost only the relay's polling interval."""
    global _thread
    _wanted.set()
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_tap, name="nudge", daemon=True)
        _thread.start()


def _tap() -> None:
    broker = redis.Redis.from_url(settings().redis_url, socket_timeout=1, socket_connect_timeout=1)
    while _wanted.wait():
        _wanted.clear()
        try:
            broker.publish(CHANNEL, "")
        except redis.RedisError:
            _never.wait(0.5)  # a broker that is away is not asked at every commit
