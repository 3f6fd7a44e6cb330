"""Any story of marks, readings and withdrawals, on tables as in the model: the same are told the same, once."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from services.delivery import Notice
from services.kernel import db
from tests.delivery.test_notices import GREEN, mark, withdraw
from tests.emptying import empty
from tests.models import control
from tests.world import World, amber

EXAMPLES = max(6, settings().max_examples // 8)
READERS = ("south", "east", "west")
readers = st.frozensets(st.sampled_from(READERS))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("mark"), readers),
        st.tuples(st.just("read"), st.sampled_from(READERS)),
        st.tuples(st.sampled_from(("work", "withdraw")), st.none()),
    ),
    max_size=8,
)


def marking(seen: frozenset[str]) -> dict:
    return GREEN if len(seen) == len(READERS) else amber(*seen)


def test_tables_tell_exactly_whom_the_model_tells(world: World) -> None:
    for slug in ("north", *READERS):
        world.enrol(slug)

    @given(first=readers, story=steps)
    @settings(max_examples=EXAMPLES)
    def search(first, story) -> None:
        empty()
        reference = world.submit("north", marking=marking(first))
        model = control.hand_in("north", first)
        for what, of in story:
            if what == "work":
                world.settle()
            elif what == "read":
                version = control.read(model, of)
                answer = world.raw(of, f"/v1/reports/{reference}")
                assert answer.status_code == (404 if version is None else 200)
                if version is not None:
                    control.give(model, of, version)
            elif not model.withdrawn and what == "mark":
                mark(world, reference, marking(of))
                control.mark(model, of)
            elif not model.withdrawn:
                withdraw(world, reference)
                control.withdraw(model)
        world.settle()
        with db.reading() as session:
            rows = session.exec(select(Notice)).all()
        ours = sorted((world_slug(world, row), row.what) for row in rows)
        assert ours == sorted((one.reader, one.what) for one in control.look(model))

    search()


def world_slug(world: World, row: Notice) -> str:
    """Whose notice it is."""
    from services import network

    with db.reading() as session:
        return network.directory(session).parties[row.organisation_id].slug
