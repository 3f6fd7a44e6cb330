"""How often one caller may ask: counted in Redis for all processes together, and open where Redis does not answer.

Requests are taken from Redis some at a time and spent from memory, so that a busy caller costs no round trip for each.
Never for sign-in, which must not open: its failures are counted in the database.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import redis
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from services.kernel.config import settings
from services.kernel.errors import TooMany

logger = logging.getLogger(__name__)
REDIS_SECONDS = 0.1  # a Redis that answers takes 1 ms; one that hangs costs one request this, and then nobody
BROKEN_SECONDS = 5.0  # how long Redis is left alone after a failure
LEASE_SECONDS = 1.0  # requests taken ahead and not made by then are lost to their caller
MOST_AHEAD = 64
QUOTA_BLOCKS = 1_000  # the quota is taken in this many parts: each is one more round trip
REFUSED_SECONDS = 60.0  # how long a refusal is kept in memory at most, though the caller is told the whole wait
MOST_CALLERS = 10_000  # remembered; more only means to ask Redis again


@dataclass
class _Held:
    """What one caller has been given ahead."""

    left: int = 0
    until: float = 0.0
    ahead: int = 1
    quota: int = 0
    refused_until: float = 0.0
    free_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Breaker:
    """Keeps everybody from a server that failed; after a while one tries, and the others still pass it by."""

    def __init__(self) -> None:
        self._until = 0.0
        self._lock = threading.Lock()

    @property
    def open(self) -> bool:
        """Whether the server is left alone at this moment."""
        return time.monotonic() < self._until

    def call(self, act: Callable[[], bool]) -> bool:
        """What `act` says; True, without asking, where the server does not answer."""
        with self._lock:
            if self.open:
                return True
            trying = self._until > 0
            if trying:
                self._until = time.monotonic() + BROKEN_SECONDS
        try:
            said = act()
        except (redis.RedisError, OSError) as error:
            self._until = time.monotonic() + BROKEN_SECONDS
            logger.warning("requests are not counted for %.0f s: %s", BROKEN_SECONDS, type(error).__name__)
            return True
        if trying:
            self._until = 0.0
        return said


class Rates:
    """The rate and the quota of every caller, over one Redis."""

    def __init__(self, url: str, rate_per_minute: int, quota_per_day: int) -> None:
        waits = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
        pool = redis.ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 0), **waits)
        self._counter = SlidingWindowCounterRateLimiter(RedisStorage("redis://", connection_pool=pool))
        self._rate = RateLimitItemPerMinute(rate_per_minute, namespace="ewn")
        self._quota = RateLimitItemPerDay(quota_per_day, namespace="ewn")
        self._part = max(1, quota_per_day // QUOTA_BLOCKS)
        self._held: dict[str, _Held] = {}
        self.breaker = Breaker()

    def at_hand(self, who: str) -> bool:
        """Spend a request that was taken before. False: ask `spend`, which may wait for Redis."""
        held = self._held.get(who)
        if held is None or not held.lock.acquire(blocking=False):
            return self.breaker.open
        try:
            return self._from_memory(held) or (self.breaker.open and time.monotonic() >= held.refused_until)
        finally:
            held.lock.release()

    def spend(self, who: str) -> None:
        """Spend one request.

        Raises:
            TooMany: the rate or the quota is used up; `Retry-After` says for how many seconds.
        """
        held = self._of(who)
        with held.lock:
            if self._from_memory(held):
                return
            now = time.monotonic()
            if now < held.refused_until:
                raise _refusal(held.free_at - now, again=True)
            used_up = held.left == 0
            held.ahead = min(MOST_AHEAD, held.ahead * 2) if used_up and now < held.until else max(1, held.ahead // 2)
            for ahead in dict.fromkeys((held.ahead, 1)):
                if self._hit(self._rate, who, ahead):
                    break
            else:
                self._refuse(held, self._rate, who)
            if held.quota < ahead:
                part = max(self._part, ahead)
                for more in dict.fromkeys((part, ahead)):
                    if self._hit(self._quota, who, more):
                        held.quota += more
                        break
                else:
                    self._refuse(held, self._quota, who)
            held.quota -= ahead
            held.left, held.until = ahead - 1, time.monotonic() + LEASE_SECONDS

    def _of(self, who: str) -> _Held:
        if len(self._held) > MOST_CALLERS:
            self._held.clear()
        return self._held.setdefault(who, _Held())

    @staticmethod
    def _from_memory(held: _Held) -> bool:
        if held.left and time.monotonic() < held.until:
            held.left -= 1
            return True
        return False

    def _hit(self, limit: RateLimitItem, who: str, cost: int) -> bool:
        return self.breaker.call(lambda: self._counter.hit(limit, who, cost=cost))

    def _refuse(self, held: _Held, limit: RateLimitItem, who: str) -> None:
        free_in = 1.0

        def ask() -> bool:
            nonlocal free_in
            free_in = max(1.0, self._counter.get_window_stats(limit, who).reset_time - time.time())
            return True

        self.breaker.call(ask)
        now = time.monotonic()
        held.free_at = now + free_in
        held.refused_until = now + min(free_in, REFUSED_SECONDS)
        held.left, held.ahead = 0, 1
        raise _refusal(free_in)


def _refusal(seconds: float, *, again: bool = False) -> TooMany:
    wait = str(max(1, math.ceil(seconds)))
    made = TooMany("Wait before the next request, or send many reports in one upload.", headers={"Retry-After": wait})
    made.again = again
    return made


def at_hand(who: str) -> bool:
    """Spend a request of this caller without waiting for anything, if one is left in memory."""
    return _rates().at_hand(who)


def spend(who: str) -> None:
    """Spend a request of this caller, or refuse it with TooMany. May wait for Redis a moment: for threads."""
    _rates().spend(who)


def _rates() -> Rates:
    held = settings()
    return _of_settings(held.redis_url, held.rate_per_minute, held.quota_per_day)


@lru_cache(maxsize=4)
def _of_settings(url: str, rate: int, quota: int) -> Rates:
    return Rates(url, rate, quota)
