"""Places, organisations and themes are data: no code of theirs stands in Python, so another region can run ewn."""

import csv

import pytest
import yaml

from tests.architecture.tree import ROOT, modules, short, texts, words

PACK = ROOT / "services" / "vocabulary" / "pack"
# Two-letter codes that are also words of a program: language codes (tg, kk ...) are data too, but "AF_INET" is not AF.
EITHER = frozenset({"CA"})


def codes(name):
    with (PACK / f"{name}.yaml").open(encoding="utf-8") as file:
        entries = yaml.safe_load(file)
    if isinstance(entries, dict) and len(entries) == 1:
        entries = next(iter(entries.values()))
    if isinstance(entries, dict):
        return set(entries)
    return {entry.get("slug") or entry.get("code") for entry in entries}


def places():
    with (PACK / "places.csv").open(encoding="utf-8") as file:
        return {row["code"] for row in csv.DictReader(line for line in file if not line.startswith("#"))} - EITHER


def domain():
    # Single plain words (security, prisons) are English before they are codes; a code has a hyphen or is in capitals.
    hyphened = {code for code in codes("organisations") | codes("themes") | codes("groups") if "-" in code}
    return hyphened | places()


def test_the_pack_is_read():
    assert {"KG", "KG-B"} <= places()
    assert len(domain()) > 100


@pytest.mark.parametrize("folder", ["services", "workers"])
def test_no_place_organisation_or_theme_is_in_code(folder):
    known = domain()
    wrong = [
        f"{short(path)}:{line} names {sorted(found)}"
        for path in modules(folder)
        for line, text in texts(path)
        if (found := words(text) & known)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_country_is_named_in_code():
    with (PACK / "places.csv").open(encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(line for line in file if not line.startswith("#"))
            if row["level"] == "country"
        ]
    names = {name for row in rows for name in (row["name_en"], row["name_ru"]) if name}
    assert len(names) >= 10
    wrong = [
        f"{short(path)}:{line} names {name}"
        for path in modules("services", "workers")
        for line, text in texts(path)
        for name in names
        if name in text
    ]
    assert not wrong, "\n".join(wrong)
