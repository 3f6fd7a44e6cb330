"""One thread drains whatever waits, settles (commits, or checks) it at once, and only then answers each who waits."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, Protocol, TypeVar

from services.kernel import log
from services.kernel.errors import TooBusy

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 256
WAITING = 4096


class Traced(Protocol):
    """What can wait: it knows the request that it came from."""

    @property
    def trace(self) -> str: ...


S = TypeVar("S", bound=Traced)
T = TypeVar("T")


class Together(Generic[S, T]):
    """`settle` is given all that waits, one batch after the other. `hand_in` gives a future that is done once the batch
    that holds it is settled; `busy` is what is said while too much waits, `fault` what is answered for a bug."""

    def __init__(
        self,
        name: str,
        settle: Callable[[Sequence[S]], Sequence[T | Exception]],
        *,
        busy: str,
        fault: Callable[[], Exception],
    ) -> None:
        self._name = name
        self._settle = settle
        self._busy = busy
        self._fault = fault
        self._queue: queue.Queue[tuple[S, Future[T]] | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def hand_in(self, one: S) -> Future[T]:
        """Queue one; the future holds its outcome, or raises the problem it was refused with."""
        self._start()
        future: Future[T] = Future()
        try:
            self._queue.put_nowait((one, future))
        except queue.Full:
            raise TooBusy(self._busy, headers={"Retry-After": "2"}) from None
        return future

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(timeout=30)
            self._thread = None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            waiting = [first]
            while len(waiting) < MOST_AT_ONCE:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    self._answer(waiting)
                    return
                waiting.append(more)
            self._answer(waiting)

    def _answer(self, waiting: list[tuple[S, Future[T]]]) -> None:
        # Whoever has gone meanwhile is left out; from here on no future can be cancelled under our hands.
        waiting = [one for one in waiting if one[1].set_running_or_notify_cancel()]
        if not waiting:
            return
        outcomes: Sequence[T | Exception]
        log.trace.set(waiting[0][0].trace)  # of what goes wrong with the batch as a whole
        try:
            outcomes = self._settle([one for one, _ in waiting])
        except Exception:  # the thread must live, or all who wait would wait for ever
            logger.exception("a batch of %d failed", len(waiting))
            outcomes = [self._fault() for _ in waiting]
        for (_, future), outcome in zip(waiting, outcomes, strict=True):
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
