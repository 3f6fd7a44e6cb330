"""What comes back to whoever reported, on pages, in a browser without JavaScript."""

from tests.world import World


def test_an_analyst_tells_an_outcome_and_the_owner_finds_it_on_the_timeline(world: World, browser) -> None:
    told = world.submit("north")
    world.settle()
    ada, eva, path = browser("ada"), browser("eva"), f"/reports/{told}/outcomes"
    assert eva.get(f"/reports/{told}").find("a", href=path)
    assert not ada.get(f"/reports/{told}").find("a", href=path)
    wrong = eva.send(eva.get(path), path, outcome="refuted", text="")
    assert wrong.status_code == 422
    sent = eva.send(eva.get(path), path, outcome="refuted", text="The post was not attacked.")
    assert sent.status_code == 200
    assert "The post was not attacked." not in sent.text
    timeline = ada.get(f"/reports/{told}").find("section", {"aria-labelledby": "status-title"})
    assert [one.strong.text for one in timeline.select("ol > li")] == ["Received", "Tagged", "Outcome told"]
    assert "Refuted, told by Office" in timeline.text
    assert "The post was not attacked." in timeline.text
    assert ada.get("/notices").find(string="An analyst told what came of your report.")
    ada.speak("ru")
    assert "Итог сообщён" in ada.get(f"/reports/{told}").text


def test_the_receipt_on_paper_bears_the_signature_that_the_api_gives(world: World, browser) -> None:
    told = world.submit("north")
    given = world.get("north", f"/v1/reports/{told}/receipt")
    page = browser("ada").get(f"/reports/{told}/receipt")
    assert [one.text for one in page.select("main dd code")] == [given["digest"], given["signature"], given["key"]]
    assert "/v1/receipts/key" in page.find("main").text
