"""Personal data at the door: told to its owner by its place, masked for everybody else, whatever the exit."""

from typing import Any

import pytest

from tests.persons import signed_in
from tests.world import World, amber, report

pytestmark = pytest.mark.one_kind

PHONE, MAIL, ACCOUNT, PASSPORT = "+996 700 123 456", "first.last@example.org", "KZ86125KZT5004100100", "AN1234567"
TEXT = f"Задержан на посту. Звонить {PHONE}, писать {MAIL}. Счёт {ACCOUNT}, паспорт {PASSPORT}. Больше ничего."
SECRETS = (PHONE, MAIL, ACCOUNT, PASSPORT, "700 123 456", "first.last", "KZT5004100100", "1234567")


@pytest.fixture
def net(world: World) -> World:
    for slug in ("north", "south"):
        world.enrol(slug)
    world.enrol("office", "secretariat")
    return world


def body(**more: Any) -> dict[str, Any]:
    return report(title=f"Задержание, тел. {PHONE}", text=TEXT, marking=amber("south", "office")) | more


def told(world: World, slug: str, reference: str) -> dict[str, Any]:
    return dict(world.get(slug, f"/v1/reports/{reference}"))


def holds_none(text: str) -> bool:
    return not any(one in text for one in SECRETS)


def test_a_check_tells_what_was_found_by_its_place_and_stores_nothing(net: World) -> None:
    given = body(source={"kind": "relayed", "name": f"Сторож, {PHONE}"})
    answer = net.client.post("/v1/reports?validate=true", json=given, headers=net.auth("north")).json()
    fields = {
        "title": given["title"],
        "text": given["text"],
        "source.name": given["source"]["name"],
    }
    assert [(one["kind"], fields[one["field"]][one["start"] : one["end"]]) for one in answer["personal"]] == [
        ("phone", PHONE), ("phone", PHONE), ("email", MAIL), ("iban", ACCOUNT), ("passport", PASSPORT),
        ("phone", PHONE),
    ]  # fmt: skip
    assert answer["looked_for"] == ["email", "iban", "card", "national_number", "passport", "phone"]
    assert holds_none(str(answer))
    assert net.get("north", "/v1/reports")["reports"] == []


def test_others_are_given_it_masked_before_it_is_worked_on_as_after(net: World) -> None:
    reference = net.submit("north", **body())
    for _ in range(2):
        own, others = told(net, "north", reference), told(net, "south", reference)
        assert own["text"] == TEXT
        assert own["personal"] == {"found": 5, "decision": None}
        assert not own["masked"]
        assert len(others["text"]) == len(TEXT)
        assert others["text"].startswith("Задержан на посту. Звонить ████████████████, писать ██")
        assert others["title"] == "Задержание, тел. ████████████████"
        assert others["masked"]
        assert others["personal"] is None
        assert holds_none(str(others))
        net.settle()


def test_a_search_by_what_is_covered_finds_nothing_for_others(net: World) -> None:
    reference = net.submit("north", **body())
    plain = net.submit("north", title="Обычное сообщение", text="Без всего такого.", marking=amber("south"))
    for worked_on in (False, True):
        for word in ("700", "123", "456", "first.last", "example.org", "5004100100", "AN1234567", "an123", "KZ86"):
            assert net.get("south", "/v1/reports", q=word)["reports"] == []
            own = [one["reference"] for one in net.get("north", "/v1/reports", q=word)["reports"]]
            begins = word != "5004100100"  # which stands within the account's number
            assert own == ([reference] if worked_on and begins else []), word
        if worked_on:
            found = net.get("south", "/v1/reports", q="посту")["reports"]
            assert [one["reference"] for one in found] == [reference]
            assert [one["reference"] for one in net.get("south", "/v1/reports", q="обычное")["reports"]] == [plain]
        net.settle()


@pytest.mark.both_kinds
def test_a_revision_is_masked_by_what_it_says_itself(net: World) -> None:
    reference = net.submit("north", **body())
    net.settle()
    again = body(title="Исправленное", text="Теперь звонить 0700 123 456 вечером.")
    net.client.put(f"/v1/reports/{reference}", json=again, headers=net.auth("north"))
    for _ in range(2):
        assert told(net, "south", reference)["text"] == "Теперь звонить ████████████ вечером."
        assert told(net, "south", reference)["title"] == "Исправленное"
        net.settle()
    net.client.put(f"/v1/reports/{reference}", json=body(title="Без чисел", text="Нет."), headers=net.auth("north"))
    net.settle()
    assert not told(net, "south", reference)["masked"]
    assert told(net, "south", reference)["text"] == "Нет."


@pytest.mark.both_kinds
def test_the_owner_decides_and_who_decided_and_when_is_kept_and_on_record(net: World) -> None:
    ada = signed_in("ada", "north", "focal_point")
    reference = net.submit("north", **body())
    net.settle()
    path = f"/v1/reports/{reference}/personal"
    before = net.get("north", path)
    assert [one["kind"] for one in before["personal"]] == ["phone", "phone", "email", "iban", "passport"]
    assert (before["decision"], before["decided_at"], before["decided_by"]) == (None, None, None)
    made = net.client.put(path, json={"decision": "mask"}, headers=ada).json()
    assert (made["decision"], made["decided_by"]) == ("mask", "Ada")
    assert holds_none(str(made))
    net.settle()
    assert told(net, "north", reference)["text"].startswith("Задержан на посту. Звонить ███")
    assert net.get("north", f"/v1/reports/{reference}/original")["text"] == TEXT
    net.client.put(path, json={"decision": "needed"}, headers=net.auth("north"))
    assert told(net, "north", reference)["text"] == TEXT
    assert holds_none(told(net, "south", reference)["text"])
    assert net.get("north", path)["decision"] == "needed"
    assert net.get("north", path)["decided_by"] is None


@pytest.mark.parametrize(("decision", "masked"), [("mask", True), ("needed", False)])
def test_a_report_may_come_with_its_decision(net: World, decision: str, masked: bool) -> None:
    reference = net.submit("north", **body(personal=decision))
    for _ in range(2):
        assert told(net, "north", reference)["masked"] is masked
        assert told(net, "north", reference)["personal"] == {"found": 5, "decision": decision}
        assert told(net, "south", reference)["masked"]
        net.settle()


def test_nobody_but_the_owner_is_told_what_was_found_or_decides(net: World) -> None:
    reference = net.submit("north", **body())
    path = f"/v1/reports/{reference}/personal"
    assert net.raw("south", path).status_code == 403
    assert net.client.put(path, json={"decision": "needed"}, headers=net.auth("south")).status_code == 403
    hidden = net.submit("north", **body(marking=amber()))
    assert net.raw("south", f"/v1/reports/{hidden}/personal").status_code == 404
    assert net.raw("south", f"/v1/reports/{hidden}/original").status_code == 404


@pytest.mark.both_kinds
def test_dirty_text_is_read_clean_and_its_original_is_kept(net: World) -> None:
    dirty = "<p>Вооружённые люди в Бишкeкe<sup>1</sup> напали на пост, na\u00adme [at] example [dot] org</p>"
    reference = net.submit("north", title="Нападение в Ошe", text=dirty, place=None, marking=amber("south"))
    net.settle()
    read = told(net, "south", reference)
    assert read["title"] == "Нападение в Оше"
    assert read["text"] == "Вооружённые люди в Бишкеке напали на пост, ████████████████\n"
    assert read["cleaned"] == ["markup", "marks", "scripts", "addresses"]
    for tag in read["tags"]:
        if tag["method"] == "gazetteer":
            words = {f"{read['title']}\n{read['text']}"[start:end] for start, end in tag["spans"]}
            assert words <= {"Оше", "Бишкеке"}
    assert {"KG-GB", "KG-GO"} & {tag["value"] for tag in read["tags"]}
    whole = net.get("north", f"/v1/reports/{reference}/original")
    assert (whole["title"], whole["text"]) == ("Нападение в Ошe", dirty)
    assert whole["digest"] == net.get("north", f"/v1/reports/{reference}/receipt")["digest"]
    assert [one["reference"] for one in net.get("south", "/v1/reports", q="Бишкеке")["reports"]] == [reference]


def test_words_in_answers_sources_and_notes_are_masked_too(net: World) -> None:
    marking = amber("south") | {"handling": "H3", "handling_note": f"Ask {MAIL}"}
    source = {"kind": "relayed", "document": f"Letter of {PHONE}", "name": f"a guard, {PHONE}"}
    reference = net.submit("north", **body(source=source, marking=marking))
    net.settle()
    assert told(net, "north", reference)["source"]["name"] == f"a guard, {PHONE}"
    assert holds_none(str(told(net, "south", reference)))


def test_what_organisations_write_to_one_another_is_masked_for_the_other(net: World) -> None:
    reference = net.submit("north", **body())
    asked = {"kind": "release", "wanted": f"For the far ministry, {PHONE}.", "reason": f"Ask {MAIL}."}
    net.client.post(f"/v1/reports/{reference}/requests", json=asked, headers=net.auth("south"))
    (theirs,), (ours,) = (
        net.get(slug, "/v1/requests", box=box)["requests"] for slug, box in (("north", "in"), ("south", "out"))
    )
    assert ours["wanted"] == asked["wanted"]
    assert holds_none(str(theirs))
    decision = {"granted": False, "answer": f"No: ask {PHONE}."}
    path = f"/v1/requests/{ours['reference']}/decision"
    assert net.client.post(path, json=decision, headers=net.auth("north")).json()["answer"] == decision["answer"]
    assert holds_none(net.get("south", "/v1/requests", box="out")["requests"][0]["answer"])


@pytest.mark.both_kinds
def test_a_thread_gives_no_way_around(net: World) -> None:
    reference = net.submit("north", **body())
    net.settle()
    ada, ben = signed_in("ada", "north", "focal_point"), signed_in("ben", "south", "analyst")
    path = f"/v1/reports/{reference}/thread"
    for who in (ada, ben):
        sent = net.client.post(path, json={"text": f"It was {PHONE}."}, headers=who)
        assert sent.status_code == 201, sent.text
    for who in (ada, ben):
        said = [(one["mine"], one["text"]) for one in net.client.get(path, headers=who).json()["messages"]]
        assert sorted(said) == [(False, "It was ████████████████."), (True, f"It was {PHONE}.")]
