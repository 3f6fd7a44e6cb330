"""What these tests share: a state half an hour off all others, its neighbour, the secretariat, and a clock to turn."""

from collections.abc import Callable
from datetime import datetime

import pytest

from services.kernel.config import settings
from tests.world import World


@pytest.fixture
def three(world: World) -> World:
    """A state half an hour off all others, its neighbour, and the secretariat."""
    world.enrol("north", timezone="Asia/Kabul", countries=["AF"])
    world.enrol("south", timezone="Asia/Tashkent", countries=["UZ"])
    world.enrol("office", "secretariat")
    return world


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock of the whole service."""

    def to(at: datetime) -> None:
        monkeypatch.setenv("EWN_CLOCK", at.isoformat())
        settings.cache_clear()

    return to
