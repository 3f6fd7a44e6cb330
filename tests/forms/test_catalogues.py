"""One document tells a partner's program all words of the network, and says whether they have changed."""

import pytest

from services import vocabulary
from tests.forms.test_making import definition, published
from tests.persons import signed_in
from tests.world import World


@pytest.mark.one_kind
def test_the_catalogues_hold_every_word_in_every_language(world: World) -> None:
    world.enrol("north")
    found = world.get("north", "/v1/catalogues")
    assert {one["code"] for one in found["places"]} == {one.code for one in vocabulary.places()}
    assert {one["code"] for one in found["themes"]} == set(vocabulary.themes().codes())
    assert {one["code"] for one in found["languages"]} == set(vocabulary.languages().codes())
    assert {one["code"] for one in found["indicators"]} == {one["code"] for one in world.get("north", "/v1/indicators")}
    assert [one["code"] for one in found["forms"]] == [one["code"] for one in world.get("north", "/v1/forms")]
    assert all(one["name"]["en"] for one in found["places"])
    for one in (*found["themes"], *found["languages"], *found["indicators"]):
        assert one["name"].keys() >= {"en", "ru"}, one["code"]
    for one in found["indicators"]:
        assert all(one[about].keys() >= {"en", "ru"} for about in ("purpose", "cannot_tell", "harm")), one["code"]
    incident = next(one for one in found["forms"] if one["code"] == "incident")
    assert incident == world.get("north", "/v1/forms/incident")


def test_what_has_not_changed_is_not_sent_again(world: World) -> None:
    world.enrol("office", "secretariat")
    first = world.raw("office", "/v1/catalogues")
    again = world.client.get(
        "/v1/catalogues", headers=world.auth("office") | {"If-None-Match": f'"other", {first.headers["etag"]}'}
    )
    assert (again.status_code, again.content) == (304, b"")
    published(world, signed_in("max", "office", "administrator"), definition())
    changed = world.client.get(
        "/v1/catalogues", headers=world.auth("office") | {"If-None-Match": first.headers["etag"]}
    )
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert "border-post" in {one["code"] for one in changed.json()["forms"]}


@pytest.mark.one_kind
def test_the_catalogues_are_the_same_for_all_and_for_members_only(world: World) -> None:
    for slug in ("north", "south"):
        world.enrol(slug)
    assert world.raw("north", "/v1/catalogues").content == world.raw("south", "/v1/catalogues").content
    assert world.client.get("/v1/catalogues").status_code == 401
