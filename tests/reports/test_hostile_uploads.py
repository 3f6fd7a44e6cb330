"""Hundreds of hostile bulk bodies, sent to a process of its own: clear refusals, nothing lost, memory bounded."""

import contextlib
import json
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from services.kernel import db
from services.kernel.model import table
from services.network import NewOrganisation, enrol
from services.reports import Report
from tests.chaos.fleet import Fleet, fleet
from tests.reports.hostile_bodies import FAMILIES, Body, bodies
from tests.world import EVERYTHING, World, report

pytestmark = pytest.mark.one_kind
EACH = 25  # of each family, on each database
REPORT = table(Report)
LINE = {202, 400, 403, 413, 422}  # what a line may be answered
WHOLE = {400, 411, 413, 415}  # what a body may be answered that holds no line
GROWTH_KB = 120_000  # what two chunks of the longest lines take, their answers, and what Python keeps for later


@pytest.fixture
def service(database: str, configured: Path) -> Iterator[Fleet]:
    """The API alone; Redis is away."""
    with fleet(configured, database, "redis://127.0.0.1:1/0", clock="2026-11-01T12:00:00+00:00") as made:
        made.start("api")
        yield made


@pytest.fixture
def key(service: Fleet) -> str:
    with db.transaction() as session:
        enrol(session, NewOrganisation(slug="north", name_en="North", name_ru="North", kind="state"), by=None)
    return World.key(None, "north", EVERYTHING)  # type: ignore[arg-type]


def test_hostile_bodies_are_refused_clearly_and_lose_nothing_in_bounded_memory(service: Fleet, key: str) -> None:
    where = httpx.URL(service.urls["api"])
    send(where, key, Body("warm", b"".join(json.dumps(report(number=n)).encode() + b"\n" for n in range(2_000))))
    forget_memory(service)
    before = memory(service)
    stored: set[str] = set()
    met: Counter[str] = Counter()
    for body in bodies(EACH):
        status, answers = send(where, key, body)
        met[body.family] += 1
        if status is None:
            assert body.cut, f"{body.family}: no answer"
            continue
        assert status in WHOLE | {200}, f"{body.family}: {status} {answers[:1]}"
        assert all(one["status"] in LINE and (one["status"] == 202 or one["title"]) for one in answers), body.family
        assert [one["line"] for one in answers] == sorted({one["line"] for one in answers}), body.family
        taken = [one["reference"] for one in answers if one["status"] == 202]
        assert len(taken) >= len(body.good) or status != 200, f"{body.family}: good lines were refused: {answers}"
        stored |= set(taken)
    assert sum(met.values()) == EACH * len(FAMILIES) >= 400
    assert httpx.get(f"{where}/healthz").status_code == 200
    with db.reading() as session:
        held = set(session.execute(select(REPORT.c.reference)).scalars())
    assert stored <= held, "what was answered 202 is stored"
    assert memory(service) - before < GROWTH_KB
    assert "Traceback" not in service.log("api")


def send(where: httpx.URL, key: str, body: Body) -> tuple[int | None, list[dict[str, object]]]:
    """Send a body as it is over a connection of its own: the status, and the answers to its lines; None: none came."""
    headers = {
        "Host": "ewn", "Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson", "Connection": "close",
        "Content-Length": str(len(body.content) if body.told is None else body.told),
    } | body.headers  # fmt: skip
    head = "POST /v1/reports/bulk HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((where.host, where.port or 80), timeout=60) as line:
        with contextlib.suppress(ConnectionError):  # it has answered before it had all
            line.sendall(head.encode("latin-1") + b"\r\n" + body.content)
        if body.cut:
            line.shutdown(socket.SHUT_WR)
        pieces = []  # joined once: an answer to a million lines is long
        with contextlib.suppress(ConnectionError):
            while piece := line.recv(1 << 16):
                pieces.append(piece)
    top, _, rest = b"".join(pieces).partition(b"\r\n\r\n")
    if not top:
        return None, []
    status = int(top.split(b" ", 2)[1])
    if status != 200:
        return status, []
    if b"transfer-encoding: chunked" in top.lower():
        rest = unchunked(rest)
    return status, [json.loads(one) for one in rest.splitlines()]


def unchunked(rest: bytes) -> bytes:
    """The content of a chunked answer."""
    whole, at = [], 0
    while at < len(rest):
        end = rest.index(b"\r\n", at)
        length = int(rest[at:end], 16)
        whole.append(rest[end + 2 : end + 2 + length])
        at = end + 2 + length + 2
        if not length:
            break
    return b"".join(whole)


def memory(service: Fleet) -> int:
    """The most memory in kB that the process has held since `forget_memory`."""
    status = Path(f"/proc/{service.running['api'].pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def forget_memory(service: Fleet) -> None:
    Path(f"/proc/{service.running['api'].pid}/clear_refs").write_text("5", encoding="ascii")
