"""DOCX: a package made anew of the few parts that hold what is read, each rewritten; all else stays behind."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # it has no types

from services.attachments.opening import pictures
from services.attachments.opening.limits import MOST_PIXELS, MOST_WORDS, Refused
from services.attachments.opening.markup import CONTENT, OFFICE, PACKAGE, Rewriter, W, parsed
from services.attachments.opening.packages import Package

_MAIN = f"{CONTENT}.wordprocessingml.document.main+xml"
_TYPE = f"{CONTENT}.wordprocessingml."
# Parts that the main one may lead to and that are read: their relationship, and the type that the copy gives them.
_PARTS = {
    "styles": f"{_TYPE}styles+xml",
    "numbering": f"{_TYPE}numbering+xml",
    "footnotes": f"{_TYPE}footnotes+xml",
    "endnotes": f"{_TYPE}endnotes+xml",
    "header": f"{_TYPE}header+xml",
    "footer": f"{_TYPE}footer+xml",
}
_TOLD = {
    "comments": "comments", "commentsExtended": "comments", "people": "comments", "customXml": "custom-data",
    "oleObject": "embedded", "package": "embedded", "control": "embedded", "vbaProject": "macros",
    "attachedTemplate": "links", "hyperlink": "links", "glossaryDocument": "custom-data", "chart": "drawings",
    "diagramData": "drawings", "externalLinkPath": "links",
}  # fmt: skip
_ENDINGS = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg"}
_ROOT = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="d" Type="{OFFICE}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_WHEN = (1980, 1, 1, 0, 0, 0)
MOST_PICTURES = 200


class _Copy:
    """The package that is being made: parts by name, and the names that pictures have in it."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.parts: dict[str, tuple[bytes, str]] = {}
        self.left_out: set[str] = set()
        self.why: set[str] = set()
        self._pictures: dict[str, str | None] = {}
        self._points = 0

    def picture(self, name: str) -> str | None:
        """A picture made anew; the name that it has in the copy, or None where it cannot be made."""
        if name not in self._pictures:
            if len(self._pictures) >= MOST_PICTURES:
                raise Refused("bomb")
            self._pictures[name] = self._made(name)
        return self._pictures[name]

    def _made(self, name: str) -> str | None:
        kind = _ENDINGS.get(name.rpartition(".")[2].lower())
        if kind is None or name not in self.package:
            self.left_out.add("pictures")
            return None
        target = io.BytesIO()
        try:
            self._points += pictures.copy(io.BytesIO(self.package.read(name)), kind, target)
        except Refused as reason:
            if reason.code == "bomb":
                raise
            self.left_out.add("pictures")
            return None
        if self._points > 2 * MOST_PIXELS:
            raise Refused("bomb")
        made = f"media/{len(self.parts)}.{kind}"
        self.parts[f"word/{made}"] = target.getvalue(), f"image/{kind}"
        return made

    def write(self, target: Path) -> None:
        """Write the package, every time the same."""
        types = etree.Element(f"{{{PACKAGE}/content-types}}Types", nsmap={None: f"{PACKAGE}/content-types"})
        kinds = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
        for ending, kind in kinds.items():
            etree.SubElement(types, f"{{{PACKAGE}/content-types}}Default", Extension=ending, ContentType=kind)
        for name, (_, kind) in self.parts.items():
            if not name.endswith(".rels"):
                etree.SubElement(types, f"{{{PACKAGE}/content-types}}Override", PartName=f"/{name}", ContentType=kind)
        head = {"[Content_Types].xml": _bytes(types), "_rels/.rels": _ROOT.encode()}
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in {**head, **{name: data for name, (data, _) in self.parts.items()}}.items():
                made.writestr(zipfile.ZipInfo(name, _WHEN), data, zipfile.ZIP_DEFLATED)


def copy(source: Path, target: Path) -> dict[str, Any]:
    """Write the document anew, with tracked changes accepted; say what is missing."""
    package = Package(source)
    main = _main(package)
    made = _Copy(package)
    relations = _relations(package, main)
    hidden = _hidden(package, relations)
    names = _further(relations)
    linked: dict[str, tuple[str, str]] = {}
    for identifier, (what, name) in names.items():
        part = f"{what}{len(linked)}.xml"
        made.parts[f"word/{part}"] = _rewritten(made, name, hidden, {}, part), _PARTS[what]
        linked[identifier] = (what, part)
    made.parts["word/document.xml"] = _rewritten(made, main, hidden, linked, "document.xml"), _MAIN
    made.left_out |= {_TOLD[what] for what, *_ in relations.values() if what in _TOLD}
    made.left_out |= {"macros" for name in package.names if name.lower().endswith("vbaproject.bin")}
    if any(name.lower().startswith("docprops/") for name in package.names):
        made.left_out.add("metadata")
    if any(what in {"aFChunk", "subDocument"} for what, *_ in relations.values()):
        made.why.add("foreign-parts")
    made.write(target)
    return {"why": sorted(made.why), "left_out": sorted(made.left_out)}


def _main(package: Package) -> str:
    """The part that holds the document. A package without one is no DOCX, whatever else it is."""
    if "[Content_Types].xml" not in package or "_rels/.rels" not in package:
        raise Refused("kind")
    types = {
        str(one.get("PartName", "")).lstrip("/").casefold(): one.get("ContentType")
        for one in parsed(package.read("[Content_Types].xml"))
        if str(one.tag).endswith("}Override")
    }
    for what, name, external in _relations(package, "").values():
        if what == "officeDocument" and not external and types.get(name.casefold()) == _MAIN:
            return name
    raise Refused("kind")


def _relations(package: Package, part: str) -> dict[str, tuple[str, str, bool]]:
    """What a part is related to, by identifier: how, to which part, and whether that lies outside."""
    folder, _, file = part.rpartition("/")
    name = posixpath.join(folder, "_rels", f"{file}.rels")
    if name not in package:
        return {}
    found = {}
    for one in parsed(package.read(name)):
        target, external = str(one.get("Target", "")), one.get("TargetMode") == "External"
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[str(one.get("Id"))] = (
            str(one.get("Type", "")).rpartition("/")[2],
            target if external else whole,
            external,
        )
    return found


def _further(relations: dict[str, tuple[str, str, bool]]) -> dict[str, tuple[str, str]]:
    return {key: (what, name) for key, (what, name, external) in relations.items() if what in _PARTS and not external}


def _hidden(package: Package, relations: dict[str, tuple[str, str, bool]]) -> frozenset[str]:
    """The styles whose text is not shown, by themselves or by what they are based on."""
    based: dict[str, str] = {}
    hidden: set[str] = set()
    for what, name, external in relations.values():
        if what != "styles" or external:
            continue
        for style in parsed(package.read(name)).iter(f"{W}style"):
            code = str(style.get(f"{W}styleId"))
            below = style.find(f"{W}basedOn")
            if below is not None:
                based[code] = str(below.get(f"{W}val"))
            if style.find(f"{W}rPr/{W}vanish") is not None or style.find(f"{W}rPr/{W}specVanish") is not None:
                hidden.add(code)
    while more := {code for code, below in based.items() if below in hidden} - hidden:
        hidden |= more
    return frozenset(hidden)


def _rewritten(made: _Copy, name: str, hidden: frozenset[str], linked: dict[str, tuple[str, str]], part: str) -> bytes:
    """A part rewritten, and the relationships that what is left of it needs."""
    relations = _relations(made.package, name)
    images = {key: target for key, (what, target, external) in relations.items() if what == "image" and not external}
    rewriter = Rewriter(hidden, linked, lambda key: made.picture(images[key]) if key in images else None)
    root = rewriter.rewrite(parsed(made.package.read(name)))
    made.left_out |= rewriter.left_out
    made.why |= rewriter.why
    used = [(key, what, target) for key, (what, target) in linked.items()]
    used += [(key, "image", target) for key, target in rewriter.pictures.items()]
    if used:
        made.parts[f"word/_rels/{part}.rels"] = _bytes(_related(used)), ""
    return _bytes(root)


def _related(used: list[tuple[str, str, str]]) -> etree._Element:
    root = etree.Element(f"{{{PACKAGE}/relationships}}Relationships", nsmap={None: f"{PACKAGE}/relationships"})
    for key, what, target in used:
        etree.SubElement(
            root, f"{{{PACKAGE}/relationships}}Relationship", Id=key, Type=f"{OFFICE}/{what}", Target=target
        )
    return root


def _bytes(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def words(copied: Path) -> str:
    """The words of a copy in their order, those of tables row by row, as many as are kept."""
    import docx

    document = docx.Document(str(copied))
    found: list[str] = []
    held = 0
    for text in _texts(document, 0):
        found.append(text)
        held += len(text)
        if held > MOST_WORDS:
            break
    return "\n".join(found)


def _texts(block: Any, depth: int) -> Iterator[str]:
    from docx.table import Table

    for one in block.iter_inner_content():
        if not isinstance(one, Table):
            yield one.text
        elif depth < 5:
            for row in one.rows:
                cells = {id(cell._tc): cell for cell in row.cells}  # noqa: SLF001 -- a merged cell comes several times
                for cell in cells.values():
                    yield from _texts(cell, depth + 1)
