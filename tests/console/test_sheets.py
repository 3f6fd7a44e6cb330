"""A filled sheet goes in by the console as by the API: each row by itself, faults beside the row, nothing twice."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from httpx2 import Response

from services.kernel.config import settings
from tests.console.test_submission import soup
from tests.sheets.making import ROW, as_csv, as_xlsx, rows
from tests.world import World

PAGE = "/submit/incident/sheet"


def hand_in(visitor: Any, raw: bytes | str, act: str = "", path: str = PAGE) -> Response:
    """Choose a file on the page and press one of its buttons."""
    form = visitor.get(path).find("form", {"enctype": "multipart/form-data"})
    button = form.find("button", attrs={"formaction": True} if act else {"formaction": False})
    body = raw.encode() if isinstance(raw, str) else raw
    return visitor.client.post(button.get("formaction") or form["action"], files={"file": ("rows.csv", body)})


def told(page: BeautifulSoup) -> list[int]:
    return [int(one.text) for one in page.select("#outcome-title ~ dl dd")]


def stored(world: World) -> list[Any]:
    return world.get("north", "/v1/reports")["reports"]


def test_a_workbook_is_checked_and_then_stored_row_by_row_with_faults_beside_the_row(world: World, browser) -> None:
    visitor = browser("ada", "ru")
    link = visitor.get("/submit").find("a", href=PAGE)
    assert "Отправить таблицу" in link.text
    given = rows(2)
    given += [ROW | {"own_reference": "S-3", "place": "XX"}, ROW | {"own_reference": "S-4", "occurred_from": "вчера"}]
    raw = as_xlsx(world, given)
    tried = soup(hand_in(visitor, raw, "check"))
    assert told(tried) == [4, 2, 0, 2]
    assert stored(world) == []
    answer = hand_in(visitor, raw)
    assert answer.status_code == 422
    page = soup(answer)
    assert told(page) == [4, 2, 0, 2]
    cells = [[cell.text for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")]
    assert [one[0] for one in cells] == ["5", "6"]
    assert "place" in cells[0][1]
    assert "occurred_from" in cells[1][1]
    assert "Напишите дату" in cells[1][2] or "год-месяц-день" in cells[1][2]
    assert all(not one.isascii() for row in cells for one in row[2:])
    references = {one["reference"] for one in stored(world)}
    assert {one["href"].split("/")[2] for one in page.select("details a")} == references
    assert page.find("a", href="/mine")
    again = soup(hand_in(visitor, as_csv([*given[:2], *rows(3)[2:]])))
    assert told(again) == [3, 1, 2, 0]
    assert len(stored(world)) == 3


def test_what_is_no_sheet_is_refused_whole_beside_the_field(world: World, browser, monkeypatch) -> None:
    visitor = browser("ada", "ru")
    strange = soup(hand_in(visitor, as_csv([ROW | {"colour": "red"}])))
    assert strange.find(id="file")["aria-invalid"] == "true"
    assert "colour" in strange.find(id="file-fault").text
    for raw in (b"", b"PK\x03\x04 no workbook", b"\x00\x01", "own_reference\n\n"):
        answer = hand_in(visitor, raw)
        assert answer.status_code == 422
        assert soup(answer).find(id="file-fault"), raw
    monkeypatch.setenv("EWN_SHEET_LIMIT", "1000")
    settings.cache_clear()
    for much in (1_500, 20_000):
        large = hand_in(visitor, b"x" * much)
        assert large.status_code == 422
        assert "слишком" in soup(large).find(id="file-fault").text
    form = "multipart/form-data"
    for body, kind in ((b"--x", form), (b"--x", f"{form}; boundary=y"), (b"a=b", "text/plain")):
        assert 400 <= visitor.client.post(PAGE, content=body, headers={"Content-Type": kind}).status_code < 500
    assert stored(world) == []


def test_only_who_reports_gets_there_and_no_other_site_sends_for_them(world: World, browser) -> None:
    assert browser("max").raw(PAGE).status_code == 403
    ada = browser("ada")
    assert ada.raw("/submit/nothing/sheet").status_code == 404
    files = {"file": ("rows.csv", as_csv(rows(1)).encode())}
    crossed = ada.client.post(PAGE, files=files, headers={"Sec-Fetch-Site": "cross-site"})
    assert crossed.status_code == 403
    assert stored(world) == []


@pytest.mark.one_kind
def test_personal_data_in_rows_is_told_by_a_check(world: World, browser) -> None:
    given = [*rows(1), ROW | {"own_reference": "S-9", "text": "Call +996 312 66 12 34."}]
    page = soup(hand_in(browser("ada"), as_csv(given), "check"))
    assert "in these rows: 3." in page.find(class_="banner").text


@pytest.mark.one_kind
def test_a_file_that_is_wrong_all_over_is_told_on_a_page_that_a_poor_line_brings(world: World, browser) -> None:
    wrong = dict.fromkeys(ROW, "=1+1") | {"own_reference": "S-1"}
    page = soup(hand_in(browser("ada"), as_csv([wrong | {"own_reference": f"S-{n}"} for n in range(900)])))
    assert told(page) == [900, 0, 0, 900]
    cells = page.select("tbody tr")
    assert 900 < len(cells) <= 1_000
    shown = len(page.select("tbody th"))
    assert f"first {shown} of them" in page.text
