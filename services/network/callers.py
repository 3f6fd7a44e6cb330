"""What routes ask for: the caller, and the transaction that commits before the answer leaves."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Annotated

import anyio
from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool, run_in_threadpool
from sqlmodel import Session

from services.kernel import db, peers, rates
from services.kernel.errors import Forbidden, Unauthenticated
from services.network.access import keys, sessions
from services.network.policy import Caller

COOKIE = "ewn_session"


class CrossSite(Forbidden):
    """A browser sent a write from another site's page."""

    title = "Not from our own page"


def caller_of(request: Request) -> Caller:
    """The caller of a request: by API key (Authorization: Bearer), or by the browser's session.

    Raises:
        Unauthenticated: neither is valid.
        TooMany: the key or the person has asked too often.
    """
    caller = _known(request)
    remember_caller(request, caller)
    rates.spend(caller.viewer)
    return caller


def remember_caller(request: Request, caller: Caller) -> None:
    """Remember who is asking, for a refusal that may follow."""
    request.state.caller = caller


def caller_at(request: Request) -> Caller | None:
    """Who is asking, if that is known by now."""
    found: Caller | None = getattr(request.state, "caller", None)
    return found


def _known(request: Request) -> Caller:
    key = _bearer(request)
    if key:
        with db.reading() as session:
            return keys.by_key(session, key, peers.address_of(request))
    token = request.cookies.get(COOKIE)
    if not token:
        raise Unauthenticated(
            "Send Authorization: Bearer with an API key, or sign in.", headers={"WWW-Authenticate": "Bearer"}
        )
    if request.method not in ("GET", "HEAD"):
        same_site(request)
    with db.reading() as session:
        caller = sessions.by_session(session, token)[0]
    sessions.note_use(session, token)
    return caller


def address_of(request: Request) -> str:
    """The network address that a request comes from, as text; empty where it cannot be told."""
    return str(peers.address_of(request) or "")


async def sender_of(request: Request) -> Caller:
    """The caller of the intake: a key that this process checked moments ago and that has requests left in memory asks
    neither the database nor Redis. All else is asked in a thread, so as not to hold up the loop."""
    caller = keys.remembered(_bearer(request), peers.address_of(request))
    if caller is None:
        return await run_in_threadpool(caller_of, request)
    remember_caller(request, caller)
    if not rates.at_hand(caller.viewer):
        await run_in_threadpool(rates.spend, caller.viewer)
    return caller


def _bearer(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def same_site(request: Request) -> None:
    """Refuse a browser's write that another site's page began (Fetch Metadata, with Origin as the older sign)."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        allowed = origin is None or origin.partition("://")[2] == request.headers.get("host", "")
    if not allowed:
        raise CrossSite("Open the page on this service's own address and try again.")


@asynccontextmanager
async def writing(request: Request) -> AsyncIterator[Session]:
    """A write transaction for a route that needs one for a part of its work only."""
    # Writers wait here, in the loop: a waiting thread would be one that the writer before it needs to finish.
    state = request.app.state
    if not hasattr(state, "writers"):
        state.writers = anyio.Semaphore(1 if db.engine().dialect.name == "sqlite" else 20)
    async with state.writers, contextmanager_in_threadpool(db.transaction()) as session:
        yield session


async def _write(request: Request) -> AsyncIterator[Session]:
    async with writing(request) as session:
        yield session


def _read() -> Iterator[Session]:
    with db.reading() as session:
        yield session


# scope="function": with FastAPI's default the commit would run after the answer has left, and a failing commit
# would still answer 200.
Write = Annotated[Session, Depends(_write, scope="function")]
Read = Annotated[Session, Depends(_read, scope="function")]
CallerIn = Annotated[Caller, Depends(caller_of)]


def _administrator(caller: CallerIn) -> Caller:
    caller.require("network:admin")
    return caller


def _one_of(*scopes: str) -> Callable[[Caller], Caller]:
    """The caller, if it has one of these scopes; where it has none, the refusal names the first."""

    def check(caller: CallerIn) -> Caller:
        if caller.scopes.isdisjoint(scopes):
            caller.require(scopes[0])
        return caller

    return check


# In a signature this stands before the transaction: nobody takes the write lock before being known.
Administrator = Annotated[Caller, Depends(_administrator)]
KeyMaker = Annotated[Caller, Depends(_one_of("keys:write", "network:admin"))]
Colleague = Annotated[Caller, Depends(_one_of("members:read", "network:admin"))]
