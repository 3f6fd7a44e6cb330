"""What may tell one event in other words is suggested to analysts, with why, and joined by nobody but them."""

from typing import Any

import pytest

from tests.tagging.test_deciding import Desk, desk
from tests.world import amber

__all__ = ["desk"]
RUSSIAN = {
    "title": "Нападение на заставу",
    "text": "Вооружённые люди напали на заставу. Погибли трое.",
    "language": "ru",
}


@pytest.mark.one_kind
def test_the_same_event_in_another_language_is_suggested_until_it_is_judged(desk: Desk) -> None:
    def suggested(who: str) -> list[dict[str, Any]]:
        answer = desk.world.client.get(f"/v1/reports/{one}/suggestions", headers=desk.people[who])
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["suggestions"]
        return found

    killed = {"figures": {"killed": 3}}
    one = desk.world.submit("north", language="en", **killed)
    other = desk.world.submit("far", **RUSSIAN, **killed)
    desk.world.submit("far", place="KG", themes=["cyber"], title="A note", text="Nothing else is the same.")
    desk.world.submit("far", occurred_from="2026-10-20", occurred_to="2026-10-20", **killed)
    desk.world.submit("far", status="exercise", **killed)
    hidden = desk.world.submit("far", marking=amber("office"), **RUSSIAN)
    desk.world.settle()
    whole = {"place": 3, "days": 1, "themes": 2, "figures": 2, "language": 1}
    assert suggested("south") == [{"report": other, "score": 9, "why": whole}]
    assert [found["report"] for found in suggested("office")] == [other, hidden]
    assert desk.told("south", one) == {one}
    desk.pair("office", one, other, "apart")
    assert suggested("south") == []
