"""The files of a report on its page: attached by a plain form, saved, looked at, decided about and removed."""

import pytest
from bs4 import BeautifulSoup
from httpx2 import Response

from services.kernel.config import settings
from tests.attachments import files
from tests.persons import signed_in
from tests.world import World

pytestmark = pytest.mark.one_kind
HTML = {"Accept": "text/html"}
PERSONAL = "Write to ivan.petrov@example.org about it."


def soup(answer: Response) -> BeautifulSoup:
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "lxml")


def laid(world: World) -> tuple[str, dict[str, str], dict[str, str]]:
    """A report of north's, with a person of it and one who reads it."""
    for slug in ("north", "south"):
        world.enrol(slug)
    reference = world.submit("north")
    world.settle()
    ada = signed_in("ada", "north", "focal_point", "analyst") | HTML
    return reference, ada, signed_in("ben", "south", "analyst") | HTML


def send(world: World, who: dict[str, str], reference: str, data: bytes, name: str = "note.txt") -> Response:
    return world.client.post(
        f"/reports/{reference}/attachments", files={"file": (name, data)}, headers=who, follow_redirects=False
    )


def test_a_file_is_attached_by_a_form_without_a_script(world: World) -> None:
    reference, ada, ben = laid(world)
    form = soup(world.client.get(f"/reports/{reference}", headers=ada)).select_one("form[enctype]")
    assert form is not None
    assert form["enctype"] == "multipart/form-data"
    answer = world.client.post(
        str(form["action"]), files={"file": ("a paper.pdf", files.paper())}, headers=ada, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/reports/{reference}#files-title")
    page = soup(world.client.get(f"/reports/{reference}", headers=ada))
    assert "a paper.pdf" in page.select_one("ul.files").text
    assert "files and objects inside it" in page.select_one("ul.files").text
    theirs = soup(world.client.get(f"/reports/{reference}", headers=ben)).select_one("ul.files")
    assert "is being made" in theirs.text
    assert theirs.find("a") is None
    assert theirs.find("form") is None
    world.settle()
    link = soup(world.client.get(f"/reports/{reference}", headers=ben)).select_one("ul.files a")
    given = world.client.get(str(link["href"]), headers=ben)
    assert given.headers["content-disposition"].startswith("attachment")
    assert files.AUTHOR.encode() not in given.content


def test_what_is_not_taken_is_said_beside_the_field_in_the_readers_language(world: World) -> None:
    reference, ada, _ = laid(world)
    for data, name, said in (
        (b"MZ\x90\x00\x03", "photo.png", "This kind of file is not taken"),
        (b"%PDF-1.7 and no more", "paper.pdf", "damaged or encrypted"),
        (b"", "empty.txt", "Choose a file"),
        (b"x" * (settings().attachment_limit + 1), "long.txt", "too large"),
        (b"text", "evil\u202etxt.exe", "characters that no name may hold"),
    ):
        answer = send(world, ada, reference, data, name)
        assert 400 <= answer.status_code < 500, name
        fault = BeautifulSoup(answer.text, "lxml").select_one("#file-fault")
        assert said in fault.text, (name, fault)
    world.client.post("/language", data={"language": "ru"}, headers=ada)
    russian = send(world, ada | {"Cookie": f"{ada['Cookie']}; ewn_language=ru"}, reference, b"")
    assert "Выберите непустой файл" in russian.text


def test_an_owner_decides_on_a_page_about_what_is_personal(world: World) -> None:
    reference, ada, ben = laid(world)
    send(world, ada, reference, PERSONAL.encode())
    world.settle()
    words = soup(world.client.get(f"/reports/{reference}", headers=ben)).select_one("ul.files a")
    shown = soup(world.client.get(str(words["href"]), headers=ben))
    assert "ivan.petrov" not in shown.text
    assert "█" in shown.select_one(".text").text
    own = soup(world.client.get(str(words["href"]), headers=ada))
    assert "ivan.petrov@example.org" in own.select_one("ul q").text
    form = own.select_one("form[action$=personal]")
    refused = world.client.post(str(form["action"]), data={"decision": "perhaps"}, headers=ada)
    assert refused.status_code == 422
    decided = world.client.post(str(form["action"]), data={"decision": "share"}, headers=ada, follow_redirects=False)
    assert decided.status_code == 303
    link = soup(world.client.get(f"/reports/{reference}", headers=ben)).select_one("ul.files a")
    assert world.client.get(str(link["href"]), headers=ben).content == PERSONAL.encode()


def test_a_file_is_attached_from_the_receipt_of_what_was_just_sent(world: World) -> None:
    reference, ada, _ = laid(world)
    page = soup(world.client.get(f"/reports/{reference}/receipt", headers=ada))
    form = page.select_one("form[enctype]")
    assert page.select_one("label[for=file]").text == "Attach a file"
    file = {"file": ("n.txt", b"A note.")}
    answer = world.client.post(str(form["action"]), files=file, headers=ada, follow_redirects=False)
    assert answer.status_code == 303
    assert "n.txt" in world.client.get(answer.headers["location"], headers=ada).text


def test_its_owner_removes_a_file(world: World) -> None:
    reference, ada, ben = laid(world)
    send(world, ada, reference, b"A note.")
    world.settle()
    form = soup(world.client.get(f"/reports/{reference}", headers=ada)).select_one("ul.files form")
    assert world.client.post(str(form["action"]), headers=ben, follow_redirects=False).status_code == 403
    assert world.client.post(str(form["action"]), headers=ada, follow_redirects=False).status_code == 303
    assert soup(world.client.get(f"/reports/{reference}", headers=ada)).select_one("ul.files") is None


def test_a_tag_that_a_file_led_to_names_the_file(world: World) -> None:
    reference, ada, ben = laid(world)
    send(world, ada, reference, b"Smugglers carried heroin and opium over the border.", "seizure.txt")
    world.settle()
    for who in (ada, ben):
        table = soup(world.client.get(f"/reports/{reference}", headers=who)).select_one("table.stacked")
        row = next(one for one in table.select("tbody tr") if "seizure.txt" in one.text)
        assert "in the file" in row.text
        assert row.select("q") == []


def test_the_page_is_whole_in_russian(world: World) -> None:
    reference, ada, _ = laid(world)
    send(world, ada, reference, files.document(), "доклад.docx")
    world.settle()
    page = soup(
        world.client.get(f"/reports/{reference}", headers=ada | {"Cookie": f"{ada['Cookie']}; ewn_language=ru"})
    )
    section = page.select_one("section[aria-labelledby=files-title]").text
    assert "Файлы" in section
    assert "В копию не вошли" in section
    assert "отслеживаемые исправления" in section
    assert "доклад.docx" in section
