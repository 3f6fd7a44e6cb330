"""The words of files: found in the copies that others are given, tagged once, masked for others, and decided about."""

import io
from typing import Any

import docx
import pytest
from sqlmodel import func, select

from services import attachments, tagging
from services.kernel import db
from services.kernel.audit import AuditEntry
from services.kernel.errors import Stale
from services.kernel.events import EventRow
from services.reports import Report
from tests.attachments import files
from tests.attachments.laid import attached, listed
from tests.indicators.recount import readable, recount
from tests.world import World, amber

pytestmark = pytest.mark.one_kind
DRUGS = "Smugglers carried heroin and opium over the border."
LETTER = "Write to ivan.petrov@example.org or call +996 555 123 456."


def tags(world: World, who: str, reference: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.get(who, f"/v1/reports/{reference}")["tags"]
    return found


def told(name: str) -> int:
    """How often an event was announced."""
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(EventRow).where(EventRow.name == name)).one()


def plain(world: World, **more: Any) -> str:
    """A report whose own words name neither themes nor places."""
    return world.submit("north", title="A note", text="As agreed, see the file.", place=None, themes=[], **more)


@pytest.mark.parametrize("kind", ["docx", "pdf", "text"])
def test_a_report_is_about_what_its_files_say_and_each_tag_names_its_file(north: World, kind: str) -> None:
    reference = plain(north)
    north.settle()
    before = {one["value"] for one in tags(north, "south", reference)}
    path = attached(north, "north", reference, files.made(kind, said=DRUGS), f"a.{kind}")
    north.settle()
    for who in ("north", "south"):
        new = [one for one in tags(north, who, reference) if one["value"] not in before]
        assert {one["attachment"] for one in new} == {path.rpartition("/")[2]}
        assert "drug-trafficking" in {one["value"] for one in new}
        words = north.get(who, f"{path}/text")["text"]
        for one in new:
            assert all(words[start:end].strip() for start, end in one["spans"])


def test_what_is_deleted_hidden_or_commented_leads_to_no_tag(north: World) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("As agreed.")
    paragraph.add_run(DRUGS).font.hidden = True
    made.add_comment(paragraph.runs, text=DRUGS, author="A", initials="A")
    target = io.BytesIO()
    made.save(target)
    reference = plain(north)
    path = attached(north, "north", reference, target.getvalue(), "a.docx")
    north.settle()
    assert north.get("north", f"{path}/text")["text"] == "As agreed."
    assert not [one for one in tags(north, "north", reference) if one["attachment"]]


def test_a_report_is_tagged_once_for_each_content(north: World) -> None:
    reference = plain(north)
    north.settle()
    once = told("report.tagged")
    path = attached(north, "north", reference, DRUGS.encode())
    north.settle()
    assert told("report.tagged") == once + 1
    north.client.post(
        f"/v1/reports/{reference}/attachments", files={"file": ("b.txt", DRUGS.encode())}, headers=north.auth("north")
    )
    attached(north, "north", reference, files.picture(), "a.png")
    north.settle()
    assert told("report.tagged") == once + 1, "neither the same bytes nor a picture say anything new"
    north.client.delete(path, headers=north.auth("north"))
    north.settle()
    assert told("report.tagged") == once + 2
    assert not [one for one in tags(north, "north", reference) if one["attachment"]]


def test_tags_that_were_planned_without_a_new_file_are_planned_anew(north: World) -> None:
    reference = plain(north)
    north.settle()
    with db.reading() as session:
        key = session.exec(select(Report).where(Report.reference == reference)).one().key
        stale = tagging.plan(session, [key])
    attached(north, "north", reference, DRUGS.encode())
    north.settle()
    with pytest.raises(Stale), db.transaction() as session:
        tagging.write(session, stale)
    assert [one for one in tags(north, "north", reference) if one["attachment"]]


def test_places_of_a_file_count_only_where_the_report_names_none(north: World) -> None:
    nowhere, somewhere = plain(north), north.submit("north")
    for reference in (nowhere, somewhere):
        attached(north, "north", reference, b"A shipment was stopped in Dushanbe.", f"{reference}.txt")
    north.settle()
    places = ("country", "unit", "town")
    assert {one["value"] for one in tags(north, "south", nowhere) if one["scheme"] in places} >= {"TJ"}
    assert not [one for one in tags(north, "south", somewhere) if one["attachment"] and one["scheme"] in places]
    found = {one["reference"] for one in north.get("south", "/v1/reports", place="TJ")["reports"]}
    assert found == {nowhere}


def test_a_viewers_counts_are_a_recount_with_files_too(north: World) -> None:
    for number, marking in enumerate((None, amber("south"), amber("far"))):
        more = {"marking": marking} if marking else {}
        reference = plain(north, **more) if number else north.submit("north", **more)
        attached(north, "north", reference, f"{DRUGS} {number}".encode())
    north.settle()
    for who in ("north", "south", "far"):
        told_, incidents = readable(north.client, north.auth(who))
        counted = recount(told_, incidents)
        months = {cell: value for cell, value in counted.items() if cell[1:3] == ("actual", "month")}
        assert any(cell[0] != "incidents-reported" for cell in months)
        for (code, _, _, start, place), value in months.items():
            query = {"place": place, "grain": "month", "from": start, "to": "2026-11-01"}
            points = north.get(who, f"/v1/indicators/{code}/series", **query)["points"]
            assert next(one["value"] for one in points if one["start"] == start) == value, (who, code, place)


def test_the_same_file_does_not_make_reports_tell_one_event(north: World) -> None:
    law = " ".join(f"article{number} paragraph{number * 7}" for number in range(300)).encode()
    one, other = north.submit("north"), north.submit("south")
    attached(north, "north", one, law)
    attached(north, "south", other, law)
    north.settle()
    assert north.get("far", f"/v1/reports/{one}/incident")["reports"] == [one]


def test_personal_data_in_a_file_keeps_it_from_others_who_get_its_words_masked(north: World) -> None:
    reference = plain(north)
    path = attached(north, "north", reference, LETTER.encode())
    north.settle()
    (own,), (theirs,) = listed(north, "north", reference), listed(north, "south", reference)
    assert (own["state"], own["why"]) == ("words", ["personal"])
    assert (theirs["state"], theirs["why"], theirs["size"], theirs["digest"]) == ("words", [], None, None)
    refused = north.raw("south", path)
    assert (refused.status_code, refused.json()["type"]) == (403, "/docs/problems#words-only")
    given = north.get("south", f"{path}/text")
    assert "ivan.petrov" not in given["text"]
    assert len(given["text"]) == len(LETTER)
    assert given["personal"] == []
    found = north.get("north", f"{path}/text")
    assert found["text"] == LETTER
    assert {LETTER[one["start"] : one["end"]] for one in found["personal"]} >= {"ivan.petrov@example.org"}


def test_its_owner_decides_whether_others_get_the_file_and_that_is_on_record(north: World) -> None:
    path = attached(north, "north", plain(north), LETTER.encode())
    north.settle()
    decide = {"headers": north.auth("north")}
    for decision, status in (("share", 200), ("words", 403), ("share", 200)):
        assert north.client.put(f"{path}/personal", json={"decision": decision}, **decide).status_code == 200
        assert north.raw("south", path).status_code == status
        assert "ivan.petrov" not in north.get("south", f"{path}/text")["text"], "words are masked in any case"
    assert (
        north.client.put(f"{path}/personal", json={"decision": "share"}, headers=north.auth("south")).status_code == 403
    )
    with db.reading() as session:
        acts = [one for one in session.exec(select(AuditEntry)).all() if one.action == "attachment.personal_decided"]
    assert [one.detail for one in acts] == [{"what": "share"}, {"what": "words"}, {"what": "share"}]


def test_there_is_nothing_to_decide_about_a_file_without_personal_data(north: World) -> None:
    path = attached(north, "north", plain(north), b"Nothing of the kind.")
    north.settle()
    answer = north.client.put(f"{path}/personal", json={"decision": "share"}, headers=north.auth("north"))
    assert answer.json()["type"] == "/docs/problems#nothing-to-decide"


def test_what_is_personal_in_a_file_leads_to_no_tag(north: World) -> None:
    reference = plain(north)
    attached(north, "north", reference, b"Write to heroin.opium.smuggler@example.org about it.")
    north.settle()
    assert not [one for one in tags(north, "south", reference) if one["attachment"]]


def test_words_that_are_kept_are_bounded(north: World) -> None:
    reference = plain(north)
    path = attached(north, "north", reference, (DRUGS * 5_000).encode())
    north.settle()
    assert len(north.get("north", f"{path}/text")["text"]) == 50_000
    with db.reading() as session:
        key = session.exec(select(Report).where(Report.reference == reference)).one().key
        assert [len(words) for _, words in attachments.words_of(session, [key])[key]] == [50_000]
