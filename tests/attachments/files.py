"""Files to attach, made by the libraries that people make them with, and full of what others must not get."""

import io
import zipfile
from typing import Any

import docx
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.annotations import Text
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

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
    resources = {"/Font": _named({"/F1": writer._add_object(font)})}
    page[NameObject("/Resources")] = _named(resources)
    contents = DecodedStreamObject()
    contents.set_data(f"BT /F1 12 Tf 10 100 Td ({said}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(contents)


def pictured(jpeg: bytes, size: tuple[int, int], filters: str = "/DCTDecode") -> bytes:
    """A PDF whose one page is a picture, packed as it is given."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 200)
    image = EncodedStreamObject()
    image._data = jpeg
    image.update(_named({
        "/Type": NameObject("/XObject"), "/Subtype": NameObject("/Image"), "/Width": NumberObject(size[0]),
        "/Height": NumberObject(size[1]), "/ColorSpace": NameObject("/DeviceRGB"), "/BitsPerComponent": NumberObject(8),
        "/Filter": NameObject(filters),
    }))  # fmt: skip
    page[NameObject("/Resources")] = _named({"/XObject": _named({"/P": writer._add_object(image)})})
    contents = DecodedStreamObject()
    contents.set_data(b"q 300 0 0 200 0 0 cm /P Do Q")
    page[NameObject("/Contents")] = writer._add_object(contents)
    return _written(writer)


def odd_paper(what: str) -> bytes:
    """A PDF that no bare copy can be made of, and why."""
    if what == "jpx":
        return pictured(b"\0\0\0\x0cjP  \r\n\x87\n", (4, 4), "/JPXDecode")
    writer = PdfWriter()
    _drawn(writer, "Words.")
    more: dict[str, Any] = {
        "layers": {"/OCProperties": _named({"/OCGs": ArrayObject(), "/D": _named({})})},
        "portfolio": {"/Collection": _named({"/View": NameObject("/D")})},
        "form": {"/AcroForm": _named({"/Fields": ArrayObject([_named({"/T": TextStringObject("name")})])})},
    }.get(what, {})
    writer.root_object.update(_named(more))
    if what == "inline":
        contents = DecodedStreamObject()
        contents.set_data(b"q BI /W 4 /H 4 /CS /RGB /BPC 8 /F /DCT ID \xff\xd8\xff\xd9 EI Q")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(contents)
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def with_parts(package: bytes, parts: dict[str, bytes]) -> bytes:
    """A package with further parts, or others in the place of its own."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            if one.filename not in parts:
                new.writestr(one.filename, old.read(one))
        for name, data in parts.items():
            new.writestr(name, data)
    return target.getvalue()


def made(kind: str, **more: Any) -> bytes:
    """A file of a kind."""
    makers: dict[str, Any] = {
        "text": text,
        "png": lambda: picture("PNG"),
        "jpeg": lambda: picture("JPEG"),
        "docx": document,
        "pdf": paper,
    }
    made_: bytes = makers[kind](**more)
    return made_
