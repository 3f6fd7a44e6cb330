"""Hostile files, made from real ones and from nothing: damaged, disguised, in two kinds at once, and bombs."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, IndirectObject, NameObject, NumberObject

from tests.attachments import files

KINDS = ("docx", "pdf", "png", "jpeg")
ENDING = {"docx": ".docx", "pdf": ".pdf", "png": ".png", "jpeg": ".jpg", "text": ".txt"}


class Hostile(NamedTuple):
    """A file under a name. `refused`: no reading of it is acceptable."""

    name: str
    data: bytes
    refused: bool = False


def mutated(count: int, seed: int) -> Iterator[Hostile]:
    """Real files with some of their bytes changed, cut, doubled, swapped or put in."""
    source = random.Random(seed)
    real = {kind: files.made(kind) for kind in KINDS}
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        data = bytearray(real[kind])
        for _ in range(source.choice((1, 1, 3, 20))):
            _spoil(data, source)
        yield Hostile(f"m{number}{ENDING[kind]}", bytes(data))


def _spoil(data: bytearray, source: random.Random) -> None:
    at = source.randrange(8, max(9, len(data)))
    length = source.choice((1, 2, 4, 64, 400))
    match source.randrange(6):
        case 0:
            data[at : at + length] = source.randbytes(length)
        case 1:
            del data[at : at + length]
        case 2:
            data[at:at] = data[at : at + length]
        case 3:
            data[at : at + 4] = b"\xff\xff\xff\x7f"
        case 4:
            data[at : at + 4] = bytes(4)
        case _:
            del data[at:]


def disguised() -> Iterator[Hostile]:
    """One kind under the name of another; and what is of no kind that is taken."""
    for kind in (*KINDS, "text"):
        for ending in (".exe", ".docx", ".pdf", ".png", ".html", ""):
            yield Hostile(f"file{ending}", files.made(kind))
    for number, head in enumerate((
        b"MZ\x90\x00\x03\x00\x00\x00", b"\x7fELF\x02\x01\x01\x00", b"GIF89a\x01\x00\x01\x00\x00", b"BM\x36\x00\x00\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"Rar!\x1a\x07\x00", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08\x00\x00",
        b"RIFF\x24\x00\x00\x00WAVE", b"\x00\x00\x00\x18ftypmp42", b"\xca\xfe\xba\xbe\x00\x00", b"II*\x00\x08\x00",
        b"\x00\x61\x73\x6d\x01\x00\x00\x00", b"BZh91AY&SY\x00", b"\xfd7zXZ\x00\x00", b"SQLite format 3\x00",
        b"\x00" * 100, b"\xff" * 100, b"\xef\xbb\xbf", b" \n\t ", "текст".encode("cp1251"), b"text\x00with nul",
        b"\xff\xfe", b"\xfe\xff\xd8\x00", b"\xed\xa0\x80 half a pair", b"\x1b[2J escape",
    )):  # fmt: skip
        yield Hostile(f"kind{number}.txt", head, refused=True)


def in_two_kinds() -> Iterator[Hostile]:
    """Polyglots: one kind with another before, behind or inside it."""
    real = {kind: files.made(kind) for kind in (*KINDS, "text")}
    for one in KINDS:
        for other in (*KINDS, "text"):
            yield Hostile(f"{one}-{other}{ENDING[one]}", real[one] + real[other])
            yield Hostile(f"{one}-in-{other}{ENDING[one]}", b"\x00\x01" + real[other] + real[one], refused=True)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("index.html", "<script>alert(1)</script>")
    yield Hostile("archive.docx", archive.getvalue(), refused=True)
    yield Hostile("page.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", refused=True)
    yield Hostile("page.jpg", b"\xff\xd8\xff<script>alert(1)</script>", refused=True)
    yield Hostile("page.pdf", b"%PDF-1.7\n<script>alert(1)</script>", refused=True)


def cut_off() -> Iterator[Hostile]:
    """Real files that end too early."""
    for kind in KINDS:
        data = files.made(kind)
        for part in (9, 12, 40, len(data) // 4, len(data) // 2, len(data) * 3 // 4, len(data) - 30):
            yield Hostile(f"cut{part}{ENDING[kind]}", data[:part], refused=kind != "pdf" or part < len(data) // 2)


def documents() -> Iterator[Hostile]:
    """DOCX packages and markup that are made to cost, to reach out, or to be read in two ways."""
    real = files.document()
    zeros, main = bytes(60_000_000), "word/document.xml"
    yield Hostile("bomb.docx", files.with_parts(real, {"word/media/zeros.bin": zeros}), refused=True)
    yield Hostile("markup.docx", files.with_parts(real, {main: _markup(b" " * 32_000_000)}), refused=True)
    yield Hostile("many.docx", files.with_parts(real, {f"word/p{n}.xml": b"<a/>" for n in range(2_500)}), refused=True)
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(12))
    yield Hostile(
        "laughs.docx", files.with_parts(real, {main: _markup(b"&l11;", b"<!DOCTYPE a [%s]>" % laughs)}), refused=True
    )
    outside = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield Hostile("outside.docx", files.with_parts(real, {main: _markup(b"&x;", outside)}), refused=True)
    yield Hostile(
        "deep.docx", files.with_parts(real, {main: _markup(b"<w:p>" * 50_000 + b"</w:p>" * 50_000)}), refused=True
    )
    yield Hostile("nothing.docx", files.with_parts(real, {main: b""}), refused=True)
    yield Hostile("other.docx", files.with_parts(real, {main: b"<a/>"}), refused=True)
    yield Hostile("no-types.docx", _without(real, "[Content_Types].xml"), refused=True)
    yield Hostile("no-main.docx", _without(real, main), refused=True)
    for name in ("../../evil", "/etc/passwd", "..\\evil", "word/../../evil"):
        yield Hostile("path.docx", files.with_parts(real, {name: b"x"}), refused=True)
    yield Hostile("twice.docx", _twice(real, main), refused=True)
    yield Hostile("locked.docx", _flagged(real), refused=True)
    inner = files.with_parts(real, {"word/embeddings/inner.docx": files.with_parts(real, {"x": bytes(50_000_000)})})
    yield Hostile("nested.docx", inner)
    types = _part(real, "[Content_Types].xml").replace(
        b"wordprocessingml.document.main+xml", b"wordprocessingml.documentmacro.main+xml"
    )
    yield Hostile("macros.docx", files.with_parts(real, {"[Content_Types].xml": types}), refused=True)
    yield Hostile("styles.docx", files.with_parts(real, {"word/styles.xml": b"<!DOCTYPE a><a/>"}), refused=True)


def _part(package: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as held:
        return held.read(name)


def _markup(inside: bytes, before: bytes = b"") -> bytes:
    space = files.WORD.encode()
    return (
        b'<?xml version="1.0"?>' + before + b'<w:document xmlns:w="' + space + b'"><w:body><w:p><w:r><w:t>' + inside
        + b"</w:t></w:r></w:p></w:body></w:document>"
    )  # fmt: skip


def _without(package: bytes, name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(target, "w") as new:
        for one in old.infolist():
            if one.filename != name:
                new.writestr(one.filename, old.read(one))
    return target.getvalue()


def _twice(package: bytes, name: str) -> bytes:
    """A part under a name that differs in its case only, which some readers take for the same."""
    return files.with_parts(package, {name.upper(): b"<a/>"})


def _flagged(package: bytes) -> bytes:
    """A package whose entries say that they are encrypted."""
    data = bytearray(package)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)


def papers() -> Iterator[Hostile]:
    """PDFs that are locked, unpack to much, have too many pages, or lead round in circles."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    yield Hostile("locked.pdf", _written(writer), refused=True)
    yield Hostile("bomb.pdf", streamed(zlib.compress(bytes(60_000_000), 9), "/FlateDecode"), refused=True)
    twice = zlib.compress(zlib.compress(bytes(60_000_000), 9), 9)
    yield Hostile("twice.pdf", streamed(twice, ["/FlateDecode", "/FlateDecode"]), refused=True)
    yield Hostile("many-filters.pdf", streamed(b"00>", ["/ASCIIHexDecode"] * 40), refused=True)
    yield Hostile("runs.pdf", streamed(b"\x81\x00" * 2_000_000, "/RunLengthDecode"), refused=True)
    pages = PdfWriter()
    for _ in range(1_200):
        pages.add_blank_page(10, 10)
    yield Hostile("pages.pdf", _written(pages), refused=True)
    yield Hostile("circle.pdf", circled(), refused=False)
    yield Hostile("own-parent.pdf", nested(500), refused=True)
    yield Hostile("no-pages.pdf", _written(PdfWriter()), refused=True)
    for number, tail in enumerate(
        (b"startxref\n0\n%%EOF", b"startxref\n99999999\n%%EOF", b"trailer<</Root 1 0 R/Prev 0>>")
    ):
        yield Hostile(
            f"tail{number}.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\n" + tail, refused=True
        )
    huge = files.pictured(files.picture("JPEG"), (100_000, 100_000))
    yield Hostile("huge-picture.pdf", huge, refused=True)


def _written(writer: PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def streamed(data: bytes, filters: str | list[str]) -> bytes:
    """A PDF whose page is drawn by a stream that is packed like this."""
    from pypdf.generic import EncodedStreamObject

    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    stream = EncodedStreamObject()
    stream._data = data
    named = [NameObject(one) for one in filters] if isinstance(filters, list) else NameObject(filters)
    stream[NameObject("/Filter")] = ArrayObject(named) if isinstance(named, list) else named
    page[NameObject("/Contents")] = writer._add_object(stream)
    return _written(writer)


def circled() -> bytes:
    """A PDF whose form draws itself."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    form = DecodedStreamObject()
    form.set_data(b"/F Do")
    reference = writer._add_object(form)
    resources = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/F"): reference})})
    form.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): ArrayObject([NumberObject(0)] * 4), NameObject("/Resources"): resources,
    })  # fmt: skip
    page[NameObject("/Resources")] = resources
    contents = DecodedStreamObject()
    contents.set_data(b"/F Do")
    page[NameObject("/Contents")] = writer._add_object(contents)
    return _written(writer)


def nested(depth: int) -> bytes:
    """A PDF whose resources stand many objects inside one another."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    inner: IndirectObject | DictionaryObject = DictionaryObject()
    for _ in range(depth):
        inner = writer._add_object(DictionaryObject({NameObject("/X"): inner}))
    pattern = DictionaryObject({NameObject("/Pattern"): DictionaryObject({NameObject("/P"): inner})})
    page[NameObject("/Resources")] = pattern
    return _written(writer)


def pictures() -> Iterator[Hostile]:
    """Pictures of too many points, with endless notes, or whose parts lie about their lengths."""
    yield Hostile("points.png", png(30_000, 30_000, zlib.compress(bytes(1_000_000), 9)), refused=True)
    yield Hostile("wide.png", png(2_000_000_000, 1, b""), refused=True)
    yield Hostile("none.png", png(0, 0, b""), refused=True)
    yield Hostile("text.png", png(1, 1, zlib.compress(b"\0\0\0\0"), zlib.compress(bytes(20_000_000), 9)), refused=True)
    yield Hostile("checksum.png", files.picture("PNG")[:-6] + b"\0\0\0\0\0\0", refused=True)
    jpeg = bytearray(files.picture("JPEG"))
    at = jpeg.find(b"\xff\xc0") + 5
    jpeg[at : at + 4] = b"\xff\xff\xff\xff"
    yield Hostile("points.jpg", bytes(jpeg), refused=True)
    yield Hostile("only-a-head.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", refused=True)
    yield Hostile("endless.jpg", b"\xff\xd8" + b"\xff\xe1\xff\xff" * 100_000, refused=True)


def png(width: int, height: int, data: bytes, text: bytes = b"") -> bytes:
    """A PNG of these sides and this packed data, whatever they are."""
    head = struct.pack(">IIBBBBB", width & 0xFFFFFFFF, height & 0xFFFFFFFF, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), *([(b"zTXt", b"Author\0\0" + text)] if text else []), (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


NAMES: tuple[tuple[bytes, str | None], ...] = (
    # as sent, and as it is known: None where it is refused
    (b"../../../etc/passwd", "passwd.txt"),
    (b"..\\..\\windows\\system32\\cmd.exe", "cmd.exe.txt"),
    (b"C:\\Users\\me\\note.txt", "note.txt"),
    (b"/etc/shadow.txt", "shadow.txt"),
    (b"..", "attachment.txt"),
    (b".", "attachment.txt"),
    (b".htaccess", "htaccess.txt"),
    (b"note.txt.", "note.txt"),
    (b"note.txt   ", "note.txt"),
    (b"   ", "attachment.txt"),
    (b"con", "_con.txt"),
    (b"NUL.txt", "_NUL.txt"),
    (b"com1.log", "_com1.log"),
    (b"a<b>c:d|e?f*.txt", "a_b_c_d_e_f_.txt"),
    (b"a'b.txt", "a'b.txt"),
    (b"x" * 300 + b".txt", "x" * 116 + ".txt"),
    (b"page.html", "page.html.txt"),
    (b"run.exe", "run.exe.txt"),
    (b"paper.pdf", "paper.pdf.txt"),
    ("доклад.txt".encode(), "доклад.txt"),
    ("cafe\u0301.txt".encode(), "café.txt"),
    ("zero\u200bwidth\ufeff.txt".encode(), "zerowidth.txt"),
    ("гизмо \U0001f4a3.txt".encode(), "гизмо \U0001f4a3.txt"),
    (b"%2e%2e%2fetc%2fpasswd", "%2e%2e%2fetc%2fpasswd.txt"),
    (b"$(reboot).txt", "$(reboot).txt"),
    (b"`id`;rm -rf.txt", "`id`;rm -rf.txt"),
    (b"-rf.txt", "-rf.txt"),
    ("evil\u202etxt.exe".encode(), None),
    ("evil\u2066txt.exe".encode(), None),
    ("evil\u200ftxt.exe".encode(), None),
    (b"new\x0bline.txt", None),
    (b"bell\x07.txt", None),
    (b"del\x7f.txt", None),
    (b"\xff\xfe.txt", None),
    (b"\xed\xa0\x80.txt", None),
    ("line\u2028end.txt".encode(), None),
)


def every(count: int, seed: int) -> list[Hostile]:
    """All of them: so many mutated ones, and those of each sort."""
    return [
        *mutated(count, seed), *disguised(), *in_two_kinds(), *cut_off(), *documents(), *papers(), *pictures(),
    ]  # fmt: skip
