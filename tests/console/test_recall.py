"""The page of an emergency recall: it says what it destroys, asks for the reference again, and shows what is left."""

import re

import pytest
from bs4 import BeautifulSoup

from services import network
from services.kernel import db
from tests.persons import signed_in
from tests.world import amber, report

REASON = "A source is in danger."


def soup(answer):
    return BeautifulSoup(answer.text, "lxml")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_owner_recalls_without_a_script_and_sees_what_is_left(world, browser, language):
    reference = world.submit("north", title="Zebrafinch at the bridge", marking=amber("office", strict=True))
    world.settle()
    digest = world.get("north", f"/v1/reports/{reference}/receipt")["digest"]
    visitor, reader = browser("ada", language), browser("eva")
    reader.get(f"/reports/{reference}")
    path = visitor.get(f"/reports/{reference}").find("a", href=re.compile("/recall$"))["href"]
    answer = visitor.send(visitor.get(path), path, typed=f" {reference.lower()} ", reason=REASON)
    assert (answer.status_code, answer.url.path) == (200, f"/reports/{reference}")
    left = soup(answer).find("main").get_text(" ", strip=True)
    assert all(one in left for one in (reference, digest, REASON))
    for at in ("", "/receipt"):
        assert "Zebrafinch" not in visitor.raw(f"/reports/{reference}{at}").text
    mine = visitor.get("/mine").find("ol", class_="reports").get_text(" ", strip=True)
    assert ("Recalled" if language == "en" else "отозванное") in mine
    assert "Zebrafinch" not in mine
    assert reader.raw(f"/reports/{reference}").status_code == 404
    assert visitor.raw(path).status_code == 409


def test_what_was_typed_wrong_is_said_and_destroys_nothing(world, browser):
    reference = world.submit("north")
    visitor, path = browser("ada"), f"/reports/{reference}/recall"
    for typed, reason, wrong in (
        ("EWN-0000-0000-0000", REASON, {"typed"}),
        ("", REASON, {"typed"}),
        (reference, "no", {"reason"}),
        ("x" * 50, "", {"typed", "reason"}),
    ):
        answer = visitor.send(visitor.get(path), path, typed=typed, reason=reason)
        page = soup(answer)
        assert answer.status_code == 422
        assert {name for name in ("typed", "reason") if page.find(id=f"{name}-fault")} == wrong
        assert page.find(id="reason")["value"] == reason
    assert world.get("north", f"/v1/reports/{reference}")["recalled_at"] is None


def test_only_the_owner_is_offered_and_allowed_to_recall(world, browser):
    reference = world.submit("north", marking=amber("office", "south", strict=True))
    visitor = browser("ben")
    assert not visitor.get(f"/reports/{reference}").find("a", href=re.compile("/recall$"))
    assert visitor.raw(f"/reports/{reference}/recall").status_code == 404
    form = {"typed": reference, "reason": REASON}
    assert visitor.client.post(f"/reports/{reference}/recall", data=form).status_code == 403
    hidden = world.submit("north", marking=amber())
    form = {"typed": hidden, "reason": REASON}
    assert visitor.client.post(f"/reports/{hidden}/recall", data=form).status_code == 404
    assert world.get("north", f"/v1/reports/{reference}")["recalled_at"] is None


def test_a_withdrawn_report_is_offered_for_recall_and_a_recalled_one_for_nothing(world, browser):
    reference = world.submit("north")
    visitor, at = browser("ada"), f"/reports/{reference}"
    visitor.send(visitor.get(at), f"{at}/withdrawal", reason="It did not happen.")
    path = f"{at}/recall"
    assert visitor.get(at).find("a", href=path)
    visitor.send(visitor.get(path), path, typed=reference, reason=REASON)
    main = visitor.get(at).find("main")
    assert not main.find("form")
    assert not main.find("a", href=path)


def test_a_focal_point_recalls_red_that_was_left_behind_and_reads_no_word_of_it(world, browser):
    zoe = signed_in("zoe", "north", "focal_point")
    body = report(title="Zebrafinch at the bridge", marking={"tlp": "RED", "attribution": "named"})
    reference = world.client.post("/v1/reports", json=body, headers=zoe).json()["reference"]
    visitor, path = browser("ada"), f"/reports/{reference}/recall"
    assert visitor.raw(path).status_code == 404
    with db.transaction() as session:
        network.deactivate(session, "zoe", by=None)
    assert visitor.raw(f"/reports/{reference}").status_code == 404
    form = visitor.get(path)
    assert "Zebrafinch" not in form.text
    answer = visitor.send(form, path, typed=reference, reason=REASON)
    assert (answer.status_code, answer.url.path) == (200, "/mine")
    assert reference not in answer.text
    assert visitor.raw(path).status_code == 409
