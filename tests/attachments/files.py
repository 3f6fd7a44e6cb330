"""Files to attach, made by the libraries that people make them with, and full of what others must not get."""

import io
import zlib
from typing import Any

import docx
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

AUTHOR = "Ivan Secretovich"
HIDDEN = "hiddenword"


def text(said: str = "Armed men attacked a post near Osh. Плохие вести.") -> bytes:
    return said.encode()


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), *, told: bool = True) -> bytes:
    """A picture that says who made it, and where."""
    made = Image.new("RGB", size, "red")
    target = io.BytesIO()
    if not told:
        made.save(target, kind)
        return target.getvalue()
    exif = made.getexif()
    exif[315] = AUTHOR  # Artist
    exif[34853] = {1: "N", 2: (40.5, 31.0, 12.0)}  # GPS
    info = PngInfo()
    info.add_text("Author", AUTHOR)
    info.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{AUTHOR}</x:xmpmeta>")
    more: dict[str, Any] = {"pnginfo": info} if kind == "PNG" else {"comment": AUTHOR.encode()}
    made.save(target, kind, exif=exif, icc_profile=b"profile of " + AUTHOR.encode(), **more)
    return target.getvalue()


def document(said: str = "Armed men attacked a post near Osh.", *, told: bool = True) -> bytes:
    """A Word document, with an author, a comment, tracked changes, hidden text, a picture and a link."""
    made = docx.Document()
    made.add_heading("Доклад", 1)
    paragraph = made.add_paragraph(said)
    if told:
        made.core_properties.author = AUTHOR
        made.core_properties.last_modified_by = AUTHOR
        made.add_comment(paragraph.runs, text=HIDDEN, author=AUTHOR, initials="IS")
        concealed = paragraph.add_run(HIDDEN)
        concealed.font.hidden = True
        made.add_picture(io.BytesIO(picture("JPEG")))
        paragraph._p.append(_tracked("del", f"<w:delText>{HIDDEN}</w:delText>"))
        paragraph._p.append(_tracked("ins", "<w:t> And a word put in.</w:t>"))
        link = made.part.relate_to(f"https://example.org/{HIDDEN}", f"{OFFICE}/hyperlink", is_external=True)
        paragraph._p.append(_word(f'<w:hyperlink r:id="{link}"><w:r><w:t> A link.</w:t></w:r></w:hyperlink>'))
        made.sections[0].header.paragraphs[0].text = "A heading on each page"
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _tracked(what: str, inside: str) -> Any:
    return _word(f'<w:{what} w:id="9" w:author="{AUTHOR}" w:date="2026-01-01T00:00:00Z"><w:r>{inside}</w:r></w:{what}>')


def _word(markup: str) -> Any:
    from docx.oxml import parse_xml

    name = markup[1 : markup.index(" ")]
    return parse_xml(markup.replace(f"<{name}", f'<{name} xmlns:w="{WORD}" xmlns:r="{OFFICE}"', 1))


def paper(said: str = "Armed men attacked a post near Osh.", *, told: bool = True, pages: int = 1) -> bytes:
    """A PDF that draws words, with information, metadata, a note, a script, a file in it and an earlier revision."""
    writer = PdfWriter()
    for _ in range(pages):
        _drawn(writer, said)
    target = io.BytesIO()
    if not told:
        writer.write(target)
        return target.getvalue()
    writer.add_metadata({"/Author": AUTHOR, "/Title": HIDDEN})
    writer.add_attachment(f"{HIDDEN}.txt", AUTHOR.encode())
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert('{HIDDEN}')")}
    writer.root_object[NameObject("/OpenAction")] = _named(script)
    note = Text(rect=(50, 50, 80, 80), text=HIDDEN)
    note[NameObject("/T")] = TextStringObject(AUTHOR)
    writer.add_annotation(0, note)
    metadata = DecodedStreamObject()
    metadata.set_data(f"<x:xmpmeta>{AUTHOR}</x:xmpmeta>".encode())
    metadata.update(_named({"/Type": NameObject("/Metadata"), "/Subtype": NameObject("/XML")}))
    writer.root_object[NameObject("/Metadata")] = writer._add_object(metadata)
    writer.write(target)
    later = PdfWriter(io.BytesIO(target.getvalue()), incremental=True)
    later.add_metadata({"/Keywords": HIDDEN})
    target = io.BytesIO()
    later.write(target)
    return target.getvalue()


def _named(entries: dict[str, Any]) -> DictionaryObject:
    return DictionaryObject({NameObject(name): value for name, value in entries.items()})


def _drawn(writer: PdfWriter, said: str) -> None:
    page = writer.add_blank_page(300, 200)
    font = _named(
        {"/Type": NameObject("/Font"), "/Subtype": NameObject("/Type1"), "/BaseFont": NameObject("/Helvetica")}
    )
    picture_ = DecodedStreamObject()
    picture_._data = picture("JPEG")
    resources = {"/Font": _named({"/F1": writer._add_object(font)})}
    page[NameObject("/Resources")] = _named(resources)
    contents = DecodedStreamObject()
    contents.set_data(f"BT /F1 12 Tf 10 100 Td ({said}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(contents)


def words_of(paper_: bytes) -> str:
    """What a PDF says."""
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper_)).pages)


def made(kind: str, **more: Any) -> bytes:
    """A file of a kind."""
    makers = {
        "text": text,
        "png": lambda: picture("PNG"),
        "jpeg": lambda: picture("JPEG"),
        "docx": document,
        "pdf": paper,
    }
    return makers[kind](**more)


def packed(data: bytes) -> bytes:
    return zlib.compress(data)
