"""ADR 0019 by properties: the feed gives exactly what the list gives, and tells of no loss but of what was had."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.models.changes import Network, Place

AUDIENCES = ("all", "ring", "named", "theirs")
rights = st.frozensets(st.sampled_from(AUDIENCES))
audiences = st.sampled_from(AUDIENCES)
acts = st.one_of(
    st.tuples(st.just("submit"), audiences),
    st.tuples(st.just("mark"), st.tuples(st.integers(0, 9), audiences)),
    st.tuples(st.sampled_from(("revise", "withdraw")), st.integers(0, 9)),
    st.tuples(st.just("rights"), rights),
    st.tuples(st.just("read"), st.tuples(st.integers(0, 1), st.integers(1, 3), st.integers(1, 3))),
)
stories = st.lists(acts, max_size=25)


class Client:
    """Applies what it is told and keeps the cursor."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.cursor: Place | None = None
        self.held: dict[int, int] = {}
        self.told: list[tuple[str, int, int]] = []

    def read(self, size: int, pages: int = 10_000) -> None:
        for _ in range(pages):
            changes, self.cursor, more = self.network.page(self.cursor, size)
            assert changes or not more
            assert len(changes) <= size
            for what, key, words in changes:
                if what == "given":
                    self.held[key] = words
                else:
                    self.held.pop(key, None)
            self.told += changes
            if not more:
                return


def play(story: list[tuple[str, Any]], *, without: str = "") -> tuple[Network, list[Client]]:
    """A story with two clients of one reader; `without`: leaving out what is for this audience from first to last."""
    network = Network(frozenset({"all"}))
    clients = [Client(network), Client(network)]
    keys: list[int | None] = []
    for what, how in story:
        if what == "submit":
            keys.append(None if how == without else network.submit(how))
        elif what == "rights":
            network.rights = how - {without}
        elif what == "read":
            clients[how[0]].read(*how[1:])
        elif keys:
            key = keys[(how[0] if what == "mark" else how) % len(keys)]
            if key is not None:
                audience = how[1] if what == "mark" and how[1] != without else None
                network.change(key, audience=audience, withdraw=what == "withdraw")
    return network, clients


@given(story=stories, size=st.integers(1, 4))
def test_whoever_replays_the_feed_holds_what_the_list_gives(story: list[tuple[str, Any]], size: int) -> None:
    network, clients = play(story)
    for client in (*clients, Client(network)):
        client.read(size)
        assert client.held == network.visible()
        before = len(client.told)
        client.read(size)
        assert len(client.told) == before, "and then it is told nothing more"


@given(story=stories)
def test_only_what_the_reader_was_given_is_told_to_be_lost(story: list[tuple[str, Any]]) -> None:
    _, clients = play(story)
    for client in clients:
        client.read(2)
    had = {key for client in clients for what, key, _ in client.told if what == "given"}
    assert {key for client in clients for what, key, _ in client.told if what == "lost"} <= had


@given(story=stories, size=st.integers(1, 3))
def test_what_was_never_in_sight_leaves_no_trace_in_any_page(story: list[tuple[str, Any]], size: int) -> None:
    """Two worlds, with and without all that is for an audience which the reader never is: the same pages."""
    shut = [(what, how - {"theirs"}) if what == "rights" else (what, how) for what, how in story]
    shut = [one for one in shut if not (one[0] == "mark" and one[1][1] == "theirs")]
    pages: list[list[list[tuple[str, int, int]]]] = []
    for without in ("", "theirs"):
        _, clients = play(_fixed(shut), without=without)
        for client in clients:
            client.read(size)
        pages.append([[(what, -1, words) for what, _, words in client.told] for client in clients])
    assert pages[0] == pages[1]


def _fixed(story: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """What is for them stays theirs: nobody marks it for others."""
    theirs = [how == "theirs" for what, how in story if what == "submit"]
    kept, submitted = [], 0
    for what, how in story:
        submitted += what == "submit"
        if what in ("mark", "revise", "withdraw") and submitted:
            which = (how[0] if what == "mark" else how) % submitted
            if what == "mark" and theirs[which]:
                continue
        kept.append((what, how))
    return kept
