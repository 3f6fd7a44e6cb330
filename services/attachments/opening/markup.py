"""The markup of a document's parts: parsed without entities, and rewritten element by element."""

from collections.abc import Callable, Mapping

import defusedxml.ElementTree  # type: ignore[import-untyped]  # it has no types
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # it has no types
from lxml import etree  # type: ignore[import-untyped]  # it has no types

from services.attachments.opening.limits import Refused

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT = "application/vnd.openxmlformats-officedocument"
RELATIONS = f"{{{OFFICE}}}"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PLACED = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SPACES = {"w": WORD, "r": OFFICE, "wp": _PLACED, "a": _DRAWING, "pic": _PICTURE}
MOST_EMU = 30_000_000  # 80 cm

# What goes with all that is in it, and what of that its owner is told.
_GONE = {
    **dict.fromkeys(("del", "moveFrom", "delText", "delInstrText"), "changes"),
    **dict.fromkeys(
        ("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "tblPrExChange",
         "tblGridChange", "numberingChange", "cellIns", "cellDel", "cellMerge", "moveFromRangeStart",
         "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd",
         "customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd",
         "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd"), "changes",
    ),
    **dict.fromkeys(("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef"), "comments"),
    **dict.fromkeys(("object", "control", "movie", "ocx"), "embedded"),
    **dict.fromkeys(("pict", "numPicBullet", "lvlPicBulletId", "background"), "drawings"),
    **dict.fromkeys(("instrText", "fldChar", "fldData"), "fields"),
    **dict.fromkeys(
        ("proofErr", "permStart", "permEnd", "bookmarkStart", "bookmarkEnd", "sdtPr", "sdtEndPr", "smartTagPr",
         "customXmlPr", "printerSettings", "nsid", "tmpl", "tblCaption", "tblDescription", "rsid", "latentStyles",
         "attachedTemplate", "lastRenderedPageBreak", "divId", "webHidden", "contentPart"), "",
    ),
}  # fmt: skip
# What goes, while what is in it stays.
_OPENED = {
    "ins": "changes", "moveTo": "changes", "smartTag": "custom-data", "customXml": "custom-data", "sdt": "",
    "sdtContent": "", "hyperlink": "links", "fldSimple": "fields", "bdo": "", "dir": "",
}  # fmt: skip
_FOREIGN = {"altChunk", "subDoc"}
_LINKED = {"headerReference", "footerReference"}
_PEOPLE = ("rsid", "author", "date", "initials", "userId")


def parsed(data: bytes) -> etree._Element:
    """The root of an XML part.

    Raises:
        Refused: it is no XML, or declares what XML of a document never does: types and entities.
    """
    try:
        defusedxml.ElementTree.fromstring(data, forbid_dtd=True)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        return etree.fromstring(data, parser)
    except (DefusedXmlException, etree.XMLSyntaxError, SyntaxError, ValueError, LookupError):
        raise Refused("damaged") from None


class Rewriter:
    """Rewrites the parts of one document. `hidden`: styles whose text is not shown; `linked`: the relationships that
    stay; `picture`: the new name of a picture by its relationship."""

    def __init__(
        self,
        hidden: frozenset[str],
        linked: Mapping[str, tuple[str, str]],
        picture: Callable[[str], str | None],
    ) -> None:
        self.left_out: set[str] = set()
        self.why: set[str] = set()
        self.pictures: dict[str, str] = {}
        self._hidden = hidden
        self._linked = linked
        self._picture = picture

    def rewrite(self, root: etree._Element) -> etree._Element:
        """The part anew."""
        if not str(root.tag).startswith(W):
            raise Refused("damaged")
        made = etree.Element(root.tag, nsmap=_SPACES)
        self._inside(root, made)
        return made

    def _inside(self, old: etree._Element, new: etree._Element) -> None:
        new.text = old.text if old.tag in (f"{W}t", f"{W}delText") else None
        for child in old:
            self._one(child, new)

    def _one(self, old: etree._Element, above: etree._Element) -> None:
        tag = str(old.tag)
        if not tag.startswith(W):
            self._other(old, tag, above)
            return
        name = tag.removeprefix(W)
        if name in _FOREIGN:
            self.why.add("foreign-parts")
        elif name in _OPENED and (len(old) or name != "ins"):
            self._tell(_OPENED[name])
            for child in old:
                self._one(child, above)
        elif name == "drawing":
            self._drawn(old, above)
        elif name not in _GONE and name != "ins" and not self._unseen(old, name):
            self._kept(old, name, above)
        else:
            self._tell("changes" if name == "ins" else _GONE.get(name, "hidden-text"))

    def _kept(self, old: etree._Element, name: str, above: etree._Element) -> None:
        attributes = {}
        for key, value in old.attrib.items():
            plain = str(key).removeprefix(W)
            if key == _SPACE or (str(key).startswith(W) and not plain.startswith(_PEOPLE)):
                attributes[str(key)] = str(value)
        if name in _LINKED:
            link = str(old.get(f"{RELATIONS}id"))
            if link not in self._linked:
                return
            attributes[f"{RELATIONS}id"] = link
        self._inside(old, etree.SubElement(above, old.tag, attributes))

    def _unseen(self, old: etree._Element, name: str) -> bool:
        """Whether an element is not shown, or deleted as a whole."""
        if name == "r":
            about = old.find(f"{W}rPr")
            return about is not None and (
                _on(about, "vanish") or _on(about, "specVanish") or self._by_style(about, "rStyle")
            )
        if name == "p":
            about = old.find(f"{W}pPr")
            return about is not None and self._by_style(about, "pStyle")
        if name == "tr":
            about = old.find(f"{W}trPr")
            return about is not None and about.find(f"{W}del") is not None
        return False

    def _by_style(self, about: etree._Element, which: str) -> bool:
        style = about.find(f"{W}{which}")
        return style is not None and style.get(f"{W}val") in self._hidden

    def _other(self, old: etree._Element, tag: str, above: etree._Element) -> None:
        """What is not of the document's own markup: of choices the one that holds a picture, else nothing."""
        if tag == f"{_CHOICE}AlternateContent":
            drawn = next(iter(old.iter(f"{W}drawing")), None)
            if drawn is not None and drawn.find(f".//{{{_DRAWING}}}blip") is not None:
                self._drawn(drawn, above)
                return
        self._tell("drawings")

    def _drawn(self, old: etree._Element, above: etree._Element) -> None:
        """A picture in a frame of our own; other drawings go."""
        blip = old.find(f".//{{{_DRAWING}}}blip")
        link = str(blip.get(f"{RELATIONS}embed")) if blip is not None else ""
        name = self._picture(link) if link else None
        if name is None:
            self._tell("drawings")
            return
        size = old.find(f".//{{{_PLACED}}}extent")
        sides = [_side(size, side) for side in ("cx", "cy")]
        key = f"p{len(self.pictures)}"
        self.pictures[key] = name
        above.append(_framed(key, len(self.pictures), *sides))

    def _tell(self, code: str) -> None:
        self.left_out |= {code} if code else set()


def _on(about: etree._Element, name: str) -> bool:
    found = about.find(f"{W}{name}")
    return found is not None and found.get(f"{W}val", "true") not in ("0", "false", "off", "none")


def _side(size: etree._Element | None, name: str) -> int:
    given = str(size.get(name, "")) if size is not None else ""
    return min(int(given), MOST_EMU) if given.isascii() and given.isdigit() and len(given) < 12 else 3_000_000


def _framed(key: str, number: int, width: int, height: int) -> etree._Element:
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())
    return etree.fromstring(
        f'<w:drawing {spaces}><wp:inline><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name=""/>'
        f'<a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name=""/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing>"
    )
