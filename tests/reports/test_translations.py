"""Titles and summaries in other languages: seen by who sees the report, with this revision only, original kept."""

from datetime import UTC, datetime
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import col, select

from services.kernel import db
from services.kernel.audit import AuditEntry
from services.reports import Translation
from tests.persons import signed_in
from tests.world import World, amber, build_due, report

GREEN = {"tlp": "GREEN", "attribution": "named"}
ENGLISH = {"title": "Clash at the pass", "summary": "Armed men attacked a post and left."}


@pytest.fixture
def parties(world: World) -> World:
    for slug in ("north", "south", "far"):
        world.enrol(slug)
    world.enrol("veiled", hidden=True)
    return world


def put(world: World, who: str | dict[str, str], reference: str, language: str = "en", **body: Any) -> Response:
    headers = world.auth(who) if isinstance(who, str) else who
    path = f"/v1/reports/{reference}/translations/{language}"
    return world.client.put(path, json=ENGLISH | body, headers=headers)


def told(world: World, slug: str, reference: str) -> list[dict[str, Any]]:
    return list(world.get(slug, f"/v1/reports/{reference}")["translations"])


@pytest.mark.one_kind
def test_a_translation_stands_beside_the_original_with_its_translator(parties: World) -> None:
    reference = parties.submit("north", title="Столкновение", language="ru", marking=amber("south"))
    assert put(parties, "south", reference).status_code == 204
    assert put(parties, "north", reference, title="Clash, by its sender").status_code == 204
    for slug in ("north", "south"):
        found = told(parties, slug, reference)
        assert [(one["title"], one["by"], one["translator"], one["original_language"]) for one in found] == [
            ("Clash, by its sender", "originator", "north", "ru"), ("Clash at the pass", "reader", "south", "ru"),
        ]  # fmt: skip
        assert parties.get(slug, f"/v1/reports/{reference}")["title"] == "Столкновение"
        assert parties.get(slug, "/v1/reports")["reports"][0]["translations"] == found
    assert put(parties, "far", reference).status_code == 404
    assert put(parties, signed_in("ben", "south", "focal_point"), reference).status_code == 403


@pytest.mark.one_kind
def test_who_translated_is_under_policy(parties: World) -> None:
    reference = parties.submit("north", language="ru", marking=GREEN | {"attribution": "withheld"})
    for slug in ("north", "veiled"):
        assert (
            put(parties, slug, reference, title=f"A title by {'one' if slug == 'north' else 'other'}").status_code
            == 204
        )
    assert [(one["by"], one["translator"]) for one in told(parties, "south", reference)] == [
        ("originator", None), ("reader", None),
    ]  # fmt: skip


@pytest.mark.one_kind
def test_a_translation_goes_as_far_as_its_report_and_ends_with_its_revision(parties: World) -> None:
    reference = parties.submit("north", language="ru", marking=amber("south"))
    put(parties, "south", reference)
    path = f"/v1/reports/{reference}"
    headers = parties.auth("north")
    parties.client.put(f"{path}/marking", json={"marking": GREEN}, headers=headers)
    assert len(told(parties, "far", reference)) == 1
    parties.client.put(f"{path}/marking", json={"marking": amber("south")}, headers=headers)
    assert parties.raw("far", path).status_code == 404
    parties.client.put(path, json=report(9, language="ru", marking=GREEN), headers=headers)
    for slug in ("north", "south", "far"):
        assert told(parties, slug, reference) == []
    put(parties, "south", reference, title="The new words")
    assert [one["title"] for one in told(parties, "far", reference)] == ["The new words"]


def test_what_is_personal_in_a_translation_is_masked_for_others(parties: World) -> None:
    reference = parties.submit("north", language="ru")
    put(parties, "south", reference, summary="Write to someone@example.org now.")
    assert "someone@example.org" in told(parties, "south", reference)[0]["summary"]
    assert "someone@example.org" not in told(parties, "far", reference)[0]["summary"]


def test_a_recall_destroys_translations_and_their_translator_may_take_them_away(parties: World) -> None:
    one, two = (parties.submit("north", language="ru") for _ in range(2))
    for reference in (one, two):
        put(parties, "south", reference)
    path = f"/v1/reports/{one}/translations/en"
    assert parties.client.delete(path, headers=parties.auth("far")).json()["type"] == "/docs/problems#no-translation"
    assert parties.client.delete(path, headers=parties.auth("south")).status_code == 204
    assert told(parties, "north", one) == []
    body = {"reference": two, "reason": "mistaken"}
    parties.client.post(f"/v1/reports/{two}/recall", json=body, headers=parties.auth("north"))
    assert told(parties, "north", two) == []


@pytest.mark.one_kind
@pytest.mark.parametrize("language", ["ru", "xx", "English"])
def test_a_language_is_one_of_the_pack_and_not_the_reports_own(parties: World, language: str) -> None:
    reference = parties.submit("north", language="ru")
    assert put(parties, "north", reference, language).json()["field"] == "language"


def test_an_edition_tells_the_title_in_its_readers_language_beside_the_original(parties: World) -> None:
    days = {"occurred_from": "2026-11-01", "occurred_to": "2026-11-01"}
    reference = parties.submit("north", title="Столкновение на перевале", language="ru", **days)
    put(parties, "south", reference)
    parties.settle()
    build_due(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))
    for edition in parties.get("far", "/v1/digests"):
        path = f"/v1/digests/{edition['reference']}/document"
        english = parties.client.get(f"{path}.html?language=en", headers=parties.auth("far")).text
        if "Столкновение на перевале" in english:
            break
    else:
        raise AssertionError("no edition tells of it")
    assert "Clash at the pass (translated by another member of the network)" in english
    russian = parties.client.get(f"{path}.html?language=ru", headers=parties.auth("far")).text
    assert "Clash at the pass" not in russian
    body = {"reference": reference, "reason": "mistaken"}
    parties.client.post(f"/v1/reports/{reference}/recall", json=body, headers=parties.auth("north"))
    parties.settle()
    gone = parties.client.get(f"{path}.html?language=en", headers=parties.auth("far")).text
    assert "Clash at the pass" not in gone


@pytest.mark.one_kind
def test_a_check_says_what_is_personal_in_a_translation_and_a_decision_is_on_record(parties: World) -> None:
    reference = parties.submit("north", language="ru")
    path = f"/v1/reports/{reference}/translations/en?validate=true"
    said = {"title": "Ask desk@example.org", "summary": "Or call +996 555 123 456."}
    headers = parties.auth("north")
    tried = parties.client.put(path, json=said, headers=headers)
    assert tried.status_code == 200, tried.text
    assert [(one["field"], said[one["field"]][one["start"] : one["end"]]) for one in tried.json()["personal"]] == [
        ("title", "desk@example.org"), ("summary", "+996 555 123 456"),
    ]  # fmt: skip
    assert told(parties, "north", reference) == []
    assert parties.client.put(path.replace("/en", "/xx"), json=said, headers=headers).status_code == 422
    for decision, own in ((None, True), ("needed", True), ("mask", False)):
        assert put(parties, "north", reference, **said, personal=decision).status_code == 204
        assert ("desk@" in told(parties, "north", reference)[0]["title"]) is own
        assert "desk@" not in told(parties, "south", reference)[0]["title"]
    with db.reading() as session:
        told_of = select(AuditEntry).where(AuditEntry.action == "report.translated").order_by(col(AuditEntry.id))
        acts = session.exec(told_of).all()
        (row,) = session.exec(select(Translation)).all()
    assert [one.detail.get("personal") for one in acts] == [None, "needed", "mask"]
    assert "555" not in row.summary
