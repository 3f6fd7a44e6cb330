"""Tear-lines and requests on pages, in a browser without JavaScript."""

import pytest

from tests.world import World, amber

LINE = "Avoid the high pass this week."


@pytest.fixture
def told(world: World) -> str:
    return world.submit("north", marking=amber("south", attribution="chatham"))


def test_the_owner_writes_a_tear_line_and_others_find_it_in_brief(world: World, browser, told: str) -> None:
    world.enrol("far")
    world.member("fay", "far", "focal_point")
    ada, path = browser("ada"), f"/reports/{told}/tear-line"
    assert ada.get(f"/reports/{told}").find("a", href=path)
    wrong = ada.send(ada.get(path), path, line=LINE, tlp="AMBER", attribution="chatham", organisations=["south"])
    assert wrong.status_code == 422
    assert LINE in wrong.text
    assert "mark it wider" in wrong.text
    sent = ada.send(ada.get(path), path, line=LINE, tlp="GREEN", attribution="chatham")
    assert sent.status_code == 200
    assert LINE in ada.get(f"/reports/{told}").text
    assert LINE not in browser("ben").get("/in-brief").text
    fay = browser().sign_in("fay")
    page = fay.get("/in-brief").find("main")
    assert LINE in page.text
    assert "originator withheld" in page.text
    assert told not in str(page)
    fay.speak("ru")
    assert "Коротко" in fay.get("/in-brief").text


def test_a_reader_asks_and_the_owner_looks_and_grants(world: World, browser, told: str) -> None:
    world.enrol("far")
    ada, ben = browser("ada"), browser("ben")
    path = f"/reports/{told}/requests"
    assert ben.get(f"/reports/{told}").find("a", href=path)
    wrong = ben.send(ben.get(path), path, wanted="", reason="They guard the road.")
    assert wrong.status_code == 422
    assert "They guard the road." in wrong.text
    answer = ben.send(ben.get(path), path, wanted="For the far ministry.", reason="They guard the road.")
    assert "For the far ministry." in answer.text
    assert "North" not in answer.text.replace("North (", "")
    (link,) = [one["href"] for one in ada.get("/requests").select("ol.reports h2 a")]
    tried = ada.send(ada.get(link), link, organisations=["south", "far"], answer="Go on.")
    assert "Who would see it then" in tried.text
    assert world.raw("far", f"/v1/reports/{told}").status_code == 404
    form = {"tlp": "AMBER", "attribution": "chatham", "organisations": ["south", "far"], "act": "grant"}
    granted = ada.client.post(link, data=form | {"answer": "Go on."})
    assert "Granted" in granted.text
    assert world.get("far", f"/v1/reports/{told}")["reference"] == told
    assert "Go on." in ben.get("/requests?box=out").text


def test_the_owner_refuses_and_a_stranger_finds_no_page(world: World, browser, told: str) -> None:
    ada, ben = browser("ada"), browser("ben")
    path = f"/reports/{told}/requests"
    ben.send(ben.get(path), path, wanted="For others.", reason="They need it.")
    (link,) = [one["href"] for one in ada.get("/requests").select("ol.reports h2 a")]
    for stranger in (ben, browser("eva")):
        assert stranger.raw(link).status_code in (403, 404)
        assert stranger.client.post(link, data={"act": "refuse"}).status_code in (403, 404)
    assert browser("eva").raw(path).status_code == 404
    refused = ada.client.post(link, data={"act": "refuse", "answer": "Not yet."})
    assert "Refused" in refused.text
    assert "Not yet." in ben.get("/requests?box=out").text
    assert ada.client.post(link, data={"act": "refuse"}).status_code == 409


def test_an_analyst_asks_for_a_tear_line_and_it_is_written_in_the_same_act(world: World, browser) -> None:
    told = world.submit("north", marking=amber("office"))
    ada, eva, path = browser("ada"), browser("eva"), f"/reports/{told}/requests"
    assert not browser("ben").raw(path).is_success
    eva.send(eva.get(path), path, kind="tear_line", wanted="That the pass is closed.", reason="Drivers ask.")
    (link,) = [one["href"] for one in ada.get("/requests").select("ol.reports h2 a")]
    form = {"line": LINE, "tlp": "GREEN", "attribution": "chatham", "act": "grant"}
    assert "Granted" in ada.client.post(link, data=form).text
    assert LINE in browser("ben").get("/in-brief").text


def test_the_submission_form_takes_a_tear_line(world: World, browser) -> None:
    ada = browser("ada")
    typed = {
        "title": "A post was attacked", "text": "At night.", "place": "KG-B", "occurred_from": "2026-10-10",
        "tlp": "AMBER+STRICT", "attribution": "named",
    }  # fmt: skip
    sent = ada.send(ada.get("/submit/incident"), "/submit/incident", **typed, line=LINE)
    assert sent.status_code == 200
    assert LINE in browser("ben").get("/in-brief").text
    wide = ada.send(ada.get("/submit/incident"), "/submit/incident", **typed | {"tlp": "GREEN"}, line=LINE)
    assert wide.status_code == 422
    assert "must reach somebody" in wide.text
