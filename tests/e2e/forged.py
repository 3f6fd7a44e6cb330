"""Hostile requests that say the right thing in the wrong way: heads, credentials, names and cursors of others."""

from collections.abc import Iterator

from tests import exits

Head = list[tuple[bytes, bytes]]

# What a proxy, a framework or a cache may believe. The answer must be the one without it, byte for byte.
IDLE: tuple[Head, ...] = (
    [(b"X-Forwarded-For", b"127.0.0.1")],
    [(b"X-Forwarded-For", b"10.0.0.1, \xff\xfe, ,,,"), (b"X-Forwarded-For", b"::1")],
    [(b"Forwarded", b'for="[::1]:0";proto=https;host=evil.example'), (b"X-Real-IP", b"127.0.0.1")],
    [(b"X-Forwarded-Host", b"evil.example"), (b"X-Forwarded-Proto", b"javascript")],
    [(b"X-Original-URL", b"/v1/keys"), (b"X-Rewrite-URL", b"/v1/members")],
    [(b"X-HTTP-Method-Override", b"DELETE"), (b"X-Method-Override", b"PUT"), (b"X-HTTP-Method", b"POST")],
    [(b"Connection", b"authorization, cookie, close"), (b"Keep-Alive", b"timeout=99999")],
    [(b"Upgrade", b"h2c"), (b"HTTP2-Settings", b"AAMAAABkAAQAAP__"), (b"Connection", b"Upgrade, HTTP2-Settings")],
    [(b"Upgrade", b"websocket"), (b"Connection", b"Upgrade"), (b"Sec-WebSocket-Key", b"x")],
    [(b"TE", b"trailers, deflate;q=nan"), (b"Trailer", b"Authorization")],
    [(b"Expect", b"100-continue"), (b"Expect", b"the-unexpected")],
    [(b"Range", b"bytes=0-0,-1,9-"), (b"If-Range", b'"x"')],
    [(b"If-None-Match", b"*"), (b"If-Match", b'"none"'), (b"If-Modified-Since", b"Sun, 99 Nov 2099 99:99:99 GMT")],
    [(b"Content-Encoding", b"gzip, gzip, br"), (b"Content-Type", b"application/json"), (b"Content-Type", b"text/x")],
    [(b"Accept-Encoding", b"br;q=x, *;q=-1, \xff")],
    [(b"Origin", b"https://evil.example"), (b"Sec-Fetch-Site", b"cross-site"), (b"Referer", b"https://evil.example/")],
    [(b"Proxy-Authorization", b"Basic YTpi"), (b"Via", b"1.1 evil"), (b"Max-Forwards", b"0")],
    [(b"X-Api-Key", b"ewn_x_y"), (b"X-User", b"admin"), (b"X-Organisation", b"south"), (b"X-Scopes", b"network:admin")],
    [(b"Idempotency-Key", b"k" * 9000), (b"Idempotency-Key", b"\xff")],
    [(b"Traceparent", b"00-\xff-x-01"), (b"X-Request-ID", b"a\tb")],
    [(b"Priority", b"u=99"), (b"Cache-Control", b"only-if-cached"), (b"Pragma", b"\x7f")],
    [(b"X-Long", b"x" * 20_000)],
    [(b"X-%d" % number, b"y") for number in range(60)],
)

KEPT = b"ewn_session="


def credentials(key: str, session: str, foreign: str) -> Iterator[Head]:
    """Heads that nobody must get in with: of a valid key, a valid session and the key of another organisation."""
    prefix, secret = key.split("_", 2)[1:]

    def bearer(text: str) -> tuple[bytes, bytes]:
        return b"Authorization", b"Bearer " + text.encode()

    yield from ([bearer(text)] for text in (
        f"ewn_{foreign.split('_')[1]}_{secret}", f"ewn_{prefix}_{secret[:-1]}", f"ewn_{prefix}_{secret}x",
        f"ewn_{prefix}_", f"ewn__{secret}", f"EWN_{prefix}_{secret}", f"ewn_{prefix}_{secret.swapcase()}",
        f"ewn_{prefix}'--_{secret}", f"{prefix}_{secret}", session, "null", "undefined", "ewn_" + "x" * 20_000,
        "ewn_%00_x", "ewn_\U0001f511_x",
    ))  # fmt: skip
    yield [(b"Authorization", b"Basic " + key.encode())]
    yield [(b"Authorization", b"Bearer\t" + key.encode())]
    yield [(b"Authorization", b"Bearer ewn_x_y"), bearer(key)]
    yield [(b"Proxy-Authorization", b"Bearer " + key.encode())]
    yield from ([(b"Cookie", cookie)] for cookie in (
        KEPT + key.encode(), KEPT + session[:-1].encode(), KEPT + session.swapcase().encode(), KEPT, KEPT + b"\xff\xfe",
        KEPT + b'"' + b"x" * 9000, b"EWN_SESSION=" + session.encode(), b"ewn_step=" + session.encode(),
        b"__Host-" + KEPT + session.encode(), b"=;;;=", b"ewn_session", KEPT + b"; " + KEPT + b"x",
    ))  # fmt: skip


def idle_asks(names: dict[str, str], *, first: int, every: int) -> Iterator[tuple[str, Head]]:
    """Addresses of the register, each with some of the idle heads: other ones in each run of `first`."""
    pairs = ((path.format_map(names), head) for path in exits.looks() if path != "/readyz" for head in IDLE)
    yield from (one for number, one in enumerate(pairs) if number % every == first)


def without_a_caller() -> list[tuple[str, str]]:
    """Method and path of every route that asks who is there, its parameters filled in by what is not there."""
    open_to_all = ("/healthz", "/readyz", "/sign-in", "/sign-out", "/language", "/static", "/invitation", "/docs")
    found = (name.split(" ") for name in exits.ROUTES)
    return [(method, path) for method, path in found if method != "MOUNT" and not path.startswith(open_to_all)]
