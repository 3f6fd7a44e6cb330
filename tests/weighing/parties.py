"""A network whose analysts weigh what they read."""

from typing import Any

import pytest

from tests.persons import signed_in
from tests.world import World

WORDS = " ".join(f"lorem{n}dolor{n * n}" for n in range(30))  # long enough to be told again
GREEN = {"tlp": "GREEN", "attribution": "named"}
WITHHELD = {"tlp": "GREEN", "attribution": "withheld"}


class Weighers:
    """Three organisations and a secretariat, each with an analyst who signed in."""

    def __init__(self, world: World) -> None:
        self.world = world
        for slug in ("north", "south", "far"):
            world.enrol(slug)
        world.enrol("office", "secretariat")
        self.people = {slug: signed_in(f"{slug}-analyst", slug, "analyst") for slug in world.keys}

    def tell(self, slug: str, **more: Any) -> str:
        """Hand in a report of the one incident of a test, and keep its reference."""
        body = {"title": "A note", "text": WORDS, "marking": GREEN}
        reference = self.world.submit(slug, **body | more)
        self.world.settle()
        return reference

    def grade(self, who: str, reference: str) -> dict[str, Any]:
        """The grade as an analyst of an organisation sees it."""
        answer = self.world.client.get(f"/v1/reports/{reference}/grade", headers=self.people[who])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def say(self, who: str, reference: str, *, status: int = 201, **body: Any) -> dict[str, Any]:
        """Assess a report: with `credibility` or `outcome`."""
        path = f"/v1/reports/{reference}/{'verification' if 'outcome' in body else 'credibility'}"
        answer = self.world.client.post(path, json={"reason": "It was looked into."} | body, headers=self.people[who])
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def weighers(world: World) -> Weighers:
    """The network, on each kind of database."""
    return Weighers(world)
