"""Three partners, one of whom attaches files."""

import pytest

from tests.world import World


@pytest.fixture
def north(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world
