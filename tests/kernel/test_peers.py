"""Whose word counts on where a request comes from."""

import pytest

from services.kernel.peers import client_address, parsed

PROXIES = ["10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.9"], "192.0.2.1"),  # not from a proxy of ours
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("::1", ["2001:db8::1"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.9, 192.0.2.1"], "192.0.2.1"),  # what stands before it, its sender wrote
        ("10.0.0.1", ["198.51.100.9, 192.0.2.1", " 10.1.1.1 "], "192.0.2.1"),  # two lines are one list
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["192.0.2.1, nonsense"], None),
        ("10.0.0.1", ["192.0.2.1, "], None),
        ("10.0.0.1", ["192.0.2.1:4711"], None),
        ("testclient", ["192.0.2.1"], None),
        ("10.0.0.1", [", ".join(["198.51.100.9"] + ["10.0.0.2"] * 5000)], "10.0.0.2"),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours(peer: str, forwarded: list[str], found: str | None) -> None:
    assert client_address(peer, forwarded, PROXIES) == (parsed(found) if found else None)


def test_where_no_proxy_is_trusted_the_connection_alone_counts() -> None:
    assert client_address("10.0.0.1", ["192.0.2.1"], []) == parsed("10.0.0.1")
