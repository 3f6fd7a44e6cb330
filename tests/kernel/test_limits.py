"""What a request may cost before it is understood: sent over real connections, with the memory that it takes."""

import contextlib
import gzip
import json
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from services.kernel import door
from services.kernel.config import settings
from services.kernel.door import DEEPEST, too_deep
from tests.world import World, report
from workers import listener
from workers.listener import Listener

pytestmark = pytest.mark.one_kind
MEGABYTE = 1 << 20
Say = Callable[[bytes], bytes]


@pytest.fixture
def north(world: World) -> World:
    world.enrol("north")
    return world


@pytest.fixture
def address(north: World) -> Iterator[tuple[str, int]]:
    """The application behind the listener that `ewn api` uses."""
    assert isinstance(north.client.app, FastAPI)
    config = uvicorn.Config(
        north.client.app, http=Listener, ws="none", lifespan="off", log_config=None, proxy_headers=False,
        limit_concurrency=20,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        host, port = listening.getsockname()
        httpx.get(f"http://{host}:{port}/healthz", timeout=30)
        yield host, port
        server.should_exit = True
        thread.join()


@pytest.fixture
def peak(north: World) -> Iterator[Callable[[], int]]:
    """The most memory in bytes that was held since the last call."""
    assert north.post("north", report()).status_code == 202, "what is loaded once is loaded"
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]

    def most() -> int:
        nonlocal before
        grown = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        return grown

    most()
    yield most
    tracemalloc.stop()


def wire(address: tuple[str, int], pieces: Iterable[bytes]) -> bytes:
    """Send pieces over a connection of its own; what was answered until it was closed."""
    with socket.create_connection(address, timeout=30) as line:
        with contextlib.suppress(ConnectionError):
            for one in pieces:
                line.sendall(one)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while part := line.recv(65_536):
                answer += part
        return answer


def post(north: World, path: str, *headers: str) -> bytes:
    """The head of a POST by a key that may."""
    authorization = f"Authorization: {north.auth('north')['Authorization']}"
    given = (f"POST {path} HTTP/1.1", "Host: x", "Connection: close", authorization, *headers)
    return "\r\n".join([*given, "", ""]).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def chunks(piece: bytes, times: int) -> Iterator[bytes]:
    for _ in range(times):
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


JSON = "Content-Type: application/json"


def test_a_body_without_end_takes_no_memory(north: World, address: tuple[str, int], peak: Callable[[], int]) -> None:
    told = wire(address, [post(north, "/v1/reports", JSON, f"Content-Length: {100 * MEGABYTE}"), b"x" * MEGABYTE])
    assert status(told) == 413
    head = post(north, "/v1/reports", JSON, "Transfer-Encoding: chunked")
    untold = wire(address, chain([head], chunks(b"x" * 65_536, 1600)))
    assert status(untold) == 413
    assert peak() < 12 * MEGABYTE


def test_a_packed_body_is_never_unpacked(north: World, address: tuple[str, int], peak: Callable[[], int]) -> None:
    bomb = gzip.compress(b" " * (200 * MEGABYTE), 9)
    assert len(bomb) < settings().body_limit
    peak()
    for path in ("/v1/reports", "/v1/keys"):
        head = post(north, path, JSON, "Content-Encoding: gzip", f"Content-Length: {len(bomb)}")
        assert status(wire(address, [head, bomb])) in (400, 403, 415), path
    assert peak() < 12 * MEGABYTE


def test_a_packed_upload_is_unpacked_piece_by_piece_and_no_further_than_reports_go(
    north: World, address: tuple[str, int], peak: Callable[[], int]
) -> None:
    bomb = gzip.compress(b" " * (200 * MEGABYTE), 9)
    peak()
    kind = "Content-Type: application/x-ndjson"
    head = post(north, "/v1/reports/bulk", kind, "Content-Encoding: gzip", f"Content-Length: {len(bomb)}")
    assert b"#packed-too-tightly" in wire(address, [head, bomb])
    assert peak() < 12 * MEGABYTE


@pytest.mark.parametrize("path", ["/v1/reports", "/v1/keys", "/v1/groups", "/v1/requests/EWN-0000/decision"])
def test_a_body_that_nests_deep_is_refused_before_it_is_parsed(north: World, path: str) -> None:
    for deep in (b"[" * 200_000, b'{"a":' * 40_000, b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)):
        headers = {"Content-Type": "application/json", **north.auth("north")}
        answer = north.client.post(path, content=deep, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (400, "/docs/problems#malformed")
        assert str(DEEPEST) in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"", False),
        (b"[" * DEEPEST, False),
        (b"[" * DEEPEST + b"{", True),
        (b"[]" * 10_000, False),
        (b'["' + b"[" * 10_000 + b'"]', False),  # words may hold brackets
        (b'["\\"' + b"[" * 100 + b'"]', False),
        (b'["\\\\"' + b"[" * 100 + b"]", True),
        (b'"' + b"[" * 100, False),  # no JSON at all: the parser says so
        (b'"\\', False),
        (b"{" * 20 + b"}" * 20 + b"[" * 20, False),
    ],
)
def test_depth_is_counted_outside_of_words(body: bytes, deep: bool) -> None:
    assert too_deep(body) is deep


def test_a_report_full_of_brackets_in_its_words_is_taken(north: World) -> None:
    assert north.post("north", report(text="[{" * 500)).status_code == 202


def test_addresses_and_headers_have_a_size(north: World, address: tuple[str, int]) -> None:
    def get(path: str = "/v1/me", *headers: str) -> bytes:
        given = [f"GET {path} HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""]
        return wire(address, ["\r\n".join(given).encode()])

    for answer, code, problem in (
        (get("/v1/reports?q=" + "x" * 9_000), 414, b"address-too-long"),
        (get("/v1/" + "x" * 9_000), 414, b"address-too-long"),
        (get("/v1/me", "X-Long: " + "x" * 40_000), 431, b"headers-too-large"),
        (get("/v1/me", *(f"X-{n}: y" for n in range(200))), 431, b"headers-too-large"),
    ):
        assert status(answer) == code
        assert problem in answer
        assert b"application/problem+json" in answer
        assert b"x-content-type-options" in answer.lower()
    assert status(get("/v1/me", "X-Long: " + "x" * 20_000)) == 401


def test_a_head_without_end_is_cut_off(address: tuple[str, int], peak: Callable[[], int]) -> None:
    for begun in (b"GET / HTTP/1.1\r\nX: ", b"GET /"):
        answer = wire(address, [begun, *([b"x" * 65_536] * 500)])
        assert answer == b"" or status(answer) == 400
    assert peak() < 12 * MEGABYTE


def test_whoever_is_slow_is_let_go(north: World, address: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(door, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(door, "PIECE_SECONDS", 0.2)
    assert wire(address, []) == b"", "nothing said at all"
    assert wire(address, [b"GET / HTTP/1.1\r\nX-Slow: "]) == b""
    lines = "Content-Type: application/x-ndjson"
    for path, kind in (("/v1/reports", JSON), ("/v1/reports/bulk", lines), ("/v1/keys", JSON)):
        answer = wire(address, [post(north, path, kind, "Content-Length: 1000"), b'{"less": 1'])
        assert status(answer) == 408, path
        assert b"too-slow" in answer
    unasked = b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nless"
    assert status(wire(address, [unasked])) == 401


def test_a_length_that_lies_ends_with_its_own_connection(north: World, address: tuple[str, int]) -> None:
    body = json.dumps(report()).encode()
    short = post(north, "/v1/reports", JSON, f"Content-Length: {len(body) - 10}")
    assert status(wire(address, [short, body])) == 400
    two = post(north, "/v1/reports", JSON, f"Content-Length: {len(body)}", "Transfer-Encoding: chunked")
    assert status(wire(address, [two, body])) == 400
    for lie in ("-1", "1e3", "9" * 30, "0x10"):
        assert status(wire(address, [post(north, "/v1/reports", JSON, f"Content-Length: {lie}"), body])) == 400
    honest = post(north, "/v1/reports", JSON, f"Content-Length: {len(body)}")
    assert status(wire(address, [honest, body])) == 202


def test_more_connections_than_are_kept_are_turned_away(address: tuple[str, int]) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(25):
            held.enter_context(socket.create_connection(address, timeout=30))
        answer = wire(address, [b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
        assert status(answer) == 503


def test_an_upload_of_one_endless_line_takes_no_memory(
    north: World, address: tuple[str, int], peak: Callable[[], int]
) -> None:
    head = post(north, "/v1/reports/bulk", "Content-Type: application/x-ndjson", "Transfer-Encoding: chunked")
    answer = wire(address, chain([head], chunks(b"x" * 65_536, 800)))
    assert status(answer) == 200
    assert b'"status":413' in answer
    assert peak() < 20 * MEGABYTE


def test_what_is_asked_has_a_size(north: World) -> None:
    series = "/v1/indicators/incidents-reported/series"
    wide = north.raw("north", series, place="KG-B", **{"from": "1900-01-01", "to": "2199-12-31"}, grain="day")
    assert (wide.status_code, wide.json()["field"]) == (422, "grain")
    for path in ("/v1/reports", "/v1/tear-lines", "/v1/requests", "/v1/notices"):
        assert north.raw("north", path, size=201).status_code == 422
        assert north.raw("north", path, size=200).status_code == 200
