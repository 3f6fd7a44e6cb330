"""What others than its owner are given of a file: what is read and seen, and nothing of who made it, or how."""

import io
import zipfile
from collections.abc import Iterator

import docx
import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import StreamObject

from tests.attachments import files
from tests.attachments.laid import attached, copied, listed
from tests.world import World

pytestmark = pytest.mark.one_kind


def everything(data: bytes) -> Iterator[bytes]:
    """A file and all that can be unpacked of it."""
    yield data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for one in package.infolist():
                yield one.filename.encode()
                yield from everything(package.read(one))
    if data.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(data), strict=True)
        for number in range(1, int(reader.trailer["/Size"])):
            found = reader.get_object(number)
            if isinstance(found, StreamObject):
                yield repr(dict(found)).encode()
                yield found._data
                if found.get("/Filter") != "/DCTDecode":
                    yield found.get_data()
            else:
                yield repr(found).encode()


SECRETS = [said.encode(code) for said in (files.AUTHOR, files.HIDDEN, "example.org") for code in ("utf-8", "utf-16-be")]


@pytest.mark.parametrize("kind", ["docx", "pdf", "png", "jpeg"])
def test_a_copy_tells_nothing_of_who_made_the_file(north: World, kind: str) -> None:
    data = files.made(kind)
    assert any(secret in part for part in everything(data) for secret in SECRETS), "the file tells it"
    given = copied(north, data, f"a.{kind}")
    assert [secret for part in everything(given) for secret in SECRETS if secret in part] == []


def test_a_word_document_keeps_its_words_with_changes_accepted(north: World) -> None:
    given = docx.Document(io.BytesIO(copied(north, files.document(), "a.docx")))
    said = [paragraph.text for paragraph in given.paragraphs]
    assert said[0] == "Доклад"
    assert said[1] == "Armed men attacked a post near Osh. And a word put in. A link."
    assert given.paragraphs[0].style.name == "Heading 1"
    assert given.sections[0].header.paragraphs[0].text == "A heading on each page"
    assert len(given.inline_shapes) == 1
    assert list(given.comments) == []
    with zipfile.ZipFile(io.BytesIO(copied(north, files.document(), "b.docx"))) as package:
        names = package.namelist()
        markup = package.read("word/document.xml").decode()
    assert not [name for name in names if name.startswith(("docProps", "customXml")) or "comments" in name]
    assert {one.date_time[0] for one in package.infolist()} == {1980}
    for trace in ("rsid", "w:author", "w:date", "w:ins", "w:del", "comment", "vanish", "hyperlink"):
        assert trace not in markup


def test_tables_footnotes_and_nested_changes_stay_readable(north: World) -> None:
    made = docx.Document()
    table = made.add_table(2, 2)
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        table.cell(row, column).text = f"cell {row}{column}"
    target = io.BytesIO()
    made.save(target)
    given = docx.Document(io.BytesIO(copied(north, target.getvalue(), "a.docx")))
    assert [cell.text for row in given.tables[0].rows for cell in row.cells] == [
        "cell 00", "cell 01", "cell 10", "cell 11",
    ]  # fmt: skip


def test_a_paper_keeps_its_pages_and_words_and_no_history(north: World) -> None:
    data = files.paper(pages=3)
    assert data.count(b"%%EOF") == 2
    given = copied(north, data, "a.pdf")
    reader = PdfReader(io.BytesIO(given), strict=True)
    assert len(reader.pages) == 3
    assert [page.extract_text() for page in reader.pages] == ["Armed men attacked a post near Osh."] * 3
    assert reader.metadata is None
    assert dict(reader.attachments) == {}
    assert set(reader.root_object) == {"/Type", "/Pages"}
    assert "/ID" not in reader.trailer
    assert given.count(b"%%EOF") == 1
    for page in reader.pages:
        assert set(page) <= {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}


def test_pictures_in_a_paper_lose_their_notes_and_keep_their_points(north: World) -> None:
    told = io.BytesIO()
    picture = Image.effect_noise((64, 48), 60).convert("RGB")
    exif = picture.getexif()
    exif[315] = files.AUTHOR
    picture.save(told, "JPEG", exif=exif, comment=files.AUTHOR.encode(), quality=85)
    paper = files.pictured(told.getvalue(), picture.size)
    given = copied(north, paper, "a.pdf")
    packed = PdfReader(io.BytesIO(given), strict=True).pages[0]["/Resources"]["/XObject"]["/P"]._data
    assert files.AUTHOR.encode() not in packed
    with Image.open(io.BytesIO(told.getvalue())) as before, Image.open(io.BytesIO(packed)) as after:
        assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "CMYK"), ("JPEG", "L")]
)
def test_a_picture_keeps_its_points_alone(north: World, kind: str, mode: str) -> None:
    made = Image.linear_gradient("L").resize((30, 20)).convert("RGB" if mode == "CMYK" else mode).convert(mode)
    target = io.BytesIO()
    made.save(target, kind)
    given = copied(north, target.getvalue(), f"a.{kind.lower()}")
    with Image.open(io.BytesIO(given)) as after:
        assert after.size == (30, 20)
        assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        if kind == "PNG":
            assert after.convert("RGBA").tobytes() == made.convert("RGBA").tobytes()


def test_a_picture_is_turned_as_its_camera_said(north: World) -> None:
    made = Image.new("RGB", (40, 20), "blue")
    exif = made.getexif()
    exif[274] = 6  # Orientation: turn by a quarter
    target = io.BytesIO()
    made.save(target, "JPEG", exif=exif)
    with Image.open(io.BytesIO(copied(north, target.getvalue(), "a.jpg"))) as after:
        assert after.size == (20, 40)


def test_what_stands_behind_the_end_of_a_picture_is_not_copied(north: World) -> None:
    for kind in ("PNG", "JPEG"):
        given = copied(north, files.picture(kind) + b"PK\x03\x04" + files.AUTHOR.encode(), f"a.{kind.lower()}")
        assert files.AUTHOR.encode() not in given


def test_plain_text_loses_what_cannot_be_seen(north: World) -> None:
    given = copied(north, "\ufeffone\r\ntwo \u202ereversed\u202c three".encode(), "a.txt")
    assert given.decode() == "one\ntwo reversed three"
    assert copied(north, "Плохие вести".encode("utf-16"), "b.txt").decode() == "Плохие вести"


@pytest.mark.parametrize(
    ("paper", "why"),
    [("layers", "layers"), ("form", "form"), ("portfolio", "portfolio"), ("jpx", "pictures"), ("inline", "pictures")],
)
def test_what_cannot_be_stripped_is_its_owners_alone_who_is_told_at_once(north: World, paper: str, why: str) -> None:
    reference = north.submit("north")
    path = attached(north, "north", reference, files.odd_paper(paper), "a.pdf")
    north.settle()
    (own,) = listed(north, "north", reference)
    assert (own["state"], own["why"]) == ("kept", [why])
    assert listed(north, "south", reference) == []
    assert north.raw("south", path).status_code == 404
    assert north.raw("south", path).content == north.raw("south", path[:-4] + "1111").content
    assert north.raw("north", path).content == files.odd_paper(paper)


def test_its_owner_is_told_what_a_copy_is_without(north: World) -> None:
    reference = north.submit("north")
    attached(north, "north", reference, files.document(), "a.docx")
    attached(north, "north", reference, files.paper(), "a.pdf")
    first, second = listed(north, "north", reference)
    assert {"changes", "comments", "hidden-text", "links", "metadata"} <= set(first["left_out"])
    assert {"annotations", "embedded", "metadata", "scripts"} <= set(second["left_out"])
    north.settle()
    assert [one["left_out"] for one in listed(north, "south", reference)] == [[], []]


def test_its_owner_can_look_at_the_copy(north: World) -> None:
    reference = north.submit("north")
    path = attached(north, "north", reference, files.picture(), "a.png")
    assert north.raw("north", path, copy=True).status_code == 409
    north.settle()
    assert north.raw("north", path, copy=True).content == north.raw("south", path).content
    assert north.raw("north", path).content == files.picture()


def test_the_same_file_makes_the_same_copy(north: World) -> None:
    for kind in ("docx", "pdf", "png", "jpeg"):
        data = files.made(kind)
        assert copied(north, data, f"a.{kind}") == copied(north, data, f"b.{kind}")


def test_a_copied_documents_parts_are_those_that_are_known(north: World) -> None:
    data = files.with_parts(files.document(), {"word/vbaProject.bin": b"macro", "customXml/item1.xml": b"<a/>"})
    with zipfile.ZipFile(io.BytesIO(copied(north, data, "a.docx"))) as package:
        assert all(name.startswith(("word/", "_rels/", "[Content")) for name in package.namelist())
        assert "word/vbaProject.bin" not in package.namelist()
