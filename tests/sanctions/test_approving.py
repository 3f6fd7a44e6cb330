"""A list of one state feeds the network by the recorded word of the secretariat, and only while that stands."""

import io
from typing import Any

import pytest

from services import sanctions
from services.kernel import db
from tests.persons import signed_in
from tests.sanctions.lists import GROUP, listed
from tests.world import World, report

TEXT = "The Brotherhood of the Hollow Lantern was seen at the pass with two lorries."
SOURCE = "/v1/lists/north-list/approval"


def bring(dated: str, by: str = "Council of the North") -> None:
    listing = sanctions.parse(io.BytesIO(listed(dated=dated)))
    with db.transaction() as session:
        sanctions.import_list(session, listing, source="north-list", designated_by=by)


def test_a_list_of_one_state_leads_to_tags_by_a_recorded_approval_and_only_while_it_stands(world: World) -> None:
    for slug in ("north", "south"):
        world.enrol(slug)
    world.enrol("office", kind="secretariat")
    olga, sam, key = signed_in("olga", "office", "analyst"), signed_in("sam", "south", "analyst"), world.auth("south")
    bring("2026-09-01T10:00:00Z")

    def lists(headers: dict[str, str]) -> Any:
        return world.client.get("/v1/lists", headers=headers).json()

    def say(approved: bool, headers: dict[str, str], path: str = SOURCE) -> int:
        body = {"approved": approved, "reason": "Looked into."}
        return world.client.post(path, json=body, headers=headers).status_code

    def named() -> list[tuple[str, str]]:
        reference = world.submit("north", **report(text=TEXT))
        world.settle()
        tags = world.get("south", f"/v1/reports/{reference}")["tags"]
        return [(one["value"], one["designated"]["by"]) for one in tags if one["scheme"] == "actor"]

    assert (lists(sam), [one["approved"] for one in lists(olga)], named()) == ([], [False], [])
    assert [say(True, who) for who in (sam, key, world.auth("office"))] == [403, 403, 403]
    assert say(True, olga, "/v1/lists/nothing/approval") == 404
    assert say(True, olga) == 201
    assert named() == [(GROUP, "Council of the North")]
    assert [(one["source"], one["decisions"]) for one in lists(sam)] == [("north-list", [])]
    bring("2026-10-01T10:00:00Z")  # the next version from the same hand
    assert named() == [(GROUP, "Council of the North")]
    before = world.get("south", "/v1/reports")["reports"][0]["reference"]
    assert say(False, olga) == 201
    assert named() == []
    assert not [one for one in world.get("south", f"/v1/reports/{before}")["tags"] if one["scheme"] == "actor"]
    (told,) = lists(olga)
    assert [(one["approved"], one["person"]) for one in told["decisions"]] == [(False, "Olga"), (True, "Olga")]
    assert say(True, olga) == 201
    bring("2026-11-01T10:00:00Z", by="Somebody else")  # another hand has no approval
    assert (lists(sam), named()) == ([], [])
    seen = {"approved": True, "reason": "Looked into.", "designated_by": "Council of the North"}
    late = world.client.post(SOURCE, json=seen, headers=olga)
    assert (late.status_code, late.json()["type"].rpartition("#")[2]) == (409, "of-another-hand")
    assert [one["approved"] for one in lists(olga)] == [False]


@pytest.mark.one_kind
def test_the_councils_list_needs_no_approval_and_the_page_decides_on_others(world: World) -> None:
    world.enrol("office", kind="secretariat")
    olga = signed_in("olga", "office", "analyst")
    assert "No list feeds the network yet" in world.client.get("/lists", headers=olga).text
    with db.transaction() as session:
        sanctions.import_list(session, sanctions.parse(io.BytesIO(listed())))
    bring("2026-09-01T10:00:00Z")
    refused = world.client.post("/v1/lists/un-sc/approval", json={"approved": False, "reason": "No."}, headers=olga)
    assert (refused.status_code, refused.json()["type"].rpartition("#")[2]) == (409, "needs-no-approval")
    form = {"source": "north-list", "approved": "yes", "reason": ""}
    again = world.client.post("/lists", data=form, headers=olga)
    assert (again.status_code, 'aria-invalid="true"' in again.text) == (422, True)
    done = world.client.post("/lists", data=form | {"reason": "Looked into."}, headers=olga, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/lists")
    page = world.client.get("/lists", headers=olga).text
    assert "Approved by the secretariat" in page
    assert "Looked into." in page
    assert "Quorbin" not in page
    bring("2026-10-01T10:00:00Z", by="Somebody else")  # between the page and the button
    form |= {"reason": "Looked into.", "designated_by": "Council of the North"}
    assert world.client.post("/lists", data=form, headers=olga).status_code == 409
    page = world.client.get("/lists", headers=olga).text
    assert 'name="designated_by" value="Somebody else"' in page
    assert "Designated by Council of the North" in page
