"""The columns at the end: a row says all that a report's body can say, and a fault is told at its cell."""

from datetime import date, datetime
from typing import Any

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from services import forms
from services.kernel.errors import Problem
from services.reports import NewReport
from services.sheets import as_csv, columns, csv_file, xlsx_file
from services.sheets.bodies import body, column_of, header
from services.sheets.grid import TIMED, Cell, Faulty, Row
from services.sheets.taking import _report
from tests.sheets.making import ROW, SHEET, workbook

FORMS = {one.code: one for one in forms.packed()}
BASE: dict[str, Cell] = {**ROW, "themes": ""}


def row(form: str = "situation", **cells: Cell) -> tuple[Any, ...]:
    """A form, the columns of a sheet of it, and a row under them."""
    given = BASE | {name.replace("__", "."): value for name, value in cells.items()}
    found = header(FORMS[form], Row(1, tuple(given)))
    return FORMS[form], found, Row(3, tuple(given.values()))


def read(form: str = "situation", **cells: Cell) -> NewReport:
    return _report(*row(form, **cells))


def fault(form: str = "situation", **cells: Cell) -> tuple[str, str]:
    with pytest.raises(Problem) as caught:
        read(form, **cells)
    return caught.value.field, caught.value.detail


@pytest.mark.parametrize("word", ["phia:highly-likely", "Highly likely (phia)", "весьма вероятно (phia)"])
def test_a_judgement_has_columns_and_its_word_is_read_in_either_language(word: str) -> None:
    said = {"judgement__statement": "It is highly likely that it spreads.", "judgement__confidence": "low"}
    judged = read(**said, judgement__word=word).judgement
    assert judged is not None
    assert (judged.scale, judged.word, judged.confidence) == ("phia", "highly-likely", "low")


def test_terms_and_dates_have_columns() -> None:
    marking = read(
        organisations="south", tlp="AMBER", marking__actions="none", marking__pap="RED", marking__handling="H3",
        marking__handling_note="Not in writing.", marking__embargo_until="01.12.2026",
        marking__review_at="2027-06-01 9:30", marking__review_to="AMBER+STRICT",
    ).marking  # fmt: skip
    assert marking.terms.stored() == {
        "actions": "none", "pap": "RED", "handling": "H3", "handling_note": "Not in writing.",
    }  # fmt: skip
    assert (str(marking.embargo_until), str(marking.review_at)) == (
        "2026-12-01 00:00:00+00:00", "2027-06-01 09:30:00+00:00",
    )  # fmt: skip
    assert marking.review_to is not None
    assert (marking.review_to.tlp, marking.review_to.organisations) == ("AMBER+STRICT", ["south"])
    assert read(marking__embargo_until=datetime(2026, 12, 1, 8, 0)).marking.embargo_until == datetime.fromisoformat(  # noqa: DTZ001 -- as a workbook gives it
        "2026-12-01T08:00Z"
    )


def test_a_chain_of_sources_and_the_time_of_a_replay_have_columns() -> None:
    said = "organisation=south; document=Letter no. 5, of May=June\nname = A driver"
    found = read(source__chain=said, replay__as_of="2026-10-11 08:30")
    assert [one.model_dump(exclude_none=True) for one in found.source.chain] == [
        {"organisation": "south"}, {"document": "Letter no. 5, of May=June"}, {"name": "A driver"},
    ]  # fmt: skip
    assert found.source.kind == "relayed"
    assert str(found.as_of) == "2026-10-11 08:30:00+00:00"
    for form in FORMS.values():
        offered = {one.code for one in columns(form, "en")}
        assert ("source.chain" in offered) == (form.need("source") != "absent")
        assert "replay.as_of" not in offered


def test_a_tear_line_and_the_europol_codes_have_columns() -> None:
    found = read(
        tear_line__text="Something happened.", tear_line__tlp="AMBER", tear_line__attribution="chatham",
        tear_line__organisations="south; office", evaluation__source="B", evaluation__information=2,
    )  # fmt: skip
    assert found.tear_line is not None
    assert found.tear_line.marking.model_dump(include={"tlp", "organisations", "attribution"}) == {
        "tlp": "AMBER", "attribution": "chatham", "organisations": ["office", "south"],
    }  # fmt: skip
    assert found.evaluation is not None
    assert found.evaluation.credibility == 2


def test_a_workbook_gives_a_moment_whole() -> None:
    styles = "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='22'/></cellXfs></styleSheet>"
    cells = (
        '<c r="A1" s="1"><v>46357.3333333333</v></c><c r="B1" s="1"><v>46357</v></c><c r="C1" s="1"><v>0.5</v></c>'
        '<c r="D1" t="d"><v>2026-12-01T08:00:00</v></c><c r="E1" t="d"><v>2026-12-01T00:00:00.000</v></c>'
    )
    raw = workbook(SHEET.format(rows=f'<row r="1">{cells}</row>', before="", after=""), parts={"xl/styles.xml": styles})
    (row,) = xlsx_file.read(raw)
    day = date(2026, 12, 1)
    assert row.cells == (datetime(2026, 12, 1, 8), day, TIMED, "2026-12-01T08:00:00", "2026-12-01")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("cells", "field", "rule"),
    [
        ({"judgement__word": "likely"}, "judgement.word", "with its scale"),
        ({"judgement__word": "phia:likely"}, "judgement.statement", "required"),
        ({"judgement__statement": "It is likely."}, "judgement.word", "required"),
        ({"marking__handling": "H3"}, "marking.handling_note", "says here"),
        ({"marking__pap": "PURPLE"}, "marking.pap", "should be"),
        ({"marking__embargo_until": "soon"}, "marking.embargo_until", "write 2026-10-31 09:00"),
        ({"marking__embargo_until": "2026-12-01 25:00"}, "marking.embargo_until", "hour"),
        ({"marking__review_to": "GREEN"}, "marking.review_to", "needs review_at"),
        ({"tear_line__text": "Something happened."}, "tear_line.tlp", "required"),
        ({"tear_line__tlp": "GREEN"}, "tear_line.text", "required"),
        ({"evaluation__source": "A"}, "evaluation.information", "required"),
        ({"source__chain": "a driver"}, "source.chain", "the nearest first"),
        ({"source__chain": "name=A driver", "source_name": "Radio"}, "source_kind", "give it alone"),
        ({"source__chain": "name=A driver", "source_kind": "own"}, "source_kind", "use kind relayed"),
        ({"source__chain": "; ".join(["name=A driver"] * 6)}, "source.chain", "at most 5"),
        ({"replay__as_of": "soon"}, "replay.as_of", "write 2026-10-31 09:00"),
        ({"occurred_from": datetime(2026, 10, 10, 8)}, "occurred_from", "time of day"),  # noqa: DTZ001
    ],
)
def test_a_fault_is_told_at_its_cell(cells: dict[str, Cell], field: str, rule: str) -> None:
    named, detail = fault(**cells)
    assert named == field
    assert rule in detail
    assert detail.startswith(f"{field}:")


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("tear_line.marking", "tear_line.tlp"),
        ("tear_line.marking.organisations", "tear_line.organisations"),
        ("marking.terms.handling_note", "marking.handling_note"),
        ("marking.review_to.groups", "marking.review_to"),
        ("marking.organisations", "organisations"),
        ("source.chain.0.name", "source.chain"),
        ("judgement", "judgement.word"),
        ("evaluation", "evaluation.information"),
    ],
)
def test_what_the_service_finds_is_told_at_a_column_that_the_sheet_has(field: str, column: str) -> None:
    assert column_of(field) == column
    assert column in {one.code for one in columns(FORMS["situation"], "en")}


def test_they_stand_at_the_end_where_the_form_takes_them_and_may_be_left_out() -> None:
    for form in FORMS.values():
        listed = columns(form, "en")
        codes = [one.code for one in listed]
        last = [one for one in listed if "." in one.code and not one.question]
        assert listed[-len(last) :] == last
        assert not any(one.required for one in last)
        assert ("judgement.word" in codes) == (form.kind in ("situation", "research"))
        assert ("evaluation.source" in codes) == (form.need("credibility") != "absent")
        template = next(csv_file.read(as_csv(form, "en")))
        assert len(header(form, template)) == len(codes)
    made, faults = body(*row("incident"))
    assert not faults
    assert set(made["marking"]) == {"tlp", "attribution"}
    assert not {"judgement", "evaluation", "tear_line"} & set(made)


@pytest.mark.parametrize(
    ("value", "epoch"), [(2958465.9999999995, CALENDAR_WINDOWS_1900), (2958000, CALENDAR_MAC_1904)]
)
def test_a_cell_beyond_the_calendar_is_no_day(value: float, epoch: datetime) -> None:
    assert isinstance(xlsx_file._day(value, epoch), Faulty)
