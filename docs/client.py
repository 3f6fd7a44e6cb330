"""A client of the early-warning network for one key: hands in, follows changes, fetches digests. Make it yours.

Needs Python 3.11 and httpx. What may go well later is tried again, after as long as the network asks for; nothing is
stored twice. docs/client.md shows it at work.
"""
# ruff: noqa: INP001 -- a file to take along, no package

import gzip
import json
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypedDict, cast

import httpx

AGAIN = {408, 429, 500, 502, 503, 504}  # what may go well later; all else is for you to mend
BULK = "/v1/reports/bulk"
LINES = 5_000  # sent at once: of a dropped line so many are sent again


class Receipt(TypedDict):
    """What you keep of a report that you handed in."""

    reference: str
    revision: int
    received_at: str
    digest: str


class Change(TypedDict):
    """`given`: put `report` in the place of what you have of it; `withdrawn`, `lost`: delete what you have."""

    change: str
    reference: str
    report: dict[str, Any] | None


class Refused(Exception):
    """The network refuses it, for what `problem` says (docs/problems.md): to repeat it is of no use."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('title', '')}: {problem.get('detail', '')}")
        self.status, self.problem = status, problem


class Client:
    """One key of one organisation. `tries`: how often a thing is tried; `wait`: how seconds are waited."""

    def __init__(self, url: str, key: str, *, tries: int = 6, wait: Callable[[float], object] = time.sleep) -> None:
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=120)
        self._tries, self._wait = tries, wait
        self.close = self._http.close

    def submit(self, report: dict[str, Any], *, key: str = "") -> Receipt:
        """Hand in a report. `key`: yours, to repeat it by even after your program was started anew."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return cast(Receipt, self._ask("POST", "/v1/reports", json=report, headers=headers).json())

    def submit_many(self, reports: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Hand in many, each with an `own_reference`; one answer for each, in order. `status` 202: it is stored."""
        rest = iter(reports)
        while some := tuple(islice(rest, LINES)):
            if not all(one.get("own_reference") for one in some):
                raise ValueError("give each an own_reference: without one it is stored again when it is sent again")
            yield from self._lines(some)

    def changes(self, cursor: str = "") -> Iterator[tuple[Change, str]]:
        """What changed for you since the cursor, each with the cursor to keep once it is applied."""
        more = True
        while more:
            before, page = cursor, self._ask("GET", "/v1/changes", params={"cursor": cursor} if cursor else {}).json()
            *first, last = page["changes"] or [None]
            cursor, more = page["cursor"], page["more"]
            yield from ((one, before) for one in first)  # until the last is applied, this page is not
            if last is not None:
                yield last, cursor

    def digest(self, reference: str, *, form: str = "pdf", language: str = "en") -> bytes:
        """An edition as you may read it: pdf, html or json."""
        return self._ask("GET", f"/v1/digests/{reference}/document.{form}", params={"language": language}).content

    def _lines(self, reports: tuple[dict[str, Any], ...]) -> Iterator[dict[str, Any]]:
        """Send lines, and again those that could not be taken just now, until each has an answer that lasts."""
        answers: list[dict[str, Any]] = [{"status": 503}] * len(reports)
        for tried in range(self._tries):
            todo = [n for n, answer in enumerate(answers) if answer["status"] in AGAIN]
            if not todo:
                break
            self._wait(min(2.0**tried, 60) if tried else 0)
            packed = gzip.compress(b"".join(json.dumps(reports[n]).encode() + b"\n" for n in todo))
            headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
            for answer in map(json.loads, self._ask("POST", BULK, content=packed, headers=headers).iter_lines()):
                if answer["line"] <= len(todo):
                    answers[todo[answer["line"] - 1]] = answer
        for report, answer in zip(reports, answers, strict=True):
            yield answer | {"own_reference": report["own_reference"]}

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        for tried in range(1, self._tries + 1):
            wait = min(2.0**tried, 60)
            try:
                answer = self._http.request(method, path, **more)
            except httpx.TransportError:  # a dropped line: whether it was taken is learned by asking again
                if tried == self._tries:
                    raise
            else:
                if "Sunset" in answer.headers:
                    ends = f"{path} ends at {answer.headers['Sunset']}: see docs/api.md"
                    warnings.warn(ends, DeprecationWarning, stacklevel=3)
                if answer.is_success:
                    return answer
                if answer.status_code not in AGAIN or tried == self._tries:
                    problem = "json" in answer.headers.get("Content-Type", "")
                    raise Refused(answer.status_code, answer.json() if problem else {})
                wait = float(answer.headers.get("Retry-After", wait))
            self._wait(wait)
        raise AssertionError("every last try has returned or raised")
