"""Reports come as CSV and XLSX made with a form's template; each row is answered, and a repeat has no effect."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import load_workbook

from services import forms
from tests.sheets.making import ROW, answers, as_csv, as_xlsx, rows, send
from tests.world import World

pytestmark = pytest.mark.one_kind


@pytest.fixture
def north(world: World) -> World:
    for slug in ("north", "south"):
        world.enrol(slug)
    return world


def refused(answer, kind: str) -> str:
    assert answer.json()["type"] == f"/docs/problems#{kind}", answer.text
    return answer.json()["detail"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rows_of_csv_become_reports_whatever_the_spreadsheet(north: World, separator: str, encoding: str) -> None:
    given = [ROW | {"title": "На посту, ночью", "text": "Әскери бекет; «түнде»\nшабуыл"}, *rows(3)[1:]]
    found = answers(send(north, as_csv(given, separator).encode(encoding)))
    assert [(one["row"], one["status"]) for one in found] == [(2, 202), (3, 202), (4, 202)]
    read = north.get("south", f"/v1/reports/{found[0]['reference']}")
    assert (read["title"], read["text"]) == ("На посту, ночью", "Әскери бекет; «түнде»\nшабуыл")
    assert (read["form"], read["kind"], read["occurred_to"]) == ("incident", "incident", "2026-10-10")


def test_rows_of_a_filled_in_workbook_become_reports(north: World) -> None:
    day = {"occurred_from": date(2026, 10, 10), "occurred_to": date(2026, 10, 11), "weapons_seized": 4}
    given = [row | day | {"stage": "Обнаружение или изъятие", "figures": "detained=2; killed=1"} for row in rows(2)]
    found = answers(send(north, as_xlsx(north, given)))
    assert [(one["row"], one["status"]) for one in found] == [(3, 202), (4, 202)]
    read = north.get("south", f"/v1/reports/{found[0]['reference']}")
    assert (read["occurred_from"], read["occurred_to"]) == ("2026-10-10", "2026-10-11")
    assert read["figures"] == {"detained": 2, "killed": 1}
    assert read["answers"]["weapons_seized"]["value"] == 4
    assert read["answers"]["stage"]["value"] == "found"


@pytest.mark.parametrize("code", [one.code for one in forms.packed()])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_form_has_a_template_in_the_readers_language(north: World, code: str, language: str) -> None:
    from tests.persons import signed_in

    person = signed_in("ada", "north", "focal_point")
    north.client.patch("/v1/me", json={"language": language}, headers=person).raise_for_status()
    got = north.client.get(f"/v1/forms/{code}/template.xlsx", headers=person)
    book = load_workbook(io.BytesIO(got.content))
    sheet, explained = book.worksheets[:2]
    header = [cell.value for cell in sheet[1]]
    assert sheet.max_row == 2 or all(cell.value is None for row in sheet.iter_rows(min_row=3) for cell in row)
    assert all(cell.value for cell in sheet[2])
    assert str(sheet["A2"].value).startswith("# ")
    assert {row[0].value for row in explained.iter_rows(min_row=4)} == set(header)
    assert explained["A1"].value == forms.said(next(one for one in forms.packed() if one.code == code).title, language)
    offered = {at for rule in sheet.data_validations.dataValidation for at in str(rule.sqref).split()}
    assert len(offered) >= 4
    assert book["lists"].sheet_state == "hidden"
    text = north.client.get(f"/v1/forms/{code}/template.csv", headers=person).content.decode("utf-8-sig")
    assert text.splitlines()[0].split(",") == header
    assert len(text.splitlines()) == 2


def test_an_empty_template_holds_no_report(north: World) -> None:
    for kind in ("csv", "xlsx"):
        raw = north.raw("north", f"/v1/forms/measures/template.{kind}").content
        assert answers(send(north, raw, form="measures")) == []


def test_a_file_sent_again_has_no_second_effect_and_a_changed_row_is_refused(north: World) -> None:
    text = as_csv(rows(3))
    first, again = answers(send(north, text)), answers(send(north, text))
    assert [one["reference"] for one in again] == [one["reference"] for one in first]
    assert [one["replayed"] for one in again] == [True] * 3
    changed = answers(send(north, as_csv([*rows(2), rows(3)[2] | {"title": "Another"}])))
    assert [one["status"] for one in changed] == [202, 202, 409]
    assert len(north.get("south", "/v1/reports")["reports"]) == 3
    assert [one["status"] for one in answers(send(north, as_xlsx(north, rows(3))))] == [202] * 3
    assert len(north.get("south", "/v1/reports")["reports"]) == 3


def test_a_check_stores_nothing_and_says_what_was_sent_before(north: World) -> None:
    text = as_csv([*rows(2), ROW | {"own_reference": "S-9", "place": "nowhere"}])
    found = answers(send(north, text, validate=True))
    assert [one["status"] for one in found] == [200, 200, 422]
    assert north.get("south", "/v1/reports")["reports"] == []
    (stored,) = answers(send(north, as_csv(rows(1))))
    assert [one.get("stored") for one in answers(send(north, text, validate=True))] == [stored["reference"], None, None]


def test_a_row_at_fault_is_refused_by_its_columns_and_the_others_are_taken(north: World) -> None:
    bad = {
        "tlp": "PURPLE", "place": "nowhere", "weapons_seized": "many", "occurred_to": "10/11/2026",
        "stage": "unheard of", "own_reference": "S-2",
    }  # fmt: skip
    found = answers(send(north, as_csv([ROW, ROW | bad, *rows(3)[2:]])))
    assert [one["status"] for one in found] == [202, 422, 202]
    assert {one["field"] for one in found[1]["errors"]} == {"weapons_seized", "occurred_to"}
    bad |= {"weapons_seized": "", "occurred_to": ""}
    (fault,) = answers(send(north, as_csv([ROW | bad])))
    assert {one["field"] for one in fault["errors"]} == {"tlp", "place"}
    bad |= {"tlp": "GREEN", "place": "KG"}
    (fault,) = answers(send(north, as_csv([ROW | bad])))
    assert (fault["field"], "is one of: threat" in fault["detail"]) == ("stage", True)


def test_answers_have_state_trend_and_evidence_in_any_language(north: World) -> None:
    names = {
        "recruitment_online": "3", "recruitment_online.trend": "рост", "recruitment_online.evidence": "Каналы.",
        "propaganda": "The same", "travel": "not observable", "laundering": "да", "arms": "без изменений",
    }  # fmt: skip
    base = {name: value for name, value in ROW.items() if name != "themes"}
    (one,) = answers(send(north, as_csv([base | names]), form="questionnaire"))
    read = north.get("south", f"/v1/reports/{one['reference']}")["answers"]
    assert read["recruitment_online"] == {"state": "answered", "value": 3, "trend": "up", "evidence": "Каналы."}
    assert read["propaganda"]["value"] == "same"
    assert (read["travel"]["state"], read["arms"]["state"]) == ("not_observable", "no_change")
    assert read["laundering"]["value"] is True


def test_numbers_and_days_are_read_as_the_region_writes_them(north: World) -> None:
    row = ROW | {"occurred_from": "10.10.2026", "opiates_kg": "1,5", "credibility": "3"}
    (one,) = answers(send(north, as_csv([row], ";")))
    read = north.get("south", f"/v1/reports/{one['reference']}")
    assert (read["occurred_from"], read["credibility"]) == ("2026-10-10", 3)
    assert read["answers"]["opiates_kg"]["value"] == 1.5


def test_marking_and_source_have_columns(north: World) -> None:
    row = ROW | {
        "tlp": "AMBER", "organisations": "south; north", "attribution": "withheld", "source_kind": "relayed",
        "source_document": "A bulletin",
    }  # fmt: skip
    (one,) = answers(send(north, as_csv([row])))
    read = north.get("north", f"/v1/reports/{one['reference']}")
    assert (read["tlp"], read["marking"]["organisations"]) == ("AMBER", ["north", "south"])
    assert read["source"]["document"] == "A bulletin"


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        (lambda text: text.replace("title", "headline", 1), "headline", "is not a column of this form's template"),
        (lambda text: text.replace("own_reference,", "", 1), "own_reference", "is missing"),
        (lambda text: text.replace("place", "title", 1), "title", "is there twice"),
    ],
)
def test_a_header_that_is_not_the_templates_is_refused_whole(north: World, change, field: str, rule: str) -> None:
    answer = send(north, change(as_csv(rows(2))))
    refused(answer, "header-not-valid")
    assert {"field": field, "rule": rule} in answer.json()["errors"]
    assert north.get("north", "/v1/reports")["reports"] == []


def test_a_row_without_an_own_reference_is_refused(north: World) -> None:
    (one,) = answers(send(north, as_csv([ROW | {"own_reference": ""}])))
    assert (one["status"], one["field"]) == (422, "own_reference")


def test_cells_beyond_the_header_are_not_lost_without_a_word(north: World) -> None:
    text = as_csv(rows(1)).rstrip() + ",left over\r\n"
    (one,) = answers(send(north, text))
    assert (one["status"], one["field"]) == (422, f"column {len(ROW) + 1}")


def test_a_file_is_written_with_a_version_that_is_retired_no_more(north: World) -> None:
    from tests.persons import signed_in

    north.enrol("office", "secretariat")
    admin = signed_in("max", "office", "administrator")
    north.client.post("/v1/forms/incident/versions/1/retirement", headers=admin).raise_for_status()
    assert send(north, as_csv(rows(1))).status_code == 404
    (one,) = answers(send(north, as_csv(rows(1)), form_version=1))
    assert (one["status"], one["field"]) == (422, "form_version")


def test_a_file_needs_what_a_report_needs(north: World) -> None:
    key = north.key("north", ["reports:read"])
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
    text = as_csv(rows(1))
    assert north.client.post("/v1/reports/sheet?form=incident", content=text, headers=headers).status_code == 403
    headers = north.auth("north") | {"Content-Type": "application/json"}
    assert north.client.post("/v1/reports/sheet?form=incident", content=text, headers=headers).status_code == 415


def test_what_is_written_as_csv_is_no_formula_and_comes_back_as_it_was(north: World) -> None:
    from services import sheets

    for start in ("=1+1", "+7 700", "-5", "@here", "\tx", "=HYPERLINK(...)"):
        assert sheets.written([[start]]).decode("utf-8-sig").lstrip('"').startswith("'")
    text = as_csv([ROW | {"title": sheets.plain("-- a title"), "text": sheets.plain("=1+1 is two")}])
    (one,) = answers(send(north, text))
    read = north.get("north", f"/v1/reports/{one['reference']}")
    assert (read["title"], read["text"]) == ("-- a title", "=1+1 is two")


def test_a_check_warns_of_personal_data_by_its_column_and_a_decision_has_a_column(north: World) -> None:
    row = ROW | {"text": "Call a.person@example.org about it.", "stage": "found", "stage.evidence": "+7 701 123 45 67"}
    (one,) = answers(send(north, as_csv([row]), validate=True))
    assert {(found["field"], found["kind"]) for found in one["personal"]} >= {
        ("text", "email"),
        ("stage.evidence", "phone"),
    }
    (one,) = answers(send(north, as_csv([row | {"personal": "mask"}])))
    assert north.get("north", f"/v1/reports/{one['reference']}")["personal"]["decision"] == "mask"


def test_a_template_is_the_same_file_whenever_it_is_asked_for(north: World) -> None:
    first = north.raw("north", "/v1/forms/incident/template.xlsx").content
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.localtime", lambda *_: (2031, 5, 5, 5, 5, 5, 0, 125, 0))
        assert north.raw("north", "/v1/forms/incident/template.xlsx").content == first
    core = zipfile.ZipFile(io.BytesIO(first)).read("docProps/core.xml")
    assert core.count(b"2026-01-01T00:00:00Z") == 2
