"""The objects that draw a PDF's pages, copied one by one into a file of their own: known keys of pages and resources,
and below them everything but what tells of its making."""

import re
import zlib
from typing import IO, Any

from pypdf import PageObject
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from services.attachments.opening.jpegs import bare
from services.attachments.opening.limits import (
    MOST_DEPTH,
    MOST_OBJECTS,
    MOST_PDF_UNPACKED,
    MOST_PIXELS,
    MOST_STREAM,
    Refused,
)

_PAGE = ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox", "/Rotate", "/UserUnit", "/Group")
_RESOURCES = ("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading")
# Of whatever lies below: what tells of its making, leads out of the file, or runs.
_DROPPED = frozenset({
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JS", "/JavaScript", "/EF", "/OPI",
    "/Measure", "/PtData", "/StructParent", "/StructParents", "/Alternates", "/Ref", "/SpiderInfo", "/URI", "/Annots",
    "/Parent", "/OC", "/Thumb",
})  # fmt: skip
_OF_STREAMS = frozenset({"/Length", "/Filter", "/DecodeParms", "/DL", "/F", "/FFilter", "/FDecodeParms"})
_PARAMETERS = (
    "/Predictor", "/Colors", "/BitsPerComponent", "/Columns", "/EarlyChange", "/ColorTransform", "/K", "/EndOfLine",
    "/EncodedByteAlign", "/Rows", "/EndOfBlock", "/BlackIs1", "/DamagedRowsBeforeError", "/JBIG2Globals",
)  # fmt: skip
_BY_NAMES = ("/CharProcs", "/Colorants")  # whose keys are names that the file gave
_LEFT = {"/Annots": "annotations", "/AA": "scripts", "/Metadata": "metadata", "/PieceInfo": "metadata"}
_PACKED = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}
_FAX = {"/CCITTFaxDecode", "/JBIG2Decode"}
_ELSEWHERE = ("/Page", "/Pages", "/Catalog", "/Annot", "/Action", "/Filespec", "/EmbeddedFile")
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")
_INLINE_JPEG = re.compile(rb"\bBI\b[^\xff]{0,400}?/DCT(?:Decode)?\b")
_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class Copier:
    """Gathers copied objects by number: the catalogue is 1, the tree of pages 2. `why`: what cannot be made bare."""

    def __init__(self) -> None:
        self.why: set[str] = set()
        self.left_out: set[str] = set()
        self._objects: dict[int, PdfObject] = {}
        self._made: dict[tuple[int, int], int] = {}
        self._pages: list[int] = []
        self._unpacked = 0
        self._next = 3

    def page(self, page: PageObject) -> None:
        """Copy one page: what it inherits from the tree is written into it."""
        self.left_out |= {code for name, code in _LEFT.items() if name in page}
        made = DictionaryObject({NameObject("/Type"): NameObject("/Page"), NameObject("/Parent"): _reference(2)})
        for name in _PAGE:
            value = _inherited(page, name)
            if value is not None:
                made[NameObject(name)] = self._copied(value, 1)
        resources = _inherited(page, "/Resources")
        made[NameObject("/Resources")] = self._resources(resources, 1)
        contents = page.get_contents()
        if contents is not None:
            made[NameObject("/Contents")] = self._new(self._drawing(contents.get_data()))
        number = self._reserved()
        self._objects[number] = made
        self._pages.append(number)

    def write(self, target: IO[bytes]) -> None:
        """Write the file: one revision, no names, no identifiers."""
        kids = ArrayObject(_reference(one) for one in self._pages)
        tree: dict[str, PdfObject] = {
            "/Type": NameObject("/Pages"),
            "/Kids": kids,
            "/Count": NumberObject(len(self._pages)),
        }
        self._objects[1] = _dictionary({"/Type": NameObject("/Catalog"), "/Pages": _reference(2)})
        self._objects[2] = _dictionary(tree)
        target.write(_HEAD)
        places = []
        for number in range(1, self._next):
            places.append(target.tell())
            target.write(b"%d 0 obj\n" % number)
            self._objects[number].write_to_stream(target)
            target.write(b"\nendobj\n")
        begins = target.tell()
        target.write(b"xref\n0 %d\n0000000000 65535 f \n" % self._next)
        for place in places:
            target.write(b"%010d 00000 n \n" % place)
        target.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (self._next, begins))

    def _copied(self, value: Any, depth: int) -> PdfObject:
        """A value with all that it leads to."""
        if depth > MOST_DEPTH:
            raise Refused("bomb")
        if isinstance(value, IndirectObject):
            return self._followed(value, depth)
        if _elsewhere(value):
            return NullObject()
        if isinstance(value, StreamObject):
            return self._new(self._stream(value, depth))
        if isinstance(value, DictionaryObject):
            return self._below(value, depth)
        if isinstance(value, ArrayObject):
            return ArrayObject(self._copied(one, depth + 1) for one in value)
        found: PdfObject = value
        return found

    def _followed(self, value: IndirectObject, depth: int) -> PdfObject:
        key = (value.idnum, value.generation)
        if key not in self._made:
            found = value.get_object()
            if found is None or _elsewhere(found):
                return NullObject()
            self._made[key] = number = self._reserved()
            stream = self._stream(found, depth) if isinstance(found, StreamObject) else None
            self._objects[number] = stream if stream is not None else self._copied(found, depth + 1)
        return _reference(self._made[key])

    def _below(self, value: DictionaryObject, depth: int, *, besides: frozenset[str] = frozenset()) -> DictionaryObject:
        """A dictionary without what tells of its making."""
        made = DictionaryObject()
        for name in [one for one in value if one not in _DROPPED and one not in besides]:
            given = value.raw_get(name)
            if name == "/Resources":
                made[NameObject(name)] = self._resources(given, depth + 1)
            elif name in _BY_NAMES:
                made[NameObject(name)] = self._by_names(given, depth + 1)
            else:
                made[NameObject(name)] = self._copied(given, depth + 1)
        self.left_out |= {code for name, code in _LEFT.items() if name in value}
        return made

    def _resources(self, value: Any, depth: int) -> DictionaryObject:
        """What a page or form draws with: known sorts of it, each under the names that the page uses."""
        found = value.get_object() if value is not None else None
        if not isinstance(found, DictionaryObject):
            return DictionaryObject()
        kept = [name for name in _RESOURCES if name in found]
        return _dictionary({name: self._by_names(found.raw_get(name), depth + 1) for name in kept})

    def _by_names(self, value: Any, depth: int) -> DictionaryObject:
        found = value.get_object()
        if not isinstance(found, DictionaryObject):
            return DictionaryObject()
        return _dictionary({name: self._copied(found.raw_get(name), depth + 1) for name in found})

    def _stream(self, value: StreamObject, depth: int) -> StreamObject:
        """A stream packed anew, so that nothing is left behind its end; of pictures only what draws them."""
        given = value.get("/Filter")
        given = given.get_object() if given is not None else ArrayObject()
        filters = [str(one) for one in (given if isinstance(given, list) else [given])]
        last = filters[-1] if filters else ""
        if value.get("/Subtype") == "/Image" and _points(value) > MOST_PIXELS:
            raise Refused("bomb")
        about = self._below(value, depth, besides=_OF_STREAMS)
        parameters = self._parameters(value, depth)
        if filters == ["/FlateDecode"] and (whole := self._whole(value)) is not None:
            return _as_it_is(whole, about, last, parameters)
        if set(filters) <= _PACKED:
            return self._packed(value.get_data(), about)
        if last == "/DCTDecode" and set(filters[:-1]) <= _PACKED:
            return _as_it_is(bare(self._weighed(value.get_data())), about, last, parameters)
        if filters == [last] and last in _FAX:
            return _as_it_is(self._weighed(value._data), about, last, parameters)  # noqa: SLF001 -- see _as_it_is
        self.why.add("pictures")  # of a kind whose own notes we cannot take out
        return DecodedStreamObject()

    def _parameters(self, value: StreamObject, depth: int) -> DictionaryObject | None:
        """What the last filter is told, as far as it is known."""
        given = value.get("/DecodeParms")
        given = given.get_object() if given is not None else None
        if isinstance(given, ArrayObject) and given:
            given = given[-1].get_object()
        if not isinstance(given, DictionaryObject):
            return None
        kept = [name for name in _PARAMETERS if name in given]
        return _dictionary({name: self._copied(given.raw_get(name), depth + 1) for name in kept})

    def _whole(self, value: StreamObject) -> bytes | None:
        """The packed bytes up to where they end, and nothing of what may lie behind; None where they have no end."""
        packed = value._data  # noqa: SLF001 -- see _as_it_is
        unpacker = zlib.decompressobj()
        try:
            if len(self._weighed(unpacker.decompress(packed, MOST_STREAM + 1))) > MOST_STREAM:
                raise Refused("bomb")
        except zlib.error:
            return None
        return packed[: len(packed) - len(unpacker.unused_data)] if unpacker.eof else None

    def _packed(self, data: bytes, about: DictionaryObject) -> StreamObject:
        made = DecodedStreamObject()
        made.set_data(self._weighed(data))
        made.update(about)
        return made.flate_encode()

    def _drawing(self, data: bytes) -> StreamObject:
        if _INLINE_JPEG.search(data):
            self.why.add("pictures")
        return self._packed(data, DictionaryObject())

    def _weighed(self, data: bytes) -> bytes:
        self._unpacked += len(data)
        if self._unpacked > MOST_PDF_UNPACKED:
            raise Refused("bomb")
        return data

    def _reserved(self) -> int:
        self._next += 1
        if self._next > MOST_OBJECTS:
            raise Refused("bomb")
        return self._next - 1

    def _new(self, made: PdfObject) -> IndirectObject:
        number = self._reserved()
        self._objects[number] = made
        return _reference(number)


def _elsewhere(value: Any) -> bool:
    """Whether a value is a part of the file that draws nothing, and that no drawing needs: a file in it among them."""
    return isinstance(value, DictionaryObject) and (value.get("/Type") in _ELSEWHERE or "/EF" in value)


def _reference(number: int) -> IndirectObject:
    return IndirectObject(number, 0, None)


def _dictionary(entries: dict[str, PdfObject]) -> DictionaryObject:
    return DictionaryObject({NameObject(name): value for name, value in entries.items()})


def _points(value: StreamObject) -> int:
    sides = [one for name in ("/Width", "/Height") if isinstance(one := value.get(name), NumberObject)]
    return int(sides[0]) * int(sides[1]) if len(sides) == 2 else 0


def _inherited(page: PageObject, name: str) -> Any:
    """A value of a page, or of the nearest node above that has it."""
    node: Any = page
    for _ in range(MOST_DEPTH):
        if name in node:
            return node.raw_get(name)
        if name not in _INHERITED or "/Parent" not in node:
            return None
        node = node["/Parent"].get_object()
    raise Refused("bomb")


def _as_it_is(data: bytes, about: DictionaryObject, packed: str, parameters: DictionaryObject | None) -> StreamObject:
    """A stream whose bytes stay packed as they are. pypdf has no public way to these bytes."""
    made = EncodedStreamObject()
    made._data = data  # noqa: SLF001
    made.update(about)
    made[NameObject("/Filter")] = NameObject(packed)
    if parameters:
        made[NameObject("/DecodeParms")] = parameters
    return made
