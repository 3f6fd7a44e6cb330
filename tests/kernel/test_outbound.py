"""The service calls only hosts that the operator has allowed, over https, at public addresses, and follows nobody."""

import json
import socket
import time

import httpx
import pytest

from services.kernel import http
from services.kernel.config import settings

INWARD = (
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.1/",
    "https://0x7f000001/", "https://localhost/", "https://0.0.0.0/", "https://0/", "https://10.0.0.1/",
    "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/",
    "https://192.0.0.1/", "https://198.18.0.1/", "https://224.0.0.1/", "https://240.0.0.1/", "https://255.255.255.255/",
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
    "https://[::ffff:a9fe:a9fe]/", "https://[::7f00:1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[fd12::1]/", "https://[fec0::1]/",
    "https://[ff02::1]/", "https://127.0.0.1:8443/", "https://user:pass@127.0.0.1/",
)  # fmt: skip
OTHERS = (
    "https://other.example/", "https://example.org.other.example/", "https://other.example/example.org",
    "https://example.org@other.example/", "https://other.example#example.org", "https://other.example?example.org",
    "https://sub.example.org/", "https://example.org./", "https://xn--xample-9uf.org/", "https://127.0.0.1/",
)  # fmt: skip


def allow(monkeypatch: pytest.MonkeyPatch, *hosts: str) -> None:
    monkeypatch.setenv("EWN_OUTBOUND_ALLOW", json.dumps(hosts))
    settings.cache_clear()


@pytest.fixture(autouse=True)
def nothing_may_connect(configured: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outside world of these tests: nothing answers, and a connection attempt is a failure."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("it tried to connect")

    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.parametrize("url", INWARD)
def test_an_address_that_is_not_public_is_refused_even_when_its_host_is_allowed(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, httpx.URL(url).host)
    with http.client() as client, pytest.raises((http.NotAllowed, socket.gaierror)):
        client.get(url)


@pytest.mark.parametrize("url", OTHERS)
def test_a_host_that_only_looks_like_an_allowed_one_is_refused_before_its_name_is_resolved(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, "example.org")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("it was resolved"))
    with http.client() as client, pytest.raises(http.NotAllowed, match="EWN_OUTBOUND_ALLOW"):
        client.get(url)


@pytest.mark.parametrize("url", ["http://example.org/", "http://example.org:443/"])
def test_plain_http_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, "example.org")
    with http.client() as client, pytest.raises(http.NotAllowed):
        client.get(url)


def test_by_default_nobody_may_be_called() -> None:
    with http.client() as client, pytest.raises(http.NotAllowed):
        client.get("https://example.org/")


def test_a_name_with_one_inward_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, "example.org")
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with http.client() as client, pytest.raises(http.NotAllowed, match="public"):
        client.get("https://example.org/")


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that answers differently the second time changes nothing."""
    allow(monkeypatch, "example.org")
    asked: list[str] = []
    called: list[str] = []

    def resolve(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        one = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0))]

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        called.append(address[0])
        raise OSError("nothing answers in this test")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with http.client() as client, pytest.raises(httpx.ConnectError):
        client.get("https://example.org/")
    assert (asked, called) == (["example.org"], ["93.184.215.14"])


def test_neither_redirects_nor_a_proxy_of_the_environment_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listener.getsockname()[1]}")
        with http.client() as client:
            assert not client.follow_redirects
            with pytest.raises(http.NotAllowed):
                client.get("https://example.org/")
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()


def answer(parts: list[bytes], until: float) -> httpx.Response:
    class Body(httpx.SyncByteStream):
        def __iter__(self):
            yield from parts

    return httpx.Response(200, stream=http._Bounded(Body(), until=until))


def test_an_answer_is_read_up_to_64_kb_and_cut_off_beyond() -> None:
    later = time.monotonic() + 3600
    assert len(answer([b"x" * 4096] * 16, later).read()) == http.MOST_BYTES
    with pytest.raises(http.TooMuch, match="bytes"):
        answer([b"x" * 4096] * 16 + [b"x"], later).read()


def test_an_answer_that_drips_is_cut_off() -> None:
    with pytest.raises(http.TooMuch, match="longer"):
        answer([b"x"] * 5, time.monotonic() - 1).read()
