"""The only way out: an httpx client that calls hosts which the operator has allowed, over https, and nothing else."""

import ipaddress
import socket
import time
from collections.abc import Iterator

import httpx

from services.kernel.config import settings

MOST_BYTES = 65_536
MOST_SECONDS = 10.0  # from the call to the last byte, looked at when a part comes in
UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out; outside lie mapped, NAT64 and site-local
SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")


class NotAllowed(httpx.RequestError):
    """The operator has not allowed this address (EWN_OUTBOUND_ALLOW)."""


class TooMuch(httpx.RequestError):
    """The answer is larger, or takes longer, than anything we call for."""


class _Bounded(httpx.SyncByteStream):
    """An answer's body as it goes over the wire, cut off where it is too large or too slow."""

    def __init__(self, body: httpx.SyncByteStream, *, until: float) -> None:
        self._body = body
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        taken = 0
        for part in self._body:
            taken += len(part)
            if taken > MOST_BYTES:
                raise TooMuch(f"the answer has more than {MOST_BYTES} bytes")
            if time.monotonic() > self._until:
                raise TooMuch(f"the answer takes longer than {MOST_SECONDS:.0f} s")
            yield part

    def close(self) -> None:
        self._body.close()


class _Guard(httpx.HTTPTransport):
    """Checks the host against the list and connects to the very address that was checked."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if request.url.scheme != "https" or host not in settings().outbound_allow:
            raise NotAllowed(f"{host} is not in EWN_OUTBOUND_ALLOW, or the address is not https", request=request)
        address = _public_address(host, request)
        request.headers["Host"] = request.url.netloc.decode()
        request.extensions["sni_hostname"] = host
        request.url = request.url.copy_with(host=address)
        # Unpacked, a small answer may be as large as it likes.
        request.headers["Accept-Encoding"] = "identity"
        until = time.monotonic() + MOST_SECONDS
        answer = super().handle_request(request)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            answer.close()
            raise TooMuch("the answer is packed, which was not asked for", request=request)
        assert isinstance(answer.stream, httpx.SyncByteStream)
        answer.stream = _Bounded(answer.stream, until=until)
        return answer


def _public_address(host: str, request: httpx.Request) -> str:
    found = {str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    if not found or not all(_is_public(one) for one in found):
        raise NotAllowed(f"{host} does not resolve to public addresses only", request=request)
    return min(found)


def _is_public(address: str) -> bool:
    """Whether an address is one of the public network's hosts, and carries no IPv4 address within it."""
    one = ipaddress.ip_address(address)
    if isinstance(one, ipaddress.IPv6Address) and (one not in UNICAST or one in SIX_TO_FOUR):
        return False
    return one.is_global and not one.is_multicast


def client() -> httpx.Client:
    """A client without redirects or proxies, with 10 s for each step and for the whole, and 64 kB for an answer."""
    return httpx.Client(transport=_Guard(), timeout=MOST_SECONDS, follow_redirects=False, trust_env=False)
