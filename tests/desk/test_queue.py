"""The queue of analysts: what needs a look and why, of the reports that they may decide on, till they are done."""

from typing import Any

import pytest

from tests.tagging.test_correcting import correct
from tests.tagging.test_deciding import Desk, desk
from tests.tagging.test_reports import CACHE
from tests.world import amber

__all__ = ["desk"]
CLEAR = {"title": "A cache", "text": CACHE, "place": None, "themes": ["small-arms"]}


def on(day: int) -> dict[str, str]:
    """A day of its own, so that no other report may tell the same event."""
    return {"occurred_from": f"2026-03-{day:02}", "occurred_to": f"2026-03-{day:02}"}


def page(desk: Desk, who: str, **query: Any) -> dict[str, Any]:
    answer = desk.world.client.get("/v1/desk", params=query, headers=desk.people[who])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def why(desk: Desk, who: str, **query: Any) -> dict[str, list[str]]:
    return {one["report"]["reference"]: one["reasons"] for one in page(desk, who, **query)["reports"]}


def done(desk: Desk, who: str, reference: str, revision: int = 1, *, status: int = 200) -> dict[str, Any]:
    path = f"/v1/desk/{reference}/done"
    answer = desk.world.client.put(path, json={"revision": revision}, headers=desk.people[who])
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_each_reason_is_told_until_it_is_judged(desk: Desk) -> None:
    tell = desk.world.submit
    clear = tell("north", **CLEAR, **on(1))
    unsure = tell("north", title="A note", text="A forged document was seen.", themes=[], place=None, **on(4))
    differs = tell("north", **CLEAR | {"themes": ["cyber"], "text": f"{CACHE} In Herat.", "place": "KG-B"}, **on(7))
    mute = tell("far", title="Zzz", text="Qqq.", themes=[], place=None, **on(10))
    personal = tell("far", **CLEAR | {"text": f"{CACHE} Write to someone@example.org."}, **on(13))
    alike = [tell(slug, figures={"killed": 3}) for slug in ("north", "far")]
    desk.world.settle()
    waiting = {unsure: ["unsure"], differs: ["themes", "places"], mute: ["language"], personal: ["personal"]}
    assert why(desk, "office") == waiting | {one: ["alike"] for one in alike}
    assert why(desk, "office", state="rest") == {clear: []}
    late = tell("north", **CLEAR, **on(16))
    assert why(desk, "office", reason="untagged") == {late: ["untagged"]}
    correct(desk, "office", unsure, "confirmed", "terrorist-travel")
    correct(desk, "office", differs, "rejected", "small-arms")
    desk.pair("office", *alike, "apart")
    assert why(desk, "office") == {differs: ["places"], mute: ["language"], personal: ["personal"]}
    correct(desk, "office", unsure, "undecided", "terrorist-travel")
    assert why(desk, "office", reason="unsure") == {unsure: ["unsure"]}


def test_a_desk_is_done_with_a_report_until_it_is_revised_and_each_organisation_has_its_own(desk: Desk) -> None:
    told = desk.world.submit("north", **CLEAR | {"themes": ["cyber"]})
    hidden = desk.world.submit("far", title="Zzz", text="Qqq.", themes=[], place=None, marking=amber("far"))
    desk.world.settle()
    assert why(desk, "south") == {}  # it may decide on its own only
    assert list(why(desk, "north")) == list(why(desk, "office")) == [told]
    assert list(why(desk, "far")) == [hidden]
    made = done(desk, "office", told)
    assert (made["person"], made["at"] is None) == ("Office-Analyst", False)
    assert why(desk, "office") == {}
    assert why(desk, "office", state="done") == {told: ["themes"]}
    assert list(why(desk, "north")) == [told]
    desk.world.client.delete(f"/v1/desk/{told}/done", headers=desk.people["office"]).raise_for_status()
    assert list(why(desk, "office")) == [told]
    done(desk, "office", told)
    body = {name: CLEAR[name] for name in ("title", "text")} | {"themes": ["cyber"], "kind": "incident"}
    edit = body | on(2) | {"marking": {"tlp": "GREEN", "attribution": "named"}}
    desk.world.client.put(f"/v1/reports/{told}", json=edit, headers=desk.world.auth("north")).raise_for_status()
    desk.world.settle()
    assert why(desk, "office") == {told: ["themes"]}
    done(desk, "office", told, status=409)
    done(desk, "office", told, 2)
    done(desk, "south", told, 2, status=403)
    for one in (hidden, "EWN-1111-1111-1111"):
        assert done(desk, "office", one, status=404)["title"] == "No such report"
    desk.world.client.post(
        f"/v1/reports/{told}/withdrawal", json={"reason": "mistaken"}, headers=desk.world.auth("north")
    ).raise_for_status()
    assert page(desk, "office", state="done")["counts"]["done"] == 0


@pytest.mark.one_kind
def test_the_queue_is_filtered_paged_and_counted(desk: Desk) -> None:
    told = [
        desk.world.submit("north", **CLEAR | {"themes": ["cyber"], "place": place}, **on(3 * number + 1))
        for number, place in enumerate(("KG-B", "KG-O", "TJ-GB"))
    ]
    desk.world.settle()
    done(desk, "office", told[0])
    found = page(desk, "office", country="KG", theme="small-arms", language="en")
    assert [one["report"]["reference"] for one in found["reports"]] == [told[1]]
    counts = found["counts"]
    assert (counts["waiting"], counts["rest"], counts["done"], counts["of"]) == (1, 0, 1, None)
    assert {name for name, number in counts["reasons"].items() if number} == {"themes"}
    assert why(desk, "office", language="ru") == why(desk, "office", reason="language") == {}
    first = page(desk, "office", size=1)
    second = page(desk, "office", size=1, cursor=first["next"])
    both = [one["report"]["reference"] for one in (*first["reports"], *second["reports"])]
    assert both == sorted(told[1:], reverse=True)  # all came at one instant
    assert second["next"] is None
    assert first["counts"] == second["counts"]


def test_what_happened_leads_and_exercises_and_tests_come_after_it_on_every_page(desk: Desk) -> None:
    told: dict[str, list[str]] = {"actual": [], "exercise": [], "test": []}
    mixed = ("exercise", "actual", "test", "actual", "exercise", "actual", "exercise")
    for number, status in enumerate(mixed):
        body = CLEAR | on(3 * number + 1) | {"themes": ["cyber"], "status": status}
        told[status].append(desk.world.submit("north", **body))
    desk.world.settle()
    played = told["exercise"] + told["test"]
    order = [*sorted(told["actual"], reverse=True), *sorted(played, reverse=True)]  # all came at one instant
    for size in (1, 2, 3, 4, 100):
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            one = page(desk, "office", size=size, **cursor)
            assert len(one["reports"]) <= size
            found += [row["report"]["reference"] for row in one["reports"]]
            if not one["next"]:
                break
            cursor = {"cursor": one["next"]}
        assert found == order
    for status, some in told.items():
        only = page(desk, "office", status=status, state="all")
        assert [row["report"]["reference"] for row in only["reports"]] == sorted(some, reverse=True)
        assert only["counts"]["all"] == len(some)
    answer = desk.world.client.get("/v1/desk?status=drill", headers=desk.people["office"])
    assert answer.status_code == 422


@pytest.mark.one_kind
def test_the_queue_is_looked_through_by_what_stands_there(desk: Desk) -> None:
    differs, finished, clear = (
        desk.world.submit("north", **CLEAR | {"themes": themes}, **on(day))
        for themes, day in ((["cyber"], 1), (["cyber"], 4), (["small-arms"], 7))
    )
    desk.world.settle()
    done(desk, "office", finished)
    lists = {
        "waiting": {differs}, "rest": {clear}, "open": {differs, clear}, "done": {finished},
        "all": {differs, finished, clear},
    }  # fmt: skip
    assert set(why(desk, "office")) == lists["waiting"]
    for state, there in lists.items():
        found = page(desk, "office", state=state)
        assert {one["report"]["reference"] for one in found["reports"]} == there
        assert {one["report"]["reference"] for one in found["reports"] if one["done"]} == there & {finished}
        assert {name: found["counts"][name] for name in lists} == {name: len(some) for name, some in lists.items()}
    for state, there in lists.items():
        found = page(desk, "office", state=state, reason="themes", language="en")
        shown = {one["report"]["reference"] for one in found["reports"]}
        assert shown == (there if state == "rest" else there - {clear})
        assert found["counts"][state] == len(shown)  # each list holds what its number says
