"""What comes back to whoever reported, on pages, in a browser without JavaScript."""

import pytest

from services.kernel.config import settings
from tests.world import World, report


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


def test_readers_of_a_report_write_in_its_thread_and_the_owner_closes_it(world: World, browser) -> None:
    told = world.submit("north", marking={"tlp": "GREEN", "attribution": "withheld"})
    ada, ben, path = browser("ada"), browser("ben"), f"/reports/{told}/thread"
    assert ben.get(f"/reports/{told}").find("a", href=path)
    assert "Nobody has written here yet." in ben.get(path).text
    wrong = ben.send(ben.get(path), path, text="")
    assert wrong.status_code == 422
    ben.send(ben.get(path), path, text="Have others seen it?")
    ada.send(ada.get(path), path, text="Two have.")
    page = ben.get(path).find("main")
    assert "The originator" in page.text
    assert "North" not in page.text
    assert "South" in ada.get(path).text
    assert ada.get("/notices").find("a", href=path)
    message = ben.get(path).find("input", {"name": "message"})["value"]
    assert ben.client.post(path, data={"act": "take", "message": message}).status_code == 200
    assert "Have others seen it?" not in ada.get(path).text
    ada.client.post(path, data={"act": "close"})
    assert "nobody writes in it" in ben.get(path).text
    assert ben.client.post(path, data={"text": "Too late."}).status_code == 409
    ada.speak("ru")
    assert "Обсуждение" in ada.get(path).text


def test_a_question_to_the_network_is_put_answered_extended_and_closed(
    world: World, browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    eva, ben, path = browser("eva"), browser("ben"), "/inquiries/new"
    wrong = eva.send(eva.get(path), path, question="What was seen?", why="It is not clear.", due_on="2026-11-20")
    assert wrong.status_code == 422
    assert "What was seen?" in wrong.text
    past = eva.send(
        eva.get(path), path, question="What was seen?", why="Why.", due_on="2026-10-20", organisations=["south"]
    )
    assert "between today and a year from now" in past.text
    put = eva.send(
        eva.get(path), path, question="What was seen?", why="It is not clear.", due_on="2026-11-20",
        organisations=["south"],
    )  # fmt: skip
    assert put.status_code == 200
    one = str(put.url.path)
    assert "South" in put.text
    monkeypatch.setenv("EWN_INQUIRIES_OPEN", "1")
    settings.cache_clear()
    more = eva.send(
        eva.get(path), path, question="What else?", why="Why.", due_on="2026-11-20", organisations=["south"]
    )
    assert (more.status_code, "as may be (1)" in more.text, "What else?" in more.text) == (409, True, True)
    assert ben.get("/notices").find("a", href=one)
    assert ben.get("/inquiries").find("a", href=one)
    assert browser("ada").raw(one).status_code == 404
    assert ben.send(ben.get(one), one, text="").status_code == 422
    answered = ben.client.post(
        one, data={"act": "answer", "text": "Two lorries.", "tlp": "AMBER+STRICT", "attribution": "named"}
    )
    assert answered.status_code == 200
    assert "Two lorries." in eva.get(one).text
    assert "has answered" in eva.get(one).text
    assert eva.client.post(one, data={"act": "extend", "due_on": "2026-11-19"}).status_code == 422
    assert "21 November 2026" in eva.client.post(one, data={"act": "extend", "due_on": "2026-11-21"}).text
    assert "Closed" in eva.client.post(one, data={"act": "close", "note": "Thank you."}).text
    assert "Thank you." in ben.get(one).text
    ben.speak("ru")
    assert "Запрос информации" in ben.get(one).text


def test_a_reader_asks_the_originator_from_the_page_of_a_report(world: World, browser) -> None:
    told = world.submit("north", marking={"tlp": "GREEN", "attribution": "withheld"})
    ada, ben = browser("ada"), browser("ben")
    link = ben.get(f"/reports/{told}").find("a", href=f"/inquiries/new?report={told}")
    assert link
    put = ben.send(ben.get(link["href"]), "/inquiries/new", question="Who saw it?", why="Why.", due_on="2026-11-20")
    assert put.status_code == 200
    assert "North" not in put.text
    one = str(put.url.path)
    own = world.submit("north")
    linked = ada.client.post(one, data={"act": "answer", "own_report": own.lower()})
    assert linked.status_code == 200, linked.text
    assert ben.get(one).find("a", href=f"/reports/{own}")
    hidden = world.submit("north", marking={"tlp": "AMBER", "attribution": "named"})
    refused = ada.client.post(one, data={"act": "answer", "own_report": hidden})
    assert refused.status_code == 422
    assert "answer by a text" in refused.text


def test_what_changed_is_shown_struck_through_and_underlined(world: World, browser) -> None:
    told = world.submit("north", text="Two men were seen. They left.")
    revised = report(9, text="Three men were seen. They left.", place="KG-C")
    world.client.put(f"/v1/reports/{told}", json=revised, headers=world.auth("north"))
    ben = browser("ben")
    assert ben.get(f"/reports/{told}").find("a", href=f"/reports/{told}/revisions")
    assert ben.get(f"/reports/{told}/revisions").find("a", href=f"/reports/{told}/revisions/2")
    page = ben.get(f"/reports/{told}/revisions/2")
    text = page.find("div", {"class": "text"})
    assert ([one.text for one in text.find_all("del")], [one.text for one in text.find_all("ins")]) == (
        ["Two"], ["Three"],
    )  # fmt: skip
    assert ["Place", "KG-B", "KG-C"] in [
        [cell.text for cell in row.find_all(["th", "td"])] for row in page.select("tr")
    ]
    ben.speak("ru")
    assert "Редакция 2" in ben.get(f"/reports/{told}/revisions/2").text


def test_a_title_in_the_readers_language_stands_under_the_original(world: World, browser) -> None:
    told = world.submit("north", title="Столкновение на перевале", language="ru")
    eva, path = browser("eva"), f"/reports/{told}/translations"
    assert eva.get(f"/reports/{told}").find("a", href=path)
    wrong = eva.send(eva.get(path), path, language="en", title="")
    assert wrong.status_code == 422
    sent = eva.send(eva.get(path), path, language="en", title="Clash at the pass", summary="Armed men left.")
    assert sent.status_code == 200
    page = browser("ben").get(f"/reports/{told}").find("main")
    assert "Столкновение на перевале" in page.h1.text
    assert "Clash at the pass" in page.text
    assert "Translated by Office, original in: Russian." in page.text
    assert browser("ada").speak("ru") is None
    ada = browser("ada", "ru")
    assert "Clash at the pass" not in ada.get(f"/reports/{told}").text
    assert "Перевод: Office" in ada.get(path).text
    taken = eva.client.post(path, data={"act": "take", "language": "en"})
    assert "There is no translation of this revision." in taken.text
