"""A correction names a report that its sender sees; who sees both sees the link, and nobody else a trace."""

import json

import pytest

from tests.world import World, amber, report


def correction(reference: str, number: int = 50, **more):
    answers = {"wrong": {"value": "place"}, "right": {"value": "It was further south."}}
    body = report(number, kind="correction", form="correction", title="Another place", answers=answers)
    return body | {"corrects": reference} | more


@pytest.fixture
def three(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    return world


def sent(world: World, slug: str, body: dict) -> str:
    answer = world.post(slug, body)
    assert answer.status_code == 202, answer.text
    return answer.json()["reference"]


def links(world: World, slug: str, reference: str) -> tuple[str | None, list[str]]:
    read = world.get(slug, f"/v1/reports/{reference}")
    return read["corrects"], read["corrections"]


@pytest.mark.one_kind
def test_readers_of_both_see_the_link_from_either_side(three: World) -> None:
    wrong = three.submit("north")
    right = sent(three, "south", correction(wrong))
    for slug in ("north", "south", "far"):
        assert links(three, slug, right) == (wrong, [])
        assert links(three, slug, wrong) == (None, [right])
        listed = {one["reference"]: one for one in three.get(slug, "/v1/reports")["reports"]}
        assert listed[wrong]["corrections"] == [right]


def test_readers_of_one_see_no_trace_of_the_other(three: World) -> None:
    wrong = three.submit("north", marking=amber("south"))
    right = sent(three, "south", correction(wrong))
    assert links(three, "far", right) == (None, [])
    other = three.submit("north")
    hidden = sent(three, "south", correction(other, 51, marking=amber("north")))
    assert links(three, "far", other) == (None, [])
    assert links(three, "north", other) == (None, [hidden])


def test_what_is_hidden_and_what_is_not_there_cannot_be_corrected_alike(three: World) -> None:
    hidden = three.submit("north", marking=amber())
    answers = [three.post("south", correction(one)).json() for one in (hidden, "EWN-1111-1111-1111")]
    assert answers[0] == answers[1]
    assert (answers[0]["status"], answers[0]["field"]) == (422, "corrects")


@pytest.mark.one_kind
def test_a_correction_names_a_report_and_nothing_else_does(three: World) -> None:
    wrong = three.submit("north")
    without = {name: value for name, value in correction(wrong).items() if name != "corrects"}
    assert three.post("south", without).status_code == 422
    assert three.post("south", report(3, corrects=wrong)).status_code == 422


@pytest.mark.one_kind
def test_a_correction_has_the_status_of_what_it_corrects(three: World) -> None:
    wrong = three.submit("north", status="exercise")
    assert three.post("south", correction(wrong)).json()["field"] == "corrects"
    assert three.post("south", correction(wrong, status="exercise")).status_code == 202


def test_a_withdrawn_correction_or_report_is_linked_no_more(three: World) -> None:
    wrong = three.submit("north")
    right = sent(three, "south", correction(wrong))
    path = f"/v1/reports/{right}/withdrawal"
    three.client.post(path, json={"reason": "mistaken"}, headers=three.auth("south")).raise_for_status()
    assert links(three, "far", wrong) == (None, [])
    again = sent(three, "south", correction(wrong, 52))
    path = f"/v1/reports/{wrong}/withdrawal"
    three.client.post(path, json={"reason": "mistaken"}, headers=three.auth("north")).raise_for_status()
    assert links(three, "far", again) == (None, [])


def test_a_correction_stays_one_when_its_sender_loses_sight_of_the_report(three: World) -> None:
    wrong = three.submit("north")
    right = sent(three, "south", correction(wrong))
    marking = {"marking": amber()}
    path = f"/v1/reports/{wrong}/marking"
    three.client.put(path, json=marking, headers=three.auth("north")).raise_for_status()
    assert links(three, "south", right) == (None, [])
    revised = three.client.put(f"/v1/reports/{right}", json=correction(wrong, 53), headers=three.auth("south"))
    assert revised.status_code == 200, revised.text
    other = three.submit("north", marking=amber())
    refused = three.client.put(f"/v1/reports/{right}", json=correction(other, 53), headers=three.auth("south"))
    assert refused.status_code == 422


def test_a_report_does_not_correct_itself(three: World) -> None:
    wrong = three.submit("north")
    right = sent(three, "south", correction(wrong))
    answer = three.client.put(f"/v1/reports/{right}", json=correction(right), headers=three.auth("south"))
    assert (answer.status_code, answer.json()["field"]) == (422, "corrects")


def test_corrections_come_by_bulk_too(three: World) -> None:
    wrong, hidden = three.submit("north"), three.submit("north", marking=amber())
    bodies = [correction(wrong, 60), correction(hidden, 61), correction(wrong, 62)]
    answer = three.client.post(
        "/v1/reports/bulk",
        content="\n".join(json.dumps(one) for one in bodies),
        headers={"Content-Type": "application/x-ndjson", **three.auth("south")},
    )
    assert [json.loads(line)["status"] for line in answer.text.splitlines()] == [202, 422, 202]
    assert len(links(three, "far", wrong)[1]) == 2


def test_a_correction_counts_nowhere_and_changes_no_count(three: World) -> None:
    wrong = three.submit("north")
    three.settle()
    query = {"place": "KG", "grain": "month", "from": "2026-10-01", "to": "2026-10-31"}
    before = three.get("far", "/v1/indicators/incidents-reported/series", **query)
    sent(three, "south", correction(wrong, text=report()["text"]))
    three.settle()
    assert three.get("far", "/v1/indicators/incidents-reported/series", **query) == before


@pytest.mark.one_kind
def test_a_hidden_correction_changes_no_byte_that_its_strangers_read(three: World) -> None:
    wrong = three.submit("north")
    three.settle()
    asks = (f"/v1/reports/{wrong}", "/v1/reports", "/v1/reports/facets", f"/v1/reports/{wrong}/incident")
    before = [three.raw("far", ask).content for ask in asks]
    sent(three, "south", correction(wrong, marking=amber("north")))
    three.settle()
    assert [three.raw("far", ask).content for ask in asks] == before
    assert three.get("north", asks[0])["corrections"]
