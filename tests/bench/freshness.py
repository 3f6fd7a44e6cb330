"""Rows of freshness: from the 202 of a report to the series that shows it, at half the capacity of the service."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.bench import texts
from tests.bench.rows import Row, percentile
from tests.bench.stage import Servers
from tests.bench.whole import whole

DAY = "2026-10-10"
QUERY = f"/v1/indicators/incidents-reported/series?grain=day&from={DAY}&to={DAY}&place="


def rows(_servers: Servers, *, full: bool, seconds: float = 8.0, burst: int = 400) -> Iterator[Row]:
    """Send a burst to learn the capacity, then half as many a second, and look at the series all the time."""
    seconds, burst = (120.0, 5_000) if full else (seconds, burst)
    with whole() as (service, world):
        line = _Line(service.url, world.keys["one"], _place())
        line.burst(50)
        line.until(50)
        began = time.perf_counter()
        line.burst(burst)
        line.until(burst + 50)
        capacity = burst / (time.perf_counter() - began)
        pace = capacity / 2
        number = int(pace * seconds)
        waits = line.paced(number, pace, before=burst + 50)
    scale = f"SQLite, one machine; {number} reports at {pace:.0f}/s, half of {capacity:.0f}/s"
    yield Row("accepted to visible in the series, p50", percentile(waits, 0.5), "s", 0.3, "lower", scale)
    yield Row("accepted to visible in the series, p99", percentile(waits, 0.99), "s", 1.0, "lower", scale)


def _place() -> str:
    return str(texts.body(0)["place"])


class _Line:
    """One client of the service: hands in reports of one day and place, and reads their series."""

    def __init__(self, url: str, key: str, place: str) -> None:
        where = urlsplit(url)
        self._where = (where.hostname or "", where.port or 0)
        self._head = {"Authorization": f"Bearer {key}"}
        self._place = place
        self._number = 0

    def value(self, connection: http.client.HTTPConnection) -> int:
        """What the series shows now."""
        connection.request("GET", QUERY + self._place, headers=self._head)
        (point,) = json.loads(connection.getresponse().read())["points"]
        return int(point["value"])

    def burst(self, number: int) -> None:
        """Hand in many at once."""
        lines = b"\n".join(self._body() for _ in range(number))
        connection = self._connect()
        connection.request(
            "POST", "/v1/reports/bulk", body=lines, headers={**self._head, "Content-Type": "application/x-ndjson"}
        )
        answer = connection.getresponse().read()
        assert answer.count(b'"status":202') == number, answer[:500]

    def until(self, value: int) -> None:
        """Until the series shows this value."""
        connection = self._connect()
        deadline = time.monotonic() + 300
        while (now := self.value(connection)) < value:
            assert time.monotonic() < deadline, f"the series stands at {now}, not {value}"
            time.sleep(0.05)
        assert now == value, f"the series shows {now} of {value}"

    def paced(self, number: int, pace: float, *, before: int) -> list[float]:
        """Hand in at a pace; the seconds from the n-th answer to the n-th more in the series."""
        accepted: list[float] = []
        sender = threading.Thread(target=self._send, args=(number, pace, accepted), daemon=True)
        sender.start()
        connection = self._connect()
        shown: list[float] = []
        deadline = time.monotonic() + number / pace + 60
        while len(shown) < number:
            now = self.value(connection)
            shown += [time.perf_counter()] * (now - before - len(shown))
            assert time.monotonic() < deadline, f"{len(shown)} of {number} are in the series"
            time.sleep(0.02)
        sender.join()
        return [max(0.0, seen - given) for given, seen in zip(accepted, shown, strict=True)]

    def _send(self, number: int, pace: float, accepted: list[float]) -> None:
        connection = self._connect()
        began = time.perf_counter()
        for n in range(number):
            time.sleep(max(0.0, began + n / pace - time.perf_counter()))
            connection.request(
                "POST", "/v1/reports", body=self._body(), headers={**self._head, "Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            answer.read()
            assert answer.status == http.HTTPStatus.ACCEPTED
            accepted.append(time.perf_counter())

    def _body(self) -> bytes:
        self._number += 1
        return texts.raw(self._number, place=self._place, occurred_from=DAY, occurred_to=DAY)

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(*self._where, timeout=60)
