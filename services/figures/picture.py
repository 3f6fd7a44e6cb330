"""Draws a specification: SVG that may stand in a page with a strict content policy, and PNG made from that SVG."""

import hashlib
import json
import re
import xml.etree.ElementTree as ET  # only ever reads what our own renderer wrote
from functools import lru_cache
from pathlib import Path

from services.figures.spec import DOTS, GREY, HATCH, Spec

FONTS = Path(__file__).parent / "fonts"
SVG = "http://www.w3.org/2000/svg"
NUMBER = re.compile(r"-?\d+\.\d+")
DROPPED = ("style", "class", "role", "pointer-events", "opacity", "stroke-miterlimit")


def svg(spec: Spec) -> str:
    """The figure as one SVG element: presentation attributes only, role, title and desc set, ids its own."""
    return _svg(json.dumps(spec, sort_keys=True, ensure_ascii=False))


def png(spec: Spec, scale: float = 2.0) -> bytes:
    """The figure as PNG on a white ground, for places that cannot show SVG."""
    return _png(json.dumps(spec, sort_keys=True, ensure_ascii=False), scale)


@lru_cache(maxsize=256)
def _svg(text: str) -> str:
    import vl_convert  # heavy: a JavaScript engine of 80 MB, only where figures are drawn

    _register_fonts()
    spec = json.loads(text)
    drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    meta = spec["usermeta"]
    return _tidy(
        drawn, meta["title"], spec["description"], meta["language"], hashlib.sha256(text.encode()).hexdigest()[:10]
    )


@lru_cache(maxsize=64)
def _png(text: str, scale: float) -> bytes:
    import vl_convert  # heavy, as above

    root = ET.fromstring(_svg(text))  # noqa: S314  # written by _tidy
    ground = ET.Element(f"{{{SVG}}}rect", {"width": "100%", "height": "100%", "fill": "#fff"})
    root.insert(0, ground)
    made: bytes = vl_convert.svg_to_png(ET.tostring(root, encoding="unicode"), scale=scale)
    return made


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    import vl_convert  # heavy, as above

    vl_convert.register_font_directory(str(FONTS))


def _short(match: re.Match[str]) -> str:
    return f"{float(match[0]):.1f}".removesuffix(".0")


def _tidy(drawn: str, title: str, description: str, language: str, key: str) -> str:
    """What a page needs and no more: our title and desc, one decimal, no styles, no roles inside the picture."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(drawn)  # noqa: S314  # written by Vega from our own specification
    dotted = False
    for element in root.iter():
        for name in [n for n in element.attrib if n in DROPPED or n.startswith("aria-")]:
            if name != "opacity" or element.attrib[name] == "1":
                del element.attrib[name]
        for name in ("d", "transform", "x", "y", "width", "height"):
            if name in element.attrib and element is not root:
                element.attrib[name] = NUMBER.sub(_short, element.attrib[name])
        if element.attrib.get("fill") == HATCH:
            element.attrib["fill"] = f"url(#h{key})"
        dotted = element.attrib.get("fill") == DOTS or dotted
        if element.attrib.get("fill") == DOTS:
            element.attrib["fill"] = f"url(#c{key})"
    root.attrib |= {"role": "img", "aria-labelledby": f"t{key} d{key}", "lang": language, "class": "figure"}
    root.attrib.pop("version", None)
    head = [ET.Element(f"{{{SVG}}}{tag}", {"id": f"{tag[0]}{key}"}) for tag in ("title", "desc")]
    head[0].text, head[1].text = title, description
    for place, element in enumerate([*head, _patterns(key, dotted=dotted)]):
        root.insert(place, element)
    return ET.tostring(root, encoding="unicode")


def _patterns(key: str, *, dotted: bool) -> ET.Element:
    """The pattern of "no data"; and of what is known of a country alone, where that is drawn."""
    definitions = ET.Element(f"{{{SVG}}}defs")
    size = {"width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
    pattern = ET.SubElement(definitions, f"{{{SVG}}}pattern", {"id": f"h{key}", **size})
    ET.SubElement(
        pattern, f"{{{SVG}}}path", {"d": "M-1,1l2,-2M0,8l8,-8M7,9l2,-2", "stroke": GREY, "stroke-width": "0.7"}
    )
    if dotted:
        pattern = ET.SubElement(definitions, f"{{{SVG}}}pattern", {"id": f"c{key}", **size})
        ET.SubElement(pattern, f"{{{SVG}}}circle", {"cx": "4", "cy": "4", "r": "1.2", "fill": GREY})
    return definitions
