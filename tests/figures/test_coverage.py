"""What the fonts are said to show is what their tables hold."""

import re
import struct

from tests.architecture.tree import SERVICES

FONTS = SERVICES / "figures" / "fonts"


def characters(font: bytes) -> set[int]:
    """The characters of an OpenType font: its cmap subtables of formats 4 and 12 (ISO/IEC 14496-22, 5.2.1)."""
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * font[5], 16)}
    cmap = tables[b"cmap"]
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        at = cmap + struct.unpack_from(">I", font, cmap + 8 + 8 * number)[0]
        kind = struct.unpack_from(">H", font, at)[0]
        if kind == 12:
            for group in range(struct.unpack_from(">I", font, at + 12)[0]):
                first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * group)
                found |= set(range(first, last + 1))
        elif kind == 4:
            found |= _segments(font, at)
    return found


def _segments(font: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", font, at + 14 + (2 * count) * part + (2 if part else 0)) for part in range(4)
    )
    found = set()
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offsets[n]:
                where = at + 16 + 6 * count + 2 * n + offsets[n] + 2 * (code - first)
                glyph = struct.unpack_from(">H", font, where)[0]
            if glyph and (glyph + deltas[n]) & 0xFFFF:
                found.add(code)
    return found


def said() -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for line in (FONTS / "coverage.txt").read_text(encoding="ascii").splitlines():
        if match := re.fullmatch(r"(\w+) ([0-9A-F]+)-([0-9A-F]+)", line):
            family, first, last = match.groups()
            found.setdefault(family, set()).update(range(int(first, 16), int(last, 16) + 1))
    return found


def test_the_fonts_show_what_coverage_says_and_no_more() -> None:
    shown: dict[str, set[int]] = {}
    for path in sorted(FONTS.glob("*.ttf")):
        held = characters(path.read_bytes())
        family = path.stem.partition("-")[0]
        shown[family] = shown[family] & held if family in shown else held
    assert {family: held - {0xFEFF} for family, held in shown.items()} == said()
