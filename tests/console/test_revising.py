"""Own reports revised through their form: it opens as the report is, loses nothing, and shows what changed."""

from typing import Any

import pytest
from sqlmodel import select

from services import network
from services.kernel import db
from services.kernel.audit import AuditEntry
from tests.console.conftest import PASSWORD
from tests.console.test_submission import soup
from tests.world import World, amber, report

GREEN = {"tlp": "GREEN", "attribution": "named"}
TEXT = "Guards saw lights.\n\nThey called witness@example.org — twice."
NOTED = {"opiates_kg": {"value": 1.5, "evidence": "Ask witness@example.org."}}
BODIES: dict[str, dict[str, Any]] = {
    "incident": {
        "title": "Застава «Север» атакована", "language": "ru", "figures": {"killed": 2, "seized_kg": 1.25},
        "source": {"kind": "relayed", "organisation": "office"}, "evaluation": {"source": "B", "information": 2},
        "form": "incident", "selection": True, "answers": {"opiates_kg": {"value": 1.5, "evidence": "A note."}},
        "marking": amber("south", "office", attribution="withheld") | {
            "handling": "H3", "handling_note": "Not in writing.", "embargo_until": "2026-11-20T08:00:00Z",
            "review_at": "2027-06-01T09:30:00Z", "review_to": amber("south", "office", attribution="withheld"),
        },
        "tear_line": {"text": "Something happened.", "marking": {"tlp": "CLEAR", "attribution": "chatham"}},
    },
    "questionnaire": {
        "kind": "questionnaire", "form": "questionnaire", "themes": [], "credibility": 3,
        "answers": {"recruitment_online": {"value": 0, "trend": "down"}, "propaganda": {"state": "no_change"},
                    "arms": {"state": "not_observable", "evidence": "No line."}},
    },
    "situation": {
        "kind": "situation", "form": "situation", "source": {"kind": "relayed", "document": "A letter; of May"},
        "answers": {"direction": {"value": "same"}},
        "judgement": {"statement": "It is likely.", "scale": "phia", "word": "likely", "confidence": "low"},
    },
    "plain": {"place": None, "occurred_to": "2026-10-12", "status": "exercise", "text": TEXT},
}  # fmt: skip


def sent(world: World, **more: Any) -> str:
    answer = world.post("north", report() | {"marking": GREEN} | more)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["reference"])


def told(world: World, reference: str) -> dict[str, Any]:
    return dict(world.get("north", f"/v1/reports/{reference}"))


@pytest.mark.parametrize("name", BODIES)
def test_a_report_that_is_opened_and_sent_again_says_what_it_said(world: World, browser, name: str) -> None:
    reference = sent(world, **BODIES[name])
    words = {"title": "A title in English", "summary": "In brief."}
    path = f"/v1/reports/{reference}"
    world.client.put(f"{path}/translations/{'kk'}", json=words, headers=world.auth("north")).raise_for_status()
    before = told(world, reference)
    visitor, page = browser("ada", "ru"), f"/reports/{reference}/revise"
    form = visitor.get(f"/reports/{reference}").find("a", href=page)
    assert "Изменить" in form.text
    more = {"title": f"{before['title']} ещё", "act": "submit"}
    opened = visitor.raw(page)
    assert opened.status_code == 200, soup(opened).find("main").text
    answer = visitor.send(soup(opened), page, **more)
    if name == "plain":  # the form asks more than the report says, and what is personal is asked about anew
        wrong = soup(answer)
        assert wrong.find(id="place-fault")
        wrong = soup(visitor.send(wrong, page, place="KG-B", act="submit"))
        answer = visitor.send(wrong, page, personal="needed", act="submit")
        before |= {"place": "KG-B", "form": "incident", "form_version": 1}
    assert answer.url.path == f"/reports/{reference}/revisions/2", soup(answer).find("main").text[:600]
    assert soup(answer).find("ins").text.strip() == "ещё"
    after = told(world, reference)
    apart = {"title", "revision", "personal", "translations", "tags", "tagged"}
    assert {name: value for name, value in after.items() if name not in apart} == {
        name: value for name, value in before.items() if name not in apart
    }
    (kept,) = after["translations"]
    assert (kept["language"], kept["title"], kept["summary"]) == ("kk", *words.values())
    assert world.get("north", f"{path}/receipt")["revision"] == 2


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"source": {"kind": "relayed", "chain": [{"name": "A driver"}]}}, "source_document"),
        ({"figures": {"lorries": 3}}, "figures"),
        ({"tear_line": {"text": "Something happened.", "marking": amber("south")}, "marking": amber()}, "tear_line"),
        ({"marking": amber("office", groups=("others",))}, "marking"),  # a group that its own organisation is not in
        ({"source": {"kind": "relayed", "organisation": "north", "document": "A letter"}}, "source"),
        ({"language": "prs"}, "language"),
    ],
)
def test_what_the_form_would_lose_keeps_it_shut(world: World, browser, more: dict[str, Any], field: str) -> None:
    world.group("others", "south", "office")
    reference = sent(world, **more)
    answer = browser("ada").raw(f"/reports/{reference}/revise")
    assert answer.status_code == 409
    assert f"no place in the form: {field}." in soup(answer).text


def test_sent_twice_or_meanwhile_revised_writes_over_nothing(world: World, browser) -> None:
    reference = sent(world)
    visitor, page = browser("ada"), f"/reports/{reference}/revise"
    form = visitor.get(page)
    wrong = soup(visitor.send(form, page, title="", act="submit"))
    assert wrong.find(id="title-fault")
    spoken = soup(visitor.send(wrong, page, text="Typed and not stored.", act="speak-ru"))
    assert spoken.html["lang"] == "ru"
    assert spoken.find(id="text").text.strip() == "Typed and not stored."
    visitor.client.cookies.delete(network.COOKIE)
    kept = visitor.send(form, page, title="A second title", act="submit")
    assert kept.status_code == 401
    entered = visitor.send(soup(kept), "/sign-in", login="ada", password=PASSWORD)
    form = soup(visitor.send(soup(entered), page))
    assert form.find(id="title")["value"] == "A second title"
    assert visitor.send(form, page, act="submit").url.path.endswith("/revisions/2")
    again = visitor.send(form, page, title="A third title", act="submit")
    assert again.status_code == 409
    assert soup(again).find(id="title")["value"] == "A third title"
    assert (told(world, reference)["title"], told(world, reference)["revision"]) == ("A second title", 2)


def test_what_was_narrowed_or_taken_away_meanwhile_does_not_come_back_with_an_older_form(world: World, browser) -> None:
    line = {"text": "Something happened.", "marking": {"tlp": "CLEAR", "attribution": "chatham"}}
    reference = sent(world, tear_line=line)
    visitor, page, path = browser("ada"), f"/reports/{reference}/revise", f"/v1/reports/{reference}"
    for act, to, body in (("PUT", "marking", {"marking": amber("office")}), ("DELETE", "tear-line", None)):
        form = visitor.get(page)
        world.client.request(act, f"{path}/{to}", json=body, headers=world.auth("north")).raise_for_status()
        before = told(world, reference)
        assert visitor.send(form, page, title="Another title", act="submit").status_code == 409
        assert told(world, reference) == before
    assert (before["tlp"], before["tear_line"], before["revision"]) == ("AMBER", None, 1)
    assert visitor.send(visitor.get(page), page, title="Another title", act="submit").url.path.endswith("/2")


@pytest.mark.parametrize("more", [{"text": TEXT}, {"form": "incident", "answers": NOTED}])
def test_only_its_owner_opens_it_and_a_masked_one_opens_as_it_came_on_record(
    world: World, browser, more: dict[str, Any]
) -> None:
    reference = sent(world, **more, personal="mask")
    page = f"/reports/{reference}/revise"
    assert "█" in str(told(world, reference))
    assert browser("ben").raw(page).status_code == 403
    assert browser("max").raw(page).status_code in (403, 404)
    assert "witness@example.org" in browser("ada").raw(page).text
    with db.reading() as session:
        acts = session.exec(select(AuditEntry).where(AuditEntry.action == "original.read")).all()
    assert [one.subject for one in acts] == [reference]
