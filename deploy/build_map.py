"""Makes the map that the product carries: Natural Earth's first-level units of the network's countries, simplified.

Run by hand, rarely: `python deploy/build_map.py world_map.gpkg services/figures/data/map.json`. The GeoPackage is the
one in Debian's qgis-common (usr/share/qgis/resources/data), which holds Natural Earth 10m version 4.1, public domain.
Which of its polygons are taken, and the ISO 3166-2 code of each, is the table `map_units.csv` beside this file; its
column `also` lists the units that have no polygon of their own in this version and lie inside that one.

Borders are cut into arcs at the points where three areas meet, and each arc is simplified once, so that neighbours
keep fitting together. Outer rings run clockwise, as d3-geo (the projection inside Vega) wants them, which is the
opposite of RFC 7946.
"""

import csv
import json
import math
import sqlite3
import struct
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

Feature = dict[str, Any]  # as GeoJSON has it
Point = tuple[float, float]
Ring = list[Point]

TOLERANCE = 0.04  # degrees: about 4 km, two thirds of a pixel in a figure 640 pixels wide
NEAR = 0.05  # degrees: a disputed line this close to an outline belongs on the map
DECIMALS = 3


class Wkb:
    """Reads the geometry of a GeoPackage blob (OGC 12-128r18, clause 2.1.3) as nested lists of points."""

    def __init__(self, blob: bytes) -> None:
        envelope = (0, 32, 48, 48, 64)[(blob[3] >> 1) & 7]
        self.blob, self.at = blob, 8 + envelope

    def _take(self, form: str) -> tuple[float, ...]:
        values = struct.unpack_from(form, self.blob, self.at)
        self.at += struct.calcsize(form)
        return values

    def _points(self, order: str) -> Ring:
        (count,) = self._take(order + "I")
        return [(x, y) for x, y in (self._take(order + "2d") for _ in range(int(count)))]

    def lines(self) -> Iterator[list[Ring]]:
        """Each simple part: a polygon as its rings, a line as one ring."""
        order = "<" if self.blob[self.at] == 1 else ">"
        self.at += 1
        kind, count = self._take(order + "2I")
        if kind in (4, 5, 6):  # a collection of points, lines or polygons
            for _ in range(int(count)):
                yield from self.lines()
        elif kind == 3:  # a polygon
            yield [self._points(order) for _ in range(int(count))]
        else:  # a line
            self.at -= 4
            yield [self._points(order)]


def edges(ring: Ring) -> Iterator[tuple[Point, Point]]:
    """The ring's edges, each with its ends in one fixed order."""
    for a, b in pairwise(ring):
        yield (a, b) if a < b else (b, a)


def junctions(rings: dict[int, Ring]) -> set[Point]:
    """The points where the set of areas on the two sides of the line changes."""
    owners: dict[tuple[Point, Point], set[int]] = {}
    for number, ring in rings.items():
        for edge in edges(ring):
            owners.setdefault(edge, set()).add(number)
    around: dict[Point, set[frozenset[int]]] = {}
    for (a, b), areas in owners.items():
        for end in (a, b):
            around.setdefault(end, set()).add(frozenset(areas))
    return {point for point, sides in around.items() if len(sides) > 1}


def arcs(ring: Ring, stops: set[Point]) -> list[Ring]:
    """The ring cut at the stops; a ring without any is one arc from its least point back to it."""
    body = ring[:-1]
    start = next((i for i, point in enumerate(body) if point in stops), body.index(min(body)))
    turned = [*body[start:], *body[:start], body[start]]
    cuts = [0, *(i for i, p in enumerate(turned[1:-1], 1) if p in stops), len(turned) - 1]
    return [turned[a : b + 1] for a, b in pairwise(cuts)]


def distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the segment between two others."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    t = 0.0 if length == 0 else max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length))
    return math.hypot(px - ax - t * dx, py - ay - t * dy)


def simplify(line: Ring) -> Ring:
    """Douglas and Peucker (1973), the same result whichever way round the line is given."""
    if line[0] > line[-1] or (line[0] == line[-1] and line[1] > line[-2]):
        return simplify(line[::-1])[::-1]
    keep, todo = {0, len(line) - 1}, [(0, len(line) - 1)]
    while todo:
        a, b = todo.pop()
        if b - a < 2:
            continue
        far = max(range(a + 1, b), key=lambda i: distance(line[i], line[a], line[b]))
        if distance(line[far], line[a], line[b]) > TOLERANCE:
            keep.add(far)
            todo += [(a, far), (far, b)]
    return [line[i] for i in sorted(keep)]


def area(ring: Ring) -> float:
    """Twice the signed area: positive for a ring that runs anticlockwise."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring))


def rounded(line: Ring) -> list[list[float]]:
    """The line as JSON numbers, without the points that rounding made equal."""
    out: list[list[float]] = []
    for x, y in line:
        point = [round(x, DECIMALS), round(y, DECIMALS)]
        if not out or out[-1] != point:
            out.append(point)
    return out


def feature(geometry: str, coordinates: object, **properties: object) -> Feature:
    """One GeoJSON feature."""
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def units(package: sqlite3.Connection, table: Path) -> dict[str, dict[str, Any]]:
    """What is taken: code -> country, further codes, and the polygons as lists of rings."""
    taken: dict[str, dict[str, Any]] = {}
    query = "SELECT geom FROM states_provinces WHERE adm0_a3 = ? AND name = ? AND (? = '' OR gn_name = ?)"
    with table.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found = package.execute(query, (row["adm0"], row["name"], row["gn_name"], row["gn_name"])).fetchall()
            if len(found) != 1:
                raise SystemExit(f"{row['name']}: {len(found)} polygons found, one expected")
            unit = taken.setdefault(
                row["code"],
                {
                    "country": row["code"].split("-")[0],
                    "also": row["also"].split("|") if row["also"] else [],
                    "parts": [],
                },
            )
            unit["parts"] += Wkb(found[0][0]).lines()
    return taken


def build(package: sqlite3.Connection, table: Path) -> list[Feature]:
    """The features: units, then the outlines of the countries, then the disputed lines."""
    taken = units(package, table)
    rings: dict[int, Ring] = {}
    place: dict[int, tuple[str, int, int]] = {}
    for code, unit in taken.items():
        for p, part in enumerate(unit["parts"]):
            for r, ring in enumerate(part):
                number = len(rings)
                rings[number], place[number] = ring, (code, p, r)
    stops = junctions(rings)
    features: list[Feature] = []
    sides: dict[tuple[Point, ...], list[str]] = {}
    shapes: dict[str, dict[int, list[list[list[float]]]]] = {}
    for number, ring in rings.items():
        code, p, r = place[number]
        new: Ring = []
        for arc in arcs(ring, stops):
            line = simplify(arc)
            key = min(tuple(line), tuple(line[::-1]))
            sides.setdefault(key, []).append(taken[code]["country"])
            new = [*new[:-1], *line]
        clockwise = area(new) < 0
        if clockwise != (r == 0):
            new.reverse()
        shapes.setdefault(code, {}).setdefault(p, []).append(rounded(new))
    for code, parts in sorted(shapes.items()):
        kept = [part for part in parts.values() if len(part[0]) > 3]
        unit = taken[code]
        features.append(
            feature("MultiPolygon", kept, kind="unit", code=code, country=unit["country"], also=unit["also"])
        )
    outline = [rounded(list(key)) for key, both in sorted(sides.items()) if len(both) == 1 or both[0] != both[1]]
    features.append(feature("MultiLineString", outline, kind="border"))
    features.append(
        feature("MultiLineString", disputed(package, {p for r in rings.values() for p in r}), kind="disputed")
    )
    return features


def disputed(package: sqlite3.Connection, outline: set[Point]) -> list[list[list[float]]]:
    """The lines that Natural Earth calls disputed and that touch the area of the map, cut to its extent."""
    west, east = min(x for x, _ in outline), max(x for x, _ in outline)
    south, north = min(y for _, y in outline), max(y for _, y in outline)
    found = []
    for (blob,) in package.execute("SELECT geom FROM disputed_borders ORDER BY fid"):
        for (line,) in Wkb(blob).lines():
            inside = [(x, y) for x, y in line if west <= x <= east and south <= y <= north]
            if inside and min(abs(x - a) + abs(y - b) for x, y in inside for a, b in outline) < NEAR:
                found.append(rounded(simplify(inside)))
    return found


def projection(features: list[Feature]) -> dict[str, object]:
    """An equal-area cone that suits the extent: cut at a sixth of its height from both ends, upright in its middle."""
    points = [
        p
        for f in features
        if f["properties"]["kind"] == "border"
        for line in f["geometry"]["coordinates"]
        for p in line
    ]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    sixth = (north - south) / 6
    cone = [round(south + sixth, 1), round(north - sixth, 1)]
    return {"type": "conicEqualArea", "rotate": [round(-(west + east) / 2, 1), 0, 0], "parallels": cone}


def main() -> None:
    """Read the package named first, write the file named second, and say what was made."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as package:
        features = build(package, Path(__file__).with_name("map_units.csv"))
    whole = {"type": "FeatureCollection", "projection": projection(features), "features": features}
    text = json.dumps(whole, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8")
    print(f"{len(features)} features, {len(text):,} bytes in {target}")


if __name__ == "__main__":
    main()
