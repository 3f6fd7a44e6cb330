"""CSV as a Russian Excel saves it: taken, and said so; of every other encoding nothing is guessed."""

import pytest

from services.sheets import SheetNotReadable, windows_1251
from tests.sheets.making import ROW, answers, as_csv, send
from tests.world import World

SAID = "Ночью вооружённые люди напали на пост у границы; семья охранника цела. «Премьер» — 5 кВт."
PLAIN = SAID.replace("«Премьер» — ", "")


@pytest.mark.one_kind
def test_rows_are_read_as_they_were_written_and_each_answer_says_how(world: World) -> None:
    world.enrol("north")
    raw = as_csv([ROW | {"title": "Нападение на пост", "text": SAID}, ROW | {"own_reference": ""}], ";").encode(
        "cp1251"
    )
    stored, refused = answers(send(world, raw))
    assert [(one["status"], one["encoding"]) for one in (stored, refused)] == [
        (202, "windows-1251"),
        (422, "windows-1251"),
    ]
    assert world.get("north", f"/v1/reports/{stored['reference']}")["text"] == SAID
    (again,) = answers(send(world, as_csv([ROW | {"title": "Нападение на пост", "text": SAID}])))
    assert (again["reference"], again["replayed"], "encoding" in again) == (stored["reference"], True, False)
    answer = send(world, as_csv([ROW | {"заголовок": SAID}]).encode("cp1251"))
    assert answer.json()["field"] == "заголовок"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (PLAIN, "koi8-r"),
        (PLAIN, "cp866"),
        (PLAIN, "mac-cyrillic"),
        (PLAIN, "iso8859-5"),
        (PLAIN.upper(), "koi8-r"),
        ("семья", "mac-cyrillic"),
        ("déjà vu, un été à Paris", "latin-1"),
        ("a 5 km à vol", "latin-1"),
        ("für Öl über", "latin-1"),
        ("Gökdäň ýoly", "cp1250"),
        (PLAIN, "utf-8"),
    ],
)
def test_nothing_else_is_taken_for_it(text: str, encoding: str) -> None:
    assert windows_1251.read(as_csv([ROW | {"text": text}]).encode(encoding)) is None


@pytest.mark.parametrize("text", ["вилоят ва ҳудуд", "В городе Қызылорда", "Сказано: دری было"])
def test_letters_that_it_does_not_have_are_not_lost_without_a_word(text: str) -> None:
    with pytest.raises(SheetNotReadable, match="Line 2: a letter"):
        windows_1251.read(as_csv([ROW | {"text": text}]).encode("cp1251", "replace"))


def test_questions_are_no_lost_letters() -> None:
    text = "Когда это было? Никто не знает... Что??? (Неясно.)"
    assert windows_1251.read(text.encode("cp1251")) == text
