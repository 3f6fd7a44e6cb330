"""Threads and revisions over HTTP are those of the model, whatever was marked, revised and written before."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.emptying import empty
from tests.models.dialogue import Report, revisions, thread
from tests.world import World, amber, report

PARTIES = ("north", "south", "far", "office")
MARKINGS = {
    "green": ({"tlp": "GREEN", "attribution": "named"}, frozenset(PARTIES)),
    "south": (amber("south"), frozenset({"south"})),
    "both": (amber("south", "far", strict=True), frozenset({"south", "far"})),
    "none": (amber(), frozenset()),
}
marked = st.sampled_from(sorted(MARKINGS))
acts = st.lists(
    st.one_of(
        st.tuples(st.just("mark"), marked),
        st.tuples(st.just("revise"), marked),
        st.tuples(st.just("write"), st.sampled_from(PARTIES)),
    ),
    min_size=2,
    max_size=6,
)
EXAMPLES = max(3, settings().max_examples // 15)


def play(world: World, first: str, some: list[tuple[str, str]]) -> tuple[str, Report]:
    marking, audience = MARKINGS[first]
    reference = world.submit("north", marking=marking)
    model, path = Report("north", [(1, audience | {"north"})]), f"/v1/reports/{reference}"
    for n, (what, given_) in enumerate(some):
        if what == "write":
            sent = world.client.post(f"{path}/thread", json={"text": f"Message {n}"}, headers=world.auth(given_))
            assert (sent.status_code == 201) == model.write(given_, f"Message {n}"), (n, what, given_)
            continue
        marking, audience = MARKINGS[given_]
        body: dict[str, Any] = {"marking": marking}
        address = f"{path}/marking"
        if what == "revise":
            body, address = report(n + 2, marking=marking), path
            model.revise(audience)
        else:
            model.mark(audience)
        assert world.client.put(address, json=body, headers=world.auth("north")).status_code == 200
    return reference, model


def test_whatever_was_done_readers_find_what_the_model_says(world: World) -> None:
    for slug in PARTIES:
        world.enrol(slug, "secretariat" if slug == "office" else "state")

    @given(first=marked, some=acts)
    @settings(max_examples=EXAMPLES)
    def search(first: str, some: list[tuple[str, str]]) -> None:
        empty()
        reference, model = play(world, first, some)
        path = f"/v1/reports/{reference}"
        for slug in PARTIES:
            said, written = world.raw(slug, f"{path}/thread"), world.raw(slug, f"{path}/revisions")
            wanted, numbers = thread(model, slug), revisions(model, slug)
            assert (said.status_code == 404) == (wanted is None)
            assert (written.status_code == 404) == (numbers is None)
            if wanted is not None:
                assert sorted(one["text"] for one in said.json()["messages"]) == sorted(wanted)
                assert sorted(one["revision"] for one in written.json()["revisions"]) == numbers

    search()
