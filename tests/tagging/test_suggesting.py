"""What may tell one event in other words is suggested to analysts, with why, and joined by nobody but them."""

from datetime import date
from typing import Any

import pytest

from services.tagging.service import Topic
from services.tagging.suggesting import LEAST, Facts, likeness
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


DAY = date(2026, 10, 10)
FTF, WATER, LISTED = "foreign-terrorist-fighters", "water-and-borders", frozenset({"QDe.010"})

LOST = {"killed": 3, "injured": 17}


def facts(language: str, *places: str, themes: tuple[str, ...] = (), **more: Any) -> Facts:
    told: dict[str, Any] = {"figures": {}} | more
    return Facts(DAY, DAY, Topic(frozenset(themes), places), language=language, **told)


@pytest.mark.parametrize(
    ("one", "other", "suggested"),
    [
        (facts("en", "KG", themes=(FTF,)), facts("ky", "KG", themes=(WATER,)), False),
        (facts("en", "KG"), facts("ky", "KG"), False),
        (facts("en", "KG", figures=LOST), facts("ky", "KG", figures=LOST), False),
        (facts("en", "KG", themes=(FTF,)), facts("ky", "KG", themes=(FTF, WATER)), True),
        (facts("en", "KG", listed=LISTED), facts("ky", "KG", listed=LISTED), True),
        (facts("en", "KG-B", themes=(FTF,)), facts("ky", "KG", themes=(WATER,)), False),
        (facts("en", "KG-B", themes=(FTF,)), facts("ky", "KG-B", themes=(WATER,)), True),
        (facts("en", "KG-B", figures=LOST, themes=(FTF,)), facts("ky", "TJ-SU", figures=LOST, themes=(FTF,)), False),
        (facts("en", "KG", themes=(FTF,)), facts("en", "KG", themes=(FTF,)), False),
        (facts("en", "KG", themes=(FTF,), figures=LOST), facts("en", "KG", themes=(FTF,), figures=LOST), True),
    ],
)  # fmt: skip
def test_a_country_alone_is_no_common_place(one: Facts, other: Facts, *, suggested: bool) -> None:
    assert (sum(likeness(one, other).values()) >= LEAST) == suggested
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.one_kind
def test_two_events_of_one_country_in_two_languages_are_not_put_on_the_desk_as_one(desk: Desk) -> None:
    def told(slug: str, **more: Any) -> str:
        return desk.world.submit(slug, place="KG", **more)

    detonators = {"title": "Detonators found", "text": "Two men were held with detonators.", "language": "en"}
    water = {"title": "Суу боюнча жыйын", "text": "Айыл тургундары сууну бөлүштүрүү боюнча жыйын өткөрүштү."}
    one = told("north", **detonators, themes=["small-arms"])
    other = told("far", **water, themes=["cyber"], language="ky")
    desk.world.settle()

    def alike() -> list[str]:
        answer = desk.world.client.get("/v1/desk?reason=alike", headers=desk.people["office"])
        return sorted(found["report"]["reference"] for found in answer.json()["reports"])

    assert alike() == []
    third = told("south", **water | {"title": "Детонаторлор"}, themes=["small-arms"], language="ky")
    desk.world.settle()
    assert alike() == sorted((one, third))
    near = desk.world.client.get(f"/v1/reports/{one}/suggestions", headers=desk.people["office"]).json()["suggestions"]
    assert near == [{"report": third, "score": 5, "why": {"place": 1, "days": 1, "themes": 2, "language": 1}}]
    assert other not in alike()
