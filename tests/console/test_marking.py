"""Terms, dates and readers on pages: typed without a script, told in words, changed after a look at what changes."""

import pytest
from bs4 import BeautifulSoup

from tests.console.conftest import filled
from tests.console.test_submission import GOOD, check, send, soup
from tests.world import amber


def panels(answer) -> list[str]:
    return [one.get_text(" ", strip=True) for one in soup(answer).find_all(class_="readers")]


def faulty(answer) -> set[str]:
    """The fields with a fault beside them; each fault is tied to its field."""
    page = soup(answer)
    found = {one["id"].removesuffix("-fault") for one in page.find_all(class_="fault")}
    for name in found:
        field = page.find(id=name)
        assert f"{name}-fault" in field["aria-describedby"]
        assert field.get("aria-invalid") == "true"
        assert page.find("a", href=f"#{name}"), "the summary leads to it"
    return found


def test_terms_and_dates_are_stored_as_typed_and_shown_to_readers(world, browser):
    answer = send(
        browser("ada"), actions="internally-visible", pap="AMBER", handling="H3", handling_note="Not in writing.",
        review_at="2026-12-01T09:00", review_to="GREEN",
    )  # fmt: skip
    reference = answer.url.path.split("/")[2]
    own = world.get("north", f"/v1/reports/{reference}")
    assert own["terms"] == {
        "actions": "internally-visible", "pap": "AMBER", "handling": "H3", "handling_note": "Not in writing.",
    }  # fmt: skip
    assert (own["marking"]["review_at"], own["marking"]["review_to"]["tlp"]) == ("2026-12-01T09:00:00Z", "GREEN")
    assert "Then it becomes TLP:GREEN." in soup(answer).find("main").get_text(" ", strip=True)
    page = browser("eva").get(f"/reports/{reference}").find("aside").get_text(" ", strip=True)
    assert "PAP:AMBER" in page
    assert "Not in writing." in page
    assert "review" not in page, "what is planned is its owner's to know"


def test_an_embargo_is_said_to_its_owner_and_keeps_everybody_else_out(world, browser):
    answer = send(browser("ada"), embargo_until="2026-11-20T08:30")
    reference = answer.url.path.split("/")[2]
    said = soup(answer).find("main").get_text(" ", strip=True)
    assert "Under embargo until 20 November 2026, 08:30 UTC" in said
    assert "From 20 November 2026, 08:30 UTC:" in said
    assert browser("eva").raw(f"/reports/{reference}").status_code == 404


def test_chatham_house_is_offered_stored_and_explained(world, browser):
    answer = send(browser("ada"), attribution="chatham")
    assert "Chatham House rule: nobody is told" in soup(answer).find("main").text
    reference = answer.url.path.split("/")[2]
    assert "originator withheld" in browser("eva").get(f"/reports/{reference}").find("aside").text


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"handling": "H3"}, {"handling_note"}),
        ({"handling_note": "Burn it"}, {"handling_note"}),
        ({"handling": "H2", "tlp": "CLEAR"}, {"handling"}),
        ({"review_to": "GREEN"}, {"review_to"}),
        ({"embargo_until": "2026-10-01T09:00"}, {"embargo_until"}),
        ({"review_at": "next week"}, {"review_at"}),
        ({"embargo_until": "2026-12-02T09:00", "review_at": "2026-12-01T09:00"}, {"review_at"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_fault_stands_beside_its_field_and_nothing_is_lost(world, browser, typed, fields, language):
    answer = send(browser("ada", language), **typed)
    assert answer.status_code == 422
    assert faulty(answer) == fields
    page = soup(answer)
    assert page.find(id="terms").has_attr("open")
    assert page.find(id="title")["value"] == GOOD["title"]
    assert world.get("north", "/v1/reports")["reports"] == []


def test_checking_names_everybody_with_the_reason_and_what_another_label_would_change(world, browser):
    (told,) = panels(check(browser("ada"), organisations=["office", "south"]))
    assert "South (named)" in told
    assert "North (your own organisation)" in told
    assert "Also members that do not show their membership" in told
    assert "Nothing tells anybody else that it is there." in told
    assert "TLP:CLEAR everybody would see it" in told
    assert world.get("north", "/v1/reports")["reports"] == []


def test_checking_red_says_who_and_that_nobody_will_work_on_it(world, browser):
    for login in ("ben", "eva"):
        browser(login)
    (told,) = panels(check(browser("ada"), tlp="RED", persons="ben"))
    assert "No analyst can see this" in told
    assert "These persons only: ada ben" in told
    (worked,) = panels(check(browser("ada"), tlp="RED", persons="eva"))
    assert "No analyst" not in worked


def test_marking_anew_shows_the_change_first_and_then_does_it(world, browser):
    ada = browser("ada")
    reference = send(ada, tlp="AMBER+STRICT", pap="GREEN").url.path.split("/")[2]
    path = f"/reports/{reference}/marking"
    assert ada.get(f"/reports/{reference}").find("a", href=path)
    form = ada.get(path)
    assert not form.find("button", value="mark")
    tried = _ask(ada, form, path, "check")
    now, then = panels(tried)
    assert "Office (named)" in now
    assert "Office" not in then.partition("What another")[0]
    assert "South (named)" in then
    assert world.raw("south", f"/v1/reports/{reference}").status_code == 404
    done = _ask(ada, soup(tried), path, "mark")
    assert done.url.path == f"/reports/{reference}"
    assert world.raw("south", f"/v1/reports/{reference}").status_code == 200
    assert world.raw("office", f"/v1/reports/{reference}").status_code == 404
    assert world.get("south", f"/v1/reports/{reference}")["terms"]["pap"] == "GREEN"


def _ask(visitor, page: BeautifulSoup, path: str, act: str):
    """Send the form of a marking with one of its buttons, for the south alone."""
    values = filled(page.find("form", action=path)) | {"organisations": ["south"], "act": [act]}
    return visitor.client.post(path, data={name: value for name, value in values.items() if value})


def test_nobody_else_is_offered_or_allowed_to_mark_it(world, browser):
    reference = world.submit("north", marking=amber("south"))
    path = f"/reports/{reference}/marking"
    ben = browser("ben")
    assert not ben.get(f"/reports/{reference}").find("a", href=path)
    assert ben.raw(path).status_code == 403
    answer = ben.client.post(path, data={"tlp": "GREEN", "attribution": "named", "act": "mark"})
    assert answer.status_code == 403
    assert world.get("north", f"/v1/reports/{reference}")["tlp"] == "AMBER"


def test_a_fault_of_a_marking_stands_beside_its_field_too(world, browser):
    reference = world.submit("north", marking=amber("south"))
    path = f"/reports/{reference}/marking"
    data = {"tlp": "GREEN", "attribution": "named", "handling": "H3", "embargo_until": "2020-01-01T00:00"}
    answer = browser("ada").client.post(path, data=data)
    assert (answer.status_code, faulty(answer)) == (422, {"handling_note"})
    again = browser("ada").client.post(path, data=data | {"handling_note": "Ask us first."})
    assert (again.status_code, faulty(again)) == (422, {"embargo_until"})


def test_a_colleague_named_in_red_is_shown_no_receipt(world, browser):
    ada = browser("ada")
    browser("eva")
    reference = send(ada, tlp="RED", persons="eva").url.path.split("/")[2]
    eva = browser("eva")
    assert eva.raw(f"/reports/{reference}").status_code == 200
    assert eva.raw(f"/reports/{reference}/receipt").status_code == 404
