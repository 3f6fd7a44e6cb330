"""Where a request comes from: the connection's own address, or what a proxy that the operator trusts says of it."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

from services.kernel.config import settings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
MOST_HOPS = 20  # of a forwarded chain: the nearest are ours, and nobody has so many


def address_of(request: HTTPConnection) -> Address | None:
    """The address that a request comes from; None where it cannot be told."""
    peer = request.client.host if request.client else ""
    proxies = settings().trusted_proxies
    forwarded = request.headers.getlist("x-forwarded-for") if proxies else []
    return client_address(peer, forwarded, proxies)


def client_address(peer: str, forwarded: Sequence[str], proxies: Sequence[str]) -> Address | None:
    """The nearest address in the chain that is no trusted proxy. What stands before it, anybody may have written.

    None where that place holds no address: whoever asks for one is then refused.
    """
    here = parsed(peer)
    hops = [one.strip() for line in forwarded for one in line.split(",")][-MOST_HOPS:]
    while here is not None and hops and within(here, proxies):
        here = parsed(hops.pop())
    return here


def within(address: Address, networks: Iterable[str]) -> bool:
    """Whether an address lies in any of these networks."""
    return any(address.version == one.version and address in one for one in _networks(tuple(networks)))


@lru_cache(maxsize=1024)
def parsed(text: str) -> Address | None:
    """An address as it is written; an IPv4 one that a socket of both kinds wrote as IPv6 is IPv4."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


@lru_cache(maxsize=1024)
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(one) for one in texts)
