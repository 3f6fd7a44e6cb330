"""Two who count the same report: the plan of the slower one is stale, and nothing is counted twice."""

import pytest
from sqlalchemy import select

from services import indicators
from services.indicators.models import Cell
from services.kernel import db
from services.kernel.errors import Stale
from services.kernel.model import table
from services.reports import Report
from tests.kernel.conftest import waiting
from tests.world import World
from workers.handler import run


def counted() -> list[tuple]:
    with db.reading() as session:
        return sorted(tuple(row) for row in session.execute(select(table(Cell))).all())


@pytest.mark.one_kind
@pytest.mark.parametrize("before", [0, 1])
def test_of_two_plans_of_one_report_the_second_is_stale(world: World, before: int) -> None:
    world.enrol("north")
    world.submit("north")
    run("tag", [row.key for row in waiting("tag")])
    if before:
        world.settle()
    with db.reading() as session:
        keys = list(session.execute(select(table(Report).c.id)).scalars())
        plans = [indicators.plan(session, keys) for _ in range(2)]
    with db.transaction() as session:
        indicators.write(session, plans[0])
    once = counted()
    with pytest.raises(Stale), db.transaction() as session:
        indicators.write(session, plans[1])
    assert counted() == once
    assert once
    assert all(row[-1] == 1 for row in once)
