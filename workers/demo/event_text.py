"""How an event record reads: title and text in English or Russian, saying no more than the record does."""

import zlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

DATA = Path(__file__).parent / "data" / "ucdp"


class Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Unit(Data):
    code: str
    ru: str
    ru_in: str


class _Places(Data):
    countries: dict[str, _Unit]
    units: dict[str, _Unit]


class _Side(Data):
    en: str
    ru: str
    gen: str
    ins: str


class _Wording(Data):
    months: str
    people: str
    single: str
    span: str
    title: list[str]
    title_civilians: list[str]
    toll: dict[str, str]
    opening: list[str]
    opening_civilians: list[str]
    chain: list[str] = []
    best: list[str]
    none: list[str]
    split: list[str]
    civil: list[str]
    uncivil: list[str]
    source: list[str]
    kinds: dict[str, str] = {}
    letters: list[tuple[str, str]] = []


class _Phrases(Data):
    civilians: str
    en: _Wording
    ru: _Wording


@cache
def _places() -> _Places:
    return _Places.model_validate(load("places.yaml"))


@cache
def _sides() -> dict[str, _Side]:
    return {name: _Side.model_validate(forms) for name, forms in load("sides.yaml").items()}


@cache
def _phrases() -> _Phrases:
    return _Phrases.model_validate(load("phrases.yaml"))


def load(name: str) -> dict[str, object]:
    """A YAML file of the data folder, which must hold a mapping."""
    loaded = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    if not isinstance(loaded, dict):
        raise TypeError(f"{name} must hold a mapping")
    return loaded


def place_of(row: Mapping[str, str]) -> str:
    """ISO 3166-2 code of the event's first-level unit; the country's code where the record names no unit."""
    unit = row["location_adm1_name"]
    return _places().units[unit].code if unit else _places().countries[row["location_root_name"]].code


def best(row: Mapping[str, str]) -> int:
    """Deaths by the best estimate: the sum over sides, civilians and unknown (UCDP GED codebook)."""
    return sum(int(row[f"deaths_{part}"]) for part in ("side_a", "side_b", "civilian", "unknown"))


def write(row: Mapping[str, str], language: str) -> tuple[str, str]:
    """Title and text in one language: when, where, who against whom, how many by which estimate, from where."""
    phrases = _phrases()
    words = phrases.ru if language == "ru" else phrases.en
    deaths = best(row)
    one_sided = row["side_b_name"] == phrases.civilians
    facts = _facts(row, language, words)

    def say(slot: str, wordings: list[str]) -> str:
        chosen = wordings[zlib.crc32(f"{row['id']}/{slot}".encode()) % len(wordings)]
        return _capital(chosen.format(**facts))

    facts["toll"] = words.toll["some" if deaths else "none"].format(**facts)
    where = [say("chain", words.chain)] if words.chain else []
    toll = [say("best", words.best if deaths else words.none)]
    if deaths and not one_sided:
        toll.append(say("split", words.split))
    toll.append(say("civil", words.civil if int(row["deaths_civilian"]) else words.uncivil))
    opening = say("opening", words.opening_civilians if one_sided else words.opening)
    middle = [*where, *toll] if int(row["id"]) % 2 else [*toll, *where]
    title = say("title", words.title_civilians if one_sided else words.title)
    return title, " ".join([opening, *middle, say("source", words.source)])


def _facts(row: Mapping[str, str], language: str, words: _Wording) -> dict[str, str]:
    when = _when(row["start_date"], row["end_date"], words)
    area, area_in = _area(row, language)
    return {
        "id": row["id"],
        "when": when,
        "when_up": _capital(when),
        "area": area,
        "area_in": area_in,
        "area_in_up": _capital(area_in),
        "chain": _chain(row, language, words),
        "best": str(best(row)),
        "people": _plural(best(row), words.people),
        "low": row["deaths_low"],
        "high": row["deaths_high"],
        "civil": row["deaths_civilian"],
        "da": row["deaths_side_a"],
        "db": row["deaths_side_b"],
        "unknown": row["deaths_unknown"],
        **_named("a", row["side_a_name"], language),
        **_named("b", row["side_b_name"], language),
    }


def _named(key: str, name: str, language: str) -> dict[str, str]:
    forms = _sides().get(name) or _Side(en=name, ru=name, gen=name, ins=name)
    return {
        key: forms.ru if language == "ru" else forms.en,
        f"{key}_gen": forms.gen,
        f"{key}_ins": forms.ins,
    }


def _area(row: Mapping[str, str], language: str) -> tuple[str, str]:
    """The unit (or country) as it stands in a title, and within a sentence."""
    unit, country = row["location_adm1_name"], row["location_root_name"]
    if language == "ru":
        place = _places().units[unit] if unit else _places().countries[country]
        return place.ru, place.ru_in
    return unit or country, unit or country


def _chain(row: Mapping[str, str], language: str, words: _Wording) -> str:
    """From the spot up to the country, as the record names them."""
    inner = [part for part in (row["location_where_name"], row["location_adm2_name"]) if part]
    if len(inner) == 2 and inner[0] == inner[1]:
        inner.pop()
    if language == "ru":
        outer = [_area(row, language)[0]] if row["location_adm1_name"] else []
        country = _places().countries[row["location_root_name"]].ru
        return ", ".join([*(_russian(part, words) for part in inner), *outer, country])
    return ", ".join(part for part in (*inner, row["location_adm1_name"], row["location_root_name"]) if part)


def _russian(name: str, words: _Wording) -> str:
    """A district or village: its kind in Russian, its name transliterated, the source's spelling in brackets."""
    bare, _, kind = name.partition(" (")[0].rpartition(" ")
    if kind not in words.kinds or not bare.replace(" ", "").replace("-", "").replace("'", "").isalpha():
        return f"«{name}»"
    return f"{words.kinds[kind]} {_cyrillic(bare, words)} ({bare})"


def _cyrillic(name: str, words: _Wording) -> str:
    out, rest = "", name
    while rest:
        latin, letter = next(
            ((latin, letter) for latin, letter in words.letters if rest.lower().startswith(latin)), (rest[0], rest[0])
        )
        out += _capital(letter) if rest[0].isupper() else letter
        rest = rest[len(latin) :]
    return out


def _when(first: str, last: str, words: _Wording) -> str:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    months = words.months.split("|")
    pattern = words.single if start == end else words.span
    return pattern.format(
        day=start.day,
        month=months[start.month - 1],
        year=start.year,
        day2=end.day,
        month2=months[end.month - 1],
        year2=end.year,
    )


def _plural(number: int, forms: str) -> str:
    """One of the forms: two (one, other) as in English, three (one, few, many) as in Russian (CLDR plural rules)."""
    words = forms.split("|")
    if len(words) == 2:
        return words[0] if number == 1 else words[1]
    if number % 10 == 1 and number % 100 != 11:
        return words[0]
    return words[1] if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else words[2]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
